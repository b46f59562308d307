/**
 * One support session, as its outbound events tell it. A pure reducer, which takes events as they come: the begin may
 * be missing, the end may precede departures, surveys follow the end, a key may appear, change or vanish at any time.
 * The order of arrival counts, not the time stamps: the appliance sends in order, its clock may jump.
 */
import type { Member, Owner, TimelineEntry } from '../../preload/contract.ts'
import { KNOWN_VARIABLES, type EventMember, type OutboundEvent } from '../events/event.ts'

/** A session with its histories, oldest first and bounded. Plain JSON. Times in ms. */
export interface Session {
  readonly lsid: string
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly owner: Owner | null
  readonly ownerSince: number | null
  readonly owners: readonly { readonly owner: Owner; readonly at: number }[]
  readonly externalKey: string | null
  readonly keys: readonly { readonly key: string | null; readonly at: number }[]
  /** The last edit over the API: what the key was before, and when. An event from before it does not undo it. */
  readonly keyEdit: { readonly from: string | null; readonly at: number } | null
  readonly members: readonly Member[]
  readonly customerSurveyAt: number | null
  readonly representativeSurveyAt: number | null
  readonly timeline: readonly TimelineEntry[]
  readonly timelineDropped: number
  readonly variables: Readonly<Record<string, string>>
  readonly updatedAt: number
  /** Number of the last event in it. */
  readonly revision: number
}

/** An event with its number in the journal and its time in ms (of origin; of receipt where it states none). */
export type NumberedEvent = OutboundEvent & { readonly seq: number; readonly time: number }

/** Entries kept of each history; what falls out is still in the journal. */
const KEPT = { timeline: 100, owners: 30, keys: 30, members: 50, variables: 50 } as const
/** Characters kept of a name and of a value; the appliance's own limit for keys and custom fields is 1,024. */
const LENGTH = { name: 200, value: 1024 } as const

/** At most `length` UTF-16 units. Never cuts a character of two in half: half a one is no text that can be stored or sent. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function lastOf<Item>(items: readonly Item[], item: Item, kept: number): readonly Item[] {
  return items.length < kept ? [...items, item] : [...items.slice(items.length - kept + 1), item]
}

function newSession(lsid: string): Session {
  return {
    lsid,
    startedAt: null,
    endedAt: null,
    owner: null,
    ownerSince: null,
    owners: [],
    externalKey: null,
    keys: [],
    keyEdit: null,
    members: [],
    customerSurveyAt: null,
    representativeSurveyAt: null,
    timeline: [],
    timelineDropped: 0,
    variables: {},
    updatedAt: 0,
    revision: 0,
  }
}

type Entry = TimelineEntry extends infer Each ? (Each extends unknown ? Omit<Each, 'seq' | 'at'> : never) : never

/** An entry of the timeline belongs to an event: its number, and its time (ms). */
type Moment = Pick<NumberedEvent, 'seq' | 'time'>

function withEntry(session: Session, event: Moment, entry: Entry): Session {
  const timeline = lastOf(session.timeline, { seq: event.seq, at: event.time, ...entry }, KEPT.timeline)
  const dropped = session.timeline.length + 1 - timeline.length
  return { ...session, timeline, timelineDropped: session.timelineDropped + dropped }
}

/** Events that say nothing of the key by not having one: surveys come when it can no longer be edited. */
const SILENT_ON_KEY: ReadonlySet<OutboundEvent['kind']> = new Set(['other', 'customerSurvey', 'representativeSurvey'])

/**
 * A key is in every event of a session that has one, so an event of schema 1 without a key means that there is none
 * (any more). Of surveys, and of events that this version does not know, only a present key counts.
 */
function withKey(session: Session, event: NumberedEvent): Session {
  const key = event.externalKey === null ? null : clip(event.externalKey, LENGTH.value)
  if (key === session.externalKey || (key === null && SILENT_ON_KEY.has(event.kind))) return session
  // An event from before the edit, which was on its way: it knows no better.
  if (key === session.keyEdit?.from && event.time <= session.keyEdit.at) return session
  return withNewKey({ ...session, keyEdit: null }, event, key)
}

function withNewKey(session: Session, moment: Moment, key: string | null): Session {
  const keys = lastOf(session.keys, { key, at: moment.time }, KEPT.keys)
  return withEntry({ ...session, externalKey: key, keys }, moment, { kind: 'key', from: session.externalKey, to: key })
}

function withVariables(session: Session, event: NumberedEvent): Session {
  const unknown = Object.entries(event.variables).filter(([name]) => !KNOWN_VARIABLES.has(name))
  if (unknown.length === 0) return session
  const merged = { ...session.variables }
  for (const [sent, value] of unknown) {
    const name = clip(sent, LENGTH.name)
    const room = Object.hasOwn(merged, name) || Object.keys(merged).length < KEPT.variables
    if (room && name !== '__proto__') merged[name] = clip(value, LENGTH.value)
  }
  return { ...session, variables: merged }
}

/** Ids first; an empty one is none. */
function sameMember(member: Member, other: EventMember): boolean {
  if (member.type !== other.type) return false
  if (member.userId && other.userId) return member.userId === other.userId
  if (member.username && other.username) return member.username === other.username
  return member.name === other.name
}

/** One more member. Of a full list somebody who has left goes, a representative first: the rest is what the board shows. */
function withMember(members: readonly Member[], member: Member): readonly Member[] {
  if (members.length < KEPT.members) return [...members, member]
  const hasLeft = (each: Member) => each.leftAt !== null
  const guest = members.findIndex((each) => hasLeft(each) && each.type !== 'customer')
  return [...members.toSpliced(Math.max(guest < 0 ? members.findIndex(hasLeft) : guest, 0), 1), member]
}

