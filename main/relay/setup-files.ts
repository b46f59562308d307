/** The files of a new relay: its keys, its configuration, and the broker's, fitted to each other. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount, createUser } from '@nats-io/nkeys'

export interface SetupChoice {
  /** Where the files go; made if it is not there. */
  readonly folder: string
  readonly site: string
  /** Host names or addresses of the brokers: one, or three of a cluster. */
  readonly hosts: readonly string[]
  readonly port: number
  /** Port of WebSocket for workstations; null: they use the other one. */
  readonly webSocketPort: number | null
  /** Folder with `server.crt`, `server.key` and `ca.crt` on each broker; null: no TLS. */
  readonly tlsFolder: string | null
  /** Folder for the broker's data. */
  readonly dataFolder: string
  /** GB that the broker may use on its disk. Left out, it would take most of what is free when it starts. */
  readonly gigabytes: number
}

/** The port on which the brokers of a cluster speak with each other. */
const CLUSTER_PORT = 6222

interface Keys {
  readonly relay: string
  readonly issuer: string
}

/** nats-server.conf of broker number `index`. */
export function natsConfig(choice: SetupChoice, index: number, keys: Keys): string {
  const { hosts, port, webSocketPort, tlsFolder, dataFolder, gigabytes } = choice
  const files = (indent: string) =>
    tlsFolder === null
      ? ''
      : [
          `cert_file: "${tlsFolder}/server.crt"`,
          `key_file: "${tlsFolder}/server.key"`,
          `ca_file: "${tlsFolder}/ca.crt"`,
        ]
          .map((line) => `${indent}${line}\n`)
          .join('')
  const routes = hosts.map((host) => `nats-route://${host}:${CLUSTER_PORT}`).join(', ')
  const isCluster = hosts.length > 1
  return `# Broker ${index + 1} of ${hosts.length} for Rep Tray's relay. nats-server 2.12.6 or newer.
server_name: rep-tray-${index + 1}
listen: "0.0.0.0:${port}"
max_payload: 2MB
max_connections: 65000
${tlsFolder === null ? '' : `tls {\n${files('  ')}}\n`}
jetstream {
  store_dir: "${dataFolder}"
  max_memory_store: 2GB
  max_file_store: ${gigabytes}GB
  # Without this a power cut loses what was acknowledged in the last minutes.
  sync_interval: always
}
${
  webSocketPort === null
    ? ''
    : `
websocket {
  listen: "0.0.0.0:${webSocketPort}"
  compression: false
${tlsFolder === null ? '  no_tls: true\n' : `  tls {\n${files('    ')}  }\n`}}
`
}${
    isCluster
      ? `
cluster {
  name: rep-tray
  listen: "0.0.0.0:${CLUSTER_PORT}"
  routes: [${routes}]
${tlsFolder === null ? '' : `  tls {\n${files('    ')}  }\n`}}
`
      : ''
  }
# Workstations are in an account of their own: whatever they name as the place for an answer is in there, and never one
# of the relay's subjects. They reach four services of the relay's account; each only the part that it was let in for.
accounts {
  REPTRAY {
    jetstream: enabled
    users: [ { nkey: ${keys.relay} } ]
    exports: [
      { service: "relay.attach.*", accounts: [ STATIONS ] }
      { service: "relay.api.*", response_type: stream, accounts: [ STATIONS ] }
      { service: "$JS.API.CONSUMER.MSG.NEXT.EV.*", response_type: stream, accounts: [ STATIONS ] }
      { service: "$JS.API.CONSUMER.INFO.EV.*", accounts: [ STATIONS ] }
    ]
  }
  STATIONS {
    imports: [
      { service: { account: REPTRAY, subject: "relay.attach.*" } }
      { service: { account: REPTRAY, subject: "relay.api.*" } }
      { service: { account: REPTRAY, subject: "$JS.API.CONSUMER.MSG.NEXT.EV.*" }, to: "relay.js.CONSUMER.MSG.NEXT.EV.*" }
      { service: { account: REPTRAY, subject: "$JS.API.CONSUMER.INFO.EV.*" }, to: "relay.js.CONSUMER.INFO.EV.*" }
    ]
  }
  SYS {}
}
system_account: SYS
# The relay says what each workstation may do; it is the only user that the broker knows itself.
authorization {
  # Seconds. When all come back at once, the last one waits its turn; when no relay answers, so long does each try take.
  timeout: 9
  auth_callout {
    issuer: ${keys.issuer}
    account: REPTRAY
    auth_users: [ ${keys.relay} ]
  }
}
`
}

/** What stands in relay.json at first; the rest has its defaults. */
function relayConfig({ site, hosts, port, webSocketPort, tlsFolder, gigabytes }: SetupChoice): string {
  const scheme = tlsFolder === null ? 'nats' : 'tls'
  const config = {
    site,
    listener: { addresses: ['0.0.0.0'], port: 8180 },
    broker: {
      servers: hosts.map((host) => `${scheme}://${host}:${port}`),
      ...(webSocketPort === null
        ? {}
        : {
            workstationServers: hosts.map((host) => `${tlsFolder === null ? 'ws' : 'wss'}://${host}:${webSocketPort}`),
          }),
      ...(tlsFolder === null ? {} : { caFile: `${tlsFolder}/ca.crt` }),
    },
    // The broker sets the room of all three streams aside; a rest is left for what it needs itself.
    streams: { replicas: hosts.length === 1 ? 1 : 3, megabytes: Math.floor((gigabytes * 1000) / 4) },
    metrics: { address: '127.0.0.1', port: 9180 },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/**
 * Writes the files of a new relay; never over one that is there.
 * @returns their paths
 * @throws if one of them is there already, or the folder cannot be written
 */
export function writeSetup(choice: SetupChoice): readonly string[] {
  const { folder, hosts } = choice
  const relay = createUser()
  const issuer = createAccount()
  const text = (seed: Uint8Array) => `${new TextDecoder().decode(seed)}\n`
  const keys = { relay: relay.getPublicKey(), issuer: issuer.getPublicKey() }
  const brokers = hosts.map((_, index): [string, string] => [
    hosts.length === 1 ? 'nats-server.conf' : `nats-server-${index + 1}.conf`,
    natsConfig(choice, index, keys),
  ])
  const files: readonly [string, string][] = [
    ['relay.seed', text(relay.getSeed())],
    ['issuer.seed', text(issuer.getSeed())],
    ['relay.json', relayConfig(choice)],
    ...brokers,
  ]
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const taken = files.map(([name]) => join(folder, name)).filter((file) => existsSync(file))
  if (taken.length > 0) throw new Error(`There is already ${taken.join(' and ')}; nothing was written.`)
  for (const [name, content] of files) writeFileSync(join(folder, name), content, { mode: 0o600, flag: 'wx' })
  return files.map(([name]) => join(folder, name))
}
