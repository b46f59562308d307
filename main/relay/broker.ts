/** The connection to the broker: kept up for ever, and honest about being down, so that nothing waits for a time-out. */
import { readFileSync } from 'node:fs'
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node'
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'

/** A connection attempt that takes longer has failed (ms), and so has a broker that does not answer a ping. */
const CONNECT_WITHIN = 5_000
const PING_EACH = 10_000
/** Waits between attempts (ms), each with as much again by chance, so that not all come back at once. */
const RECONNECT = { wait: 500, jitter: 500 } as const

export interface BrokerOptions {
  readonly servers: readonly string[]
  readonly seed: string
  readonly caFile: string | null
  /** Shown in the broker's own monitoring. */
  readonly name: string
  readonly log: (line: string) => void
  /** The connection came up, or went down. */
  readonly onLink: (up: boolean) => void
}

export interface Broker {
  readonly connection: NatsConnection
  readonly manager: JetStreamManager
  isUp(): boolean
  /** @throws while the connection is down: what were published then would only be sent later, unasked */
  client(): JetStreamClient
  close(): Promise<void>
}

/** A seed as it stands in its file. @throws with what to do if it cannot be read */
export function readSeed(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`The key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      cause: error,
    })
  }
}

/** Connects. @throws if no server can be reached, or none lets the relay in */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { servers, seed, caFile, name, log, onLink } = options
  const connection = await connect({
    servers: [...servers],
    name,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    timeout: CONNECT_WITHIN,
    pingInterval: PING_EACH,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT.wait,
    reconnectJitter: RECONNECT.jitter,
    reconnectJitterTLS: RECONNECT.jitter,
    ...(caFile === null ? {} : { tls: { caFile } }),
  })
  let up = true
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection)

  async function follow(): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type !== 'disconnect' && type !== 'reconnect') continue
      up = type === 'reconnect'
      log(`broker: ${up ? 'connected again' : 'connection lost'}`)
      onLink(up)
    }
  }
  void follow()

  return {
    connection,
    manager,
    isUp: () => up && !connection.isClosed(),
    client: () => {
      if (!up || connection.isClosed()) throw new Error('The broker is away.')
      return client
    },
    close: async () => {
      up = false
      await connection.close()
    },
  }
}
