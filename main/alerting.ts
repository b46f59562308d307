/**
 * Tells the rep: raises alerts and takes them back, waits where a moment tells more, and sums up a backlog. What it
 * decides is in attention/notification.ts; here is what it takes in time.
 */
import type { Alert } from '../preload/contract.ts'
import {
  digestOf,
  holds,
  planAlert,
  planLater,
  type AlertDraft,
  type SessionAlertKind,
} from './attention/notification.ts'
import { isMe, isMyTeam, relationOf } from './sessions/board.ts'
import { statusOf, type NumberedEvent, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'

/** A backlog has drained when no late event came for this long (ms). */
const DRAINED = 2_000

export interface AlertingOptions {
  readonly store: Store
  readonly now: () => number
  /** Now, by the appliance's clock (ms). */
  readonly present: () => number
  /** Brings an alert to the desktop, or takes it off again. */
  readonly notify: (alert: Alert) => void
  readonly dismiss: (tag: string) => void
  /** A session as it is now; null if it is not known, or cannot be known now. */
  readonly session: (lsid: string) => Session | null
  /** Something is to be remembered. */
  readonly onChange: () => void
}

export interface Alerting {
  raise(draft: AlertDraft): void
  markRead(ids: readonly number[] | 'all'): void
  /** An event that came in time. */
  tell(before: Session | null, after: Session, event: NumberedEvent): void
  /** An event that came too late to be news: it goes into the digest. */
  hold(event: Pick<NumberedEvent, 'seq' | 'lsid'>): void
  /** The backlog has drained: one digest, if any of it concerns the rep. */
  sumUp(): void
  /** Takes back all that is no longer true. */
  sweep(): void
  /** The oldest event of which the rep may still have to be told; null: none. */
  pendingFrom(): number | null
  /** Tells now what waits. */
  settle(): void
  /** Tells nothing more of these sessions. */
  forget(lsids: ReadonlySet<string>): void
}

interface Waiting {
  readonly kind: SessionAlertKind
  readonly seq: number
  readonly timer: NodeJS.Timeout
}

interface Backlog {
  readonly seq: number
  readonly lsids: Set<string>
  readonly events: number
  readonly timer: NodeJS.Timeout
}

/** @see Alerting */
export function createAlerting(options: AlertingOptions): Alerting {
  const { store, now } = options
  const waiting = new Map<string, Waiting>()
  let backlog: Backlog | null = null

  const lastAbout = (lsid: string) => store.get().alerts.find((alert) => alert.lsid === lsid) ?? null

  function raise(draft: AlertDraft): void {
    const { alerts, settings } = store.get()
    const replaced = draft.refresh ? lastAbout(draft.lsid ?? '') : null
    // Rising also if the last ones were lost with the process: the window takes a number that it has seen for old news.
    const id = Math.max(now(), ...alerts.map((alert) => alert.id + 1))
    const canPop = !settings['notify.quiet'] || draft.kind === 'test'
    const alert: Alert = {
      ...draft,
      id,
      at: replaced?.at ?? now(),
      read: false,
      popup: canPop && (replaced?.popup ?? true),
    }
    store.change({ type: 'alert', alert })
    options.onChange()
    if (alert.popup) options.notify(alert)
  }

  function markRead(ids: readonly number[] | 'all'): void {
    const { alerts } = store.get()
    const isMeant = (alert: Alert) => !alert.read && (ids === 'all' || ids.includes(alert.id))
    const tags = new Set(alerts.filter(isMeant).map((alert) => alert.tag))
    if (tags.size === 0) return
    store.change({ type: 'alertsRead', ids })
    options.onChange()
    for (const tag of tags) options.dismiss(tag)
  }

  function takeBack(tag: string): void {
    markRead(store.get().alerts.flatMap((alert) => (alert.tag === tag ? [alert.id] : [])))
  }

  function wait(lsid: string, kind: SessionAlertKind, seq: number, ms: number): void {
    clearTimeout(waiting.get(lsid)?.timer)
    waiting.set(lsid, { kind, seq, timer: setTimeout(() => isOver(lsid), ms) })
  }

  function isOver(lsid: string): void {
    const due = waiting.get(lsid)
    waiting.delete(lsid)
    clearTimeout(due?.timer)
    const session = options.session(lsid)
    const plan = due && session && planLater(due.kind, session, store.get().settings, lastAbout(lsid))
    if (plan && 'alert' in plan) raise(plan.alert)
    if (plan && 'dismiss' in plan) takeBack(plan.dismiss)
    options.onChange()
  }

  function sweep(): void {
    const { alerts, board, settings } = store.get()
    const isOutdated = ({ lsid, kind, read }: Alert) => {
      const session = lsid === null ? undefined : board.get(lsid)
      const isAboutNow = kind !== 'ended' && kind !== 'survey' && lsid !== null
      return !read && isAboutNow && (session === undefined || !holds(kind, session, settings))
    }
    markRead(alerts.filter(isOutdated).map((alert) => alert.id))
  }

  function sumUp(): void {
    if (backlog === null) return
    const { events, lsids, timer } = backlog
    clearTimeout(timer)
    backlog = null
    store.change({ type: 'health', health: { catchingUp: false } })
    store.change({ type: 'time', now: options.present() })
    sweep()
    const { settings, board } = store.get()
    const live = [...board.values()].filter((each) => each.endedAt === null)
    const mine = live.filter((each) => isMe(each.owner, settings))
    const inQueues = live.filter((each) => statusOf(each) === 'waiting' && isMyTeam(each.owner, settings))
    const concernsMe = [...lsids].some((lsid) => {
      const session = options.session(lsid)
      return session !== null && ['mine', 'team'].includes(relationOf(session, settings))
    })
    if (concernsMe) raise(digestOf({ events, sessions: lsids.size, mine, waiting: inQueues }, settings))
    else options.onChange()
  }

  return {
    raise,
    markRead,
    sweep,
    sumUp,
    tell: (before, after, event) => {
      const { lsid } = after
      const { settings } = store.get()
      const pending = waiting.get(lsid)?.kind ?? null
      const plan = planAlert({ before, after, event, settings, previous: lastAbout(lsid), pending })
      if (plan === null) return
      if ('later' in plan) wait(lsid, plan.later, event.seq, plan.wait)
      if ('dismiss' in plan) takeBack(plan.dismiss)
      if (!('alert' in plan)) return
      if (!plan.alert.refresh) {
        // Newer news takes the place of what waits.
        clearTimeout(waiting.get(lsid)?.timer)
        waiting.delete(lsid)
      }
      raise(plan.alert)
    },
    hold: ({ seq, lsid }) => {
      const timer = setTimeout(sumUp, DRAINED)
      clearTimeout(backlog?.timer)
      if (backlog === null) store.change({ type: 'health', health: { catchingUp: true } })
      backlog = {
        seq: backlog?.seq ?? seq,
        lsids: backlog?.lsids ?? new Set(),
        events: (backlog?.events ?? 0) + 1,
        timer,
      }
      if (lsid !== null) backlog.lsids.add(lsid)
    },
    forget: (lsids) => {
      for (const lsid of lsids) {
        clearTimeout(waiting.get(lsid)?.timer)
        waiting.delete(lsid)
        backlog?.lsids.delete(lsid)
      }
    },
    pendingFrom: () => {
      const seqs = [...waiting.values(), ...(backlog === null ? [] : [backlog])].map(({ seq }) => seq)
      return seqs.length === 0 ? null : Math.min(...seqs)
    },
    settle: () => {
      sumUp()
      for (const lsid of waiting.keys()) isOver(lsid)
    },
  }
}
