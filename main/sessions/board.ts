/** The board: the sessions of now, how they concern this rep, and the lines that the window shows. */
import type { Member, Owner, Relation, SessionDetails, SessionRow, Settings } from '../../preload/contract.ts'
import { withOne, type Sessions } from './layers.ts'
import { customerOf, statusOf, type Session } from './session.ts'

/** Live sessions by lsid; a new board for each change. */
export type Board = Sessions

/** An ended session stays in sight for this long. */
const ENDED_STAYS = 60 * 60 * 1000
/** A session without any event for this long is taken as over: its end was never sent, or was dropped. */
const SILENT_STAYS = 24 * 60 * 60 * 1000
/** More sessions than this are no board; the ones changed longest ago leave first, the ended before the live. */
const MOST = 500

/** "This is me", from the settings. Ids are the appliance's; an empty one is unknown. */
export type Identity = Pick<Settings, 'me.repId' | 'me.username' | 'me.teams'>

/** The board with this session as it is now. During a backlog too it stays within twice its bound. */
export function withSession(board: Board, session: Session): Board {
  const next = withOne(board, session)
  return next.size > MOST * 2 ? asBoard(topmost([...next.values()])) : next
}

/** The board without the sessions for which this holds. */
export function withoutSessions(board: Board, isGone: (session: Session) => boolean): Board {
  return asBoard([...board.values()].filter((session) => !isGone(session)))
}

/** When a session leaves the board if nothing more happens to it; ms. */
export function leavesAt(session: Session): number {
  return session.updatedAt + (session.endedAt === null ? SILENT_STAYS : ENDED_STAYS)
}

function asBoard(sessions: readonly Session[]): Board {
  return new Map(sessions.map((session) => [session.lsid, session]))
}

function topmost(sessions: readonly Session[]): readonly Session[] {
  const rank = (session: Session) => (session.endedAt === null ? 1 : 0)
  return sessions.toSorted((a, b) => rank(b) - rank(a) || b.revision - a.revision).slice(0, MOST)
}

/**
 * The board as the journal's index has it.
 * @param sees left out: all sessions are the rep's business
 */
export function restoredBoard(
  index: { sessionsSince(since: number, endedSince?: number): readonly { readonly data: string }[] },
  now: number,
  sees: (session: Session) => boolean = () => true,
): Board {
  const found = index.sessionsSince(now - SILENT_STAYS, now - ENDED_STAYS)
  const sessions = found.map(({ data }) => JSON.parse(data) as Session)
  return pruned(asBoard(sessions.filter(sees)), now)
}

/** The board without what no longer belongs there; the same object if nothing left. */
export function pruned(board: Board, now: number): Board {
  const kept = [...board.values()].filter((session) => leavesAt(session) > now)
  if (kept.length > MOST) return asBoard(topmost(kept))
  return kept.length === board.size ? board : asBoard(kept)
}

/** Is this owner the rep of this identity? Only ids count: names are display text. */
export function isMe(owner: Owner | null, me: Identity): boolean {
  return owner?.kind === 'representative' && me['me.repId'] !== '' && owner.ref === me['me.repId']
}

/** Is this owner one of the rep's teams? */
export function isMyTeam(owner: Owner | null, me: Identity): boolean {
  return owner?.kind === 'team' && me['me.teams'].includes(owner.ref)
}

/** Is this member the rep of this identity? */
export function isMyself(member: Pick<Member, 'type' | 'userId' | 'username'>, me: Identity): boolean {
  if (member.type !== 'representative') return false
  if (member.userId && me['me.repId']) return member.userId === me['me.repId']
  return me['me.username'] !== '' && member.username?.toLowerCase() === me['me.username'].toLowerCase()
}

/** How a session concerns the rep: by its owner, else by a queue of theirs that it came through. */
export function relationOf(session: Session, me: Identity): Relation {
  if (isMe(session.owner, me)) return 'mine'
  if (isMyTeam(session.owner, me)) return 'team'
  if (session.owner?.kind === 'general') return 'general'
  return session.owners.some(({ owner }) => isMyTeam(owner, me) || isMe(owner, me)) ? 'team' : 'other'
}

/** A session as one line. */
export function rowOf(session: Session, me: Identity): SessionRow {
  const status = statusOf(session)
  const present = status === 'ended' ? [] : session.members.filter((member) => member.leftAt === null)
  return {
    lsid: session.lsid,
    status,
    relation: relationOf(session, me),
    owner: session.owner,
    ownerSince: session.ownerSince,
    customer: customerOf(session),
    customerPresent: present.some((member) => member.type === 'customer'),
    representatives: present.filter((member) => member.type === 'representative').map((member) => member.name),
    externalKey: session.externalKey,
    startedAt: session.startedAt,
    endedAt: session.endedAt,
    customerSurveyAt: session.customerSurveyAt,
    representativeSurveyAt: session.representativeSurveyAt,
    updatedAt: session.updatedAt,
    revision: session.revision,
  }
}

/** A session with all that is known of it. */
export function detailsOf(session: Session, me: Identity): SessionDetails {
  const { owners, keys, members, timeline, timelineDropped, variables } = session
  return { ...rowOf(session, me), owners, keys, members, timeline, timelineDropped, variables }
}

const STATUS_ORDER = { waiting: 0, active: 1, ended: 2 } as const

/** Waiting first (longest first), then active and ended (latest change first). */
export function byUrgency(a: SessionRow, b: SessionRow): number {
  const order = STATUS_ORDER[a.status] - STATUS_ORDER[b.status]
  if (order !== 0) return order
  if (a.status === 'waiting')
    return (a.ownerSince ?? a.updatedAt) - (b.ownerSince ?? b.updatedAt) || a.revision - b.revision
  return b.revision - a.revision
}
