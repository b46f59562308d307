/**
 * From a stored event to what it means: session, board, alert, activity log. All of it happens after the appliance has
 * its answer. What was stored and not yet worked into the index when the last run ended is caught up with at start.
 */
import type { ActivityEntry, Alert } from '../preload/contract.ts'
import { digestOf, planAlert, type AlertDraft } from './attention/notification.ts'
import { parseEvent, type OutboundEvent } from './events/event.ts'
import type { IndexedSession, Journal, StoredEvent } from './events/journal.ts'
import type { Received } from './events/listener.ts'
import { isMe, relationOf } from './sessions/board.ts'
import { applyEvent, customerOf, statusOf, type NumberedEvent, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'

/** What comes in later than this after it happened is no news (ms). */
export const LATE = 2 * 60 * 1000
/** A backlog has drained when no late event came for this long (ms). */
const DRAINED = 2_000
/** The index follows the events by at most this (ms). */
const INDEX_DELAY = 200
/** Events worked into the index at a time when catching up. */
const CATCH_UP = 1_000

export interface IntakeOptions {
  readonly store: Store
  readonly journal: () => Journal
  readonly now: () => number
  /** Brings an alert to the desktop, or takes it off again. */
  readonly notify: (alert: Alert) => void
  readonly dismiss: (tag: string) => void
  /** The rep's username was seen with this representative id. */
  readonly onRepId: (repId: string) => void
  readonly onIndexed: () => void
  readonly onIndexFailure: (error: unknown) => void
}

export interface Intake {
  /** Works in what the last run left. */
  catchUp(): void
  /** A new event, in the order of the journal. */
  take(received: Received): void
  /** A session as it is now, from memory or the journal; null if no event of it is known. */
  session(lsid: string): Session | null
  raise(draft: AlertDraft): void
  /** Writes what is not yet in the index. */
  flush(): void
}

/** A line of the activity log. */
export function activityEntry(
  event: OutboundEvent,
  seq: number,
  at: number,
  receivedAt: number,
  customer: string | null,
): ActivityEntry {
  const member = event.kind === 'memberAdded' || event.kind === 'memberDeparted' ? event.member.name : null
  const subject = event.kind === 'ownerChanged' ? event.owner.name || event.owner.id : member
  const { event: name, lsid, externalKey } = event
  const clip = (text: string | null) => (text !== null && text.length > 300 ? `${text.slice(0, 299)}…` : text)
  return {
    seq,
    at,
    receivedAt,
    event: clip(name) ?? '',
    known: event.kind !== 'other',
    lsid: clip(lsid),
    externalKey: clip(externalKey),
    customer,
    subject: clip(subject),
  }
}

/** A stored event, read again. What is in the journal was an event when it came, so it is one now. */
export function rereadEvent(stored: StoredEvent): OutboundEvent {
  const event = parseEvent(stored.variables)
  if ('malformed' in event) {
    const { event: name, lsid, variables, at } = stored
    return { kind: 'other', event: name, at, version: '', externalKey: null, lsid, variables }
  }
  return event
}

function toIndexed(session: Session): IndexedSession {
  const { lsid, externalKey, startedAt, endedAt, updatedAt, revision } = session
  return {
    lsid,
    externalKey,
    customer: customerOf(session),
    startedAt,
    endedAt,
    updatedAt,
    revision,
    data: JSON.stringify(session),
  }
}

/** @see Intake */
export function createIntake(options: IntakeOptions): Intake {
  const { store, now } = options
  const unindexed = new Map<string, Session>()
  let appliedThrough = 0
  let indexTimer: NodeJS.Timeout | null = null
  let rememberedAlerts = store.get().alerts
  let meanwhile: { events: number; lsids: Set<string>; timer: NodeJS.Timeout } | null = null

  function session(lsid: string): Session | null {
    const live = unindexed.get(lsid) ?? store.get().board.get(lsid)
    if (live !== undefined) return live
    const indexed = options.journal().session(lsid)
    return indexed === null ? null : (JSON.parse(indexed.data) as Session)
  }

  function flush(): void {
    if (indexTimer !== null) clearTimeout(indexTimer)
    indexTimer = null
    const { alerts } = store.get()
    if (unindexed.size === 0 && alerts === rememberedAlerts) return
    try {
      const journal = options.journal()
      journal.index([...unindexed.values()].map(toIndexed), Math.max(appliedThrough, journal.indexedThrough), {
        alerts: JSON.stringify(alerts),
      })
      unindexed.clear()
      rememberedAlerts = alerts
      options.onIndexed()
    } catch (error) {
      options.onIndexFailure(error)
    }
  }

  /** Works an event into its session. Null if it concerns none, or is in it already. */
  function apply(event: NumberedEvent): { before: Session | null; after: Session } | null {
    appliedThrough = Math.max(appliedThrough, event.seq)
    const { lsid } = event
    if (lsid === null) return null
    const before = session(lsid)
    if (before === null && event.kind === 'other') return null
    const after = applyEvent(before, { ...event, lsid })
    if (after === before) return null
    unindexed.set(lsid, after)
    store.change({ type: 'session', session: after })
    return { before, after }
  }

  function learnWhoIAm(event: NumberedEvent): void {
    const { settings } = store.get()
    if (settings['me.repId'] !== '' || settings['me.username'] === '' || event.kind !== 'memberAdded') return
    const { username, userId } = event.member
    if (userId !== null && username?.toLowerCase() === settings['me.username'].toLowerCase()) options.onRepId(userId)
  }

  function raise(draft: AlertDraft): void {
    const { alerts, settings } = store.get()
    const id = Math.max(0, ...alerts.map((alert) => alert.id)) + 1
    const alert: Alert = { ...draft, id, at: now(), read: false, popup: !settings['notify.quiet'] }
    store.change({ type: 'alert', alert })
    if (alert.popup) options.notify(alert)
    scheduleIndex()
  }

  function scheduleIndex(): void {
    indexTimer ??= setTimeout(flush, INDEX_DELAY)
  }

  function announce(before: Session | null, after: Session, event: NumberedEvent): void {
    const { alerts, settings } = store.get()
    const previous = alerts.find((alert) => alert.lsid === after.lsid) ?? null
    const plan = planAlert(before, after, event, settings, previous)
    if (plan === null) return
    if ('alert' in plan) {
      raise(plan.alert)
      return
    }
    const ids = alerts.filter((alert) => alert.tag === plan.dismiss && !alert.read).map((alert) => alert.id)
    store.change({ type: 'alertsRead', ids })
    options.dismiss(plan.dismiss)
  }

  function hold(lsid: string | null): void {
    if (meanwhile === null) {
      meanwhile = { events: 0, lsids: new Set(), timer: setTimeout(tellMeanwhile, DRAINED) }
      store.change({ type: 'health', health: { catchingUp: true } })
    }
    meanwhile.timer.refresh()
    meanwhile.events += 1
    if (lsid !== null) meanwhile.lsids.add(lsid)
  }

  /** The backlog has drained: one digest, if any of it concerns the rep. */
  function tellMeanwhile(): void {
    if (meanwhile === null) return
    const { events, lsids, timer } = meanwhile
    clearTimeout(timer)
    meanwhile = null
    store.change({ type: 'health', health: { catchingUp: false } })
    store.change({ type: 'time', now: now() })
    const { settings, board } = store.get()
    const live = [...board.values()].filter((each) => each.endedAt === null)
    const mine = live.filter((each) => isMe(each.owner, settings))
    const waiting = live.filter((each) => statusOf(each) === 'waiting' && relationOf(each, settings) === 'team')
    const touched = [...lsids].map(session).filter((each) => each !== null)
    const concernsMe = touched.some((each) => ['mine', 'team'].includes(relationOf(each, settings)))
    if (concernsMe) raise(digestOf({ events, sessions: lsids.size, mine, waiting }, settings))
  }

  return {
    session,
    raise,
    flush: () => {
      tellMeanwhile()
      flush()
    },
    catchUp: () => {
      const journal = options.journal()
      appliedThrough = journal.indexedThrough
      rememberedAlerts = store.get().alerts
      for (;;) {
        const events = journal.eventsAfter(appliedThrough, CATCH_UP)
        for (const stored of events) {
          const event = rereadEvent(stored)
          apply({ ...event, seq: stored.seq, time: stored.at })
          if (now() - stored.receivedAt < LATE) hold(event.lsid)
        }
        if (events.length === 0) break
        // A long way to go is gone in steps, so that it needs not start anew if it is cut off.
        store.change({ type: 'time', now: now() })
        flush()
      }
    },
    take: ({ event, appended, receivedAt }) => {
      const time = event.at ?? receivedAt
      const numbered: NumberedEvent = { ...event, seq: appended.seq, time }
      learnWhoIAm(numbered)
      const changed = apply(numbered)
      const customer = changed === null ? null : customerOf(changed.after)
      store.change({ type: 'activity', entry: activityEntry(event, appended.seq, time, receivedAt, customer) })
      scheduleIndex()
      if (receivedAt - time > LATE) {
        hold(event.lsid)
        return
      }
      tellMeanwhile()
      if (changed !== null) announce(changed.before, changed.after, numbered)
    },
  }
}
