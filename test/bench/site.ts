/** A site for benches: nats-server and relay as processes of their own, and a crowd of workstations in several more. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { setUpBroker, startBroker, type Broker } from '../../scripts/broker.ts'
import { root, startTarget, TOKEN, type Target } from './targets.ts'
import type { Order, Taken } from './servers/crowd.ts'

/** As the service's unit has it: otherwise Go lets memory grow to twice of what is in use. */
const BROKER = { GOMEMLIMIT: '900MiB' }
const CROWD = join(import.meta.dirname, 'servers/crowd.ts')

export interface BenchSite {
  readonly relay: Target
  /** Makes so many workstations, each of a representative of the same number, and attaches them. */
  attach(count: number): Promise<{ readonly seconds: number }>
  take(): Promise<Taken>
  /** Waits until so many are attached; the seconds that it took. @throws if they are not within so many */
  whenAttached(count: number, within: number): Promise<number>
  killBroker(): Promise<void>
  startBroker(): Promise<void>
  /** Memory that broker and relay have (bytes). */
  memory(): { readonly broker: number; readonly relay: number }
  stop(): Promise<void>
}

function residentOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** @param processes for the crowd */
export async function startBenchSite(processes: number): Promise<BenchSite> {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-bench-'))
  const port = await setUpBroker(folder, 'site')
  let broker: Broker | null = await startBroker(folder, undefined, BROKER)
  const config = join(folder, 'relay.json')
  const written = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>
  writeFileSync(
    config,
    JSON.stringify({ ...written, listener: { addresses: ['127.0.0.1'], port: 0 }, metrics: undefined }),
  )
  const table = join(folder, 'workstations.json')
  const relay = await startTarget('relay', process.execPath, [join(root, 'dist/main/relay.js'), '--config', config], {
    word: 'listening',
    path: `/events?token=${TOKEN}`,
    folder,
    env: { REP_TRAY_LISTENER_TOKEN: TOKEN },
  })
  const crowd: ChildProcess[] = []

  async function tell<Answer>(child: ChildProcess, order: Order): Promise<Answer> {
    const answered = once(child, 'message') as Promise<[{ answer: Answer }]>
    child.send(order)
    return (await answered)[0].answer
  }

  async function take(): Promise<Taken> {
    const all = await Promise.all(crowd.map((child) => tell<Taken>(child, { type: 'take' })))
    return {
      times: all.flatMap(({ times }) => times),
      attached: all.reduce((sum, { attached }) => sum + attached, 0),
      connections: all.reduce((sum, { connections }) => sum + connections, 0),
    }
  }

  async function whenAttached(count: number, within: number): Promise<number> {
    const from = performance.now()
    for (;;) {
      const { attached } = await take()
      const seconds = (performance.now() - from) / 1000
      if (attached >= count) return seconds
      if (seconds > within) throw new Error(`Only ${attached} of ${count} are attached after ${within} s.`)
      await setTimeout(50)
    }
  }

  return {
    relay,
    take,
    whenAttached,
    attach: async (count) => {
      const each = Math.ceil(count / processes)
      const lines: Record<string, unknown> = {}
      for (let index = 0; index < processes; index += 1) crowd.push(fork(CROWD))
      const made = await Promise.all(
        crowd.map((child, index) => tell<string[]>(child, { type: 'make', first: index * each, count: each })),
      )
      for (const [number, nkey] of made.flat().entries())
        lines[`ws-${number}`] = { nkey, rep: String(number), general: false, enrolled: '2026-01-01' }
      writeFileSync(table, JSON.stringify(lines))
      const server = `nats://127.0.0.1:${port}`
      await Promise.all(crowd.map((child) => tell(child, { type: 'attach', server })))
      return { seconds: await whenAttached(each * processes, 180) }
    },
    killBroker: async () => {
      await broker?.end('SIGKILL')
      broker = null
    },
    startBroker: async () => {
      broker = await startBroker(folder, undefined, BROKER)
    },
    memory: () => ({ broker: residentOf(broker?.pid ?? 0), relay: residentOf(relay.process.pid ?? 0) }),
    stop: async () => {
      for (const child of crowd) child.kill('SIGKILL')
      await relay.stop()
      await broker?.end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
