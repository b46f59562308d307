/** The Command API: what a box tells of itself, and what it does with sessions. Each method is one command. */
import type { ApiRequest, CallOptions, Connection } from './connection.ts'
import { ApplianceError, invalid, isApplianceError } from './errors.ts'
import {
  readApiInfo,
  readAttributes,
  readConnectedClients,
  readHealth,
  readLoggedInReps,
  readSessionKey,
  readSuccess,
  readSupportTeams,
} from './command-reply.ts'
import type {
  ConnectedClients,
  CustomAttribute,
  Health,
  LoggedInRep,
  SessionKey,
  SupportTeam,
} from './command-result.ts'
import {
  checkId,
  checkLsid,
  checkName,
  checkQueue,
  checkText,
  customFields,
  EXTERNAL_KEY,
  MAX_ATTRIBUTES,
  type Parameters,
} from './parameters.ts'
import { externalKeyParameter, parseVersion, type ApiInfo, type Feature } from './version.ts'
import type { XmlElement } from './xml.ts'

/** A representative, by one of the two ways. */
export type RepRef = { readonly repId: string | number } | { readonly repUsername: string }

export interface SessionKeyRequest {
  /** `general`, `rep:12`, `team:5`, `rep_username:NAME`, `issue:CODE_NAME`. */
  readonly queue: string
  /** Seconds that the key is good for; the appliance's own default is a day. */
  readonly ttl?: number
  readonly externalKey?: string
  /** By code name. */
  readonly customFields?: Readonly<Record<string, string>>
  /** 1 to 3. */
  readonly priority?: 1 | 2 | 3
  /** Code names of skills. */
  readonly skills?: readonly string[]
  /** Host name that the URL is made with. */
  readonly urlHostname?: string
}

/** A session key, and whether the ticket is on it. */
export interface NewSessionKey extends SessionKey {
  /** True: a key was asked for, and the appliance does not repeat it: sessions of this link will not carry it. */
  readonly externalKeyLost: boolean
}

export interface AttributeChanges {
  readonly lsid: string
  /** Empty or null takes the key away; left out, it stays. */
  readonly externalKey?: string | null
  /** By code name; empty clears a field. */
  readonly customFields?: Readonly<Record<string, string>>
}

export interface CommandApi {
  /** Works for every account, so it is the connection test. Always asks. */
  getApiInfo(options?: CallOptions): Promise<ApiInfo>
  getLoggedInReps(options?: CallOptions): Promise<readonly LoggedInRep[]>
  /** With their issues; with their members if asked for. The vendor asks to keep the reply rather than to ask often. */
  getSupportTeams(request?: { readonly members?: boolean }, options?: CallOptions): Promise<readonly SupportTeam[]>
  generateSessionKey(request: SessionKeyRequest, options?: CallOptions): Promise<NewSessionKey>
  /** @param request.to `rep:12`, `team:5`, `rep_username:NAME`; whether `general` is taken is not documented */
  transferSession(request: { readonly lsid: string; readonly to: string }, options?: CallOptions): Promise<void>
  /** Adds a representative, who has to be logged in to the console, as far as is known. */
  joinSession(request: { readonly lsid: string } & RepRef, options?: CallOptions): Promise<void>
  leaveSession(
    request: { readonly lsid: string } & (RepRef | { readonly customer: true }),
    options?: CallOptions,
  ): Promise<void>
  /** For sessions that have not ended. */
  setSessionAttributes(changes: AttributeChanges, options?: CallOptions): Promise<void>
  /** For sessions that have not ended. Whether the external key is among them is not documented. */
  getSessionAttributes(request: { readonly lsid: string }, options?: CallOptions): Promise<readonly CustomAttribute[]>
  terminateSession(request: { readonly lsid: string }, options?: CallOptions): Promise<void>
  checkHealth(options?: CallOptions): Promise<Health>
  /** Heavy: not to be asked often. `types`: representative, support_customer, presentation_attendee, push_agent. */
  getConnectedClients(
    request?: { readonly types?: readonly string[]; readonly summaryOnly?: boolean },
    options?: CallOptions,
  ): Promise<ConnectedClients>
  /** Any command by its name, as XML; never retried. */
  command(action: string, parameters: Parameters, options?: CallOptions): Promise<XmlElement>
}

export interface CommandApiOptions {
  readonly connection: Connection
  /** Throws if the box or the account cannot do this; gives what is known of the box. */
  readonly demand: (feature: Feature, options: CallOptions) => Promise<ApiInfo>
}

const QUEUES = ['general', 'rep', 'team', 'rep_username', 'issue', 'embassy']
const TARGETS = ['rep', 'team', 'rep_username', 'general']

