/** What happens now and then: old sessions leave the board, old events the journal. */
import type { Journal } from './events/journal.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Store } from './store.ts'

/** ms; the only timer of an idle application. */
const PACE = 60_000
/** The journal is pruned once in so many rounds. */
const ROUNDS = 60
/** Events deleted in one go, so that the event path never waits long. */
const AT_ONCE = 500

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
  /** There may be less than before. */
  readonly onPruned: () => void
  readonly onFailure: (error: unknown) => void
}): Upkeep {
  let timer: NodeJS.Timeout | null = null
  let round = 0

  function prune(): void {
    if (timer === null) return
    const { 'journal.days': days, 'journal.megabytes': megabytes } = parts.settings.get()
    try {
      const deleted = parts.journal().prune(parts.now() - days * 86_400_000, megabytes * 1024 * 1024, AT_ONCE)
      if (deleted === AT_ONCE) setImmediate(prune)
      else parts.onPruned()
    } catch (error) {
      parts.onFailure(error)
    }
  }

  function tick(): void {
    parts.store.change({ type: 'time', now: parts.now() })
    round += 1
    if (round % ROUNDS === 1) prune()
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
