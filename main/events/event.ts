/** Outbound events of schema 1: from the bytes of a request to a typed event, and the digest that recognises a repeat. */
import { createHash } from 'node:crypto'
import type { Owner } from '../../preload/contract.ts'

/** The seven events of schema 1, by the names that the appliance sends. */
export const EVENT_NAMES = [
  'support_conference_begin',
  'support_conference_end',
  'support_conference_owner_changed',
  'support_conference_member_added',
  'support_conference_member_departed',
  'support_conference_customer_exit_survey_completed',
  'support_conference_representative_exit_survey_completed',
] as const

export type EventName = (typeof EVENT_NAMES)[number]

/** Spellings seen in the field that mean an event of schema 1 (TeamUltra's integration reads only this one). */
const EVENT_ALIASES: Readonly<Record<string, EventName>> = {
  support_conference_rep_exit_survey_completed: 'support_conference_representative_exit_survey_completed',
}

/** The variables of one event, as posted: names and values are the appliance's. */
export type Variables = Readonly<Record<string, string>>

/** Whom a member event is about. */
export interface EventMember {
  readonly type: 'customer' | 'representative' | 'other'
  readonly name: string
  readonly userId: string | null
  readonly username: string | null
}

interface Common {
  /** The event's name as sent. */
  readonly event: string
  /** Origin time in ms; null if the appliance sent none that can be read. */
  readonly at: number | null
  /** The vendor's schema number, whatever it is. */
  readonly version: string
  readonly externalKey: string | null
  /** All variables, known or not. */
  readonly variables: Variables
}

/** A typed outbound event. `other` is a name that this version does not know; it may or may not concern a session. */
export type OutboundEvent =
  | (Common & { readonly kind: 'begin' | 'end' | 'customerSurvey' | 'representativeSurvey'; readonly lsid: string })
  | (Common & { readonly kind: 'ownerChanged'; readonly lsid: string; readonly owner: Owner })
  | (Common & { readonly kind: 'memberAdded' | 'memberDeparted'; readonly lsid: string; readonly member: EventMember })
  | (Common & { readonly kind: 'other'; readonly lsid: string | null })

const KINDS: Readonly<Record<EventName, Exclude<OutboundEvent['kind'], 'other'>>> = {
  support_conference_begin: 'begin',
  support_conference_end: 'end',
  support_conference_owner_changed: 'ownerChanged',
  support_conference_member_added: 'memberAdded',
  support_conference_member_departed: 'memberDeparted',
  support_conference_customer_exit_survey_completed: 'customerSurvey',
  support_conference_representative_exit_survey_completed: 'representativeSurvey',
}

/** Variables that the reducer understands; every other one is kept and shown as it is. */
export const KNOWN_VARIABLES: ReadonlySet<string> = new Set([
  'event',
  'version',
  'timestamp',
  'lsid',
  'Isid',
  'external_key',
  'conference_id',
  'conference_name',
  'type',
  'display_name',
  'name',
  'user_id',
  'username',
  'appliance_id',
])

/** The latest time that a JavaScript date can hold, in seconds: what lies beyond is no time stamp. */
const MAX_SECONDS = 8_640_000_000_000

/** Characters; all that were ever seen have 32. */
const MAX_LSID = 255

/** `timestamp` in ms, or null if it is absent or no sensible number of seconds. */
function originTime(text: string | undefined): number | null {
  if (text === undefined || !/^\s*\d{1,13}(\.\d+)?\s*$/.test(text)) return null
  const seconds = Number(text)
  return seconds <= MAX_SECONDS ? Math.trunc(seconds * 1000) : null
}

/** `rep:12`, `team:5`, `general`, or anything else with its text kept: split at the first colon. */
export function parseOwner(conferenceId: string, name: string): Owner {
  const colon = conferenceId.indexOf(':')
  const prefix = colon < 0 ? conferenceId : conferenceId.slice(0, colon)
  const ref = colon < 0 ? '' : conferenceId.slice(colon + 1)
  if (prefix === 'rep' && ref !== '') return { id: conferenceId, kind: 'representative', ref, name }
  if (prefix === 'team' && ref !== '') return { id: conferenceId, kind: 'team', ref, name }
  if (prefix === 'general') return { id: conferenceId, kind: 'general', ref, name }
  return { id: conferenceId, kind: 'other', ref, name }
}

function parseMember(variables: Variables): EventMember {
  const type = variables['type']
  return {
    type: type === 'customer' || type === 'representative' ? type : 'other',
    // Some handlers in the field read `name`: the spelling differs between versions of the appliance.
    name: variables['display_name'] ?? variables['name'] ?? '',
    userId: variables['user_id'] ?? null,
    username: variables['username'] ?? null,
  }
}

