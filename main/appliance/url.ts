/**
 * URLs for the customer and for the browser: session-start ("connector") URLs of the three generations that boxes
 * speak, session keys, and the report of the appliance's web interface.
 */
import { isApplianceError } from './errors.ts'
import { originOf } from './address.ts'
import { compareVersions, type Version } from './version.ts'

/**
 * `connector`: download_customer_connector.ns of 2008. `start.ns`: api/start_session.ns, until about 2013.
 * `start`: api/start_session, since.
 */
export type UrlGeneration = 'connector' | 'start.ns' | 'start'

export const URL_GENERATIONS: readonly UrlGeneration[] = ['connector', 'start.ns', 'start']

/** The generation that goes with an API version; the borders are approximate, so it is a proposal. */
export function proposeGeneration(version: Version | null): UrlGeneration {
  if (version === null || compareVersions(version, [1, 8]) >= 0) return 'start'
  return compareVersions(version, [1, 3]) >= 0 ? 'start.ns' : 'connector'
}

/** Where the customer goes: an issue of the issue menu, by number or code name, or a representative. */
export type Destination =
  | { readonly issueId: string | number }
  | { readonly issueCodeName: string }
  | { readonly repId: string | number; readonly repName: string }

export interface ConnectorUrlRequest {
  /** The support site, as the setting has it. */
  readonly host: string
  /** null: not chosen yet, so there is no URL yet. */
  readonly destination: Destination | null
  readonly customerName?: string
  readonly company?: string
  readonly companyCode?: string
  readonly description?: string
  readonly externalKey?: string
  /** Chat in the browser first. Not in the oldest generation. */
  readonly chatFirst?: boolean
  /** Language of the public site, for example `de`. Newest generation only. */
  readonly locale?: string
  /** By code name. Newest generation only. */
  readonly customFields?: Readonly<Record<string, string>>
}

export interface UrlProblem {
  readonly field: string
  /** A sentence for the rep. */
  readonly message: string
}

/** The URL, or what stands in its way. */
export type BuiltUrl =
  | { readonly url: string; readonly problems: readonly [] }
  | { readonly url: null; readonly problems: readonly UrlProblem[] }

/** Percent-encoding as RFC 3986 has it: a blank is `%20`, as in the vendor's examples, never `+`. */
export function encodePart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const SHORT = 100
const LONG = 1024

interface Names {
  readonly path: string
  readonly name: string
  readonly company: string
  readonly companyCode: string
  readonly description: string
  readonly externalKey: string
}

const OLD_NAMES = {
  name: 'customer_name',
  company: 'customer_company',
  companyCode: 'customer_company_code',
  description: 'customer_desc',
  externalKey: 'external_key',
} as const

const NAMES: Readonly<Record<UrlGeneration, Names>> = {
  connector: { path: '/download_customer_connector.ns', ...OLD_NAMES },
  'start.ns': { path: '/api/start_session.ns', ...OLD_NAMES },
  start: {
    path: '/api/start_session',
    name: 'customer.name',
    company: 'customer.company',
    companyCode: 'customer.company_code',
    description: 'customer.details',
    externalKey: 'session.custom.external_key',
  },
}

