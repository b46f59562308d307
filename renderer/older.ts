/** The older entries of the activity log that the rep has asked for, beside the newest ones of the State. */
import type { ActivityEntry } from '../preload/contract.ts'
import type { View } from './store.ts'

/** The most entries of the activity log that the window holds; more are in the journal. */
export const MOST_OLDER = 20_000

/**
 * The State has only the newest entries. Those that leave it go to the older ones if the rep has asked for older ones;
 * if so many came at once that there may be a gap, the older ones are forgotten, to be asked for again.
 */
export function carryOver(
  older: readonly ActivityEntry[],
  before: readonly ActivityEntry[],
  after: readonly ActivityEntry[],
): Partial<Pick<View, 'older' | 'olderEnd'>> | null {
  const oldest = after.at(-1)
  if (older.length === 0 || before === after || oldest === undefined) return null
  const touching = before[0] !== undefined && before[0].seq >= oldest.seq
  if (!touching) return { older: [], olderEnd: false }
  const left = before.filter((entry) => entry.seq < oldest.seq)
  return left.length === 0 ? null : { older: [...left, ...older].slice(0, MOST_OLDER) }
}
