/** Long timers that a test can let run out at once, so that nobody waits a minute. */

export interface Timers {
  /** Delays (ms) of the long timers that run. */
  pending(): readonly number[]
  /** Lets all timers of this delay run out now; how many there were. */
  fire(delay: number): number
  /** Those that run now never run out. */
  drop(): void
}

const LONG = 1000

/** Stands in for the global setTimeout and clearTimeout. Shorter timers are left as they are. */
export function watchTimers(scope: typeof globalThis): Timers {
  const { setTimeout: set, clearTimeout: clear } = scope
  const long = new Map<NodeJS.Timeout, { readonly delay: number; readonly run: () => void }>()

  const setWatched = (callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]): NodeJS.Timeout => {
    if (delay < LONG) return set(callback, delay, ...args)
    const run = () => {
      long.delete(timer)
      callback(...args)
    }
    const timer = set(run, delay)
    long.set(timer, { delay, run })
    return timer
  }
  const clearWatched = (timer?: NodeJS.Timeout | string | number): void => {
    if (typeof timer === 'object') long.delete(timer)
    clear(timer)
  }
  Object.assign(scope, { setTimeout: setWatched, clearTimeout: clearWatched })
  return {
    pending: () => [...long.values()].map(({ delay }) => delay),
    fire(delay) {
      const due = [...long].filter(([, entry]) => entry.delay === delay)
      for (const [timer, { run }] of due) {
        clear(timer)
        run()
      }
      return due.length
    },
    drop() {
      for (const timer of long.keys()) clear(timer)
      long.clear()
    },
  }
}
