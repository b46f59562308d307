/** The relay's configuration: one JSON file, checked entry by entry; secrets come from the environment or from files of their own. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { isNetwork } from '../settings/kinds.ts'
import type { Keeping } from './streams.ts'

/** relay.json, with what is left out filled in. Paths are absolute. */
export interface RelayConfig {
  /** Name of the site in subjects. */
  readonly site: string
  readonly listener: {
    readonly addresses: readonly string[]
    readonly port: number
    readonly names: readonly string[]
    readonly allow: readonly string[]
    /** PEM files, or one PKCS#12 file without a key; null: plain HTTP. */
    readonly certificateFile: string | null
    readonly keyFile: string | null
  }
  readonly broker: {
    readonly servers: readonly string[]
    /** The same servers as workstations reach them, for `enrol`; null: as the relay does. */
    readonly workstationServers: readonly string[] | null
    /** File with the seed of the relay's own nkey. */
    readonly seedFile: string
    /** File with the seed of the account key that answers the broker's auth callout; null: another relay answers. */
    readonly issuerFile: string | null
    /** The broker's account for workstations. */
    readonly account: string
    /** CA of the broker's certificate; null: no TLS. */
    readonly caFile: string | null
  }
  readonly streams: Keeping
  /** Table of enrolled workstations, kept by `enrol` and `revoke`. */
  readonly workstationsFile: string
  /** Teams of representatives where the appliance cannot be asked: team id → representative ids. */
  readonly teams: Readonly<Record<string, readonly string[]>>
  readonly appliance: { readonly host: string; readonly clientId: string; readonly username: string } | null
  /** Where /healthz and /metrics are; null: nowhere. */
  readonly metrics: { readonly address: string; readonly port: number } | null
  /** False: this relay only accepts events; another one routes them. */
  readonly router: boolean
}

export type ReadConfig =
  | { readonly config: RelayConfig; readonly problems: readonly [] }
  | { readonly config: null; readonly problems: readonly string[] }

type Fields = Readonly<Record<string, unknown>>

