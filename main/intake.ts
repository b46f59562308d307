/**
 * From a stored event to what it means: session, board, alert, activity log. All of it happens after the appliance has
 * its answer. What was stored and not yet worked into the index when the last run ended is caught up with at start.
 */
import type { Alert } from '../preload/contract.ts'
import { activityEntry, rereadEvent } from './activity.ts'
import { createAlerting, type Alerting } from './alerting.ts'
import { timeOf, type OutboundEvent } from './events/event.ts'
import type { IndexedSession, Journal, StoredEvent } from './events/journal.ts'
import type { Received } from './events/listener.ts'
import { createLateness, LATE } from './lateness.ts'
import { createReindexing } from './reindexing.ts'
import { isMyself, leavesAt, restoredBoard } from './sessions/board.ts'
import { applyEvent, customerOf, type NumberedEvent, type Session } from './sessions/session.ts'
import type { Store } from './store.ts'

/** The index follows the events by at most this (ms). */
const INDEX_DELAY = 200
/** An index that could not be written is tried again after this (ms). */
const INDEX_RETRY = 2_000
/** How far this computer's clock was ahead when that was last seen. */
export const CLOCK_NOTE = 'clock'
/** So many sessions at most wait to be written. */
const UNWRITTEN = 100

export interface IntakeOptions {
  readonly store: Store
  readonly journal: () => Journal
  readonly now: () => number
  /** A clock that nobody sets, and that goes on while the computer sleeps (ms). */
  readonly elapsed: () => number
  /** Brings an alert to the desktop, or takes it off again. */
  readonly notify: (alert: Alert) => void
  readonly dismiss: (tag: string) => void
  /** False: what happens to this session from now on is not told here, so it leaves the board. */
  readonly sees: (session: Session) => boolean
  /** The rep's username was seen with this representative id. Never throws. */
  readonly onRepId: (repId: string) => void
  /** How far this computer's clock is ahead of the appliance's (ms; negative: behind); 0: they agree well enough. */
  readonly onClock: (difference: number) => void
  readonly onIndexed: () => void
  readonly onIndexFailure: (error: unknown) => void
}

export interface Intake extends Pick<Alerting, 'raise' | 'markRead'> {
  /** Now, by the appliance's clock, as far as it is known how that goes (ms): what is old, is old by it. */
  present(): number
  /**
   * Works in what the last run left, and what was added before the end of the index; most of it in the background, if it
   * is much.
   */
  catchUp(): void
  /** Makes the lines of the index anew that are outdated, in the background. */
  reindex(): void
  /** Resolves when all events are in the index. */
  caughtUp(): Promise<void>
  /** A new event, in the order of the journal. */
  take(received: Received): void
  /** An event from before the rep could see its session: worked in, and never told. */
  takeHistory(received: Received): void
  /** What the rep may see has changed: the board is made anew of what is known. */
  review(): void
  /** Brings a session to the board, or takes it off, as the rep may see it. */
  reconsider(lsid: string): void
  /** Events that came long ago and are understood only now, in the order of the journal: never news. */
  takeLate(received: readonly Received[]): void
  /** Drops what is still to be told or written of these sessions. */
  forget(lsids: ReadonlySet<string>): void
  /** A session as it is now, from memory or the journal; null if no event of it is known. */
  session(lsid: string): Session | null
  /** Replaces a session by what became known of it otherwise than by an event. */
  amend(session: Session): void
  /** Tells what is still to be told, and writes what is not yet in the index. Never throws. */
  flush(): void
}

/** The session that these events add up to, after what is known of it. */
function replayed(known: Session | null, events: readonly StoredEvent[]): Session | null {
  return events.reduce<Session | null>((session, stored) => {
    const event = rereadEvent(stored)
    const { lsid } = event
    return lsid === null || (session === null && event.kind === 'other')
      ? session
      : applyEvent(session, { ...event, lsid, seq: stored.seq, time: timeOf(stored.at, stored.receivedAt) })
  }, known)
}

function parse(data: string): Session | null {
  try {
    return JSON.parse(data) as Session
  } catch {
    // The line is damaged; what it was made from is not.
    return null
  }
}

