import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createAppliance } from '../../appliance/appliance.ts'
import { createTraffic } from '../../appliance/traffic.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { createWatcher, install, start, temporaryFolder, TOKEN } from '../support/application.ts'
import { fastForward, figuresIn, type Figures } from '../support/fast-forward.ts'
import { compare, failuresOf, readJournal } from '../support/history.ts'
import { holds } from '../support/inside.ts'
import type { Sent } from '../support/sender.ts'

/** A site's day, and how much of it passes in a second. */
const DAY = 86_400_000
const EVENTS_OF_DAY = 50_000
const SPEED = 144
const MiB = 1024 * 1024
/** The log beside the journal never gets larger than this. */
const LOG = 8 * MiB
/** After a fifth of it all is warm; from then on memory is flat. Of a short run that says little. */
const WARM = 0.2
const DRIFT = 0.1
const TELLING = 20_000
/** Between two looks (ms). */
const PACE = 1_000

interface Sample extends Figures {
  readonly events: number
  readonly files: number
  readonly log: number
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

/** How much more it is in the last third than in the first one after it is warm. */
function driftOf(samples: readonly Sample[], what: (sample: Sample) => number): number {
  const warm = samples.slice(Math.floor(samples.length * WARM))
  const third = Math.max(1, Math.floor(warm.length / 3))
  return median(warm.slice(-third).map(what)) / median(warm.slice(0, third).map(what)) - 1
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const root = temporaryFolder()
  const { node, clock } = fastForward(root, SPEED)
  const installation = { ...(await install(join(root, 'data'))), node }
  const watcher = createWatcher()
  const app = start(installation)
  const port = await app.port
  if (port === null) return { figures: {}, failures: [`it did not start: ${app.errors().slice(-500)}`] }
  await watcher.watch((await app.window) ?? '')
  const { pid = 0 } = app.child

  const acknowledged = new Map<string, Sent>()
  const appliance = createAppliance({
    clock,
    seed,
    lostReply: 0.002,
    retryIntervalMs: 1,
    historyLimit: 1_000,
    onSettled: ({ outcome, event: { variables } }) => {
      const body = new URLSearchParams(variables.map(([name, value]) => [name, value])).toString()
      // What happens twice within a second is one event: its clock ticks in seconds.
      if (outcome === 'acknowledged' && !acknowledged.has(body)) acknowledged.set(body, { lsid: '', body })
    },
  })
  appliance.addRecipient(`http://127.0.0.1:${port}/events?token=${TOKEN}`, { keepAlive: true })
  const traffic = createTraffic(appliance, { live: 60, you: 12 })
  const stop = new AbortController()
  const rate = (EVENTS_OF_DAY / DAY) * 1_000
  const sending = traffic.run({ rate, events: rounds, signal: stop.signal })
  const progress = { isOver: false }
  void sending.finally(() => {
    progress.isOver = true
  })

  const samples: Sample[] = []
  const failures: string[] = []
  let largestLog = 0
  let asked = 0
  const logSize = () => statSync(join(installation.data, 'journal.db-wal'), { throwIfNoEntry: false })?.size ?? 0
  while (!progress.isOver && Date.now() < deadline && app.child.exitCode === null) {
    await setTimeout(PACE)
    largestLog = Math.max(largestLog, logSize())
    app.child.kill('SIGUSR2')
    asked += 1
    if (!(await holds(() => figuresIn(app.errors()).last !== null, 5_000))) continue
    const { last } = figuresIn(app.errors())
    const files = readdirSync(`/proc/${pid}/fd`).length
    if (last !== null) samples.push({ ...last, files, log: logSize(), events: appliance.posted })
    if (asked % 60 === 0) log(`${appliance.posted} events, heap ${Math.round((last?.heapUsed ?? 0) / MiB)} MiB`)
  }
  stop.abort()
  await sending
  await appliance.idle()
  const { posted, dropped } = appliance
  await appliance.close()
  const state = watcher.state()
  if (app.child.exitCode !== null) failures.push(`it ended by itself: ${app.errors().slice(-500)}`)
  app.child.kill('SIGTERM')
  await app.exited
  const stored = readJournal(join(installation.data, 'journal.db'))
  const sessions = new Set(stored.rows.map(({ lsid }) => lsid)).size

  const warm = samples.slice(Math.floor(samples.length * WARM))
  const heap = driftOf(samples, ({ heapUsed }) => heapUsed)
  const rss = driftOf(samples, (sample) => sample.rss)
  const files = Math.max(...warm.map((sample) => sample.files)) - Math.min(...warm.map((sample) => sample.files))
  const resources = driftOf(samples, (sample) => sample.resources)
  const isTelling = posted >= TELLING
  if (isTelling && heap > DRIFT) failures.push(`the heap grows: ${(heap * 100).toFixed(1)} %`)
  if (isTelling && rss > DRIFT) failures.push(`memory grows: ${(rss * 100).toFixed(1)} %`)
  if (largestLog > LOG) failures.push(`the log had ${largestLog} bytes`)
  if (files > 8) failures.push(`${files} files more or fewer are open`)
  if (dropped > 0) failures.push(`${dropped} events were given up`)
  const verdict = compare(stored, [{ acknowledged: [...acknowledged.values()], pending: () => null }])
  failures.push(...failuresOf(verdict, stored.integrity))
  return {
    figures: {
      hours: ((posted / EVENTS_OF_DAY) * 24).toFixed(1),
      events: posted,
      'distinct ones': acknowledged.size,
      stored: stored.rows.length,
      sessions,
      'came again': state?.health.repeated ?? 0,
      'heap at the end (MiB)': Math.round((samples.at(-1)?.heapUsed ?? 0) / MiB),
      'heap drift (%)': (heap * 100).toFixed(1),
      'memory at the end (MiB)': Math.round((samples.at(-1)?.rss ?? 0) / MiB),
      'memory drift (%)': (rss * 100).toFixed(1),
      'open files, most less least': files,
      'busy resources drift (%)': (resources * 100).toFixed(1),
      'largest log (MiB)': (largestLog / MiB).toFixed(1),
      alerts: watcher.shown.size,
      ...verdict,
    },
    failures,
  }
}

export const program: TrustProgram = {
  name: 'day',
  about: 'a day of a site with a window open, in fast-forward: memory, log and open files stay as they are',
  rounds: { short: 700, long: 50_000 },
  run,
}