function withArrival(session: Session, event: NumberedEvent, who: EventMember): Session {
  if (session.members.some((member) => sameMember(member, who) && member.leftAt === null)) return session
  const members = withMember(session.members, { ...who, joinedAt: event.time, leftAt: null })
  return withEntry({ ...session, members }, event, { kind: 'joined', member: { type: who.type, name: who.name } })
}

function withDeparture(session: Session, event: NumberedEvent, who: EventMember): Session {
  const index = session.members.findLastIndex((member) => sameMember(member, who) && member.leftAt === null)
  const present = session.members[index]
  const members =
    present === undefined
      ? withMember(session.members, { ...who, joinedAt: null, leftAt: event.time })
      : // The clock may have been set back meanwhile; nobody leaves before they came.
        session.members.with(index, { ...present, leftAt: Math.max(event.time, present.joinedAt ?? event.time) })
  return withEntry({ ...session, members }, event, { kind: 'left', member: { type: who.type, name: who.name } })
}

function clipMember({ type, name, userId, username }: EventMember): EventMember {
  const clipped = (text: string | null) => (text === null ? null : clip(text, LENGTH.name))
  return { type, name: clip(name, LENGTH.name), userId: clipped(userId), username: clipped(username) }
}

function withOwner(session: Session, event: NumberedEvent, sent: Owner): Session {
  const owner = {
    ...sent,
    id: clip(sent.id, LENGTH.name),
    ref: clip(sent.ref, LENGTH.name),
    name: clip(sent.name, LENGTH.name),
  }
  const last = session.owners.at(-1)
  if (last?.owner.id === owner.id) {
    // The same owner again, at most with another name.
    if (owner.name === '' || owner.name === last.owner.name) return session
    return { ...session, owner, owners: [...session.owners.slice(0, -1), { ...last, owner }] }
  }
  const owners = lastOf(session.owners, { owner, at: event.time }, KEPT.owners)
  return withEntry({ ...session, owner, ownerSince: event.time, owners }, event, { kind: 'owner', owner })
}

function withMeaning(session: Session, event: NumberedEvent): Session {
  switch (event.kind) {
    case 'begin':
      if (session.startedAt !== null) return session
      return withEntry({ ...session, startedAt: event.time }, event, { kind: 'started' })
    case 'end':
      if (session.endedAt !== null) return session
      return withEntry({ ...session, endedAt: event.time }, event, { kind: 'ended' })
    case 'ownerChanged':
      return withOwner(session, event, event.owner)
    case 'memberAdded':
      return withArrival(session, event, clipMember(event.member))
    case 'memberDeparted':
      return withDeparture(session, event, clipMember(event.member))
    case 'customerSurvey':
      if (session.customerSurveyAt !== null) return session
      return withEntry({ ...session, customerSurveyAt: event.time }, event, { kind: 'survey', by: 'customer' })
    case 'representativeSurvey':
      if (session.representativeSurveyAt !== null) return session
      return withEntry({ ...session, representativeSurveyAt: event.time }, event, {
        kind: 'survey',
        by: 'representative',
      })
    case 'other':
      return withEntry(session, event, { kind: 'unknown', event: clip(event.event, LENGTH.name) })
  }
}

/**
 * The session after an event. An event that is in it already (by number) changes nothing.
 * @param session the session so far; null if this is the first that is heard of it
 */
export function applyEvent(session: Session | null, event: NumberedEvent & { readonly lsid: string }): Session {
  const before = session ?? newSession(event.lsid)
  if (event.seq <= before.revision) return before
  const after = withVariables(withKey(withMeaning(before, event), event), event)
  return { ...after, updatedAt: event.time, revision: event.seq }
}

/** The customer's name: of the first customer whose name is known. */
export function customerOf(session: Session): string | null {
  return session.members.find((member) => member.type === 'customer' && member.name !== '')?.name ?? null
}

/** Is a member of this type in the session, as far as is known? */
export function isPresent(session: Session, type: Member['type']): boolean {
  return session.members.some((member) => member.type === type && member.leftAt === null)
}

/** True if a customer was in the session and none is now; false as well while nobody is known to have come. */
export function isCustomerGone(session: Session): boolean {
  return session.members.some((member) => member.type === 'customer') && !isPresent(session, 'customer')
}

/** Waiting means: in a queue, or the customer is there and no representative is. */
export function statusOf(session: Session): 'waiting' | 'active' | 'ended' {
  if (session.endedAt !== null) return 'ended'
  const attended = isPresent(session, 'representative')
  switch (session.owner?.kind) {
    case 'team':
    case 'general':
      return 'waiting'
    case 'representative':
      // Given to a representative who has yet to join. Of a session that was not heard of from its begin, or whose
      // members are not sent, that cannot be told.
      return session.startedAt !== null && isPresent(session, 'customer') && !attended ? 'waiting' : 'active'
    case 'other':
    case undefined:
      return attended ? 'active' : 'waiting'
  }
}

/** The session with a key that was set over the API: it holds until an event says otherwise. */
export function withKeyOf(session: Session, key: string | null, at: number): Session {
  if (key === session.externalKey) return session
  const keyEdit = { from: session.externalKey, at }
  return withNewKey({ ...session, keyEdit }, { seq: session.revision, time: at }, key)
}
