/** A real broker and a real relay on loopback, with workstations that were enrolled. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { atEnd } from '../../at-end.ts'
import { tokenHash } from '../../../main/events/listener.ts'
import { readConfig, type RelayConfig } from '../../../main/relay/config.ts'
import { startRelay, type Relay, type RelayOptions } from '../../../main/relay/relay.ts'
import { writeSetup } from '../../../main/relay/setup-files.ts'
import { enrol, type Credential } from '../../../main/relay/workstations.ts'
import { findNatsServer } from '../../../scripts/nats-server.ts'
import { until } from './application.ts'

export const TOKEN = 'the-token-of-this-fleet'

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface Site {
  readonly folder: string
  readonly config: RelayConfig
  readonly brokerPort: number
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
  readonly log: string[]
}

/** A site of its own in a folder of its own; all of it ends with the test. */
export async function createSite(t: TestContext, teams: Record<string, readonly string[]> = {}): Promise<Site> {
  const binary = await findNatsServer()
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-fleet-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const webSocketPort = await freePort()
  writeSetup({
    folder,
    site: 'site',
    hosts: ['127.0.0.1'],
    port,
    webSocketPort,
    tlsFolder: null,
    dataFolder: join(folder, 'jetstream'),
    gigabytes: 1,
  })
  const brokerConfig = join(folder, 'nats-server.conf')
  // Reached from this computer only.
  writeFileSync(brokerConfig, readFileSync(brokerConfig, 'utf8').replaceAll('0.0.0.0', '127.0.0.1'))
  const log: string[] = []
  let broker: ChildProcess | null = null

  const configure: Site['configure'] = (changes) => {
    const file = join(folder, 'relay.json')
    const now = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    writeFileSync(file, JSON.stringify({ ...now, ...changes }))
    const read = readConfig(file)
    return read.config ?? assert.fail(read.problems.join('\n'))
  }

  const site: Site = {
    folder,
    brokerPort: port,
    config: configure({
      listener: { addresses: ['127.0.0.1'], port: 0 },
      metrics: { address: '127.0.0.1', port: 0 },
      teams,
    }),
    configure,
    log,
    brokerPid: () => broker?.pid ?? assert.fail('no broker runs'),
    startBroker: async () => {
      const started = spawn(binary, ['-c', brokerConfig], { stdio: ['ignore', 'ignore', 'pipe'] })
      broker = started
      let said = ''
      started.stderr.on('data', (chunk: Buffer) => {
        said = `${said}${chunk.toString()}`.slice(-20_000)
      })
      await until(() => {
        if (started.exitCode !== null) assert.fail(`the broker ended:\n${said}`)
        return said.includes('Server is ready')
      }, 'the broker')
    },
    killBroker: async (signal = 'SIGKILL') => {
      const ending = broker
      broker = null
      if (ending === null || ending.exitCode !== null) return
      const gone = once(ending, 'exit')
      ending.kill(signal)
      await gone
    },
    startRelay: async (options = {}) => {
      const relay = await startRelay({
        config: site.config,
        tokenHash: tokenHash(TOKEN),
        names: new Set(['localhost']),
        allow: null,
        client: null,
        now: Date.now,
        log: (line) => log.push(line),
        ...options,
      })
      atEnd(t, () => relay.stop())
      return relay
    },
    recipientUrl: (relay) =>
      `http://${relay.addresses()[0] ?? assert.fail('it does not listen')}/events?token=${TOKEN}`,
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
