import type { Entry, SessionRecord, Snapshot } from '../archive/record.ts'
import { snapshotOf } from '../archive/record.ts'
import type { Clock } from '../clock.ts'

/** How far reports lag behind what happens: by time, or so that the next calls that concern the session see nothing of it. */
export type ReportLag = { readonly ms: number } | { readonly calls: number }

/** Decides how much of a session a report sees. */
export interface Horizon {
  readonly now: number
  /** The session as a report sees it; null: not at all yet. Counts as a call that concerns it. */
  look(record: SessionRecord): Snapshot | null
}

/** What the calls for one session have seen so far. */
interface Sight {
  /** Entries that were seen. */
  seen: number
  /** Entries there were when the calls were last counted. */
  known: number
  /** Calls that will still see no more. */
  left: number
}

export function createHorizon(clock: Clock, lag: ReportLag = { ms: 0 }): Horizon {
  const sights = new WeakMap<SessionRecord, Sight>()

  function visible(record: SessionRecord): readonly Entry[] {
    const entries = record.entries()
    if ('ms' in lag) return until(entries, clock.now() - lag.ms)
    const happened = until(entries, clock.now())
    if (record.isPast) return happened
    const sight = sights.get(record) ?? { seen: 0, known: 0, left: 0 }
    sights.set(record, sight)
    if (happened.length !== sight.known) {
      sight.known = happened.length
      sight.left = lag.calls
    }
    if (sight.left > 0) sight.left -= 1
    else sight.seen = happened.length
    return happened.slice(0, sight.seen)
  }

  return {
    get now() {
      return clock.now()
    },
    look: (record) => snapshotOf(record, visible(record)),
  }
}

const until = (entries: readonly Entry[], time: number): readonly Entry[] =>
  entries.every(({ at }) => at <= time) ? entries : entries.filter(({ at }) => at <= time)
