import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import type { Health } from './api/context.ts'
import { createHorizon, type ReportLag } from './api/horizon.ts'
import type { Account } from './api/oauth.ts'
import { oddReply, type OddReply, type OddReplyKind } from './api/odd-reply.ts'
import { createOddness, type NextOptions, type Subject } from './api/oddness.ts'
import { DEFAULT_PERMISSIONS, type Permissions } from './api/permissions.ts'
import { textReply } from './api/reply.ts'
import { readRequest, type Request } from './api/request.ts'
import { createRoutes, type Route } from './api/routes.ts'
import { send } from './api/send.ts'
import { createSessionKeys } from './api/session-keys.ts'
import type { Appliance } from './appliance.ts'
import { DEFAULT_GENERATION, GENERATIONS, type Generation, type GenerationName, type RateLimits } from './generation.ts'

export interface ApiOptions {
  readonly appliance: Appliance
  /** Product version whose API is spoken; 19.1 if left out. */
  readonly generation?: GenerationName
  /** What is to differ from the generation. */
  readonly features?: Partial<Generation>
  /** User account, for `username` and `password` among the parameters. */
  readonly user?: Account
  /** API account, for OAuth2. */
  readonly client?: Account
  /** Of whoever logs in; what is left out is as in `DEFAULT_PERMISSIONS`. */
  readonly permissions?: Partial<Permissions>
  /** Of the API account, in place of the generation's; null: none. */
  readonly rateLimits?: RateLimits | null
  /** Life of a token; 3600 if left out. */
  readonly tokenSeconds?: number
  /** Failed log-ins in a row after which the API account is locked; left out: it never is. */
  readonly lockAfter?: number
  /** "Enable XML API" of `/login`; true if left out. */
  readonly xmlApi?: boolean
  /** How far reports lag behind what happens; not at all if left out. */
  readonly reportLag?: ReportLag
  /** What a report says if nothing fits; `empty` if left out. */
  readonly noMatch?: 'empty' | 'error'
  /** Probability, 0 to 1, of an odd reply. */
  readonly oddReplies?: number
  /** Bytes of a recording; 256 KiB if left out. */
  readonly recordingSize?: number
  /** Where links lead: a URL without a slash at the end; `served`: to this server. Left out: to the site's host. */
  readonly publicUrl?: string
  /** Serves https. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Called with each request, once it is answered. */
  readonly onRequest?: (request: RequestLog) => void
}

/** Accounts of an API for which none were given. */
export const DEFAULT_USER: Account = { id: 'api', secret: 'secret' }
export const DEFAULT_CLIENT: Account = { id: '0123456789abcdef0123456789abcdef01234567', secret: 'client-secret' }

/** A request as it was answered. */
export interface RequestLog extends Request {
  /** Milliseconds since 1970. */
  readonly at: number
  /** The command or report that was asked for; empty: none. */
  readonly name: string
  readonly status: number
  /** How the reply was odd; null: it was not. */
  readonly odd: OddReplyKind | null
}

/** The appliance's web server: APIs, OAuth2, health check, and the URLs with which customers start sessions. */
export interface Api {
  readonly generation: Generation
  /** Port 0: any that is free. Rejects if the port cannot be had. Resolves with the base URL. */
  listen(port: number, address?: string): Promise<string>
  /** The next request that fits is answered oddly. Calls are carried out one after the other. */
  next(kind: OddReplyKind, options?: NextOptions): void
  /** Takes back what `next` ordered and was not asked for yet. */
  clearNext(): void
  /** Requests answered so far, the oldest first; of very many the last ones. */
  readonly requests: readonly RequestLog[]
  setPermissions(permissions: Partial<Permissions>): void
  setHealth(health: Partial<Health>): void
  /** A new secret for the API account: all of its tokens die. */
  setClientSecret(secret: string): void
  revokeTokens(): void
  close(): Promise<void>
}

const LOG_LIMIT = 2000

export function createApi(options: ApiOptions): Api {
  const { appliance } = options
  const { clock } = appliance
  const generation: Generation = { ...GENERATIONS[options.generation ?? DEFAULT_GENERATION], ...options.features }
  const oddness = createOddness(appliance.random('odd replies'), options.oddReplies ?? 0)
  let requests: RequestLog[] = []
  let permissions: Permissions = { ...DEFAULT_PERMISSIONS, ...options.permissions }
  let health: Health = { problem: null, failover: 'single' }
  let served = ''

  const { find, desk } = createRoutes({
    context: {
      appliance,
      generation,
      startedAt: clock.now(),
      publicUrl: () => {
        const url = options.publicUrl ?? `https://${appliance.world.host}`
        return url === 'served' ? served : url
      },
      permissions: () => permissions,
      health: () => health,
      keys: createSessionKeys(appliance.random('session keys'), clock),
      horizon: createHorizon(clock, options.reportLag),
      noMatch: options.noMatch ?? 'empty',
      recordingSize: options.recordingSize ?? 256 * 1024,
    },
    user: options.user ?? DEFAULT_USER,
    client: options.client ?? DEFAULT_CLIENT,
    xmlApi: options.xmlApi ?? true,
    rateLimits: options.rateLimits === undefined ? generation.rateLimits : options.rateLimits,
    tokens: {
      ...(options.tokenSeconds === undefined ? {} : { lifeSeconds: options.tokenSeconds }),
      ...(options.lockAfter === undefined ? {} : { lockAfter: options.lockAfter }),
    },
  })

  function log(request: Request, name: string, status: number, odd: OddReplyKind | null): void {
    const entry: RequestLog = { ...request, at: clock.now(), name, status, odd }
    requests.push(entry)
    if (requests.length >= LOG_LIMIT * 2) requests = requests.slice(-LOG_LIMIT)
    options.onRequest?.(entry)
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    if (request === null) {
      await send(outgoing, textReply(413, 'Request Entity Too Large'), clock)
      return
    }
    const route = find(request)
    const name = request.parameters.get('action') ?? request.parameters.get('generate_report') ?? ''
    const odd = route === null ? null : oddness.take({ route: route.name, name })
    const row: OddReply = odd === null ? {} : oddReply(odd.kind)
    const figures = odd?.figures ?? {}
    const usual = () => (route === null ? textReply(404, 'Document Not Found') : answer(route, request))
    const plain = row.instead?.(figures, namespaceOf(route?.name)) ?? usual()
    const reply = row.change?.(plain, figures) ?? plain
    log(request, name, reply.status, odd?.kind ?? null)
    await send(outgoing, reply, clock, { manner: row.manner?.(figures) ?? {}, style: row.style ?? {} })
  }

  const namespaceOf = (route: Subject['route'] | undefined) =>
    route === 'reporting' ? generation.reportingNamespace : generation.commandNamespace

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  }
  const server = options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener)

  return {
    generation,
    get requests() {
      return requests
    },
    next: oddness.next,
    clearNext: oddness.clear,
    setPermissions: (changed) => {
      permissions = { ...permissions, ...changed }
    },
    setHealth: (changed) => {
      health = { ...health, ...changed }
    },
    setClientSecret: desk.setSecret,
    revokeTokens: desk.revokeTokens,
    listen: (port, address = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, address, () => {
          server.off('error', reject)
          const bound = server.address() as AddressInfo
          const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
          served = `${options.tls === undefined ? 'http' : 'https'}://${host}:${bound.port}`
          resolve(served)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(route: Route, request: Request) {
  return route.methods.includes(request.method) ? route.answer(request) : textReply(405, 'Method Not Allowed')
}
