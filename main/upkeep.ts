/** What happens now and then: old sessions leave the board, old events the journal. */
import type { Journal } from './events/journal.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Store } from './store.ts'

/** ms; beside the look at addresses and certificate the only timer of an idle application. */
const PACE = 60_000
/** The journal is pruned once in so many rounds. */
const ROUNDS = 60
/** Events deleted in one go, so that the event path never waits long. */
const AT_ONCE = 100
const DAY = 86_400_000
/** By when was pruned last. */
const NOTE = 'pruned'

export interface Upkeep {
  start(): void
  stop(): void
}

/** @see Upkeep */
export function createUpkeep(parts: {
  readonly store: Store
  readonly journal: () => Journal
  readonly settings: SettingsKeeper
  readonly now: () => number
  /** Now, by the appliance's clock (ms). */
  readonly present: () => number
  /** What is older than this (ms) is gone, and may be gone elsewhere. */
  readonly onPruned: (before: number) => void
  readonly onFailure: (error: unknown) => void
}): Upkeep {
  let timer: NodeJS.Timeout | null = null
  let round = 0

  /**
   * When it is, for what is too old: never more than a day after the last time that this was asked. A clock that is wrong
   * by a year takes a few days of history within the hours until somebody sees it, and not all of it at once.
   */
  function today(journal: Journal): number {
    const last = Number(journal.note(NOTE) ?? Number.NaN)
    const now = Number.isSafeInteger(last) ? Math.min(parts.now(), last + DAY) : parts.now()
    journal.keep(NOTE, String(now))
    return now
  }

  function begin(): void {
    try {
      prune(today(parts.journal()))
    } catch (error) {
      parts.onFailure(error)
    }
  }

  function prune(now: number): void {
    if (timer === null) return
    const { 'journal.days': days, 'journal.megabytes': megabytes } = parts.settings.get()
    try {
      const deleted = parts.journal().prune(now - days * DAY, megabytes * 1024 * 1024, AT_ONCE)
      if (deleted === AT_ONCE) setImmediate(prune, now)
      else parts.onPruned(now - days * DAY)
    } catch (error) {
      parts.onFailure(error)
    }
  }

  function tick(): void {
    parts.store.change({ type: 'time', now: parts.present() })
    round += 1
    if (round % ROUNDS === 1) begin()
  }

  return {
    start: () => {
      timer = setInterval(tick, PACE)
      timer.unref()
    },
    stop: () => {
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}
