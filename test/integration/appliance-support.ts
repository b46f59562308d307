/** What the tests of the simulated appliance's site share: a box on loopback, and how to talk to it. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { XMLParser } from 'fast-xml-parser'

import { createApi, DEFAULT_CLIENT, DEFAULT_USER, type Api, type ApiOptions } from '../appliance/api.ts'
import { createAppliance, type Appliance, type ApplianceOptions } from '../appliance/appliance.ts'
import { createVirtualClock, type VirtualClock } from '../appliance/clock.ts'
import { valueOf, type Variables } from '../appliance/event.ts'
import type { Session } from '../appliance/session.ts'
import { findOwner, type Customer } from '../appliance/world.ts'

/** The time at which each box is switched on. */
export const START = Date.UTC(2019, 10, 24, 13, 13, 20)

export interface Reply {
  readonly status: number
  readonly type: string | null
  readonly headers: Headers
  readonly text: string
}

export type Fields = Readonly<Record<string, string>>

export interface Box {
  readonly url: string
  readonly clock: VirtualClock
  readonly appliance: Appliance
  readonly api: Api
  /** The variables of all events posted so far. */
  readonly events: Variables[]
  readonly get: (path: string, headers?: Fields) => Promise<Reply>
  readonly post: (path: string, form: Fields, headers?: Fields) => Promise<Reply>
  /** A new token of the API account, as a header. */
  readonly bearer: () => Promise<{ readonly Authorization: string }>
  /** Carries out a command, logged in as the generation wants it. */
  readonly command: (action: string, parameters?: Fields) => Promise<Reply>
  readonly report: (name: string, parameters?: Fields) => Promise<Reply>
  /** Starts a session of Jane Doe in that queue. */
  readonly start: (queue: string, options?: { readonly key?: string; readonly customer?: Customer }) => Session
}

export const JANE: Customer = { name: 'Jane Doe', company: 'Northwind Mills', computer: 'NWM-PC-0471' }

export const BASIC = `Basic ${btoa(`${DEFAULT_CLIENT.id}:${DEFAULT_CLIENT.secret}`)}`
export const LOGIN = { username: DEFAULT_USER.id, password: DEFAULT_USER.secret }

export async function startBox(
  t: TestContext,
  options: Omit<ApiOptions, 'appliance'> & { readonly appliance?: ApplianceOptions } = {},
): Promise<Box> {
  const { appliance: more, ...apiOptions } = options
  const clock = createVirtualClock(START)
  const events: Variables[] = []
  const appliance = createAppliance({
    clock,
    seed: 1,
    transport: { send: () => Promise.resolve({ kind: 'reply', status: 200 }), close: () => undefined },
    onSettled: ({ event }) => events.push(event.variables),
    ...more,
  })
  appliance.addRecipient('http://recipient.example/')
  const api = createApi({ appliance, ...apiOptions })
  const url = await api.listen(0)
  t.after(async () => {
    await api.close()
    await appliance.close()
  })
  const read = async (response: Response): Promise<Reply> => ({
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    text: await response.text(),
  })
  const { generation } = api
  let header: Fields | undefined
  const post: Box['post'] = async (path, form, headers = {}) =>
    read(await fetch(url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' }))
  const bearer: Box['bearer'] = async () => {
    const { text } = await post('/oauth2/token', { grant_type: 'client_credentials' }, { Authorization: BASIC })
    return { Authorization: `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}` }
  }
  /** By token where there are tokens. */
  const call = async (path: string, form: Fields) => {
    if (!generation.apiAccounts) return post(path, { ...LOGIN, ...form })
    header ??= await bearer()
    return post(path, form, header)
  }
  return {
    url,
    clock,
    appliance,
    api,
    events,
    post,
    bearer,
    get: async (path, headers = {}) => read(await fetch(url + path, { headers, redirect: 'manual' })),
    command: (action, parameters = {}) => call(generation.commandPaths[0] ?? '', { action, ...parameters }),
    report: (name, parameters = {}) =>
      call(generation.reportingPaths[0] ?? '', { generate_report: name, ...parameters }),
    start: (queue, { key = null, customer = JANE }: { key?: string | null; customer?: Customer } = {}) =>
      appliance.startSession({ queue: findOwner(appliance.world, queue), customer, externalKey: key }),
  }
}

/** The document as an object: names of attributes begin with `@`, text alone is a string. */
export function parseXml(text: string): Record<string, unknown> {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: false,
  })
  return parser.parse(text.replaceAll(/>\s+</g, '><')) as Record<string, unknown>
}

/** The root element of a reply that must be XML with that root. */
export function rootOf(reply: Reply, name: string): Record<string, unknown> {
  assert.equal(reply.status, 200)
  const document = parseXml(reply.text)
  assert.ok(name in document, `${name} is not the root of ${reply.text}`)
  const root = document[name]
  return typeof root === 'string' ? { '#text': root } : (root as Record<string, unknown>)
}

/** The text of an `<error>`; fails on anything else. */
export const errorOf = (reply: Reply): string => String(rootOf(reply, 'error')['#text'])

/** One or many children, or none, as a list. */
export function listOf(children: unknown): readonly Record<string, unknown>[] {
  if (children === undefined || children === '') return []
  return (Array.isArray(children) ? children : [children]) as Record<string, unknown>[]
}

/** A time as parameters have it. */
export const seconds = (at: number): string => String(Math.floor(at / 1000))

/** Everything about one session. */
export async function sessionOf(box: Box, lsid: string): Promise<Record<string, unknown>> {
  const [session, ...more] = listOf(rootOf(await box.report('SupportSession', { lsid }), 'session_list')['session'])
  assert.deepEqual(more, [])
  return session ?? {}
}

/** What was sent since the last call, without what is the same everywhere; waits until all is delivered. */
export async function told({ appliance, events }: Box): Promise<readonly string[]> {
  await appliance.idle()
  return events.splice(0).map((variables) =>
    ['event', 'external_key', 'conference_id', 'type', 'user_id']
      .map((name) => valueOf(variables, name)?.replace('support_conference_', ''))
      .filter((value) => value !== undefined)
      .join(' '),
  )
}