/** How much of what happened is in it. */
function entriesOf({ timeline, timelineDropped }: Session): number {
  return timeline.length + timelineDropped
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
  const lateness = createLateness(now, options.elapsed)
  const unindexed = new Map<string, Session>()
  let appliedThrough = 0
  let indexedThrough = 0
  let indexTimer: NodeJS.Timeout | null = null
  /** As the journal has them; null: it may have others. */
  let rememberedAlerts: readonly Alert[] | null = null

  const alerting = createAlerting({
    store,
    now,
    present,
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

  const reindexing = createReindexing({
    marksBefore: (seq, limit) => options.journal().marksBefore(seq, limit),
    refresh: (lsid) => refresh(lsid),
    onSlice: () => (unindexed.size > UNWRITTEN ? flush() : scheduleIndex()),
    onDone: () => {
      store.change({ type: 'time', now: present() })
      flush()
    },
    onFailure: options.onIndexFailure,
  })

  /** @param through as the events up to this one make it */
  function session(lsid: string, through = appliedThrough): Session | null {
    if (reindexing.isBehind(lsid)) refresh(lsid, through)
    return unindexed.get(lsid) ?? store.get().board.get(lsid) ?? fromJournal(lsid, through)
  }

  /** What the index has, and the events after that; all of its events, if the index has nothing that is of use. */
  function fromJournal(lsid: string, through: number): Session | null {
    const journal = options.journal()
    const line = journal.session(lsid)
    const known = line === null ? null : parse(line.data)
    const isBehind = reindexing.isBehind(lsid)
    if (known !== null && !isBehind) return known
    if (line === null && !isBehind && reindexing.from === 0) return null
    const since = known?.revision ?? 0
    return replayed(
      known,
      journal.eventsOf(lsid).filter(({ seq }) => seq > since && seq <= through),
    )
  }

  /** Makes the line of a session anew, unless what is known here is as much. */
  function refresh(lsid: string, through = appliedThrough): void {
    const live = unindexed.get(lsid) ?? store.get().board.get(lsid)
    const stored = fromJournal(lsid, through)
    reindexing.settle(lsid)
    if (stored === null) return
    const isLive = live !== undefined && live.revision >= stored.revision && entriesOf(live) >= entriesOf(stored)
    const known = isLive ? live : stored
    unindexed.set(lsid, known)
    if (!isLive && leavesAt(known) > present() && options.sees(known)) store.change({ type: 'session', session: known })
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
      const done = reindexing.hasBehind ? 0 : Math.min(appliedThrough, (alerting.pendingFrom() ?? Infinity) - 1)
      const through = Math.max(indexedThrough, done)
      const { from } = reindexing
      const isSame = alerts === rememberedAlerts && through === indexedThrough && from === journal.indexedFrom
      if (unindexed.size === 0 && isSame) return
      const lines = [...unindexed.values()].map(toIndexed)
      const notes = { alerts: JSON.stringify(alerts), [CLOCK_NOTE]: String(lateness.difference) }
      journal.index(lines, through, notes, from)
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
    const { lsid } = event
    const through = appliedThrough
    appliedThrough = Math.max(through, event.seq)
    if (lsid === null) return null
    const before = session(lsid, through)
    if (before === null && event.kind === 'other') return null
    const after = applyEvent(before, { ...event, lsid })
    if (after === before) return null
    unindexed.set(lsid, after)
    store.change(options.sees(after) ? { type: 'session', session: after } : { type: 'sessionGone', lsid })
    return { before, after }
  }

  function workIn({ event, appended, receivedAt }: Received) {
    const time = timeOf(event.at, receivedAt)
    const numbered: NumberedEvent = { ...event, seq: appended.seq, time }
    learnWhoIAm(numbered)
    const changed = apply(numbered)
    const customer = changed === null ? null : customerOf(changed.after)
    store.change({ type: 'activity', entry: activityEntry(event, appended.seq, time, receivedAt, customer) })
    scheduleIndex()
    return { numbered, changed }
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

  function present(): number {
    return now() - lateness.difference
  }

  function catchUp(): void {
    const journal = options.journal()
    if (lateness.difference === 0) lateness.recall(Number(journal.note(CLOCK_NOTE) ?? 0))
    unindexed.clear()
    indexedThrough = journal.indexedThrough
    appliedThrough = indexedThrough
    rememberedAlerts = null
    // Of an index that was never made only the end may be news; of one that is merely behind, all of what is missing.
    const newsSince = indexedThrough === 0 ? now() - LATE : 0
    const behind: string[] = []
    for (const { seq, lsid, receivedAt } of journal.marksAfter(indexedThrough)) {
      appliedThrough = seq
      if (lsid !== null) behind.push(lsid)
      if (receivedAt > newsSince) alerting.hold({ seq, lsid })
    }
    reindexing.start(behind.toReversed(), journal.indexedFrom)
    // What the rep was told last is judged now, and needs its sessions for that.
    for (const { lsid, read } of store.get().alerts)
      if (!read && lsid !== null && (reindexing.from > 0 || reindexing.isBehind(lsid))) refresh(lsid)
    alerting.sweep()
  }

  return {
    session: (lsid) => session(lsid),
    amend: (amended) => {
      unindexed.set(amended.lsid, amended)
      store.change({ type: 'session', session: amended })
      scheduleIndex()
    },
    raise: (draft) => alerting.raise(draft),
    markRead: (ids) => alerting.markRead(ids),
    present,
    catchUp,
    reindex: () => reindexing.start([], options.journal().indexedFrom),
    caughtUp: () => reindexing.done(),
    flush: () => {
      reindexing.stop()
      alerting.settle()
      flush()
      if (indexTimer !== null) clearTimeout(indexTimer)
    },
    take: (received) => {
      const { numbered, changed } = workIn(received)
      if (isLate(received.event, received.receivedAt)) {
        alerting.hold(numbered)
        return
      }
      alerting.sumUp()
      if (changed !== null) alerting.tell(changed.before, changed.after, numbered)
    },
    takeHistory: (received) => void workIn(received),
    review: () => {
      // Afterwards the index has all that the board has.
      flush()
      if (unindexed.size > 0) return
      const board = restoredBoard(options.journal(), present(), options.sees)
      store.change({ type: 'restored', state: { board } })
    },
    reconsider: (lsid) => {
      const known = session(lsid)
      if (known === null) return
      const isShown = options.sees(known) && leavesAt(known) > present()
      store.change(isShown ? { type: 'session', session: known } : { type: 'sessionGone', lsid })
    },
    takeLate: (all) => {
      for (const received of all) alerting.hold(workIn(received).numbered)
    },
    forget: (lsids) => {
      for (const lsid of lsids) unindexed.delete(lsid)
      alerting.forget(lsids)
    },
  }
}
