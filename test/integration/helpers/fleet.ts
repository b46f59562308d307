/** A real broker and a real relay on loopback, with workstations that were enrolled. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as nodeTest, type TestContext, type TestOptions } from 'node:test'
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node'
import { atEnd } from '../../at-end.ts'
import { tokenHash } from '../../../main/events/listener.ts'
import { readConfig, type RelayConfig } from '../../../main/relay/config.ts'
import { startRelay, type Relay, type RelayOptions } from '../../../main/relay/relay.ts'
import { enrol, type Credential } from '../../../main/relay/workstations.ts'
import { setUpBroker, startBroker, type Broker } from '../../../scripts/broker.ts'
import { findNatsServer } from '../../../scripts/nats-server.ts'

export const TOKEN = 'the-token-of-this-fleet'

/** Why there is no broker here; false: there is one. */
const skip = await findNatsServer().then(
  () => false as const,
  (error: unknown) => (error as Error).message,
)

type Body = (t: TestContext) => Promise<void>

/** A test that needs a real broker. Where none can be had it is skipped, and says why. */
export function test(name: string, ...rest: readonly [Body] | readonly [TestOptions, Body]): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest
  void nodeTest(name, { ...options, skip }, body)
}

export { freePort } from '../../../scripts/broker.ts'

export interface Site {
  readonly folder: string
  readonly config: RelayConfig
  readonly brokerPort: number
  readonly workstationServer: string
  readonly webSocketServer: string
  /** What a relay is started with. */
  readonly options: RelayOptions
  /** Writes relay.json anew with these entries changed, and reads it. */
  configure(changes: Record<string, unknown>): RelayConfig
  startBroker(): Promise<void>
  /** Ends the broker, at once by default. */
  killBroker(signal?: NodeJS.Signals): Promise<void>
  readonly brokerPid: () => number
  startRelay(options?: Partial<RelayOptions>): Promise<Relay>
  /** Where events go. */
  recipientUrl(relay: Relay): string
  enrol(workstation: string, rep: string, general?: boolean): Credential
  /** A connection that may do all that the relay may. */
  connectAsRelay(): Promise<NatsConnection>
  readonly log: string[]
}

/** A site of its own in a folder of its own; all of it ends with the test. */
export async function createSite(t: TestContext, teams: Record<string, readonly string[]> = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-fleet-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const port = await setUpBroker(folder, 'site')
  const log: string[] = []
  let broker: Broker | null = null

  const configure: Site['configure'] = (changes) => {
    const file = join(folder, 'relay.json')
    const now = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    writeFileSync(file, JSON.stringify({ ...now, ...changes }))
    const read = readConfig(file)
    return read.config ?? assert.fail(read.problems.join('\n'))
  }

  const config = configure({
    listener: { addresses: ['127.0.0.1'], port: 0 },
    metrics: { address: '127.0.0.1', port: 0 },
    teams,
  })

  const site: Site = {
    folder,
    brokerPort: port,
    config,
    configure,
    workstationServer: `nats://127.0.0.1:${port}`,
    webSocketServer: config.broker.workstationServers?.[0] ?? '',
    options: {
      config,
      tokenHashes: [tokenHash(TOKEN)],
      computer: 'localhost',
      passphrase: null,
      client: null,
      now: Date.now,
      elapsed: () => performance.now(),
      log: (line) => log.push(line),
    },
    log,
    brokerPid: () => broker?.pid ?? assert.fail('no broker runs'),
    startBroker: async () => {
      broker = await startBroker(folder)
    },
    killBroker: async (signal) => {
      const ending = broker
      broker = null
      await ending?.end(signal)
    },
    startRelay: async (options = {}) => {
      const relay = await startRelay({ ...site.options, config: site.config, ...options })
      atEnd(t, () => relay.stop())
      return relay
    },
    recipientUrl: (relay) =>
      `http://${relay.addresses()[0] ?? assert.fail('it does not listen')}/events?token=${TOKEN}`,
    connectAsRelay: async () => {
      const seed = new TextEncoder().encode(readFileSync(join(folder, 'relay.seed'), 'utf8').trim())
      const servers = `nats://127.0.0.1:${port}`
      const connection = await connect({ servers, authenticator: nkeyAuthenticator(seed), reconnect: false })
      atEnd(t, () => connection.close())
      return connection
    },
    enrol: (workstation, rep, general = true) =>
      enrol(
        site.config.workstationsFile,
        { workstation, rep, general },
        { site: 'site', servers: [`nats://127.0.0.1:${port}`], ca: null },
        new Date(),
      ),
  }
  atEnd(t, () => site.killBroker())
  return site
}
