/** What the tests of the appliance client share: published examples, a fetch that answers with them, a clock that obeys. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  createApplianceClient,
  type ApplianceClient,
  type ApplianceClientOptions,
} from '../../main/appliance/client.ts'
import { cancelled, isApplianceError, type ApplianceError } from '../../main/appliance/errors.ts'
import type { Fetch } from '../../main/appliance/exchange.ts'
import type { Delay } from '../../main/appliance/waiting.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/api')

export const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'
export const CLIENT = { clientId: 'id', clientSecret: 'client-secret' } as const
export const USER = { username: 'api', password: 'pass-word' } as const

export function example(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8')
}

/** One request as the appliance would see it. */
export interface Seen {
  readonly path: string
  readonly headers: Headers
  readonly body: URLSearchParams
  readonly raw: string
  /** `action` or `generate_report`; the path where there is neither. */
  readonly asked: string
}

export function xml(
  body: string,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(body, { ...init, headers: { 'Content-Type': 'text/xml; charset=UTF-8', ...init.headers } })
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

/** Answers a request, or leaves it to the standard answers (undefined). */
export type Answer = (seen: Seen, count: number) => Response | Promise<Response> | undefined

export function apiInfo(version: string, permissions: Readonly<Record<string, string>> | null = {}): string {
  const list = Object.entries({ perm_command: 'full_access', perm_reporting_support: '1', ...permissions })
  const each = list.map(([name, value]) => `<permission name="${name}">${value}</permission>`).join('')
  const all = permissions === null ? '' : `<permissions>${each}</permissions>`
  return `<api_information><api_version>${version}</api_version>${all}</api_information>`
}

export interface Stub {
  readonly client: ApplianceClient
  /** Requests in their order, those for tokens and get_api_info included. */
  readonly seen: Seen[]
  readonly log: string[]
}

/** A client whose fetch is answered by `answer`; tokens and get_api_info are answered by themselves. */
export function stub(answer: Answer, options: Partial<ApplianceClientOptions> = {}): Stub {
  const seen: Seen[] = []
  const log: string[] = []
  const fetch: Fetch = async (url, init) => {
    const { pathname } = new URL(url)
    const raw = typeof init.body === 'string' ? init.body : ''
    const body = new URLSearchParams(raw)
    const asked = body.get('action') ?? body.get('generate_report') ?? pathname
    const one: Seen = { path: pathname, headers: new Headers(init.headers), body, raw, asked }
    seen.push(one)
    init.signal?.throwIfAborted()
    const own = await answer(one, seen.filter((each) => each.asked === asked).length)
    if (own !== undefined) return own
    if (asked === '/oauth2/token')
      return json({ access_token: `token-${seen.length}`, token_type: 'Bearer', expires_in: 3600 })
    if (asked === 'get_api_info') return xml(apiInfo('1.24.1', { perm_backup: '1', perm_reporting_presentation: '1' }))
    throw new Error(`not expected: ${asked}`)
  }
  const client = createApplianceClient({
    host: 'support.example.com',
    credentials: () => CLIENT,
    fetch,
    random: () => 0.5,
    log: (line) => log.push(line),
    ...options,
  })
  return { client, seen, log }
}

/** What Node's fetch throws: the code is in the cause. */
export function nodeError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) })
}

/** The ApplianceError that a promise rejects with; anything else fails the test. */
export async function failure(promise: Promise<unknown>): Promise<ApplianceError> {
  const outcome = await promise.then(
    () => new Error('It was expected to fail, and did not.'),
    (error: unknown) => error,
  )
  if (isApplianceError(outcome)) return outcome
  throw outcome instanceof Error ? outcome : new Error(String(outcome))
}

/** Time-outs never happen, and pauses take no time. */
export async function noTime(_ms: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(cancelled()), { once: true }))
}

/** A clock that stands until it is moved. */
export interface StubClock {
  readonly now: () => number
  readonly delay: Delay
  /** Moves on, and lets all that was waited for happen, in its order. */
  advance(ms: number): Promise<void>
  /** Waits that are not over. */
  waiting(): readonly number[]
}

export function stubClock(start = 1_700_000_000_000): StubClock {
  let time = start
  const waits = new Set<{ at: number; end: () => void }>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => time,
    waiting: () => [...waits].map(({ at }) => at - time).toSorted((left, right) => left - right),
    delay: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(cancelled())
          return
        }
        const wait = { at: time + ms, end: resolve }
        waits.add(wait)
        signal?.addEventListener('abort', () => {
          if (waits.delete(wait)) reject(cancelled())
        })
      }),
    advance: async (ms) => {
      const until = time + ms
      for (;;) {
        for (let turn = 0; turn < 5; turn += 1) await settle()
        const [next] = [...waits].filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at)
        if (next === undefined) break
        time = Math.max(time, next.at)
        waits.delete(next)
        next.end()
      }
      time = until
    },
  }
}

/** A web server on loopback that the test answers for; `close` ends it with all its connections. */
export async function serve(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
