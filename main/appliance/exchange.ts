/** One POST and its reply, with time-outs of our own, a size limit, and cancelling. What it throws is classified. */
import { ApplianceError, cancelled, unreadable } from './errors.ts'
import { fromNetwork, redirected } from './failure.ts'
import { race, type Delay } from './waiting.ts'

/** The part of fetch that is used: Node's, or Electron's net.fetch bound to a session of its own without cookies. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** All in ms. */
export interface Timeouts {
  /** From the start to the reply's headers. */
  readonly headers: number
  /** Between two pieces of the reply's body. */
  readonly idle: number
  /** From the start to the end; null: as long as it takes. */
  readonly total: number | null
}

export interface PostOptions {
  readonly fetch: Fetch
  readonly delay: Delay
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeouts: Timeouts
  readonly signal?: AbortSignal | undefined
}

/** A reply whose body is yet to be read. Either read it to its end or `close` it. */
export interface Exchange {
  readonly status: number
  readonly headers: Headers
  /** Size of the body if the reply says so and it is not compressed. */
  readonly length: number | null
  /** The body's pieces; ends the exchange when it ends, fails, or is left. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>
  close(): void
}

/** Sends the request and waits for the reply's headers. */
export async function post(options: PostOptions): Promise<Exchange> {
  const { fetch, delay, url, body, timeouts, signal } = options
  const cut = new AbortController()
  let late: string | null = null
  const give = () => cut.abort()
  if (signal?.aborted === true) throw cancelled()
  signal?.addEventListener('abort', give, { once: true })

  function watch(ms: number, what: string): AbortController {
    const off = new AbortController()
    const expire = async () => {
      await delay(ms, off.signal)
      late ??= `${what} took more than ${ms / 1000} s.`
      cut.abort()
    }
    expire().catch(() => undefined)
    return off
  }
  const total = timeouts.total === null ? null : watch(timeouts.total, 'The whole request')

  function done(): void {
    total?.abort()
    signal?.removeEventListener('abort', give)
    cut.abort()
  }

  function failure(error: unknown): ApplianceError {
    if (signal?.aborted === true) return cancelled()
    if (late === null) return fromNetwork(error)
    return new ApplianceError('timeout', 'The appliance did not answer in time.', { detail: late, code: 'timeout' })
  }

  /** What `promise` brings if it does so in time. */
  async function within<Value>(promise: Promise<Value>, ms: number, what: string): Promise<Value> {
    const off = watch(ms, what)
    try {
      return await race(promise, cut.signal)
    } finally {
      off.abort()
    }
  }

  try {
    const sent = fetch(url, {
      method: 'POST',
      // The vendor asks for a new connection for each call.
      headers: { Connection: 'close', ...options.headers },
      body,
      redirect: 'manual',
      cache: 'no-store',
      signal: cut.signal,
    })
    const reply = await within(sent, timeouts.headers, 'The reply')
    if (reply.type === 'opaqueredirect' || (reply.status >= 300 && reply.status < 400)) {
      throw redirected(reply.headers.get('location'))
    }
    return {
      status: reply.status,
      headers: reply.headers,
      length: lengthOf(reply.headers),
      close: done,
      async *chunks() {
        const reader = reply.body?.getReader()
        try {
          for (;;) {
            if (reader === undefined) return
            const piece = await within(reader.read(), timeouts.idle, 'The next part of the reply')
            if (piece.done) return
            yield piece.value
          }
        } catch (error) {
          throw failure(error)
        } finally {
          done()
        }
      },
    }
  } catch (error) {
    const failed = failure(error)
    done()
    throw failed
  }
}

function lengthOf(headers: Headers): number | null {
  const text = headers.get('content-length') ?? ''
  return headers.has('content-encoding') || !/^\d{1,15}$/.test(text) ? null : Number(text)
}

/**
 * The body as text: UTF-8 if it is that, whatever the reply says of itself, else in the character set that it names.
 * @param limit bytes; more is `unreadable`
 */
export async function readText(exchange: Exchange, limit: number, onBytes?: (bytes: number) => void): Promise<string> {
  if ((exchange.length ?? 0) > limit) {
    exchange.close()
    throw tooLarge(limit)
  }
  const body = growingBytes()
  for await (const chunk of exchange.chunks()) {
    if (body.length() + chunk.byteLength > limit) throw tooLarge(limit)
    body.add(chunk)
    onBytes?.(body.length())
  }
  return body.toText(exchange.headers)
}

/**
 * Bytes that come in pieces. The memory is given back the moment that they are text, not when the garbage collector
 * comes by: a report may be large, and its bytes, its text and what is read from it would be there all at once.
 */
function growingBytes(): { length(): number; add(chunk: Uint8Array): void; toText(headers: Headers): string } {
  let buffer = new ArrayBuffer(64 * 1024)
  let length = 0
  return {
    length: () => length,
    add: (chunk) => {
      const needed = length + chunk.byteLength
      if (needed > buffer.byteLength) buffer = buffer.transfer(Math.max(needed, buffer.byteLength * 2))
      new Uint8Array(buffer).set(chunk, length)
      length = needed
    },
    toText: (headers) => {
      const text = decodeText(new Uint8Array(buffer, 0, length), headers)
      buffer = buffer.transfer(0)
      length = 0
      return text
    },
  }
}

function decodeText(bytes: Uint8Array, headers: Headers): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const label = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(headers.get('content-type') ?? '')?.[1]
    return decoderOf(label ?? 'windows-1252').decode(bytes)
  }
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder('windows-1252')
  }
}

function tooLarge(limit: number): ApplianceError {
  const size = limit >= 1024 * 1024 ? `${Math.round(limit / 1024 / 1024)} MB` : `${limit} bytes`
  return new ApplianceError('unreadable', `The appliance’s reply is larger than ${size}. Ask for less at a time.`, {
    detail: `The limit is ${limit} bytes.`,
    code: 'too-large',
  })
}

/** Reads away a short reply, for what is in it; an empty text if it is long or breaks off. */
export async function readBriefly(exchange: Exchange): Promise<string> {
  try {
    return await readText(exchange, 64 * 1024)
  } catch (error) {
    if (error instanceof ApplianceError && error.kind === 'cancelled') throw error
    return ''
  }
}

/** A reply that should have been JSON. */
export function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // The parser's message quotes the text.
  }
  throw unreadable('It is no JSON object.', 'no-json')
}