/** Why a body is no event; `reason` is for the person who looks at the quarantine. */
export interface Malformed {
  readonly malformed: string
}

/**
 * Reads variables as an event. Tolerant, since a refusal would block the appliance's queue: only `event` is required,
 * and `lsid` where the event is one of schema 1 (the guide prints it as `Isid` in two places, so that is taken too).
 */
export function parseEvent(variables: Variables): OutboundEvent | Malformed {
  const event = variables['event']
  if (event === undefined || event === '') return { malformed: 'There is no variable "event".' }
  const lsid = variables['lsid'] || variables['Isid'] || null
  const common: Common = {
    event,
    at: originTime(variables['timestamp']),
    version: variables['version'] ?? '',
    externalKey: variables['external_key'] || null,
    variables,
  }
  const name = Object.hasOwn(KINDS, event) ? (event as EventName) : aliasOf(event)
  if (name === null) return { ...common, kind: 'other', lsid }
  if (lsid === null) return { malformed: `The event ${event} has no "lsid".` }
  if (lsid.length > MAX_LSID) return { malformed: `The event ${event} has an "lsid" of ${lsid.length} characters.` }
  const kind = KINDS[name]
  switch (kind) {
    case 'ownerChanged':
      return {
        ...common,
        kind,
        lsid,
        owner: parseOwner(variables['conference_id'] ?? '', variables['conference_name'] ?? ''),
      }
    case 'memberAdded':
    case 'memberDeparted':
      return { ...common, kind, lsid, member: parseMember(variables) }
    case 'begin':
    case 'end':
    case 'customerSurvey':
    case 'representativeSurvey':
      return { ...common, kind, lsid }
  }
}

function aliasOf(event: string): EventName | null {
  return Object.hasOwn(EVENT_ALIASES, event) ? (EVENT_ALIASES[event] ?? null) : null
}

/**
 * What makes an event the same event: SHA-256 over its sorted variables, each name and value with its length, so that
 * no two different sets of variables can give the same bytes. Schema 1 has no event id.
 */
export function eventDigest(variables: Variables): Uint8Array {
  const hash = createHash('sha256')
  for (const name of Object.keys(variables).sort()) {
    const value = variables[name] ?? ''
    hash.update(`${name.length}:${name}=${value.length}:${value};`)
  }
  return hash.digest()
}

/** UTF-8 if the bytes are that, else Windows-1252, which any bytes are. The appliance states no character set. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** A plain record for names that come from outside: `__proto__` is a name like any other. */
function emptyVariables(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

/** A byte order mark in front, as text of one character a byte. It would become a part of the first name. */
const BOM = /^\xef\xbb\xbf/

/** Decodes `a=1&b=2`; of a name that comes twice the last value counts, as in PHP's `$_POST`. */
export function decodeForm(body: Uint8Array): Variables {
  const variables = emptyVariables()
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1').replace(BOM, '')
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    const value = equals < 0 ? '' : pair.slice(equals + 1)
    variables[decodePart(name)] = decodePart(value)
  }
  return variables
}

/** One name or value: `+` is a blank, `%xx` a byte, a broken escape stays as it is. `text` holds bytes, one a character. */
function decodePart(text: string): string {
  if (!/[+%\u0080-\u00ff]/.test(text)) return text
  const bytes = text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decodeText(Buffer.from(bytes, 'latin1'))
}

/** Decodes multipart/form-data with the platform's parser. Throws a TypeError if it is not well-formed. */
async function decodeMultipart(body: Uint8Array, contentType: string): Promise<Variables> {
  const variables = emptyVariables()
  const utf8 = Buffer.from(decodeText(body), 'utf8')
  const form = await new Response(utf8, { headers: { 'content-type': contentType } }).formData()
  for (const [name, value] of form) variables[name] = typeof value === 'string' ? value : await value.text()
  return variables
}

/**
 * Decodes the body of a POST, whatever its Content-Type says: multipart if it says so, a form otherwise.
 * @throws TypeError if a multipart body is not well-formed.
 */
export async function decodeBody(body: Uint8Array, contentType: string): Promise<Variables> {
  return /^\s*multipart\/form-data\b/i.test(contentType) ? decodeMultipart(body, contentType) : decodeForm(body)
}

/** No clock is wrong by more than this; what says that it happened later did not (ms). */
const AHEAD = 24 * 60 * 60 * 1000

/**
 * When an event happened: its time of origin, as far as that can be. A time in the future would keep a session on the
 * board, and in the index, for ever.
 */
export function timeOf(at: number | null, receivedAt: number): number {
  return at === null || at > receivedAt + AHEAD ? receivedAt : at
}
