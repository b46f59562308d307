/** What the rep is told outside the window, and in which words: the one place for both. Pure. */
import { createHash } from 'node:crypto'
import type { Alert, AlertKind, Settings } from '../../preload/contract.ts'
import { isMe, isMyTeam } from '../sessions/board.ts'
import { customerOf, type NumberedEvent, type Session } from '../sessions/session.ts'

/** An alert before it has a number and a time. */
export type AlertDraft = Pick<Alert, 'tag' | 'kind' | 'lsid' | 'title' | 'body' | 'refresh'>

/** What an event means for the desktop: an alert, the end of one that is no longer true, or nothing. */
export type Plan = { readonly alert: AlertDraft } | { readonly dismiss: string } | null

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
  customerJoined: 'Customer is back in your session',
  customerLeft: 'Customer left your session',
  ended: 'Your session has ended',
  survey: 'Customer survey arrived',
} as const

function titleOf(kind: Exclude<AlertKind, 'digest' | 'test'>, session: Session): string {
  if (kind !== 'teamQueue') return TITLES[kind]
  const team = session.owner?.name ?? ''
  return team === '' ? 'Customer waiting for your team' : `Customer waiting in ${team}`
}

/** Customer and ticket in one line; neither if the rep hides details. */
function bodyOf(session: Session, settings: Settings): string {
  if (!settings['notify.details']) return 'Open Rep Tray for the details'
  return `${customerOf(session) ?? 'Customer not in the session yet'} · ${session.externalKey ?? 'no ticket'}`
}

/** Which kind of alert the change from `before` to `after` is worth, by whose session it is. */
function kindOf(
  before: Session | null,
  after: Session,
  event: NumberedEvent,
  me: Settings,
): Exclude<AlertKind, 'digest' | 'test'> | null {
  const mine = isMe(after.owner, me)
  if (event.kind === 'customerSurvey') return mine && before?.customerSurveyAt == null ? 'survey' : null
  if (event.kind === 'end') return mine && before?.endedAt == null ? 'ended' : null
  if (after.endedAt !== null) return null
  switch (event.kind) {
    case 'ownerChanged': {
      if (before?.owner?.id === after.owner?.id) return null
      // A session that was heard of from its begin and never had another owner came straight to the rep.
      if (mine) return after.owners.length === 1 && after.startedAt !== null ? 'started' : 'transferred'
      if (isMyTeam(after.owner, me)) return 'teamQueue'
      return after.owner?.kind === 'general' ? 'generalQueue' : null
    }
    case 'memberAdded':
      if (!mine || event.member.type !== 'customer' || before?.timeline.length === after.timeline.length) return null
      return after.members.filter((member) => member.type === 'customer').length > 1 ? 'customerJoined' : null
    case 'memberDeparted':
      return mine && event.member.type === 'customer' ? 'customerLeft' : null
    case 'begin':
    case 'representativeSurvey':
    case 'other':
      return null
  }
}

/** Kinds that say where a session is; what they said is untrue once it is elsewhere. */
const WHEREABOUTS: ReadonlySet<AlertKind> = new Set(['transferred', 'started', 'teamQueue', 'generalQueue'])

/**
 * What to show for one event.
 * @param previous the last alert about this session that may still be on the desktop
 */
export function planAlert(
  before: Session | null,
  after: Session,
  event: NumberedEvent,
  settings: Settings,
  previous: Alert | null,
): Plan {
  const tag = tagOf(after.lsid)
  const draft = (kind: Exclude<AlertKind, 'digest' | 'test'>, refresh: boolean): Plan => ({
    alert: { tag, kind, lsid: after.lsid, title: titleOf(kind, after), body: bodyOf(after, settings), refresh },
  })
  const kind = kindOf(before, after, event, settings)
  if (kind !== null && settings[`notify.${kind}`]) return draft(kind, false)
  if (previous === null || !WHEREABOUTS.has(previous.kind)) return null
  if (after.endedAt !== null || before?.owner?.id !== after.owner?.id) return { dismiss: tag }
  // The owner comes before the customer: the name is added to what is shown already.
  const nameIsNew = before !== null && customerOf(before) === null && customerOf(after) !== null
  return nameIsNew ? draft(previous.kind as Exclude<AlertKind, 'digest' | 'test'>, true) : null
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
  const names = sessions.slice(0, NAMED).map((session) => customerOf(session) ?? session.externalKey ?? 'unnamed')
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
