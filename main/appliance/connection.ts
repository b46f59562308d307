/** The conversation with one appliance: authorised, paced, retried where that is safe, and its failures classified. */
import { createAuth, oauthCode, type Authorization, type Credentials, type TokenKeeper } from './auth.ts'
import { ApplianceError, isApplianceError } from './errors.ts'
import { post, readBriefly, readText, type Exchange, type Fetch, type Timeouts } from './exchange.ts'
import { fromStatus, isTransient } from './failure.ts'
import { createPace, retryAfterOf } from './pace.ts'
import { errorIn, readReply } from './reply.ts'
import type { Delay } from './waiting.ts'
import type { XmlElement, XmlOptions } from './xml.ts'

/** How far a reply has come in. */
export interface Progress {
  readonly bytes: number
  /** null: the appliance does not say. */
  readonly totalBytes: number | null
  /** Of how many requests this is the which one, from 1. */
  readonly part: number
  readonly parts: number
}

/** What every method takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** One request to one of the APIs. */
export interface ApiRequest extends CallOptions {
  readonly api: 'command' | 'reporting' | 'backup'
  /** What is asked, for the log and for errors; no parameter of it is ever logged. */
  readonly name: string
  readonly parameters: readonly (readonly [string, string])[]
  /** True: asking twice does no harm, so it may be retried. */
  readonly safe: boolean
  readonly timeouts?: Timeouts
  readonly part?: number
  readonly parts?: number
}

export interface ConnectionOptions {
  readonly origin: string
  readonly credentials: () => Credentials | null | Promise<Credentials | null>
  readonly fetch: Fetch
  readonly now: () => number
  readonly random: () => number
  readonly delay: Delay
  readonly log: (line: string) => void
  readonly tokens?: TokenKeeper | undefined
  readonly perSecond?: number
  readonly perHour?: number
  /** Bytes that an XML reply may have. */
  readonly replyLimit?: number
}

export interface Connection {
  readonly origin: string
  /** Sends a request and lets `read` have the reply, which came with HTTP 200. */
  send<Value>(request: ApiRequest, read: (exchange: Exchange) => Promise<Value>): Promise<Value>
  /** Sends a request and reads the reply as XML; an `<error>` in it is thrown. */
  xml(request: ApiRequest, options?: XmlOptions): Promise<XmlElement>
  /** The credentials turned out wrong in a reply that only the caller could understand. */
  refuse(error: ApplianceError): void
  /** Which way of authorising the last request went. */
  readonly kind: () => Authorization['kind'] | null
  /** Forgets token, refusal and path. */
  forget(): void
  /** Requests of the last hour. */
  used(): number
}

const TIMEOUTS: Readonly<Record<ApiRequest['api'], Timeouts>> = {
  command: { headers: 30_000, idle: 30_000, total: 90_000 },
  // A report of a long period takes its time before the first byte.
  reporting: { headers: 120_000, idle: 60_000, total: 600_000 },
  backup: { headers: 600_000, idle: 60_000, total: null },
}

const TOKEN_TIMEOUTS: Timeouts = { headers: 30_000, idle: 15_000, total: 45_000 }
/** Reading this much takes some two seconds, during which nothing else happens. */
const REPLY_LIMIT = 32 * 1024 * 1024
const ATTEMPTS = 3
/** First pause before a retry; doubled each time, with jitter (ms). */
const BACKOFF = 500
/** A pause up to this that the appliance asks for is waited for (ms). */
const PATIENCE = 10_000

