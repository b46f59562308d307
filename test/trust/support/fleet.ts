/** A whole site of real processes: nats-server, relay, and workstations, each of which can be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort, setUpBroker } from '../../../scripts/broker.ts'
import { findNatsServer } from '../../../scripts/nats-server.ts'
import { readConfig, type RelayConfig } from '../../../main/relay/config.ts'
import { enrol } from '../../../main/relay/workstations.ts'
import type { Entitlement } from '../../../main/relay/audience.ts'
import { start, temporaryFolder, TOKEN, type Installation, type Running } from './application.ts'

const root = resolve(import.meta.dirname, '../../..')
const READY_WITHIN = 20_000

/** Why there is no broker here; null: there is one. */
export function whyNoBroker(): Promise<string | null> {
  return findNatsServer().then(
    () => null,
    (error: unknown) => (error as Error).message,
  )
}

/** A process that can be killed at any moment and started again. */
export interface Part {
  /** Resolves once it is ready. @throws with its last words, if it ends before */
  start(): Promise<void>
  /** Ends it, at once by default; resolves when it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>
  signal(signal: NodeJS.Signals): void
  readonly pid: () => number
}

/** @param ready what it says when it is */
export function createPart(command: () => Promise<readonly [string, readonly string[]]>, ready: RegExp): Part {
  let child: ChildProcess | null = null
  process.prependListener('exit', () => child?.kill('SIGKILL'))
  return {
    pid: () => child?.pid ?? 0,
    signal: (signal) => void child?.kill(signal),
    start: async () => {
      const [file, args] = await command()
      const env = { ...process.env, REP_TRAY_LISTENER_TOKEN: TOKEN }
      const started = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
      child = started
      let said = ''
      await new Promise<void>((isReady, fail) => {
        const hear = (part: Buffer) => {
          said = `${said}${part.toString()}`.slice(-5_000)
          if (ready.test(said)) isReady()
        }
        started.stdout.on('data', hear)
        started.stderr.on('data', hear)
        started.once('exit', (code) => fail(new Error(`${file} ended (${code}): ${said.slice(-1_000)}`)))
        started.once('error', fail)
      })
    },
    end: async (signal = 'SIGKILL') => {
      const ending = child
      child = null
      if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
      const gone = once(ending, 'exit')
      ending.kill(signal)
      await gone
    },
  }
}

/** A workstation: the real application in browser mode. */
export interface Station {
  readonly name: string
  readonly who: Entitlement
  readonly journal: string
  start(): Running
  end(): Promise<void>
  /** What the running one wrote to the terminal. */
  errors(): string
}

export interface Fleet {
  readonly folder: string
  readonly config: RelayConfig
  readonly brokerPort: number
  /** Where the relay listens. */
  readonly port: number
  readonly broker: Part
  readonly relay: Part
  /** Changes the broker's configuration, for its next start. */
  changeBroker(change: (text: string) => string): void
  /** Events that are stored and not yet routed; null: it cannot be asked. */
  lag(): Promise<number | null>
  /** @param servers those of the broker, or of what stands before it */
  addStation(installation: Installation, name: string, who: Entitlement, servers?: readonly string[]): Station
}

/** What is to be different from a site's usual configuration. */
export interface FleetOptions {
  readonly folder?: string
  readonly teams?: Readonly<Record<string, readonly string[]>>
  /** Changes the broker's configuration. */
  readonly broker?: (text: string) => string
  readonly relay?: Readonly<Record<string, unknown>>
}

/** Sets a site up; nothing runs yet. */
export async function createFleet(options: FleetOptions = {}): Promise<Fleet> {
  const folder = options.folder ?? temporaryFolder()
  mkdirSync(folder, { recursive: true })
  const brokerPort = await setUpBroker(folder, 'site')
  const brokerFile = join(folder, 'nats-server.conf')
  const changeBroker = (change: (text: string) => string) =>
    writeFileSync(brokerFile, change(readFileSync(brokerFile, 'utf8')))
  changeBroker(options.broker ?? ((text) => text))
  const [port, metrics] = [await freePort(), await freePort()]
  const file = join(folder, 'relay.json')
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(
    file,
    JSON.stringify({
      ...written,
      listener: { addresses: ['127.0.0.1'], port },
      metrics: { address: '127.0.0.1', port: metrics },
      teams: options.teams ?? {},
      ...options.relay,
    }),
  )
  const { config, problems } = readConfig(file)
  if (config === null) throw new Error(problems.join('\n'))

  return {
    folder,
    config,
    brokerPort,
    port,
    changeBroker,
    broker: createPart(async () => [await findNatsServer(), ['-c', brokerFile]], /Server is ready/),
    relay: createPart(
      () => Promise.resolve([process.execPath, [join(root, 'main/relay.ts'), '--config', file]] as const),
      /^listening: \S/m,
    ),
    lag: async () => {
      try {
        const response = await fetch(`http://127.0.0.1:${metrics}/metrics`)
        const [, lag] = /^rep_tray_relay_router_lag (\d+)$/m.exec(await response.text()) ?? []
        return lag === undefined ? null : Number(lag)
      } catch {
        return null
      }
    },
    addStation: (installation, name, who, servers = [`nats://127.0.0.1:${brokerPort}`]) => {
      const broker = { site: 'site', servers, ca: null }
      const { rep, general } = who
      const credential = enrol(config.workstationsFile, { workstation: name, rep, general }, broker, new Date())
      const credentialFile = join(folder, `${name}.json`)
      writeFileSync(credentialFile, JSON.stringify(credential))
      const policy = join(folder, `${name}-policy.json`)
      const settings = { 'relay.credentialFile': credentialFile, 'browser.port': 0, 'setup.done': true }
      writeFileSync(policy, JSON.stringify({ ...settings, 'listener.token': TOKEN }))
      const data = join(folder, name)
      let running: Running | null = null
      return {
        name,
        who,
        journal: join(data, 'journal.db'),
        errors: () => running?.errors() ?? '',
        start: () => (running = start({ ...installation, policy, data })),
        end: async () => {
          running?.child.kill('SIGKILL')
          await running?.exited
        },
      }
    },
  }
}

/** Starts broker and relay, again and again where one of them does not come up yet. */
export async function startAgain(part: Part): Promise<void> {
  const deadline = Date.now() + READY_WITHIN
  for (;;) {
    try {
      await part.start()
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await setTimeout(200)
    }
  }
}
