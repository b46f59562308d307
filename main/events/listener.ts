/**
 * The embedded HTTP listener for outbound events, with TLS or without. 200 is said only after the event is durable;
 * nothing that the appliance sends is refused; nobody else learns that there is anything here.
 */
import { createHash } from 'node:crypto'
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { createAdmission, type AdmissionOptions } from './admission.ts'
import { MAX_BODY, readBody, type Body } from './body.ts'
import { eventDigest, timeOf, type OutboundEvent, type Variables } from './event.ts'
import { interpret, parametersOf } from './interpret.ts'
import type { Appended } from './journal.ts'
import { createStrangers, senderOf, type StrangerLimits } from './strangers.ts'
import { createTally } from './tally.ts'
import type { JournalWriter } from './writing.ts'

export { tokenHash } from './admission.ts'

/** Limits against slow or greedy senders; the appliance sends one small event at a time. Times in ms. */
export const SERVER_LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 4_500,
  requestTimeout: 60_000,
  keepAliveTimeout: 4_000,
  // A timer for as long as it listens. Who has yet to show the token is looked after by a closer one, which is there as long as they are.
  connectionsCheckingInterval: 30_000,
  /** A connection on which nothing moves, neither in nor out. */
  timeout: 60_000,
  bodyTimeout: 4_500,
  bodyRate: 16 * 1024,
  maxConnections: 512,
  strangerTimeout: 4_500,
  freeAttempts: 5,
  attemptLife: 10_000,
  firstDelay: 100,
  longestDelay: 3_000,
  maxDelayed: 8,
  /** How long `close` waits for what is under way. */
  closeTimeout: 2_000,
} satisfies StrangerLimits & Record<string, number>

/** What a stored event was, for those who work with it after the answer. */
export interface Received {
  readonly event: OutboundEvent
  readonly appended: Appended
  /** ms */
  readonly receivedAt: number
}

export interface ListenerOptions extends AdmissionOptions {
  readonly journal: () => JournalWriter
  readonly now: () => number
  /** A new event was stored and is answered; or one that is known already came again. */
  readonly onEvent: (received: Received) => void
  /** A body that is no event was set aside. */
  readonly onQuarantine: (reason: string, repeated: boolean) => void
  /** An event could not be stored; the appliance was told to try again. */
  readonly onStoreFailure: (error: unknown) => void
  /** `onEvent`, `onQuarantine` or `onToken` threw. The event is safe in the journal, and answered. */
  readonly onProcessingFailure: (error: unknown) => void
  /** The token with this hash brought something that is stored now. */
  readonly onToken: (hash: Uint8Array) => void
  /** Certificate and key, asked for each connection anew; null or left out: plain HTTP. @throws if there is none, but must be */
  readonly secure?: () => SecureContextOptions | null
  /** True: a socket for :: leaves IPv4 to another. */
  readonly ipv6Only?: () => boolean
  /** Somebody spoke plain HTTP where there is TLS, or TLS where there is none, or did not trust the certificate. */
  readonly onMisfit?: (misfit: Misfit) => void
  /** A line about what anybody can cause, without contents. */
  readonly log?: (line: string) => void
  /** Other limits than the usual ones. */
  readonly limits?: Partial<typeof SERVER_LIMITS>
}

export type Misfit = 'plain' | 'tls' | 'untrusted'

export interface Listener {
  /**
   * Listens; resolves with the port. Rejects with Node's error if it cannot (`EADDRINUSE`, `EADDRNOTAVAIL`, …).
   * @param onGone it listens no more, though nobody closed it
   */
  listen(address: string, port: number, onGone?: (error: Error) => void): Promise<number>
  /** Stops listening, and ends open connections once their event is answered, or has not come in for too long. */
  close(): Promise<void>
}

/** Variables of the request's URL, whatever its path looks like. */
function queryOf(request: IncomingMessage): URLSearchParams {
  const { url = '' } = request
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '')
}

