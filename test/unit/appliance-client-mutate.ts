/**
 * `node appliance-client-mutate.ts RUNS`: mutated replies, read by the client; fails at the first that gives anything but
 * a typed error or a whole object. A program of its own, so that its memory is its own.
 */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { createApplianceClient, type ApplianceClient } from '../../main/appliance/client.ts'
import { isApplianceError } from '../../main/appliance/errors.ts'
import { apiInfo, CLIENT, example, json, LSID, noTime, xml } from './appliance-client-stub.ts'

const RUNS = Number(process.argv[2])

const PERIOD = { by: 'end', from: 1000, until: null } as const

/** Each published example with the call that reads it. */
const CALLS: readonly (readonly [string, (client: ApplianceClient) => Promise<unknown>])[] = [
  ['get_api_info.xml', (client) => client.getApiInfo()],
  ['get_logged_in_reps.xml', (client) => client.getLoggedInReps()],
  ['get_logged_in_reps-2011.xml', (client) => client.getLoggedInReps()],
  ['get_support_teams.xml', (client) => client.getSupportTeams()],
  ['get_support_teams-attributes.xml', (client) => client.getSupportTeams()],
  ['generate_session_key.xml', (client) => client.generateSessionKey({ queue: 'general' })],
  ['transfer_session.xml', (client) => client.transferSession({ lsid: LSID, to: 'rep:1' })],
  ['get_session_attributes.xml', (client) => client.getSessionAttributes({ lsid: LSID })],
  ['check_health-failover.xml', (client) => client.checkHealth()],
  ['get_connected_client_list.xml', (client) => client.getConnectedClients()],
  ['SupportSessionListing.xml', (client) => client.listSessions(PERIOD)],
  ['SupportSession.xml', (client) => client.supportSessions({ lsid: LSID })],
  ['SupportSession-full.xml', (client) => client.supportSessions({ lsid: LSID })],
  ['SupportSessionSummary.xml', (client) => client.summarizeSessions({ ...PERIOD, reportType: 'rep' })],
  ['SupportCustExitSurvey.xml', (client) => client.customerSurveys({ lsid: LSID })],
  ['SupportTeam.xml', (client) => client.teamActivity(PERIOD)],
  ['error-in-list.xml', (client) => client.supportSessions({ lsid: LSID })],
]

const documents = new Map(CALLS.map(([file]) => [file, example(file)]))

const SNIPPETS = [
  '<!DOCTYPE r [<!ENTITY a "EXP"><!ENTITY b "ANDED">]>',
  '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
  '&a;&b;',
  '&amp;lt;',
  '&#x110000;&#xd800;&#0;&#99999999;',
  '&lt;![CDATA[',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.1"?>',
  '<?php',
  '<error>',
  '</error>',
  '<error/>',
  '</session>',
  '<session>',
  '<html>',
  ' constructor="x"',
  ' __proto__="x"',
  '<__proto__>',
  '<toString/>',
  '<hasOwnProperty a="1"/>',
  ' timestamp="99999999999999"',
  ' gsnumber="-1"',
  "'",
  '"',
  '<',
  '>',
  '/',
  '\0',
  '\ud800',
  '\ufffe',
  '\r',
  '0'.repeat(400),
  '<a>'.repeat(200),
  '<a b="c">'.repeat(60),
]

/** What is well-formed in any place where text may stand. */
const CONTENTS = [
  '&amp;lt;&#x41;&#128512;&nbsp;&a;&b;',
  '&a;&b;',
  '&#xd800;&#0;&#99999999;&#x110000;',
  '<![CDATA[<x>&a;&b;</x> ]] > <!DOCTYPE r>]]>',
  '<!-- <session> &a; -->',
  '<unknown a="1&amp;2">x<deeper/></unknown>',
  '<error>x</error>',
  '<name/>',
  '<event event_type="x" timestamp="-5"><encoded_body>%%%=</encoded_body></event>',
  '<end_time timestamp="99999999999999999999"/>',
  '99999999999999999999999999',
  '-0',
  ' \t\r\n ',
  'x'.repeat(5000),
]

type Edit =
  | { readonly kind: 'content'; readonly at: number; readonly text: string }
  | { readonly kind: 'doctype'; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'end'; readonly at: number }

/** Any characters at all; fast-check's own arbitrary for that needs 80 MB. */
const characters = fc.array(fc.nat(0x10ffff), { maxLength: 6 }).map((codes) => String.fromCodePoint(...codes))

/** Where in the document, as a part of its length. */
const place = fc.nat(1_000_000).map((part) => part / 1_000_000)

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('doctype' as const), text: fc.constantFrom(...SNIPPETS.slice(0, 3)) }),
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('content' as const), at: place, text: fc.constantFrom(...CONTENTS) }),
  },
  fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    text: fc.oneof(fc.constantFrom(...SNIPPETS), characters),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: place,
    length: fc.integer({ min: 1, max: 400 }),
    times: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 2, max: 5 }) },
      { weight: 1, arbitrary: fc.constant(500) },
    ),
  }),
  fc.record({ kind: fc.constant('end' as const), at: place }),
)

