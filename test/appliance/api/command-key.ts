import { isLoggedIn, type Owner, type World } from '../world.ts'
import { readAttributes } from './attributes.ts'
import type { CommandHandler } from './commands.ts'
import { readQueue } from './queue-id.ts'
import { element } from './xml.ts'

/** One day: what a real box was seen to take if nothing is asked for. */
const DEFAULT_TTL_SECONDS = 86_400
const LONGEST_TTL_SECONDS = 30 * 86_400

export const generateSessionKey: CommandHandler = (context, parameters) => {
  const { appliance, generation, keys } = context
  const { world } = appliance
  if (parameters.get('type') !== 'support') throw new Error('Invalid type')
  const { queue, issue } = readQueue(world, parameters.get('queue_id'))
  const { externalKey, fields } = readAttributes(parameters, generation.spelling, world)
  if (!/^[1-3]?$/.test(parameters.get('session.priority') ?? '')) throw new Error('Invalid session.priority')
  const key = keys.make({
    queue,
    issue,
    externalKey: externalKey === undefined || externalKey === '' ? null : externalKey,
    attributes: new Map([...fields].filter(([, value]) => value !== '')),
    ttlSeconds: readTtl(parameters.get('ttl')),
  })
  const hostname = parameters.get('url_hostname') ?? ''
  if (!/^[\w.-]*(:\d+)?$/.test(hostname)) throw new Error('Invalid url_hostname')
  const site = hostname === '' ? context.publicUrl() : `https://${hostname}`
  const url = `${site}/?ak=${key.ak}`
  const [kind = '', id] = queue.id.split(':')
  return element('session_key', [
    element('type', 'support'),
    element('ttl', key.ttlSeconds),
    element('expires', Math.floor(key.expiresAt / 1000)),
    element('queue', kind, { available: isAvailable(queue, world) ? 1 : 0 }),
    ...(id === undefined ? [] : [element('queue_id', id)]),
    ...(key.externalKey === null ? [] : [element('external_key', key.externalKey)]),
    element('short_key', key.shortKey),
    element('key_url', url),
    element('mail_subject', 'Remote Support Invitation'),
    element('mail_body', `\nPlease open the link below to start the session.\n\n${url}\n\t`),
  ])
}

function readTtl(text: string | null): number {
  if (text === null || text === '') return DEFAULT_TTL_SECONDS
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= LONGEST_TTL_SECONDS) return seconds
  throw new Error('Invalid ttl')
}

/** True if somebody is there to take a session from the queue. */
function isAvailable(queue: Owner, world: World): boolean {
  const [kind, id] = queue.id.split(':')
  const team = world.teams.find((candidate) => kind === 'team' && candidate.id === Number(id))
  return world.representatives.some(
    (rep) =>
      isLoggedIn(rep) && (kind === 'rep' ? rep.id === Number(id) : team === undefined || team.members.includes(rep.id)),
  )
}