/** @see CommandApi */
export function createCommandApi({ connection, demand }: CommandApiOptions): CommandApi {
  function ask(action: string, parameters: Parameters, safe: boolean, options: CallOptions): Promise<XmlElement> {
    const request: ApiRequest = {
      api: 'command',
      name: action,
      parameters: [['action', action], ...parameters],
      safe,
      ...options,
    }
    return connection.xml(request)
  }

  async function read(feature: Feature, parameters: Parameters, options: CallOptions): Promise<XmlElement> {
    await demand(feature, options)
    return ask(feature, parameters, true, options)
  }

  async function act(feature: Feature, parameters: Parameters, options: CallOptions): Promise<void> {
    await demand(feature, options)
    readSuccess(await ask(feature, parameters, false, options))
  }

  return {
    getApiInfo: async (options = {}) => {
      try {
        return readApiInfo(await ask('get_api_info', [], true, options))
      } catch (error) {
        throw connection.kind() === 'user' ? loginFailure(error, connection) : error
      }
    },
    getLoggedInReps: async (options = {}) => readLoggedInReps(await read('get_logged_in_reps', [], options)),
    getSupportTeams: async ({ members = false } = {}, options = {}) =>
      readSupportTeams(await read('get_support_teams', members ? [['showmembers', '1']] : [], options)),
    generateSessionKey: async (request, options = {}) => {
      const info = await demand('generate_session_key', options)
      const parameters = sessionKeyParameters(request, info)
      const key = readSessionKey(await ask('generate_session_key', parameters, false, options))
      const asked = request.externalKey?.trim() ?? ''
      return { ...key, externalKeyLost: asked !== '' && key.externalKey?.trim() !== asked }
    },
    transferSession: async ({ lsid, to }, options = {}) =>
      act(
        'transfer_session',
        [
          ['lsid', checkLsid(lsid)],
          ['queue_id', checkQueue(to, TARGETS)],
        ],
        options,
      ),
    joinSession: async (request, options = {}) =>
      act('join_session', [['lsid', checkLsid(request.lsid)], repParameter(request)], options),
    leaveSession: async (request, options = {}) => {
      const who = 'customer' in request ? (['customer', '1'] as const) : repParameter(request)
      return act('leave_session', [['lsid', checkLsid(request.lsid)], who], options)
    },
    setSessionAttributes: async (changes, options = {}) =>
      act('set_session_attributes', attributeParameters(changes), options),
    getSessionAttributes: async ({ lsid }, options = {}) =>
      readAttributes(await read('get_session_attributes', [['lsid', checkLsid(lsid)]], options)),
    terminateSession: async ({ lsid }, options = {}) => act('terminate_session', [['lsid', checkLsid(lsid)]], options),
    checkHealth: async (options = {}) => readHealth(await read('check_health', [], options)),
    getConnectedClients: async ({ types = [], summaryOnly = false } = {}, options = {}) => {
      const parameters: Parameters = [
        ...(types.length > 0 ? [['type', types.map(checkName).join(',')] as const] : []),
        ...(summaryOnly ? [['summary_only', '1'] as const] : []),
      ]
      return readConnectedClients(await read('get_connected_client_list', parameters, options))
    },
    command: async (action, parameters, options = {}) => ask(checkName(action), parameters, false, options),
  }
}

/** An `<error>` to get_api_info, which every account may ask, means that name or password are wrong. */
function loginFailure(error: unknown, connection: Connection): unknown {
  if (!isApplianceError(error) || error.kind !== 'box') return error
  const refused = new ApplianceError('refused', error.message, {
    detail: 'get_api_info was answered with an error: wrong name or password, or a user who may not use the API.',
    code: 'login',
  })
  connection.refuse(refused)
  return refused
}

function repParameter(rep: RepRef): readonly [string, string] {
  if ('repId' in rep) return ['rep_id', checkId(rep.repId, 'The representative’s ID')]
  if (rep.repUsername.trim() === '') throw invalid('The representative’s username is missing.')
  return ['rep_username', checkText(rep.repUsername, 'The username', 255)]
}

function sessionKeyParameters(request: SessionKeyRequest, info: ApiInfo): Parameters {
  const { queue, ttl, externalKey = '', priority, skills = [], urlHostname } = request
  const parameters: (readonly [string, string])[] = [
    ['type', 'support'],
    ['queue_id', checkQueue(queue, QUEUES)],
  ]
  if (ttl !== undefined) {
    if (!Number.isInteger(ttl) || ttl < 1) throw invalid('The life of a session key is a number of seconds.')
    parameters.push(['ttl', String(ttl)])
  }
  if (externalKey !== '') {
    parameters.push([externalKeyParameter(parseVersion(info.version)), checkText(externalKey, 'The external key')])
  }
  parameters.push(...customFields(request.customFields ?? {}))
  if (priority !== undefined) parameters.push(['session.priority', String(priority)])
  if (skills.length > 0) parameters.push(['session.skills', skills.map(checkName).join(',')])
  if (urlHostname !== undefined) parameters.push(['url_hostname', checkText(urlHostname, 'The host name', 255)])
  return parameters
}

function attributeParameters({ lsid, externalKey, customFields: fields = {} }: AttributeChanges): Parameters {
  const changes: Parameters = [
    ...(externalKey === undefined ? [] : customFields({ [EXTERNAL_KEY]: externalKey ?? '' })),
    ...customFields(fields),
  ]
  if (changes.length === 0) throw invalid('There is nothing to change.')
  const bytes = changes.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0)
  if (bytes > MAX_ATTRIBUTES) throw invalid('All fields together must not have more than 10 KB.')
  return [['lsid', checkLsid(lsid)], ...changes]
}
