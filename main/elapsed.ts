/** A clock that nobody sets, and that goes on while the computer sleeps. */
import { uptime as sinceBoot } from 'node:os'

/** When the clock of the wall and the one of this process part by so much (ms), one was set, or the computer slept. */
const PARTED = 250

export interface Clocks {
  /** ms since 1970 */
  readonly now: () => number
  /** ms; goes on while the computer is awake, and is never set. */
  readonly awake: () => number
  /** s since the computer was started, asleep or not. On Linux it is read from a file: too slow for each event. */
  readonly uptime: () => number
}

const SYSTEM: Clocks = { now: Date.now, awake: () => performance.now(), uptime: sinceBoot }

/** Milliseconds by that clock. The system is asked only when the others have parted. */
export function createElapsed({ now, awake, uptime }: Clocks = SYSTEM): () => number {
  let apart = Number.NaN
  let asleep = 0
  return () => {
    const passed = awake()
    const difference = now() - passed
    // Not a number at first, which nothing is close to.
    if (!(Math.abs(difference - apart) < PARTED)) {
      apart = difference
      asleep = uptime() * 1000 - passed
    }
    return passed + asleep
  }
}
