/**
 * The embedded HTTP listener for outbound events. 200 is said only after the event is durable; nothing that the
 * appliance sends is refused; nobody else learns that there is anything here.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, BlockList } from 'node:net'
import { isIP } from 'node:net'
import { decodeBody, eventDigest, parseEvent, type OutboundEvent, type Variables } from './event.ts'
import type { Appended, Journal } from './journal.ts'

/** Parameters of the recipient URL that are ours and no variables of the event. The second is the name that the vendor's ServiceNow integration uses. */
const TOKEN_PARAMETERS = ['token', 'outbound_event_token'] as const

const MAX_BODY = 1024 * 1024
/** A body over the limit is read on up to here, so that its sender can hear the 200; then the connection is cut. */
const MAX_DRAINED = 16 * 1024 * 1024

/** Limits against slow or greedy senders; the appliance sends one small event at a time. Times in ms. */
export const SERVER_LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  maxConnections: 512,
  /** How long `close` waits for what is under way. */
  closeTimeout: 2_000,
}

/** What a stored event was, for those who work with it after the answer. */
export interface Received {
  readonly event: OutboundEvent
  readonly appended: Appended
  /** ms */
  readonly receivedAt: number
}

/** SHA-256 of a token; tokens are kept and compared in this form only. */
export function tokenHash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

export interface ListenerOptions {
  readonly journal: () => Pick<Journal, 'append' | 'quarantine'>
  /** Hashes of the tokens that are valid now; two while one is replaced by the other. */
  readonly tokens: () => readonly Uint8Array[]
  /** Host names, in lower case, by which the appliance may call this computer; addresses are always fine. */
  readonly names: () => ReadonlySet<string>
  /** Source addresses that may send; null: all. */
  readonly allow: () => BlockList | null
  readonly now: () => number
  /** A new event was stored and is answered; or one that is known already came again. */
  readonly onEvent: (received: Received) => void
  /** A body that is no event was set aside. */
  readonly onQuarantine: (reason: string, repeated: boolean) => void
  /** An event could not be stored; the appliance was told to try again. */
  readonly onStoreFailure: (error: unknown) => void
  /** Whoever knows the token was refused all the same, because of the name or the address that they used. */
  readonly onRefused: (reason: 'name' | 'address', detail: string) => void
  /** `onEvent`, `onQuarantine` or `onToken` threw. The event is safe in the journal, and answered. */
  readonly onProcessingFailure: (error: unknown) => void
  /** The token with this hash brought something that is stored now. */
  readonly onToken: (hash: Uint8Array) => void
  /** Other limits than the usual ones. */
  readonly limits?: Partial<typeof SERVER_LIMITS>
}

export interface Listener {
  /** Listens; resolves with the port. Rejects with Node's error if it cannot (`EADDRINUSE`, `EADDRNOTAVAIL`, …). */
  listen(address: string, port: number): Promise<number>
  /** Stops listening, and ends open connections once their event is answered, or has not come in for too long. */
  close(): Promise<void>
}

/** `[::1]:8180`, `tray.example.net:8180` → the name or address alone, in lower case, without the dot of the root. */
function hostName(host: string): string {
  const match = /^(?:\[([^\]]+)\]|([^:]*?)\.?)(?::\d+)?$/.exec(host)
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase()
}

/** Variables of the request's URL, whatever its path looks like. */
function queryOf(request: IncomingMessage): URLSearchParams {
  const { url = '' } = request
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '')
}

/** Addresses of IPv4 senders look like `::ffff:192.0.2.1` on a socket that serves both families. */
function senderOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

