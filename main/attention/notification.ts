/** What the rep is told outside the window, and in which words: the one place for both. Pure. */
import { createHash } from 'node:crypto'
import type { Alert, AlertKind, Settings } from '../../preload/contract.ts'
import { isMe, isMyself, isMyTeam } from '../sessions/board.ts'
import { plain } from './plain.ts'
import { customerOf, isCustomerGone, type NumberedEvent, type Session } from '../sessions/session.ts'

/** An alert before it has a number and a time. */
export type AlertDraft = Pick<Alert, 'tag' | 'kind' | 'lsid' | 'title' | 'body' | 'refresh'>

/** Alerts about one session. */
export type SessionAlertKind = Exclude<AlertKind, 'digest' | 'test'>

/**
 * What an event means for the desktop: an alert; one that is worth it only if it still holds in a moment (ms); the end
 * of one that is no longer true; or nothing.
 */
export type Plan =
  | { readonly alert: AlertDraft }
  | { readonly later: SessionAlertKind; readonly wait: number }
  | { readonly dismiss: string }
  | null

/** What a plan depends on. */
export interface Situation {
  readonly before: Session | null
  readonly after: Session
  readonly event: NumberedEvent
  readonly settings: Settings
  /** The last alert about this session; as long as it is unread it may still be on the desktop. */
  readonly previous: Alert | null
  /** What was planned for later and is still to come. */
  readonly pending: SessionAlertKind | null
}

/**
 * What belongs together comes together: the owner, the customer's name, and the rep's own joining if they took the
 * session themselves, which is then no news to them. So what comes from a queue is told after this time (ms).
 */
const TOGETHER = 250
/** A customer who is back within this time was never away (ms): a connection that broke, or the end that follows at once. */
const AWAY = 1_500
/** A customer who comes this much later than the owner is news of their own (ms, by the appliance's clock). */
const LATER = 10_000

/** A backlog came in: what happened meanwhile, in numbers. */
export interface Meanwhile {
  readonly events: number
  /** Sessions that the events were about. */
  readonly sessions: number
  /** Live sessions that are the rep's now, and those that wait in the queues of the rep's teams. */
  readonly mine: readonly Session[]
  readonly waiting: readonly Session[]
}

/** At most 16 characters, as Windows drops longer tags in silence in some versions. */
export function tagOf(lsid: string): string {
  return `s${createHash('sha256').update(lsid).digest('base64url').slice(0, 15)}`
}

const TITLES = {
  transferred: 'Session transferred to you',
  started: 'Session started with you',
  generalQueue: 'Customer waiting in the general queue',
  customerJoined: 'Customer joined your session',
  customerLeft: 'Customer left your session',
  ended: 'Your session has ended',
  survey: 'Customer survey arrived',
} as const

function titleOf(kind: SessionAlertKind, session: Session): string {
  if (kind === 'customerJoined' && session.members.filter((member) => member.type === 'customer').length > 1)
    return 'Customer is back in your session'
  if (kind !== 'teamQueue') return TITLES[kind]
  const team = plain(session.owner?.name ?? '', LENGTH)
  return team === '' ? 'Customer waiting for your team' : `Customer waiting in ${team}`
}

/** Characters of a name or a key; desktops show fewer. */
const LENGTH = 100

/** Customer and ticket in one line; neither if the rep hides details. */
function bodyOf(session: Session, settings: Settings): string {
  if (!settings['notify.details']) return 'Open Rep Tray for the details'
  const customer = plain(customerOf(session) ?? '', LENGTH)
  const key = plain(session.externalKey ?? '', LENGTH)
  return `${customer || 'Customer not known yet'} · ${key || 'no ticket'}`
}

function draftOf(kind: SessionAlertKind, session: Session, settings: Settings, refresh = false): AlertDraft {
  const { lsid } = session
  return { tag: tagOf(lsid), kind, lsid, title: titleOf(kind, session), body: bodyOf(session, settings), refresh }
}

/** Has the rep joined since the session is theirs, or to make it theirs? The clock of the appliance ticks in seconds. */
function isAccepted(session: Session, me: Settings): boolean {
  const since = (session.ownerSince ?? 0) - 1_000
  return session.members.some(
    (member) => isMyself(member, me) && member.leftAt === null && member.joinedAt !== null && member.joinedAt >= since,
  )
}

/** Is what such an alert says true of the session, and does it still ask for the rep's attention? */
export function holds(kind: AlertKind, session: Session, me: Settings): boolean {
  const isLive = session.endedAt === null
  const isMine = isLive && isMe(session.owner, me)
  switch (kind) {
    case 'transferred':
    case 'started':
      return isMine && !isAccepted(session, me)
    case 'teamQueue':
      return isLive && isMyTeam(session.owner, me) && !isCustomerGone(session)
    case 'generalQueue':
      return isLive && session.owner?.kind === 'general' && !isCustomerGone(session)
    case 'customerJoined':
      return isMine && !isCustomerGone(session)
    case 'customerLeft':
      return isMine && isCustomerGone(session)
    case 'ended':
    case 'survey':
    case 'digest':
    case 'test':
      return true
  }
}

