import { findIssue, findOwner, findUsername, representativeOwner, teamOwner, type Owner, type World } from '../world.ts'

/** A queue as a parameter names it, and the issue that led to it. */
export interface NamedQueue {
  readonly queue: Owner
  readonly issue: string | null
}

/** Reads `general`, `rep:12`, `team:5`, `rep_username:jsmith` or `issue:printer`; throws if there is none such. */
export function readQueue(world: World, text: string | null): NamedQueue {
  if (text === null || text === '') throw new Error('The parameter queue_id is missing')
  const [kind = '', ...rest] = text.split(':')
  const name = rest.join(':')
  if (kind === 'rep_username') {
    const rep = findUsername(world, name)
    if (rep !== undefined) return { queue: representativeOwner(rep), issue: null }
  } else if (kind === 'issue') {
    const found = findIssue(world, ({ codeName }) => codeName === name)
    if (found !== undefined) return { queue: teamOwner(found.team), issue: found.issue.title }
  } else if (/^(general|rep:\d+|team:\d+)$/.test(text)) {
    return { queue: findOwner(world, text), issue: null }
  }
  throw new Error(`Invalid queue_id: ${text}`)
}