/** @see Connection */
export function createConnection(options: ConnectionOptions): Connection {
  const { origin, fetch, now, random, delay, log } = options
  const pace = createPace(options)
  const auth = createAuth({ ...options, timeouts: TOKEN_TIMEOUTS, take: () => pace.take() })
  /** What the paths end with: nothing since about 2013, `.ns` before; null until an answer shows it. */
  let ending: '' | '.ns' | null = null
  let kind: Authorization['kind'] | null = null

  /** One try, with what it brought to light. */
  async function attempt<Value>(
    request: ApiRequest,
    authorization: Authorization,
    path: string,
    read: (exchange: Exchange) => Promise<Value>,
  ): Promise<Value> {
    const startedAt = now()
    let outcome = 'no reply'
    try {
      const exchange = await post({
        fetch,
        delay,
        url: `${origin}${path}`,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...authorization.headers },
        body: new URLSearchParams(
          [...request.parameters, ...authorization.parameters].map((pair) => [...pair]),
        ).toString(),
        timeouts: request.timeouts ?? TIMEOUTS[request.api],
        signal: request.signal,
      })
      outcome = String(exchange.status)
      pace.heed(exchange.headers)
      if (exchange.status !== 200) throw await failureOf(request, exchange)
      return await read(exchange)
    } catch (error) {
      if (isApplianceError(error)) outcome += `, ${error.kind} ${error.code ?? ''}`.trimEnd()
      throw error
    } finally {
      log(`POST ${path} ${request.name}: ${outcome}, ${now() - startedAt} ms`)
    }
  }

  async function failureOf({ name }: ApiRequest, exchange: Exchange): Promise<ApplianceError> {
    const { status, headers } = exchange
    const retryAfter = retryAfterOf(headers, now())
    if (status === 429) pace.hold(retryAfter ?? 1_000)
    const body = await readBriefly(exchange)
    if (status === 401) {
      const code = oauthCode(body)
      if (code === null) return fromStatus(status, null)
      const detail = `HTTP 401 ${code} (${name})`
      return new ApplianceError('refused', 'The appliance does not accept the account.', { detail, code })
    }
    return (status === 429 || status >= 502 ? null : errorIn(body, name)) ?? fromStatus(status, retryAfter)
  }

  /** Ms to wait before the same request is sent again; null: it is not. */
  function pauseAfter(error: ApplianceError, request: ApiRequest, attempts: number): number | null {
    if (!request.safe || attempts >= ATTEMPTS) return null
    const backoff = BACKOFF * 2 ** (attempts - 1) * (0.5 + random())
    if (error.kind === 'rateLimited' && error.code === 'HTTP 429') return backoff
    if (!isTransient(error) || (error.retryAfter ?? 0) > PATIENCE) return null
    return Math.max(backoff, error.retryAfter ?? 0)
  }

  async function send<Value>(request: ApiRequest, read: (exchange: Exchange) => Promise<Value>): Promise<Value> {
    const { signal } = request
    let authorization: Authorization | null = null
    let renewed = false
    let tried: '' | '.ns' = ending ?? ''
    /** What the new path said while the old one was yet to be tried. */
    let first: ApplianceError | null = null
    for (let attempts = 1; ; attempts += 1) {
      try {
        authorization ??= await auth.authorize(signal)
        kind = authorization.kind
        await pace.take(signal)
        const value = await attempt(request, authorization, `/api/${request.api}${tried}`, read)
        ending = tried
        return value
      } catch (error) {
        if (!isApplianceError(error)) throw error
        if (error.kind === 'box') ending = tried
        if (error.kind === 'refused' && authorization?.kind === 'client' && !renewed) {
          renewed = true
          auth.renew(authorization)
          authorization = null
          continue
        }
        if (error.kind === 'refused' && authorization?.kind === 'user') auth.refuse(error)
        if (isElsewhere(error)) {
          if (first !== null) throw first
          // API accounts are younger than the new paths.
          if (authorization?.kind === 'user' && ending === null) {
            first = error
            tried = '.ns'
            continue
          }
        }
        const pause = pauseAfter(error, request, attempts)
        if (pause === null) throw error
        await delay(pause, signal)
      }
    }
  }

  return {
    origin,
    send,
    xml: (request, xmlOptions) =>
      send(request, async (exchange) => {
        const { part = 1, parts = 1, onProgress, name } = request
        const { length: totalBytes } = exchange
        const text = await readText(exchange, options.replyLimit ?? REPLY_LIMIT, (bytes) =>
          onProgress?.({ bytes, totalBytes, part, parts }),
        )
        return readReply(text, name, xmlOptions)
      }),
    refuse: (error) => auth.refuse(error),
    kind: () => kind,
    forget: () => {
      auth.forget()
      ending = null
    },
    used: () => pace.used(),
  }
}

/** The appliance has no API at this path, or shows a page instead. */
function isElsewhere(error: ApplianceError): boolean {
  return error.code === 'not-there' || error.code === 'html'
}