/** Where a session is, as the kind of alert that says so; null if that is nothing to this rep. */
function whereabouts(session: Session, me: Settings): SessionAlertKind | null {
  // A session that was heard of from its begin and never had another owner came straight to the rep.
  const isStart = session.owners.length === 1 && session.startedAt !== null
  const kinds = [isStart ? 'started' : 'transferred', 'teamQueue', 'generalQueue'] as const
  return kinds.find((kind) => holds(kind, session, me)) ?? null
}

/** Which kind of alert the change from `before` to `after` is worth, by whose session it is. */
function kindOf({ before, after, event, settings, pending }: Situation): SessionAlertKind | null {
  const isMine = isMe(after.owner, settings)
  if (event.kind === 'customerSurvey') return isMine && before?.customerSurveyAt == null ? 'survey' : null
  if (event.kind === 'end') return isMine && before?.endedAt == null ? 'ended' : null
  if (after.endedAt !== null) return null
  if (event.kind === 'ownerChanged') return before?.owner?.id === after.owner?.id ? null : whereabouts(after, settings)
  const wasGone = before !== null && isCustomerGone(before)
  if (event.kind === 'memberAdded' && event.member.type === 'customer') {
    // Of an absence that was not told, the end is not told either.
    if (wasGone) return pending === 'customerLeft' ? null : isMine ? 'customerJoined' : whereabouts(after, settings)
    const isFirst = before?.members.every((member) => member.type !== 'customer') ?? true
    return isMine && isFirst && event.time - (after.ownerSince ?? event.time) > LATER ? 'customerJoined' : null
  }
  return event.kind === 'memberDeparted' && !wasGone && isCustomerGone(after) ? 'customerLeft' : null
}

/** Is it better told in a moment? What comes from a colleague comes unasked, and with all that is known of it. */
function canWait(kind: SessionAlertKind, { before, event }: Situation): boolean {
  if (kind === 'teamQueue' || kind === 'generalQueue') return true
  return event.kind === 'ownerChanged' && before !== null && before.owner?.kind !== 'representative'
}

/** What to show for one event. */
export function planAlert(situation: Situation): Plan {
  const { before, after, settings, previous, pending } = situation
  const kind = kindOf(situation)
  const shown = previous?.read === false ? previous : null
  if (kind === 'customerLeft') {
    // Not for this alert alone: when the wait is over, a customer who left a queue no longer waits in it.
    const matters = isMe(after.owner, settings) || shown !== null
    return pending === null && matters ? { later: kind, wait: AWAY } : null
  }
  if (kind !== null && settings[`notify.${kind}`])
    return canWait(kind, situation) ? { later: kind, wait: TOGETHER } : { alert: draftOf(kind, after, settings) }
  const hasMoved = after.endedAt !== null || before?.owner?.id !== after.owner?.id
  return pending === 'customerLeft' && !hasMoved ? null : correction(after, settings, shown)
}

/** What to show when the wait for an alert is over. */
export function planLater(kind: SessionAlertKind, session: Session, settings: Settings, previous: Alert | null): Plan {
  if (settings[`notify.${kind}`] && holds(kind, session, settings)) return { alert: draftOf(kind, session, settings) }
  return correction(session, settings, previous?.read === false ? previous : null)
}

/** Takes back what is no longer true, and adds to what is shown what became known since: the customer, the ticket. */
function correction(session: Session, settings: Settings, shown: Alert | null): Plan {
  if (shown === null || shown.kind === 'digest' || shown.kind === 'test') return null
  if (!holds(shown.kind, session, settings)) return { dismiss: shown.tag }
  if (!['transferred', 'started', 'teamQueue', 'generalQueue'].includes(shown.kind)) return null
  const draft = draftOf(shown.kind, session, settings, true)
  return draft.title === shown.title && draft.body === shown.body ? null : { alert: draft }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** One alert in place of all those that came too late to be news. */
export function digestOf(meanwhile: Meanwhile, settings: Settings): AlertDraft {
  const { mine, waiting } = meanwhile
  const parts = [
    mine.length === 0 ? 'None is yours now' : `${mine.length} yours now${namesOf(mine, settings)}`,
    ...(waiting.length === 0 ? [] : [`${waiting.length} waiting for your teams`]),
  ]
  const title = `Meanwhile: ${counted(meanwhile.events, 'event', 'events')} in ${counted(meanwhile.sessions, 'session', 'sessions')}`
  return { tag: 'digest', kind: 'digest', lsid: null, title, body: parts.join(' · '), refresh: false }
}

const NAMED = 3

function namesOf(sessions: readonly Session[], settings: Settings): string {
  if (!settings['notify.details']) return ''
  const names = sessions
    .slice(0, NAMED)
    .map((session) => plain(customerOf(session) ?? session.externalKey ?? '', LENGTH) || 'unnamed')
  return `: ${names.join(', ')}${sessions.length > NAMED ? ', …' : ''}`
}

/** What “Send a test notification” shows. */
export function testAlert(): AlertDraft {
  const title = 'Rep Tray can reach you'
  return {
    tag: 'test',
    kind: 'test',
    lsid: null,
    title,
    body: 'This is what a notification looks like.',
    refresh: false,
  }
}
