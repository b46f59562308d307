import type { Customer, Owner, World } from '../world.ts'
import { findIssue, representativeOwner, teamOwner } from '../world.ts'
import { readAttributes } from './attributes.ts'
import type { ApiContext } from './context.ts'
import { pageReply, type Reply } from './reply.ts'
import type { SessionKey } from './session-keys.ts'

/** Where a customer is sent, as the parameters say. */
interface Destination {
  readonly queue: Owner
  readonly issue: string | null
  readonly key: SessionKey | null
}

/** Characters of the customer's name, company and company code. */
const FIELD_LIMIT = 100
/** Bytes of the customer's description. */
const DETAILS_LIMIT = 1024

/**
 * A customer opens the start URL, or the URL of a session key (`/?ak=…`): the session begins, and the customer is in it.
 * Answers with the customer client, or with the page of a browser chat if `c2cjs=1`. The header `X-Simulated-Lsid` is
 * not the real box's: it says which session it became. Whatever is wrong with the URL is a page with status 400; what
 * the real box makes of it is not known.
 */
export function startFromUrl(context: ApiContext, parameters: URLSearchParams): Reply {
  try {
    const { lsid } = begin(context, parameters)
    if (parameters.get('c2cjs') === '1') {
      const page = pageReply(200, 'Chat', 'A representative will be with you shortly.')
      return { ...page, headers: { ...page.headers, 'X-Simulated-Lsid': lsid } }
    }
    const program = Buffer.from(`MZ\u0090\u0000 simulated customer client ${lsid}`, 'latin1')
    return {
      status: 200,
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(program.length),
        'Content-Disposition': `attachment; filename="bomgar-scc-${lsid}.exe"`,
        'X-Simulated-Lsid': lsid,
      },
      body: { kind: 'bytes', contentType: '', filename: '', length: program.length, chunks: [program] },
    }
  } catch (error) {
    return pageReply(400, 'Session cannot be started', error instanceof Error ? error.message : String(error))
  }
}

function begin(context: ApiContext, parameters: URLSearchParams): { readonly lsid: string } {
  const { appliance, generation } = context
  const { queue, issue, key } = destinationOf(context, parameters)
  const { externalKey, fields } = readAttributes(parameters, generation.spelling, appliance.world)
  const given = externalKey === '' ? undefined : externalKey
  return appliance.startSession({
    queue,
    customer: readCustomer(context, parameters, issue),
    externalKey: given ?? key?.externalKey ?? null,
    attributes: new Map([...(key?.attributes ?? []), ...fields].filter(([, value]) => value !== '')),
  })
}

function destinationOf({ appliance, generation, keys }: ApiContext, parameters: URLSearchParams): Destination {
  const { world } = appliance
  const { shortKey, codeName } = generation.spelling
  const session = parameters.get('ak') ?? (shortKey === null ? null : parameters.get(shortKey))
  if (session !== null) {
    const key = keys.find(session)
    if (key === undefined) throw new Error('The session key is not valid or has expired.')
    return { queue: key.queue, issue: key.issue, key }
  }
  const id = parameters.get('id')
  const code = codeName === null ? null : parameters.get(codeName)
  if (parameters.get('issue_menu') !== '1') return { ...repNamed(world, id, parameters.get('name')), key: null }
  if ((id === null) === (code === null)) {
    throw new Error(codeName === null ? 'The issue is missing.' : `Exactly one of id and ${codeName} must be given.`)
  }
  const found = findIssue(world, (issue) => (code === null ? String(issue.id) === id : issue.codeName === code))
  if (found === undefined) throw new Error('There is no such issue.')
  return { queue: teamOwner(found.team), issue: found.issue.title, key: null }
}

/** The queue of a representative, who must be named as well as numbered. */
function repNamed(world: World, id: string | null, name: string | null): { queue: Owner; issue: null } {
  if (id === null || name === null)
    throw new Error('Neither an issue, nor a representative, nor a session key is given.')
  const rep = world.representatives.find((candidate) => String(candidate.id) === id)
  if (rep === undefined || ![rep.name, rep.publicName].includes(name))
    throw new Error('There is no such representative.')
  return { queue: representativeOwner(rep), issue: null }
}

function readCustomer({ generation }: ApiContext, parameters: URLSearchParams, issue: string | null): Customer {
  const { name, company, companyCode, details } = generation.spelling
  const field = (parameter: string) => {
    const value = parameters.get(parameter) ?? ''
    if (Array.from(value).length > FIELD_LIMIT)
      throw new Error(`${parameter} is longer than ${FIELD_LIMIT} characters.`)
    return value
  }
  const description = parameters.get(details) ?? ''
  if (Buffer.byteLength(description) > DETAILS_LIMIT)
    throw new Error(`${details} is longer than ${DETAILS_LIMIT} bytes.`)
  const code = field(companyCode)
  return {
    name: field(name) || 'Visitor',
    company: field(company),
    computer: `VISITOR-${Math.abs(hash(field(name) + field(company)))}`,
    ...(code === '' ? {} : { companyCode: code }),
    ...(issue === null ? {} : { issue }),
    ...(description === '' ? {} : { details: description }),
  }
}

/** The same visitor comes from the same computer. */
const hash = (text: string): number =>
  Array.from(text).reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7)
