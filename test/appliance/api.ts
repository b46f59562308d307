import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Appliance } from './appliance.ts'
import { commandError, runCommand } from './commands.ts'
import { DEFAULT_GENERATION, GENERATIONS, type GenerationName } from './generation.ts'
import { createTokenDesk, isSame, type Account, type OAuthError } from './oauth.ts'
import { writeXml, type XmlElement } from './xml.ts'

export interface ApiOptions {
  readonly appliance: Appliance
  /** Product version whose API is spoken; 19.1 if left out. */
  readonly generation?: GenerationName
  /** User account, for `username` and `password` among the parameters. */
  readonly user?: Account
  /** API account, for OAuth2. */
  readonly client?: Account
}

/** Accounts of an API for which none were given. */
export const DEFAULT_USER: Account = { id: 'api', secret: 'secret' }
export const DEFAULT_CLIENT: Account = { id: '0123456789abcdef0123456789abcdef01234567', secret: 'client-secret' }

/** The appliance's web server: Command API, OAuth2 and health check, over plain HTTP. */
export interface Api {
  /** Port 0: any that is free. Rejects if the port cannot be had. Resolves with the base URL. */
  listen(port: number, address?: string): Promise<string>
  close(): Promise<void>
}

/** Bytes that a request body may have. */
const BODY_LIMIT = 1024 * 1024

interface Request {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  /** The form in the body; empty for other kinds of bodies. */
  readonly form: URLSearchParams
  /** Query and form together; the form's value comes first. */
  readonly parameters: URLSearchParams
}

interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

type Route = (request: Request) => Reply

export function createApi(options: ApiOptions): Api {
  const { appliance } = options
  const generation = GENERATIONS[options.generation ?? DEFAULT_GENERATION]
  const user = options.user ?? DEFAULT_USER
  const desk = createTokenDesk(options.client ?? DEFAULT_CLIENT, appliance.clock)
  const startedAt = appliance.clock.now()

  const xmlReply = (root: XmlElement): Reply => ({
    status: 200,
    contentType: 'text/xml; charset=UTF-8',
    body: writeXml({ ...root, attributes: { xmlns: generation.commandNamespace, ...root.attributes } }),
  })

  /** Null: the caller may. A wrong name or password is an `<error>`, anything wrong with a token a 401. */
  function refuse({ authorization, parameters }: Request): Reply | null {
    const given = { id: parameters.get('username') ?? '', secret: parameters.get('password') ?? '' }
    const byName = generation.userAccounts && (parameters.has('username') || !generation.apiAccounts)
    if (byName && authorization === undefined) {
      return isSame(given, user) ? null : xmlReply(commandError('Login failed'))
    }
    const error = desk.refuse(authorization)
    return error === null ? null : unauthorized(error)
  }

  const command: Route = (request) =>
    refuse(request) ?? xmlReply(runCommand({ appliance, generation, startedAt, parameters: request.parameters }))

  const token: Route = ({ method, authorization, form }) => {
    if (method !== 'POST') return text(405, 'Method Not Allowed')
    const reply = desk.issue(authorization, form)
    return 'error' in reply ? unauthorized(reply) : json(200, reply)
  }

  /** A new part of the API is a new row. */
  const routes = new Map<string, Route>([
    ['/check_health', () => text(200, 'OK')],
    ...generation.commandPaths.map((path): [string, Route] => [path, command]),
    ...(generation.apiAccounts ? [['/oauth2/token', token] as const] : []),
  ])

  function answer(request: Request): Reply {
    const route = routes.get(request.path)
    if (route === undefined) return text(404, 'Document Not Found')
    if (!['GET', 'POST'].includes(request.method)) return text(405, 'Method Not Allowed')
    return route(request)
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming)
    const reply = body === null ? text(413, 'Request Entity Too Large') : answer(parse(incoming, body))
    // Written in two parts and without a length, so that it goes out chunked, as the real box does.
    outgoing.writeHead(reply.status, { 'Content-Type': reply.contentType, Connection: 'close' })
    outgoing.write(reply.body.slice(0, 60))
    outgoing.end(reply.body.slice(60))
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  })

  return {
    listen: (port, address = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, address, () => {
          server.off('error', reject)
          const bound = server.address() as AddressInfo
          resolve(`http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const json = (status: number, value: object): Reply => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
})

const text = (status: number, body: string): Reply => ({ status, contentType: 'text/html; charset=UTF-8', body })

const unauthorized = (error: OAuthError): Reply => json(401, error)

/** The whole body, or null if it is too long. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    const bytes = chunk as Buffer
    length += bytes.length
    if (length <= BODY_LIMIT) chunks.push(bytes)
  }
  return length > BODY_LIMIT ? null : Buffer.concat(chunks).toString('utf8')
}

function parse(incoming: IncomingMessage, body: string): Request {
  const url = new URL(incoming.url ?? '/', 'http://appliance')
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const form = new URLSearchParams(isForm ? body : '')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    authorization: incoming.headers.authorization,
    form,
    parameters: new URLSearchParams([...form, ...url.searchParams]),
  }
}
