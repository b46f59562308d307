/** Who may see a session, and which of these audiences a representative belongs to. Pure. */
import type { Session } from '../sessions/session.ts'
import { eventSubject, tokenOf } from './subjects.ts'

/** `rep.12`, `team.5` or `queue.general`: the end of a subject. */
export type Audience = string

export const repAudience = (id: string): Audience => `rep.${tokenOf(id)}`
export const teamAudience = (id: string): Audience => `team.${tokenOf(id)}`
export const GENERAL: Audience = 'queue.general'

/**
 * Who may see this session now: its owner, be it a representative, a team or the general queue, and each representative
 * who is in it. A session whose owner is not known yet, or of a kind that is not known, is nobody's.
 */
export function audienceOf(session: Session): ReadonlySet<Audience> {
  const audiences = new Set<Audience>()
  const { owner } = session
  if (owner?.kind === 'representative') audiences.add(repAudience(owner.ref))
  if (owner?.kind === 'team') audiences.add(teamAudience(owner.ref))
  if (owner?.kind === 'general') audiences.add(GENERAL)
  for (const { type, userId, leftAt } of session.members) {
    if (type === 'representative' && userId && leftAt === null) audiences.add(repAudience(userId))
  }
  return audiences
}

/** What a workstation is entitled to. Ids are the appliance's. */
export interface Entitlement {
  readonly rep: string
  readonly teams: readonly string[]
  /** False: the general queue is none of this representative's business. */
  readonly general: boolean
}

/** The audiences that a representative belongs to. */
export function audiencesOf({ rep, teams, general }: Entitlement): readonly Audience[] {
  return [repAudience(rep), ...teams.map(teamAudience), ...(general ? [GENERAL] : [])]
}

/** The filters of a workstation's consumer, sorted so that the same entitlement is the same list. */
export function filtersOf(site: string, entitlement: Entitlement): string[] {
  return [...new Set(audiencesOf(entitlement).map((audience) => eventSubject(site, audience)))].toSorted()
}

/** May somebody with this entitlement see this session? */
export function maySee(entitlement: Entitlement, session: Session): boolean {
  const audiences = audienceOf(session)
  return audiencesOf(entitlement).some((audience) => audiences.has(audience))
}
