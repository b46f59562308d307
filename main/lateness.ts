/**
 * How late an event is, although the clocks of the appliance and of this computer may not agree. If this one is ahead by
 * more than what counts as late, every event seems late, and nothing would be told but summaries.
 */

/** What comes in later than this after it happened is no news (ms). */
export const LATE = 2 * 60 * 1000
/** After such a pause nothing was queued at the appliance: an event comes as it happens (ms). */
const PAUSE = 20_000
/** So many events in a row that are late by the same time, after a pause each, are not late: it is the clock. */
const SAMPLES = 3
/** The same time, give or take (ms). */
const ALIKE = 10_000

export interface Lateness {
  /** By how much an event came late (ms), not counting what the clocks differ. */
  of(time: number, receivedAt: number): number
  /** How far this computer's clock is ahead (ms), where that is known and matters; else 0. */
  readonly difference: number
}

/** @see Lateness */
export function createLateness(): Lateness {
  let difference = 0
  let previous: number | null = null
  let samples: readonly number[] = []

  function learn(late: number, isAfterPause: boolean): void {
    // Nothing comes before it happens: the clocks cannot differ by more than an event is late.
    if (late < difference) difference = late > LATE ? late : 0
    if (late - difference <= LATE) samples = []
    else if (isAfterPause) samples = [...samples.slice(1 - SAMPLES), late]
    if (samples.length < SAMPLES || Math.max(...samples) - Math.min(...samples) > ALIKE) return
    difference = Math.min(...samples)
    samples = []
  }

  return {
    of: (time, receivedAt) => {
      const isAfterPause = previous !== null && receivedAt - previous >= PAUSE
      previous = receivedAt
      learn(receivedAt - time, isAfterPause)
      return receivedAt - time - difference
    },
    get difference() {
      return difference
    },
  }
}
