import type { RateLimits } from '../generation.ts'
import { errorElement, runCommand } from './commands.ts'
import type { ApiContext } from './context.ts'
import { createTokenDesk, isSame, type Account, type TokenDesk, type TokenDeskOptions } from './oauth.ts'
import type { Subject } from './oddness.ts'
import { createRateGate } from './rate.ts'
import { recordingBody } from './recording.ts'
import { fileReply, jsonReply, textReply, xmlReply, type Reply } from './reply.ts'
import { makeReport, permissionOf } from './reports.ts'
import type { Request } from './request.ts'
import { startFromUrl } from './start.ts'
import type { XmlElement } from './xml.ts'

/** A part of the site. */
export interface Route {
  readonly name: Subject['route']
  readonly methods: readonly string[]
  readonly answer: (request: Request) => Reply
}

export interface RouteOptions {
  readonly context: ApiContext
  readonly user: Account
  readonly client: Account
  readonly xmlApi: boolean
  readonly rateLimits: RateLimits | null
  readonly tokens: TokenDeskOptions
}

/** Bytes of a backup. */
const BACKUP_SIZE = 300_000

export function createRoutes(options: RouteOptions): {
  /** Null: there is nothing at that path. */
  readonly find: (request: Request) => Route | null
  readonly desk: TokenDesk
} {
  const { context, user } = options
  const { generation, appliance } = context
  const desk = createTokenDesk(options.client, appliance.clock, options.tokens)
  const rate = createRateGate(options.rateLimits, appliance.clock)
  const notFound = textReply(404, 'Document Not Found')

  const inNamespace = (namespace: string, root: XmlElement): Reply =>
    xmlReply({ ...root, attributes: { xmlns: namespace, ...root.attributes } })

  /**
   * Lets in who logged in. A wrong name or password is an `<error>`, anything wrong with a token a 401; the limits are
   * those of the API account.
   */
  function guarded(namespace: string, answer: (parameters: URLSearchParams) => Reply): (request: Request) => Reply {
    return ({ headers, parameters }) => {
      if (!options.xmlApi) return notFound
      const { authorization } = headers
      const given = { id: parameters.get('username') ?? '', secret: parameters.get('password') ?? '' }
      const byName = generation.userAccounts && (parameters.has('username') || !generation.apiAccounts)
      if (byName && authorization === undefined) {
        return isSame(given, user) ? answer(parameters) : inNamespace(namespace, errorElement('Login failed'))
      }
      const error = desk.refuse(authorization)
      if (error !== null) return jsonReply(401, error)
      const passed = rate.pass()
      if ('refusal' in passed) return passed.refusal
      const reply = answer(parameters)
      return { ...reply, headers: { ...reply.headers, ...passed.headers } }
    }
  }

  const allowed = (permission: keyof ReturnType<ApiContext['permissions']>) => context.permissions()[permission] !== '0'

  const command = guarded(generation.commandNamespace, (parameters) =>
    inNamespace(generation.commandNamespace, runCommand(context, parameters)),
  )

  const reporting = guarded(generation.reportingNamespace, (parameters) => {
    if (!allowed(permissionOf(parameters.get('generate_report') ?? ''))) return notFound
    const report = makeReport(context, parameters)
    return 'chunks' in report ? fileReply(report) : inNamespace(generation.reportingNamespace, report)
  })

  const backup = guarded(generation.commandNamespace, () => {
    if (!allowed('perm_backup')) return notFound
    const date = new Date(appliance.clock.now()).toISOString().slice(0, 10)
    return fileReply(recordingBody('backup', 'application/octet-stream', `backup-${date}.nsb`, BACKUP_SIZE))
  })

  const token = ({ headers, form }: Request): Reply => {
    const reply = desk.issue(headers.authorization, form)
    return 'error' in reply ? jsonReply(401, reply) : jsonReply(200, reply)
  }

  const health = (): Reply => {
    const { problem } = context.health()
    return problem === null ? textReply(200, 'OK') : textReply(500, problem)
  }

  const start = ({ parameters }: Request): Reply => startFromUrl(context, parameters)

  const both = ['GET', 'POST']
  /** A new part of the site is a new row. */
  const rows: readonly (readonly [path: string, route: Route])[] = [
    ['/check_health', { name: 'health', methods: ['GET'], answer: health }],
    ...generation.commandPaths.map((path) => [path, { name: 'command', methods: both, answer: command }] as const),
    ...generation.reportingPaths.map(
      (path) => [path, { name: 'reporting', methods: both, answer: reporting }] as const,
    ),
    [generation.backupPath, { name: 'backup', methods: both, answer: backup }],
    [generation.startPath, { name: 'start', methods: both, answer: start }],
    ...(generation.apiAccounts
      ? [['/oauth2/token', { name: 'token', methods: ['POST'], answer: token }] as const]
      : []),
  ]
  const routes = new Map(rows)
  const keyPage: Route = { name: 'start', methods: ['GET'], answer: start }

  return {
    find: ({ path, parameters }) => {
      if (path === '/' && parameters.has('ak')) return keyPage
      return routes.get(path) ?? null
    },
    desk,
  }
}
