import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { install, start, TOKEN } from '../support/application.ts'
import type { Crowd, Dispersal } from '../support/crowd.ts'
import { compare, failuresOf, readJournal } from '../support/history.ts'
import { watchMemory } from '../support/memory.ts'
import { createSender, posting, transfers, type Post } from '../support/sender.ts'

/** Slow senders, silent connections, and events at one stroke. */
const [SLOW, SILENT, BURST] = [2_000, 10_000, 10_000]
/** All of them are gone after so long, and an honest event is answered within that (ms, the 99th of a hundred). */
const [LONGEST, MOST_P99] = [6_000, 10]
/** Between two honest events (ms). */
const PAUSE = 4
const PATH = `/events?token=${TOKEN}`

async function send(crowd: Crowd): Promise<Dispersal> {
  const child = fork(join(import.meta.dirname, '../support/crowd.ts'))
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  child.send(crowd)
  const [dispersal] = (await once(child, 'message')) as [Dispersal]
  await once(child, 'exit')
  process.off('exit', kill)
  return dispersal
}

function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

async function run({ rounds, deadline, log }: TrustContext): Promise<Outcome> {
  const installation = await install()
  const app = start(installation)
  const port = await app.port
  const { pid } = app.child
  if (port === null || pid === undefined) return { figures: {}, failures: [`It did not start: ${app.errors()}`] }
  const memory = watchMemory(pid)
  const failures: string[] = []
  const figures: Record<string, number | string> = {}
  const most = (name: string, value: number) => {
    figures[name] = Math.max(Number(figures[name] ?? 0), Math.round(value * 100) / 100)
  }

  // One appliance that keeps its connection, and one that makes a new one for each event.
  const posts = [posting(port, true), posting(port, false)]
  const senders = ['keeping', 'new'].map((name) => createSender(name, transfers(name)))
  let times: number[] = []
  /** The 99th of a hundred before anything happened. */
  let calm = 0
  let isRunning = true
  const timed =
    (post: Post): Post =>
    async (body) => {
      await setTimeout(PAUSE)
      const began = performance.now()
      const status = await post(body)
      times.push(performance.now() - began)
      return status
    }
  /**
   * On a machine that is busy with something else times say nothing: they are shown then, and not judged. One round is no
   * measurement either: other work may begin in the midst of it.
   */
  const isShort = rounds === 1
  const isBusy = () => isShort || calm >= MOST_P99 / 2
  const honest = senders.map((sender, index) => sender.run(timed(posts[index] as Post), () => !isRunning, true))

  /** Lets something happen, and looks at how honest events fare meanwhile. */
  async function during<Value>(name: string, happening: Promise<Value>): Promise<Value> {
    times = []
    const value = await happening
    most(`${name}: honest p50 (ms)`, percentile(times, 0.5))
    most(`${name}: honest p99 (ms)`, percentile(times, 0.99))
    const p99 = percentile(times, 0.99)
    if (name === 'before') calm = p99
    if (!isBusy() && p99 >= MOST_P99) {
      failures.push(
        `${name}: the 99th of a hundred honest events took ${p99.toFixed(1)} ms (${calm.toFixed(1)} before)`,
      )
    }
    return value
  }

  function judge(name: string, dispersal: Dispersal, count: number): void {
    most(`${name}: opened`, dispersal.opened)
    most(`${name}: longest (ms)`, dispersal.longest)
    if (dispersal.opened < count && !isBusy())
      failures.push(`${name}: ${dispersal.opened} opened ${JSON.stringify(dispersal.failed)}`)
    if (dispersal.left > 0) failures.push(`${name}: ${dispersal.left} are there still`)
    if (dispersal.longest > (isBusy() ? 2 * LONGEST : LONGEST))
      failures.push(`${name}: one stayed for ${Math.round(dispersal.longest)} ms`)
  }

  async function burst(): Promise<void> {
    const post = posting(port ?? 0, true)
    let next = 0
    let answered = 0
    const began = performance.now()
    const lanes = Array.from({ length: 16 }, async () => {
      while (next < BURST && Date.now() < deadline - 3_000) {
        next += 1
        const body = `event=burst&version=1&lsid=burst-${next % 100}&timestamp=${Math.floor(Date.now() / 1000)}&number=${next}`
        if ((await post(body)) === 200) answered += 1
      }
    })
    await Promise.all(lanes)
    post.close()
    most('burst: events a second', (answered / (performance.now() - began)) * 1000)
    if (answered < next) failures.push(`burst: ${next - answered} of ${next} were not answered 200`)
  }

  const common = { port, path: PATH, patience: LONGEST + 4_000 }
  await setTimeout(500)
  await during('before', setTimeout(1_500))
  let done = 0
  for (; done < rounds && Date.now() < deadline - 45_000; done += 1) {
    const slow = { ...common, count: SLOW, kind: 'slow', pace: 50 } as const
    judge('slow', await during('slow', send(slow)), SLOW)
    const silent = { ...common, count: SILENT, kind: 'silent', pace: 50 } as const
    judge('silent', await during('silent', send(silent)), SILENT)
    // While thousands come and go. An event in the crowd waits for those before it: that is the burst's doing, not theirs.
    const crowd = send(silent)
    await setTimeout(500)
    await burst()
    judge('silent', await crowd, SILENT)
    log(`${done + 1} rounds, ${Math.round(memory.now())} MiB`)
  }
  isRunning = false
  await Promise.all(honest)
  for (const post of posts) post.close()
  memory.stop()
  if (isBusy())
    figures['times'] = isShort ? 'not judged in one round' : 'not judged: the machine was busy before it began'
  most('rounds', done)
  most('memory at most (MiB)', memory.most())
  const errors = app.errors()
  if (app.child.exitCode !== null) failures.push(`The application ended: ${errors.slice(-1_000)}`)
  if (/internal error|unhandled/i.test(errors)) failures.push(`An error that nobody caught: ${errors.slice(-1_000)}`)
  app.child.kill('SIGTERM')
  await app.exited
  const stored = readJournal(`${installation.data}/journal.db`)
  failures.push(...failuresOf({ ...compare(stored, senders), strange: 0 }, stored.integrity))
  const acknowledged = senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  const tries = senders.reduce((sum, sender) => sum + sender.tries(), 0)
  return { figures: { ...figures, 'honest events': acknowledged, 'tried again': tries - acknowledged }, failures }
}

export const program: TrustProgram = {
  name: 'sockets',
  about: 'thousands of slow and silent connections and a burst, with honest events meanwhile',
  rounds: { short: 1, long: 10 },
  run,
}