/** @see Listener */
export function createListener(options: ListenerOptions): Listener {
  const { maxConnections, closeTimeout, ...limits } = { ...SERVER_LIMITS, ...options.limits }
  let server: Server | null = null
  let closing = false

  /** The token of the request's URL, if it is a valid one. Compared by hash, each with each, in constant time. */
  function validToken(query: URLSearchParams): Uint8Array | null {
    const given = TOKEN_PARAMETERS.flatMap((name) => query.getAll(name)).map(tokenHash)
    let valid: Uint8Array | null = null
    for (const known of options.tokens()) {
      for (const hash of given) if (timingSafeEqual(known, hash)) valid = known
    }
    return valid
  }

  /** The token of a request that may come in; null: it may not. */
  function admit(request: IncomingMessage, query: URLSearchParams): Uint8Array | null {
    const token = validToken(query)
    if (token === null || request.method !== 'POST' || request.headers.origin !== undefined) return null
    const sender = senderOf(request)
    const allow = options.allow()
    if (allow !== null && !allow.check(sender, isIP(sender) === 6 ? 'ipv6' : 'ipv4')) {
      options.onRefused('address', sender)
      return null
    }
    const { host } = request.headers
    const name = hostName(host ?? '')
    // A page that rebinds its name to this computer sends that name; it can send neither an address nor no Host at all.
    if (host !== undefined && isIP(name) === 0 && !options.names().has(name)) {
      options.onRefused('name', name)
      return null
    }
    return token
  }

  async function accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = queryOf(request)
    const token = admit(request, query)
    if (token === null) {
      // The body is not read: whoever sends it learns nothing and costs nothing.
      response.writeHead(404, { 'content-length': 0, connection: 'close' }).end()
      return
    }
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
    const { body, length } = await readBody(request)
    const receivedAt = options.now()
    const contentType = request.headers['content-type'] ?? ''
    const read = length > MAX_BODY ? tooLarge(length) : await interpret(query, body, contentType)
    const source = senderOf(request)
    let after: () => void
    try {
      if ('malformed' in read) {
        const digest = createHash('sha256').update(contentType).update('\n').update(body).digest()
        const reason = read.malformed
        const appended = await options.journal().quarantine({ digest, receivedAt, source, reason, contentType, body })
        after = () => options.onQuarantine(reason, appended.repeated)
      } else {
        const { event, lsid, variables } = read
        const digest = eventDigest(variables)
        const at = read.at ?? receivedAt
        const appended = await options.journal().append({ digest, receivedAt, at, event, lsid, source, variables })
        after = () => options.onEvent({ event: read, appended, receivedAt })
      }
    } catch (error) {
      answer(response, 503)
      options.onStoreFailure(error)
      return
    }
    answer(response, 200)
    try {
      after()
      options.onToken(token)
    } catch (error) {
      options.onProcessingFailure(error)
    }
  }

  /** An answer without contents; the last one on this connection if the listener is being closed. */
  function answer(response: ServerResponse, status: 200 | 503): void {
    response.writeHead(status, { 'content-length': 0, ...(closing ? { connection: 'close' } : {}) }).end()
  }

  function start(): Server {
    const take = (request: IncomingMessage, response: ServerResponse) =>
      void accept(request, response).catch(() => {
        // The sender went away, or sent what HTTP does not allow: it will come again. Nothing was stored, no 200 said.
        response.destroy()
      })
    const created = createServer({ ...limits, requireHostHeader: false }, take)
    // Node would answer these by itself, and whoever has no token is to get the bare 404.
    created.on('checkContinue', take).on('checkExpectation', take)
    created.maxConnections = maxConnections
    // A peer that never reads would keep a half-closed socket open for ever: destroy, not end.
    created.on('clientError', (_error, socket) => socket.destroy())
    return created
  }

  return {
    listen: (address, port) =>
      new Promise((resolve, reject) => {
        const created = start()
        created.once('error', reject)
        created.listen({ host: address, port, exclusive: true }, () => {
          created.off('error', reject)
          server = created
          resolve((created.address() as AddressInfo).port)
        })
      }),
    close: async () => {
      const closed = server
      server = null
      if (closed === null) return
      closing = true
      await new Promise<void>((resolve) => {
        // Node does not look after slow senders, and those who are silent, once a server is closed.
        const deadline = setTimeout(() => closed.closeAllConnections(), closeTimeout)
        closed.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        closed.closeIdleConnections()
      })
    },
  }
}

/** The event of a request: variables of the URL and the body together, the body's winning. */
async function interpret(
  query: URLSearchParams,
  body: Uint8Array,
  contentType: string,
): Promise<OutboundEvent | { malformed: string }> {
  let posted: Variables
  try {
    posted = await decodeBody(body, contentType)
  } catch {
    return { malformed: 'The body says that it is multipart/form-data, but cannot be read as that.' }
  }
  const variables = Object.assign(Object.create(null), Object.fromEntries(query), posted) as Record<string, string>
  for (const name of TOKEN_PARAMETERS) if (!Object.hasOwn(posted, name)) delete variables[name]
  return parseEvent(variables)
}

function tooLarge(length: number): { malformed: string } {
  return { malformed: `The body is larger than ${MAX_BODY} bytes (at least ${length}); only its first part was kept.` }
}

/** Reads a body; of one over the limit the first part is kept, and the rest read and dropped up to a second limit. */
async function readBody(request: IncomingMessage): Promise<{ body: Uint8Array; length: number }> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    if (length < MAX_BODY) parts.push(chunk.subarray(0, MAX_BODY - length))
    length += chunk.byteLength
    if (length > MAX_DRAINED) throw new Error('The body is endless.')
  }
  return { body: Buffer.concat(parts), length }
}
