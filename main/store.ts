/** The one place that holds State. */
import { reduce, type AppState, type Change } from './state.ts'

/** Subscribers hear of changes at most once in this time (ms): a frame. */
const FRAME = 16
/** While a backlog comes in, nobody reads along, and showing each step would take longer than taking it. */
const BACKLOG_FRAME = 250

export interface Store {
  get(): AppState
  change(change: Change): void
  /** Calls back soon after a change, once for all changes of a frame. Returns the unsubscription. */
  subscribe(listener: () => void): () => void
  /** No more callbacks. */
  close(): void
}

/** @param now a clock in ms that is never set back, for the pace of callbacks */
export function createStore(initial: AppState, now: () => number = () => performance.now()): Store {
  let state = initial
  let timer: NodeJS.Timeout | null = null
  let lastTold = Number.NEGATIVE_INFINITY
  let isSlow = false
  const listeners = new Set<() => void>()

  function tell(): void {
    timer = null
    lastTold = now()
    for (const listener of listeners) listener()
  }

  /** What waits for a slow frame waits no longer when the backlog is over. */
  function schedule(isCatchingUp: boolean): void {
    if (timer !== null && (isCatchingUp || !isSlow)) return
    if (timer !== null) clearTimeout(timer)
    isSlow = isCatchingUp
    timer = setTimeout(tell, Math.max(0, lastTold + (isSlow ? BACKLOG_FRAME : FRAME) - now()))
  }

  return {
    get: () => state,
    change: (change) => {
      const next = reduce(state, change)
      if (next === state) return
      state = next
      if (listeners.size === 0) return
      schedule(state.health.catchingUp)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      if (timer !== null) clearTimeout(timer)
      listeners.clear()
    },
  }
}
