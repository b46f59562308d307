/** The client of one appliance: all that the application and the command line ask of it. */
import { originOf } from './address.ts'
import type { Credentials, TokenKeeper } from './auth.ts'
import { createCommandApi, type CommandApi } from './command-api.ts'
import { createConnection, type CallOptions } from './connection.ts'
import { ApplianceError } from './errors.ts'
import type { Fetch } from './exchange.ts'
import { createFilesApi, type FilesApi } from './files.ts'
import { createReportingApi, type ReportingApi } from './reporting-api.ts'
import { gate, type ApiInfo, type Feature, type Gate } from './version.ts'
import { race, systemDelay, type Delay } from './waiting.ts'

export interface ApplianceClientOptions {
  /** `support.example.com`, with a port or `https://` if need be; http to this computer only. */
  readonly host: string
  /** Asked before each request; null: none are set. A client id means OAuth2, a username the ways of older boxes. */
  readonly credentials: () => Credentials | null | Promise<Credentials | null>
  /** Node's fetch, or Electron's net.fetch with a session of its own that has neither cookies nor a cache. */
  readonly fetch: Fetch
  readonly now?: () => number
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number
  readonly delay?: Delay
  /** One line for each request: path, name, status, time. Never a parameter, a name, chat or a secret. */
  readonly log?: (line: string) => void
  /** Keeps tokens from run to run. */
  readonly tokens?: TokenKeeper
  /** Requests in any second and in any hour: the appliance's limits for the account are 20 and 15,000. */
  readonly perSecond?: number
  readonly perHour?: number
  /** Bytes that an XML reply may have; 32 MB. A report needs about three times its size while it is read. */
  readonly replyLimit?: number
}

/** Each method rejects with an ApplianceError and nothing else, and takes `{ signal, onProgress }` last. */
export interface ApplianceClient extends CommandApi, ReportingApi, FilesApi {
  /** `https://support.example.com` */
  readonly origin: string
  /** What the box is and what the account may, remembered for a quarter of an hour. */
  info(options?: CallOptions): Promise<ApiInfo>
  /** Can this be done here, and if not, why? Needs the box to be reached once. */
  can(feature: Feature, options?: CallOptions): Promise<Gate>
  /**
   * Forgets all that was learned: token (unless a keeper has it), refusal, version, permissions. For when credentials or
   * the box were mended.
   */
  forget(): void
  /** Requests of the last hour. */
  requests(): number
}

/** get_api_info is good for so long (ms). */
const INFO_LIFE = 15 * 60_000
/** Before something is called impossible, what is older than this is asked for again (ms). */
const INFO_DOUBT = 30_000

/**
 * @see ApplianceClient
 * @throws ApplianceError `invalid` for a host that is none
 */
export function createApplianceClient(options: ApplianceClientOptions): ApplianceClient {
  const { now = Date.now, random = Math.random, delay = systemDelay, log = () => undefined } = options
  const connection = createConnection({ ...options, origin: originOf(options.host), now, random, delay, log })
  let known: { readonly info: ApiInfo; readonly at: number } | null = null
  let asking: Promise<ApiInfo> | null = null
  let epoch = 0

  /** @param mine the epoch in which it was asked; what was asked before `forget` is nobody's any more */
  async function ask(mine: number): Promise<ApiInfo> {
    try {
      const info = await command.getApiInfo()
      if (mine === epoch) known = { info, at: now() }
      return info
    } finally {
      if (mine === epoch) asking = null
    }
  }

  /** Asked once however many want to know; each may leave, and the others still get it. */
  async function learn(signal: AbortSignal | undefined, life: number): Promise<ApiInfo> {
    const age = known === null ? Infinity : Math.abs(now() - known.at)
    if (known !== null && age < life) return known.info
    asking ??= ask(epoch)
    return race(asking, signal)
  }

  async function check(feature: Feature, callOptions: CallOptions): Promise<{ info: ApiInfo; answer: Gate }> {
    const { signal } = callOptions
    const info = await learn(signal, INFO_LIFE)
    const answer = gate(info, feature)
    if (answer.ok) return { info, answer }
    const again = await learn(signal, INFO_DOUBT)
    return { info: again, answer: gate(again, feature) }
  }

  async function demand(feature: Feature, callOptions: CallOptions): Promise<ApiInfo> {
    const { info, answer } = await check(feature, callOptions)
    if (answer.ok) return info
    throw new ApplianceError(answer.kind, answer.reason, { detail: answer.detail, code: feature })
  }

  const command = createCommandApi({ connection, demand })
  const reporting = createReportingApi({ connection, delay, demand })
  const files = createFilesApi({
    connection,
    demand,
    info: async ({ signal }) => learn(signal, INFO_LIFE),
    supportSessions: async (selection, callOptions) => reporting.supportSessions(selection, callOptions),
  })

  return {
    ...command,
    ...reporting,
    ...files,
    origin: connection.origin,
    info: async ({ signal } = {}) => learn(signal, INFO_LIFE),
    can: async (feature, callOptions = {}) => (await check(feature, callOptions)).answer,
    forget: () => {
      connection.forget()
      epoch += 1
      known = null
      asking = null
    },
    requests: () => connection.used(),
  }
}