/** @see Listener */
export function createListener(options: ListenerOptions): Listener {
  const limits = { ...SERVER_LIMITS, ...options.limits }
  const clock = () => performance.now()
  const tally = createTally(options.log ?? (() => {}), clock)
  const strangers = createStrangers(limits, clock, (why) => tally(CUT_LINES[why]))
  const admit = createAdmission(options)
  /** Whoever was refused is not heard again on the same connection. */
  const refused = new WeakSet<object>()
  let server: Server | null = null
  let closing = false

  async function accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (refused.has(request.socket)) return
    const query = queryOf(request)
    const verdict = admit(request, query)
    if (verdict.kind === 'stranger') return turnAway(request, response)
    if (verdict.kind === 'refused') return refuse(request, response)
    strangers.welcome(request.socket)
    if (verdict.kind === 'probe') {
      response.writeHead(200, { 'content-length': verdict.answer.length, connection: 'close' }).end(verdict.answer)
      return
    }
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
    const body = await readBody(request, limits)
    const after = await store(request, response, parametersOf(query), body)
    if (after === null) return
    try {
      after()
      options.onToken(verdict.token)
    } catch (error) {
      options.onProcessingFailure(error)
    }
  }

  /** Stores what came, and answers. Returns what is to be done after that; null: it could not be stored. */
  async function store(
    request: IncomingMessage,
    response: ServerResponse,
    parameters: Variables,
    { body, length }: Body,
  ): Promise<(() => void) | null> {
    const receivedAt = options.now()
    const source = senderOf(request.socket)
    const contentType = request.headers['content-type'] ?? ''
    const isCut = length > body.byteLength
    const read = isCut ? tooLarge(length) : await interpret(parameters, body, contentType)
    let after: () => void
    try {
      if ('malformed' in read) {
        const digest = createHash('sha256').update(contentType).update('\n').update(body).digest()
        const reason = read.malformed
        const entry = { digest, receivedAt, source, reason, contentType, parameters, body, isCut }
        const appended = await options.journal().quarantine(entry)
        after = () => options.onQuarantine(reason, appended.repeated)
      } else {
        const { event, lsid, variables } = read
        const digest = eventDigest(variables)
        const at = timeOf(read.at, receivedAt)
        const appended = await options.journal().append({ digest, receivedAt, at, event, lsid, source, variables })
        after = () => options.onEvent({ event: read, appended, receivedAt })
      }
    } catch (error) {
      answer(response, 503)
      options.onStoreFailure(error)
      return null
    }
    answer(response, 200)
    strangers.welcome(request.socket)
    return after
  }

  /** An answer without contents; the last one on this connection if the listener is being closed. */
  function answer(response: ServerResponse, status: 200 | 503): void {
    response.writeHead(status, { 'content-length': 0, ...(closing ? { connection: 'close' } : {}) }).end()
  }

  /** The body is not read: whoever sends it learns nothing and costs nothing. */
  function refuse(request: IncomingMessage, response: ServerResponse): void {
    refused.add(request.socket)
    response.writeHead(404, { 'content-length': 0, connection: 'close' }).end()
  }

  /** Whoever tries tokens gets slower answers. The appliance never comes here, even from the same address. */
  function turnAway(request: IncomingMessage, response: ServerResponse): void {
    tally('refused a request without a valid token')
    const { socket } = request
    const sender = senderOf(socket)
    const delay = strangers.fail(sender)
    if (delay === 0) return refuse(request, response)
    refused.add(socket)
    if (delay === null) return void socket.destroy()
    socket.pause()
    const timer = setTimeout(() => {
      socket.resume()
      refuse(request, response)
    }, delay)
    socket.once('close', () => {
      clearTimeout(timer)
      strangers.release(sender)
    })
  }

  function start(onGone: (error: Error) => void): Server {
    const onRequest = (request: IncomingMessage, response: ServerResponse) =>
      void accept(request, response).catch(() => {
        // The sender went away, or sent what HTTP does not allow: it will come again. Nothing was stored, no 200 said.
        response.destroy()
      })
    const created = createServer()
    // Node would answer these by itself, and whoever has no token is to get the bare 404.
    created.on('request', onRequest).on('checkContinue', onRequest).on('checkExpectation', onRequest)
    created.timeout = limits.timeout
    created.on('connection', (socket) => strangers.enter(socket))
    created.on('clientError', (error, socket) => {
      const misfit = misfitOf(error)
      tally(MISFIT_LINES[misfit ?? 'other'])
      if (misfit !== null) options.onMisfit?.(misfit)
      // A peer that never reads would keep a half-closed socket open for ever: destroy, not end.
      socket.destroy()
    })
    created.on('error', (error: NodeJS.ErrnoException) => {
      if (!created.listening) return onGone(error)
      tally(`could not take a connection (${error.code ?? 'unknown'})`)
      strangers.shed()
    })
    return created
  }

  function createServer(): Server {
    const { secure = () => null } = options
    let used = secure()
    if (used === null) return createPlainServer({ ...limits, requireHostHeader: false })
    const hardened = (context: SecureContextOptions) => ({ ...context, minVersion: 'TLSv1.2' as const })
    const created: SecureServer = createSecureServer({
      ...limits,
      ...hardened(used),
      requireHostHeader: false,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.strangerTimeout,
    })
    // A certificate that was replaced holds from the next connection on; those that are open stay.
    created.prependListener('connection', () => {
      try {
        const present = secure()
        if (present === null || present === used) return
        used = present
        created.setSecureContext(hardened(present))
      } catch {
        // While one is replaced by another there may be none: the one in use goes on.
      }
    })
    return created
  }

  return {
    listen: (address, port, onGone = () => {}) =>
      new Promise((resolve, reject) => {
        let fail = reject
        const created = start((error) => fail(error))
        created.listen({ host: address, port, exclusive: true, ipv6Only: options.ipv6Only?.() ?? false }, () => {
          fail = onGone
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
        const deadline = setTimeout(() => closed.closeAllConnections(), limits.closeTimeout)
        closed.close(() => {
          clearTimeout(deadline)
          resolve()
        })
        closed.closeIdleConnections()
        strangers.stop()
      })
    },
  }
}

function tooLarge(length: number): { malformed: string } {
  return { malformed: `The body is larger than ${MAX_BODY} bytes (at least ${length}); only its first part was kept.` }
}

const CUT_LINES = {
  slow: 'cut off a connection that was too slow',
  many: 'cut off a connection, since there were too many',
} as const

const MISFIT_LINES: Readonly<Record<Misfit | 'other', string>> = {
  plain: 'somebody spoke plain HTTP, but this is HTTPS',
  tls: 'somebody spoke TLS, but this is plain HTTP',
  untrusted: 'somebody does not trust the certificate',
  other: 'cut off a connection that did not speak HTTP, or too slowly',
}

/** What a connection that came to nothing wanted, by Node's error. */
function misfitOf(error: NodeJS.ErrnoException & { readonly rawPacket?: Uint8Array }): Misfit | null {
  const { code = '', rawPacket } = error
  if (code === 'ERR_SSL_HTTP_REQUEST') return 'plain'
  // The first byte of every TLS connection.
  if (code.startsWith('HPE_') && rawPacket?.[0] === 0x16) return 'tls'
  return /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+)$/.test(code) ? 'untrusted' : null
}
