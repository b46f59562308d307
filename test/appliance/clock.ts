/** Time as an argument: the appliance asks it for the hour and for timers, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `action` once, `ms` from now. Returns how to call it off. */
  after(ms: number, action: () => void): () => void
}

/** The longest delay that a timer of Node can wait; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The time of this computer. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    after: (ms, action) => {
      const timer = setTimeout(action, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))
      return () => clearTimeout(timer)
    },
  }
}

/** Waits `ms`; ends early when the signal aborts. Never rejects. */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const finish = () => {
      cancel()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = clock.after(ms, finish)
    signal.addEventListener('abort', finish, { once: true })
  })
}

/** Waits until the signal aborts, however long that takes. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A clock that stands still until it is moved. */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`, running the timers on the way in their order, and all that follows from each of them. */
  advance(ms: number): Promise<void>
}

/** A clock for tests. `start` in milliseconds since 1970. */
export function createVirtualClock(start: number): VirtualClock {
  const timers = new Map<number, { readonly at: number; readonly action: () => void }>()
  let now = start
  let lastId = 0

  /** Of the timers due by `limit`, the earliest; of equal ones, the oldest. */
  function nextDue(limit: number): number | undefined {
    let best: number | undefined
    let bestAt = limit
    for (const [id, timer] of timers) {
      if (timer.at < bestAt || (best === undefined && timer.at <= limit)) {
        best = id
        bestAt = timer.at
      }
    }
    return best
  }

  return {
    now: () => now,
    after: (ms, action) => {
      lastId += 1
      const id = lastId
      timers.set(id, { at: now + Math.max(ms, 0), action })
      return () => timers.delete(id)
    },
    advance: async (ms) => {
      const end = now + ms
      await settle()
      for (let id = nextDue(end); id !== undefined; id = nextDue(end)) {
        const timer = timers.get(id)
        timers.delete(id)
        now = Math.max(now, timer?.at ?? now)
        timer?.action()
        await settle()
      }
      now = end
    },
  }
}

/** Lets every promise that can settle without time passing do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
