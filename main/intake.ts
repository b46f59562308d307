/**
 * From a stored event to what it means: session, board, alert, activity log. All of it happens after the appliance has
 * its answer. What was stored and not yet worked into the index when the last run ended is caught up with at start.
 */
import type { Alert } from '../preload/contract.ts'
import { activityEntry, rereadEvent } from './activity.ts'
import { createAlerting, type Alerting } from './alerting.ts'
import type { OutboundEvent } from './events/event.ts'
import type { IndexedSession, Journal, StoredEvent } from './events/journal.ts'
import type { Received } from './events/listener.ts'
import { createLateness, LATE } from './lateness.ts'
import { isMyself } from './sessions/board.ts'
import { applyEvent, customerOf, type NumberedEvent, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'

/** The index follows the events by at most this (ms). */
const INDEX_DELAY = 200
/** An index that could not be written is tried again after this (ms). */
const INDEX_RETRY = 2_000
/** Events worked into the index at a time when catching up. */
const CATCH_UP = 1_000

export interface IntakeOptions {
  readonly store: Store
  readonly journal: () => Journal
  readonly now: () => number
  /** Brings an alert to the desktop, or takes it off again. */
  readonly notify: (alert: Alert) => void
  readonly dismiss: (tag: string) => void
  /** The rep's username was seen with this representative id. Never throws. */
  readonly onRepId: (repId: string) => void
  /** How far this computer's clock is ahead of the appliance's (ms); 0: they agree well enough. */
  readonly onClock: (difference: number) => void
  readonly onIndexed: () => void
  readonly onIndexFailure: (error: unknown) => void
}

export interface Intake extends Pick<Alerting, 'raise' | 'markRead'> {
  /** Works in what the last run left. */
  catchUp(): void
  /** A new event, in the order of the journal. */
  take(received: Received): void
  /** A session as it is now, from memory or the journal; null if no event of it is known. */
  session(lsid: string): Session | null
  /** Replaces a session by what became known of it otherwise than by an event. */
  amend(session: Session): void
  /** Tells what is still to be told, and writes what is not yet in the index. Never throws. */
  flush(): void
}

/** The session that these events add up to. */
function replayed(events: readonly StoredEvent[]): Session | null {
  return events.reduce<Session | null>((session, stored) => {
    const event = rereadEvent(stored)
    const { lsid } = event
    return lsid === null || (session === null && event.kind === 'other')
      ? session
      : applyEvent(session, { ...event, lsid, seq: stored.seq, time: stored.at })
  }, null)
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
  const lateness = createLateness()
  const unindexed = new Map<string, Session>()
  let appliedThrough = 0
  let indexedThrough = 0
  let indexTimer: NodeJS.Timeout | null = null
  /** As the journal has them; null: it may have others. */
  let rememberedAlerts: readonly Alert[] | null = null

  const alerting = createAlerting({
    store,
    now,
    notify: options.notify,
    dismiss: options.dismiss,
    session: (lsid) => {
      try {
        return session(lsid)
      } catch {
        return null
      }
    },
    onChange: scheduleIndex,
  })

  function session(lsid: string): Session | null {
    const live = unindexed.get(lsid) ?? store.get().board.get(lsid)
    if (live !== undefined) return live
    const journal = options.journal()
    const indexed = journal.session(lsid)
    if (indexed === null) return null
    try {
      return JSON.parse(indexed.data) as Session
    } catch {
      // The line is damaged; what it was made from is not.
      return replayed(journal.eventsOf(lsid).filter(({ seq }) => seq <= indexed.revision))
    }
  }

  function scheduleIndex(): void {
    indexTimer ??= setTimeout(flush, INDEX_DELAY)
  }

  function flush(): void {
    if (indexTimer !== null) clearTimeout(indexTimer)
    indexTimer = null
    try {
      // First of all: it may be another one by now, and all below another state.
      const journal = options.journal()
      const { alerts } = store.get()
      // What the rep has yet to be told counts as undone: should the process end, the next one catches up with it.
      const through = Math.max(indexedThrough, Math.min(appliedThrough, (alerting.pendingFrom() ?? Infinity) - 1))
      if (unindexed.size === 0 && alerts === rememberedAlerts && through === indexedThrough) return
      journal.index([...unindexed.values()].map(toIndexed), through, { alerts: JSON.stringify(alerts) })
      unindexed.clear()
      rememberedAlerts = alerts
      indexedThrough = through
      options.onIndexed()
    } catch (error) {
      options.onIndexFailure(error)
      indexTimer = setTimeout(flush, INDEX_RETRY)
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
    if (settings['me.repId'] !== '' || event.kind !== 'memberAdded' || !isMyself(event.member, settings)) return
    if (event.member.userId) options.onRepId(event.member.userId)
  }

  /** Without a time of its own an event is never late. */
  function isLate({ at }: OutboundEvent, receivedAt: number): boolean {
    if (at === null) return false
    const before = lateness.difference
    const late = lateness.of(at, receivedAt)
    if (lateness.difference !== before) options.onClock(lateness.difference)
    return late > LATE
  }

  function catchUp(): void {
    const journal = options.journal()
    unindexed.clear()
    indexedThrough = journal.indexedThrough
    appliedThrough = indexedThrough
    rememberedAlerts = null
    // Of an index that is built anew only the end may be news; of one that is merely behind, all of what is missing.
    const newsSince = indexedThrough === 0 ? now() - LATE : 0
    for (;;) {
      const events = journal.eventsAfter(appliedThrough, CATCH_UP)
      for (const stored of events) {
        try {
          const event = rereadEvent(stored)
          apply({ ...event, seq: stored.seq, time: stored.at })
          if (stored.receivedAt > newsSince) alerting.hold({ seq: stored.seq, lsid: event.lsid })
        } catch (error) {
          // One that cannot be worked in must not keep out those after it.
          appliedThrough = Math.max(appliedThrough, stored.seq)
          options.onIndexFailure(error)
        }
      }
      if (events.length === 0) break
      // A long way to go is gone in steps, so that it needs not start anew if it is cut off.
      store.change({ type: 'time', now: now() })
      flush()
    }
    alerting.sweep()
  }

  return {
    session,
    amend: (amended) => {
      unindexed.set(amended.lsid, amended)
      store.change({ type: 'session', session: amended })
      scheduleIndex()
    },
    raise: (draft) => alerting.raise(draft),
    markRead: (ids) => alerting.markRead(ids),
    catchUp,
    flush: () => {
      alerting.settle()
      flush()
      if (indexTimer !== null) clearTimeout(indexTimer)
    },
    take: ({ event, appended, receivedAt }) => {
      const time = event.at ?? receivedAt
      const numbered: NumberedEvent = { ...event, seq: appended.seq, time }
      learnWhoIAm(numbered)
      const changed = apply(numbered)
      const customer = changed === null ? null : customerOf(changed.after)
      store.change({ type: 'activity', entry: activityEntry(event, appended.seq, time, receivedAt, customer) })
      scheduleIndex()
      if (isLate(event, receivedAt)) {
        alerting.hold(numbered)
        return
      }
      alerting.sumUp()
      if (changed !== null) alerting.tell(changed.before, changed.after, numbered)
    },
  }
}
