import type { Session } from '../session.ts'
import { findRepresentative, findUsername, isLoggedIn, type Representative, type World } from '../world.ts'
import { readAttributes } from './attributes.ts'
import type { CommandHandler } from './commands.ts'
import type { ApiContext } from './context.ts'
import { readQueue } from './queue-id.ts'
import { element, type XmlElement } from './xml.ts'

const success = (text: string): XmlElement => element('success', text)

/** Gives the session to a representative or a team. Whether the general queue may have it is not known: here not. */
export const transferSession: CommandHandler = (context, parameters) => {
  const session = activeSession(context, parameters)
  const text = parameters.get('queue_id')
  const { queue } = readQueue(context.appliance.world, text)
  const byName = context.generation.spelling.customField !== null
  if (text === 'general' || text?.startsWith('issue:') === true || (text?.startsWith('rep_username:') && !byName)) {
    throw new Error(`Invalid queue_id: ${text}`)
  }
  session.transfer(queue)
  session.steer()
  return success('Successfully transferred')
}

/** Adds a representative. Nobody in it yet: then it becomes theirs, since it needs an owner. */
export const joinSession: CommandHandler = (context, parameters) => {
  const session = activeSession(context, parameters)
  const rep = onlyOne(parameters, ['rep_id', 'rep_username'], context.appliance.world)
  if (rep === 'customer' || !isLoggedIn(rep)) throw new Error('The representative is not logged in')
  if (session.representatives.length === 0) session.pickUp(rep)
  else session.join(rep)
  session.steer()
  return success('Representative successfully added')
}

export const leaveSession: CommandHandler = (context, parameters) => {
  const session = activeSession(context, parameters)
  const who = onlyOne(parameters, ['rep_id', 'rep_username', 'customer'], context.appliance.world)
  if (who === 'customer') session.customerLeaves()
  else session.leave(who)
  session.steer()
  return success('Successfully removed')
}

export const terminateSession: CommandHandler = (context, parameters) => {
  const session = activeSession(context, parameters)
  session.end()
  session.steer()
  return success('Successfully terminated')
}

/** Fields that are not named stay as they are; an empty value clears. */
export const setSessionAttributes: CommandHandler = (context, parameters) => {
  const session = activeSession(context, parameters)
  const { world } = context.appliance
  const { externalKey, fields } = readAttributes(parameters, context.generation.spelling, world)
  if (externalKey === undefined && fields.size === 0) throw new Error('No attribute was given')
  if (externalKey !== undefined) session.setExternalKey(externalKey === '' ? null : externalKey)
  for (const [codeName, value] of fields) session.setAttribute(codeName, value === '' ? null : value)
  return success('Session attributes were set')
}

export const getSessionAttributes: CommandHandler = (context, parameters) => {
  const { externalKey, attributes } = activeSession(context, parameters)
  const row = (displayName: string, codeName: string, value: string | null | undefined) =>
    value === null || value === undefined
      ? []
      : [element('custom_attribute', value, { display_name: displayName, code_name: codeName })]
  return element('custom_attributes', [
    ...(context.generation.keyIsAttribute ? row('External Key', 'external_key', externalKey) : []),
    ...context.appliance.world.customFields.flatMap(({ displayName, codeName }) =>
      row(displayName, codeName, attributes.get(codeName)),
    ),
  ])
}

function activeSession({ appliance }: ApiContext, parameters: URLSearchParams): Session {
  const lsid = parameters.get('lsid')
  if (lsid === null || lsid === '') throw new Error('The parameter lsid is missing')
  const session = appliance.sessions.get(lsid)
  if (session === undefined) throw new Error('Invalid Session ID')
  return session
}

/** Whom the one parameter of these that was given names; throws if it was none or more than one. */
function onlyOne(parameters: URLSearchParams, names: readonly string[], world: World): Representative | 'customer' {
  const given = names.filter((name) => parameters.has(name))
  const [name] = given
  if (name === undefined || given.length > 1) throw new Error(`Exactly one of ${names.join(', ')} must be given`)
  const value = parameters.get(name) ?? ''
  if (name === 'customer') {
    if (value !== '1') throw new Error('Invalid value of customer')
    return 'customer'
  }
  if (name === 'rep_id') return findRepresentative(world, /^\d+$/.test(value) ? Number(value) : -1)
  const rep = findUsername(world, value)
  if (rep === undefined) throw new Error('Invalid rep_username')
  return rep
}
