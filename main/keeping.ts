/** The journal as the application has it: opened, taken into State, and put right again where it is damaged. */
import { LIMITS, type Alert, type Problem } from '../preload/contract.ts'
import { createBackups, type BackupCommand } from './backups.ts'
import { activityBefore, type Handlers } from './command.ts'
import { tidySetAsides } from './events/damage.ts'
import type { Journal } from './events/journal.ts'
import { createKeeper } from './events/keeper.ts'
import { createSalvage } from './events/take-over.ts'
import type { JournalWriter } from './events/writing.ts'
import { CLOCK_NOTE, type Intake } from './intake.ts'
import * as problems from './problems.ts'
import { restoredBoard, type Board } from './sessions/board.ts'
import type { Session } from './sessions/session.ts'
import type { Store } from './store.ts'

export interface KeepingOptions {
  readonly file: string
  readonly store: Store
  readonly intake: Intake
  /** Does what happens to this session concern the rep? */
  readonly sees: (session: Session) => boolean
  readonly now: () => number
  readonly report: (problem: Omit<Problem, 'since'>) => void
  readonly solve: (id: string) => void
}

export interface Keeping {
  /** @throws if it is not open; whoever asks for the appliance then answers 503 */
  current(): Journal
  /** For what comes in. */
  readonly writer: JournalWriter
  /** Opens it now, or keeps trying. */
  open(): void
  /** Hears of an error that may come from the journal: if that is damaged, a new one takes its place. */
  heed(error: unknown): void
  readonly handlers: Pick<Handlers, BackupCommand>
  /** Removes damaged journals that were set aside before this (ms). */
  tidy(before: number): void
  close(): void
}

const isAlerts = (value: unknown): value is readonly Alert[] =>
  Array.isArray(value) && value.every((each) => typeof (each as Partial<Alert> | null)?.id === 'number')

/** Alerts as a note has them. @throws if that is of no use */
function alertsOf(note: string | null): readonly Alert[] {
  const alerts: unknown = JSON.parse(note ?? '[]')
  if (!isAlerts(alerts)) throw new Error('The alerts of the last run cannot be read.')
  return alerts
}

/** @see Keeping */
export function createKeeping(options: KeepingOptions): Keeping {
  const { file, store, intake, now, report, solve } = options

  const keeper = createKeeper({
    file,
    now,
    firstNumber: () => Math.max(now(), ...[...store.get().board.values()].map(({ revision }) => revision)),
    onOpen: takeUp,
    onFailure: (error) => report(problems.cannotOpenJournal(file, error)),
    onUnread: (error) => report(problems.cannotIndex(error)),
    onSetAside: (aside) => report(problems.journalDamaged(aside)),
  })

  const salvage = createSalvage({
    journalFile: file,
    journal: () => keeper.current(),
    onTaken: (aside, taken, note) => {
      report(problems.journalMended(aside, { ...taken, events: taken.events + taken.known }))
      takeAlerts(note)
      reindex()
    },
    onFailure: (error) => keeper.heed(error),
  })

  const backups = createBackups({
    journalFile: file,
    journal: () => keeper.current(),
    now,
    reindex,
    heed: (error) => keeper.heed(error),
  })

  /** What was told in this run was told; it may be open again, or another file. */
  function withEarlier(note: string | null): readonly Alert[] {
    const told = store.get().alerts
    const earlier = alertsOf(note).filter(({ id }) => !told.some((alert) => alert.id === id))
    return [...told, ...earlier].slice(0, LIMITS.alerts)
  }

  function takeAlerts(note: string | null): void {
    try {
      store.change({ type: 'restored', state: { alerts: withEarlier(note) } })
    } catch {
      // Of a damaged file.
    }
  }

  /** What the journal knows becomes State. */
  function takeUp(journal: Journal, isNew: boolean): void {
    solve('journal.open')
    const shown = store.get().board
    const ahead = Number(journal.note(CLOCK_NOTE) ?? 0) || 0
    const board: Board = isNew ? shown : restoredBoard(journal, now() - ahead, options.sees)
    store.change({ type: 'restored', state: { alerts: withEarlier(journal.note('alerts')), board } })
    intake.catchUp()
    // A new journal knows nothing yet of what is shown.
    if (isNew) for (const session of shown.values()) intake.amend(session)
    else showActivity()
    const lastEventAt = journal.lastEventAt ?? store.get().health.lastEventAt
    store.change({ type: 'health', health: { lastEventAt, held: journal.held.count() } })
    salvage.resume()
  }

  function showActivity(): void {
    store.change({ type: 'restored', state: { activity: activityBefore(keeper.current(), intake, null) } })
  }

  /** Events were added before the end of the index: it, and what is shown, is brought up to date. */
  function reindex(): void {
    intake.reindex()
    showActivity()
    store.change({ type: 'health', health: { held: keeper.current().held.count() } })
  }

  return {
    current: () => keeper.current(),
    writer: keeper.writer,
    open: () => keeper.open(),
    heed: (error) => keeper.heed(error),
    handlers: backups.handlers,
    tidy: (before) => tidySetAsides(file, before),
    close: () => {
      backups.stop()
      salvage.stop()
      keeper.close()
    },
  }
}