/** Builds a connector URL, and checks each field against the limit that its generation has. */
export function buildConnectorUrl(generation: UrlGeneration, request: ConnectorUrlRequest): BuiltUrl {
  const names = NAMES[generation]
  const problems: UrlProblem[] = []
  const query: [string, string][] = []

  function add(field: string, name: string, value: string | undefined, limit: number, inBytes = false): void {
    if (value === undefined || value === '') return
    const length = inBytes ? Buffer.byteLength(value) : Array.from(value).length
    const unit = inBytes ? 'bytes' : 'characters'
    if (length > limit) problems.push({ field, message: `This has ${length} ${unit}; at most ${limit} are possible.` })
    query.push([name, value])
  }

  const { destination, customFields = {} } = request
  addDestination(generation, destination, query, problems)
  if (request.chatFirst === true) {
    if (generation === 'connector') problems.push({ field: 'chatFirst', message: TOO_OLD })
    query.push(['c2cjs', '1'])
  }
  add('customerName', names.name, request.customerName, SHORT)
  add('company', names.company, request.company, SHORT)
  add('companyCode', names.companyCode, request.companyCode, SHORT)
  add('description', names.description, request.description, LONG, generation === 'start')
  const toRep = destination !== null && 'repId' in destination
  if (generation === 'connector' && toRep && (request.externalKey ?? '') !== '') {
    problems.push({
      field: 'externalKey',
      message: 'In this generation only an issue takes a ticket, no representative.',
    })
  }
  add('externalKey', names.externalKey, request.externalKey, LONG)
  if (generation !== 'start') {
    if (request.locale !== undefined) problems.push({ field: 'locale', message: TOO_OLD })
    if (Object.keys(customFields).length > 0) problems.push({ field: 'customFields', message: TOO_OLD })
  }
  add('locale', 'locale', request.locale, 35)
  for (const [codeName, value] of Object.entries(customFields)) {
    if (!/^[\w-]{1,100}$/.test(codeName)) {
      problems.push({ field: codeName, message: 'A code name has letters, digits and _ only.' })
    }
    add(codeName, `session.custom.${codeName}`, value, LONG)
  }

  const origin = siteOf(request.host, problems)
  if (problems.length > 0 || origin === null) return { url: null, problems }
  return { url: `${origin}${names.path}?${encodeQuery(query)}`, problems: [] }
}

const TOO_OLD = 'This generation of the appliance does not take it.'

function addDestination(
  generation: UrlGeneration,
  destination: Destination | null,
  query: [string, string][],
  problems: UrlProblem[],
): void {
  const id = (value: string | number, field: string) => {
    const given = String(value).trim()
    if (!/^\d{1,15}$/.test(given)) problems.push({ field, message: 'This must be a number.' })
    query.push(['id', given])
  }
  if (destination !== null && 'repId' in destination) {
    id(destination.repId, 'repId')
    if (destination.repName === '')
      problems.push({ field: 'repName', message: 'The representative’s name is missing.' })
    query.push(['name', destination.repName])
    return
  }
  query.push(['issue_menu', '1'])
  if (destination === null) problems.push({ field: 'destination', message: 'Choose an issue or a representative.' })
  else if ('issueId' in destination) id(destination.issueId, 'issueId')
  else {
    if (generation !== 'start') problems.push({ field: 'issueCodeName', message: TOO_OLD })
    if (destination.issueCodeName === '')
      problems.push({ field: 'issueCodeName', message: 'The code name is missing.' })
    query.push(['codeName', destination.issueCodeName])
  }
}

function siteOf(host: string, problems: UrlProblem[]): string | null {
  try {
    return originOf(host)
  } catch (error) {
    problems.push({ field: 'host', message: isApplianceError(error) ? error.message : 'This is no host name.' })
    return null
  }
}

function encodeQuery(query: readonly (readonly [string, string])[]): string {
  return query.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&')
}

/** The link of a session key, from the 32 hex digits that `key_url` ends with. @throws ApplianceError `invalid` */
export function sessionKeyUrl(host: string, key: string): string {
  return `${originOf(host)}/?ak=${encodePart(key)}`
}

/** The link of a short session key, for who need not type it. Newest generation only. @throws ApplianceError `invalid` */
export function shortKeyUrl(host: string, shortKey: string): string {
  return `${originOf(host)}/api/start_session?short_key=${encodePart(shortKey)}`
}

/** The report of a session in the appliance's web interface; needs a login there. @throws ApplianceError `invalid` */
export function webReportUrl(host: string, lsid: string): string {
  return `${originOf(host)}/login/sd_reporting?reportType=SupportSession&sessionId=${encodePart(lsid)}`
}
