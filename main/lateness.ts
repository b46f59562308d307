/**
 * How late an event is, although the clocks of the appliance and of this computer may not agree. If this one is ahead by
 * more than what counts as late, every event seems late, and nothing would be told but summaries. That is found out from
 * the events; that a clock is set while this runs is seen at once.
 */

/** What comes in later than this after it happened is no news (ms). */
export const LATE = 2 * 60 * 1000
/** After such a pause nothing was queued at the appliance: an event comes as it happens (ms). */
const PAUSE = 20_000
/** So many events in a row that are late by the same time, after a pause each, are not late: it is the clock. */
const SAMPLES = 3
/** The same time, give or take (ms). */
const ALIKE = 10_000

/** A clock that differs by more than this from what passed was set (ms). */
const JUMP = 5_000

export interface Lateness {
  /** By how much an event came late (ms), not counting what the clocks differ. */
  of(time: number, receivedAt: number): number
  /** How far this computer's clock is ahead (ms; negative: behind), where that is known and matters; else 0. */
  readonly difference: number
  /** What an earlier run had found out. */
  recall(difference: number): void
}

/**
 * @see Lateness
 * @param now the clock by which events are received (ms)
 * @param elapsed one that nobody sets, and that goes on while the computer sleeps (ms)
 */
export function createLateness(now: () => number, elapsed: () => number): Lateness {
  let learned = 0
  /** By how much the clock was set while this runs. */
  let jumped = 0
  let offset = now() - elapsed()
  let previous: number | null = null
  let samples: readonly number[] = []

  function noticeJump(receivedAt: number, passed: number): void {
    const difference = receivedAt - passed - offset
    offset += difference
    if (Math.abs(difference) > JUMP) jumped += difference
  }

  function learn(late: number, isAfterPause: boolean): void {
    // Nothing comes before it happens: the clocks cannot differ by more than an event is late.
    if (late < learned) learned = late > LATE ? late : 0
    if (late - learned <= LATE) samples = []
    else if (isAfterPause) samples = [...samples.slice(1 - SAMPLES), late]
    if (samples.length < SAMPLES || Math.max(...samples) - Math.min(...samples) > ALIKE) return
    learned = Math.min(...samples)
    samples = []
  }

  return {
    of: (time, receivedAt) => {
      const passed = elapsed()
      noticeJump(receivedAt, passed)
      const isAfterPause = previous !== null && passed - previous >= PAUSE
      previous = passed
      const late = receivedAt - time
      // In time by the clock as it is: whoever set it set it right.
      if (late >= -ALIKE && late <= LATE) jumped = 0
      learn(late - jumped, isAfterPause)
      return late - jumped - learned
    },
    get difference() {
      const difference = jumped + learned
      return Math.abs(difference) > LATE ? difference : 0
    },
    recall: (difference) => {
      learned = difference > LATE ? difference : 0
      jumped = difference < -LATE ? difference : 0
    },
  }
}
