/** One clock for all the spans on the screen, so that a hundred "waiting 3 min" cost one timer. */

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls back every few seconds while the window can be seen. Returns the unsubscription. */
  readonly subscribe: (listener: () => void) => () => void
}

const TICK_MS = 5000

/** Ticks only while somebody listens and the page is visible; catches up at once when it becomes visible. */
export function createClock(page: Document): Clock {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined

  function tick(): void {
    for (const listener of listeners) listener()
  }

  function adjust(): void {
    const wanted = listeners.size > 0 && page.visibilityState === 'visible'
    if (wanted && timer === undefined) {
      timer = setInterval(tick, TICK_MS)
    } else if (!wanted && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    }
  }

  function onVisibility(): void {
    adjust()
    if (timer !== undefined) tick()
  }

  return {
    now: () => Date.now(),
    subscribe(listener) {
      if (listeners.size === 0) page.addEventListener('visibilitychange', onVisibility)
      listeners.add(listener)
      adjust()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) page.removeEventListener('visibilitychange', onVisibility)
        adjust()
      }
    },
  }
}
