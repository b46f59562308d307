/** Forgetting somebody: what is kept of them, and its removal from journal, State, desktop and copies of the journal. */
import type { ForgetTarget, Traces } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { inCopies } from './events/copies.ts'
import type { Found } from './events/forgetting.ts'
import type { Journal } from './events/journal.ts'
import { tracesIn } from './forgotten.ts'
import type { Intake } from './intake.ts'
import type { LinkChoices } from './link-choices.ts'
import { customerOf, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'

/** Commands of forgetting. */
export type ForgetCommand = 'data.find' | 'data.forget'

/** The write-ahead log is emptied at once, or after so long (ms) if somebody is just reading the journal. */
const LOG_AGAIN = 5_000

export interface ForgetOptions {
  readonly store: Store
  readonly journalFile: string
  readonly journal: () => Journal
  readonly intake: Pick<Intake, 'forget'>
  readonly choices: LinkChoices
  /** Takes an alert off the desktop. Never throws. */
  readonly dismiss: (tag: string) => void
  /** There may be less in quarantine now. */
  readonly onRemoved: () => void
}

/** Is this session of the board meant? What is not in the journal's index yet is here. */
function isMeant(session: Session, target: ForgetTarget): boolean {
  switch (target.kind) {
    case 'session':
      return session.lsid === target.lsid
    case 'key':
      return session.externalKey === target.key || session.keys.some(({ key }) => key === target.key)
    case 'customer':
      return (
        customerOf(session) === target.name ||
        session.members.some(({ type, name }) => type === 'customer' && name === target.name)
      )
  }
}

/** @see ForgetCommand */
export function createForget(options: ForgetOptions): Pick<Handlers, ForgetCommand> {
  const { store, journal, choices } = options

  function find(target: ForgetTarget): Found {
    const onBoard = [...store.get().board.values()].filter((session) => isMeant(session, target))
    return journal().traces.find(
      target,
      onBoard.map(({ lsid }) => lsid),
    )
  }

  function count(found: Found, others: number): Omit<Traces, 'copies' | 'unreadable'> {
    const { alerts, keyEdits, downloads } = tracesIn(store.get(), found)
    return {
      sessions: found.sessions,
      events: found.events.length,
      reports: found.reports,
      quarantined: found.held.length,
      alerts: alerts.length,
      others: others + keyEdits.length + downloads.length,
    }
  }

  function emptyLog(): void {
    try {
      if (journal().traces.emptyLog()) return
    } catch {
      // Closed for a while; what is closed has no log.
    }
    setTimeout(emptyLog, LOG_AGAIN).unref()
  }

  return {
    'data.find': async ({ target }) => {
      const found = find(target)
      const counted = count(found, choices.count(found.isAbout))
      const inFiles = await inCopies(options.journalFile, target, found.lsids, false, false)
      return { ...counted, ...inFiles }
    },
    'data.forget': async ({ target, deleteUnreadable }) => {
      const found = find(target)
      const { alerts } = tracesIn(store.get(), found)
      // First what outlives this process. If it fails, nothing of the rest is done, and it can be asked for again.
      const counted = count(found, choices.count(found.isAbout))
      journal().traces.remove(found)
      options.intake.forget(found.lsids)
      store.change({ type: 'forgotten', found })
      options.onRemoved()
      for (const tag of new Set(alerts.map((alert) => alert.tag))) options.dismiss(tag)
      emptyLog()
      const inFiles = await inCopies(options.journalFile, target, found.lsids, true, deleteUnreadable)
      return { ...counted, ...inFiles }
    },
  }
}