const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i
const SERVERS = 'a list such as ["nats://127.0.0.1:4222"]'
const DIGITS = /^\d{1,18}$/

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536
const isIn = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most
const isSome = (fits: (item: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(fits)
const isListOf = (fits: (item: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(fits)

/** Reads parts of the file one by one, and collects what is wrong. */
function createReader(problems: string[]) {
  function section(from: Fields, name: string): Fields {
    const value = from[name]
    if (value === undefined) return {}
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
    problems.push(`${name}: This must be an object.`)
    return {}
  }
  function field<Value>(
    from: Fields,
    path: string,
    fits: (value: unknown) => boolean,
    shape: string,
    otherwise?: Value,
  ): Value {
    const value = from[path.split('.').at(-1) ?? path]
    if (value === undefined && otherwise !== undefined) return otherwise
    if (!fits(value)) problems.push(`${path}: This must be ${shape}.`)
    return value as Value
  }
  function unknown(from: Fields, path: string, names: readonly string[]): void {
    for (const name of Object.keys(from)) {
      if (!names.includes(name) && !name.startsWith('$')) problems.push(`${path}${name}: There is no such entry.`)
    }
  }
  return { section, field, unknown }
}

/** Checks the contents of relay.json. @param folder its folder: relative paths start there */
export function parseConfig(text: string, folder: string): ReadConfig {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { config: null, problems: ['This is no JSON.'] }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { config: null, problems: ['This must be a JSON object.'] }
  }
  const all = parsed as Fields
  const problems: string[] = []
  const { section, field, unknown } = createReader(problems)
  // What is no text has been complained of.
  const path = (value: unknown) => (typeof value === 'string' ? resolve(folder, value) : null)
  const orNull = (fits: (value: unknown) => boolean) => (value: unknown) => value === null || fits(value)

  const listener = section(all, 'listener')
  const broker = section(all, 'broker')
  const streams = section(all, 'streams')
  const metrics = section(all, 'metrics')
  const appliance = section(all, 'appliance')
  const teams = section(all, 'teams')
  for (const [team, reps] of Object.entries(teams)) {
    if (!DIGITS.test(team) || !isListOf((rep) => isText(rep) && DIGITS.test(rep))(reps)) {
      problems.push(`teams.${team}: This must be a team’s number with a list of representatives’ numbers, as texts.`)
    }
  }
  unknown(all, '', [
    'site',
    'listener',
    'broker',
    'streams',
    'workstationsFile',
    'teams',
    'appliance',
    'metrics',
    'router',
  ])
  unknown(listener, 'listener.', ['addresses', 'port', 'names', 'allow', 'certificateFile', 'keyFile'])
  unknown(broker, 'broker.', ['servers', 'workstationServers', 'seedFile', 'issuerFile', 'account', 'caFile'])
  unknown(streams, 'streams.', ['replicas', 'rawDays', 'eventDays', 'megabytes', 'maxConsumers'])
  unknown(metrics, 'metrics.', ['address', 'port'])
  unknown(appliance, 'appliance.', ['host', 'clientId', 'username'])

  const isAddress = (value: unknown) => isText(value) && isIP(value) !== 0
  const isServer = (value: unknown) => isText(value) && /^(nats|tls|wss?):\/\/[^\s/]+$/.test(value)
  const config: RelayConfig = {
    site: field(all, 'site', isText, 'a name', 'main'),
    listener: {
      addresses: field(listener, 'listener.addresses', isSome(isAddress), 'a list of addresses', ['0.0.0.0']),
      port: field(listener, 'listener.port', isPort, 'a port', 8180),
      names: field(
        listener,
        'listener.names',
        isListOf((name) => isText(name) && HOST.test(name)),
        'host names',
        [],
      ),
      allow: field(
        listener,
        'listener.allow',
        isListOf((net) => isText(net) && isNetwork(net)),
        'networks',
        [],
      ),
      certificateFile: path(field(listener, 'listener.certificateFile', orNull(isText), 'a file', null)),
      keyFile: path(field(listener, 'listener.keyFile', orNull(isText), 'a file', null)),
    },
    broker: {
      servers: field(broker, 'broker.servers', isSome(isServer), SERVERS, ['nats://127.0.0.1:4222']),
      workstationServers: field(broker, 'broker.workstationServers', orNull(isSome(isServer)), SERVERS, null),
      seedFile: path(field(broker, 'broker.seedFile', isText, 'a file', 'relay.seed')) ?? '',
      issuerFile: path(field(broker, 'broker.issuerFile', orNull(isText), 'a file', 'issuer.seed')),
      account: field(broker, 'broker.account', isText, 'a name', 'STATIONS'),
      caFile: path(field(broker, 'broker.caFile', orNull(isText), 'a file', null)),
    },
    streams: {
      replicas: field(streams, 'streams.replicas', (value) => [1, 3, 5].some((each) => each === value), '1, 3 or 5', 1),
      rawDays: field(streams, 'streams.rawDays', isIn(1, 365), '1 to 365', 30),
      eventDays: field(streams, 'streams.eventDays', isIn(1, 365), '1 to 365', 14),
      megabytes: field(streams, 'streams.megabytes', isIn(16, 1_000_000), '16 to 1000000', 2500),
      maxConsumers: field(streams, 'streams.maxConsumers', isIn(10, 1_000_000), '10 to 1000000', 20_000),
    },
    workstationsFile: path(field(all, 'workstationsFile', isText, 'a file', 'workstations.json')) ?? '',
    teams: teams as RelayConfig['teams'],
    appliance:
      all['appliance'] === undefined
        ? null
        : {
            host: field(appliance, 'appliance.host', isText, 'a host name'),
            clientId: field(appliance, 'appliance.clientId', isText, 'text', ''),
            username: field(appliance, 'appliance.username', isText, 'text', ''),
          },
    metrics:
      all['metrics'] === undefined
        ? null
        : {
            address: field(metrics, 'metrics.address', isAddress, 'an address', '127.0.0.1'),
            port: field(metrics, 'metrics.port', isPort, 'a port', 9180),
          },
    router: field(all, 'router', (value) => typeof value === 'boolean', 'true or false', true),
  }
  return problems.length === 0 ? { config, problems: [] } : { config: null, problems }
}

/** Reads relay.json. Never throws. */
export function readConfig(file: string): ReadConfig {
  try {
    return parseConfig(readFileSync(file, 'utf8'), dirname(resolve(file)))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return { config: null, problems: [`${file} cannot be read (${code}).`] }
  }
}