function apply(document: string, edits: readonly Edit[]): string {
  let text = document
  for (const one of edits) {
    if (one.kind === 'doctype') {
      text = text.replace(/^(<\?xml[^>]*>)?\s*/, (declaration) => declaration + one.text)
      continue
    }
    const at = Math.floor(one.at * text.length)
    const [before, after] = [text.slice(0, at), text.slice(at)]
    if (one.kind === 'content') {
      const end = text.indexOf('>', at) + 1
      text = text.slice(0, end) + one.text + text.slice(end)
    } else if (one.kind === 'cut') text = before + after.slice(one.length)
    else if (one.kind === 'insert') text = before + one.text + after
    else if (one.kind === 'end') text = before
    else if (text.length < 100_000)
      text = before + after.slice(0, one.length).repeat(one.times) + after.slice(one.length)
  }
  return text
}

/** Names of records whose keys come from the reply. */
const RECORDS: ReadonlySet<string> = new Set(['other', 'figures', 'permissions'])

/** Is this plain data of the shape that the unharmed example has? */
function check(value: unknown, model: unknown, path: string): void {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return
  if (typeof value === 'number') {
    assert.ok(Number.isFinite(value), path)
    return
  }
  if (Array.isArray(value)) {
    const first: unknown = Array.isArray(model) ? model[0] : undefined
    for (const [at, each] of value.entries()) check(each, first, `${path}[${at}]`)
    return
  }
  assert.ok(typeof value === 'object', `${path} is ${typeof value}`)
  const record = value as Record<string, unknown>
  assert.ok(
    [Object.prototype, null].includes(Object.getPrototypeOf(record) as object | null),
    `${path} is no plain object`,
  )
  const name = path.split('.').at(-1) ?? ''
  const known = typeof model === 'object' && model !== null && !Array.isArray(model) && !RECORDS.has(name)
  if (known) assert.deepEqual(Object.keys(record), Object.keys(model), path)
  const fields = known ? (model as Record<string, unknown>) : {}
  for (const [key, each] of Object.entries(record)) check(each, fields[key], `${path}.${key}`)
}

const models = new Map<string, unknown>()
let reply: () => Response = () => xml('')
let atTokens: (() => Response) | null = null

let wantsInfo = false

// One client for all, so that nothing is left behind from one reply to the next either.
const client = createApplianceClient({
  host: 'support.example.com',
  credentials: () => CLIENT,
  fetch: async (url, init) => {
    if (url.endsWith('/oauth2/token')) return atTokens?.() ?? json({ access_token: 't', expires_in: 3600 })
    const isInfo = typeof init.body === 'string' && init.body.includes('get_api_info')
    return isInfo && !wantsInfo ? xml(apiInfo('1.24.1')) : reply()
  },
  perSecond: 1_000_000_000,
  now: tick(),
  delay: noTime,
})

/** A clock that goes on by a minute with each look, so that nothing counts as too much in an hour. */
function tick(): () => number {
  let time = 1_700_000_000_000
  return () => {
    time += 60_000
    return time
  }
}

async function outcome(file: string, call: (client: ApplianceClient) => Promise<unknown>): Promise<unknown> {
  wantsInfo = file === 'get_api_info.xml'
  try {
    return await call(client)
  } catch (error) {
    if (isApplianceError(error)) return error
    throw new Error(`${file}: something else than an ApplianceError was thrown`, { cause: error })
  } finally {
    wantsInfo = false
  }
}

async function mutateXml(): Promise<{ objects: number; errors: number }> {
  for (const [file, call] of CALLS) {
    reply = () => xml(documents.get(file) ?? '')
    models.set(file, await outcome(file, call))
  }
  const seen = { objects: 0, errors: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CALLS),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      async ([file, call], edits) => {
        const text = apply(documents.get(file) ?? '', edits)
        reply = () => xml(text)
        const result = await outcome(file, call)
        if (isApplianceError(result)) {
          seen.errors += 1
          assert.ok(['box', 'unreadable', 'forbidden', 'refused'].includes(result.kind), result.kind)
          assert.notEqual(result.code, 'reader', 'a reader of ours threw')
          assert.ok(result.message.length < 400 && result.detail.length < 400)
        } else {
          seen.objects += 1
          if (result !== undefined) check(result, models.get(file), file)
        }
        assert.ok(!JSON.stringify(result ?? null).includes('EXPANDED'), 'an entity was expanded')
      },
    ),
    { numRuns: RUNS },
  )
  return seen
}

async function mutateTokens(): Promise<void> {
  const bodies = [example('oauth-token.json'), example('oauth-error.json')]
  const status = fc.constantFrom(200, 200, 400, 401, 403, 500, 503)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...bodies),
      status,
      fc.array(edit, { maxLength: 4 }),
      async (body, code, edits) => {
        const text = apply(body, edits)
        atTokens = () => new Response(text, { status: code })
        client.forget()
        const result = await outcome('token', (each) => each.getSupportTeams())
        atTokens = null
        if (isApplianceError(result))
          assert.doesNotMatch(`${result.message}${result.detail}`, /c2FtcGxl|resource owner/)
      },
    ),
    { numRuns: RUNS / 5 },
  )
}

const seen = await mutateXml()
await mutateTokens()
console.log(JSON.stringify({ ...seen, memory: process.resourceUsage().maxRSS * 1024 }))
