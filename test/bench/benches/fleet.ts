/** The relay beside the listener of one workstation, and a whole site attached to one server. */
import { loadavg } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { median, quantile, SELF, type Bench, type Figure } from '../bench.ts'
import { eventBody, openSender, postInTurn, takeNumber } from '../client.ts'
import { present } from '../servers/crowd.ts'
import { startBenchSite, type BenchSite } from '../site.ts'
import { startSelf } from '../targets.ts'

const WARM_UP = 200
const MEBIBYTE = 1024 * 1024
/** Sent so long before measuring begins (ms), so that programs are warm. */
const WARMING = 2_000
const BACK_WITHIN = 60

/** Posts events to one representative after the other, so many a second; the times from post to workstation (ms). */
async function deliver(site: BenchSite, reps: number, rate: number, ms: number): Promise<readonly number[]> {
  const sender = await openSender(site.relay)
  const began = performance.now()
  try {
    for (let sent = 0; performance.now() - began < ms; sent += 1) {
      const wait = began + (sent * 1000) / rate - performance.now()
      if (wait > 1) await setTimeout(wait)
      const number = takeNumber()
      const rep = (number * 7919) % reps
      const body = eventBody(number, {
        event: 'support_conference_owner_changed',
        lsid: `session-of-${rep}-${Math.floor(number / 5000)}`,
        conference_id: `rep:${rep}`,
        sent: String(present()),
      })
      const status = await sender.post(body)
      if (status !== 200) throw new Error(`The relay answered ${status}.`)
    }
  } finally {
    sender.close()
  }
  await setTimeout(1_000)
  return (await site.take()).times
}

const figure = (what: string, unit: Figure['unit'], values: readonly number[], most?: number): Figure => ({
  what,
  unit,
  values: { [SELF]: values },
  ...(most === undefined ? {} : { goal: { kind: 'most', to: null, times: most } }),
})

async function againstListener(rounds: number, count: number): Promise<Figure> {
  const site = await startBenchSite(0)
  const listener = await startSelf()
  const values: { [SELF]: number[]; listener: number[] } = { [SELF]: [], listener: [] }
  try {
    for (const target of [site.relay, listener]) await postInTurn(target, WARM_UP)
    for (let round = 0; round < rounds; round += 1) {
      values[SELF].push(median(await postInTurn(site.relay, count)))
      values.listener.push(median(await postInTurn(listener, count)))
    }
  } finally {
    await listener.stop()
    await site.stop()
  }
  return {
    what: 'POST → 200 at the relay, p50',
    unit: 'ms',
    values,
    goal: { kind: 'most', to: 'listener', times: 2.2 },
  }
}

async function withSome(reps: number, rounds: number, ms: number): Promise<readonly Figure[]> {
  const site = await startBenchSite(2)
  const p50: number[] = []
  const p99: number[] = []
  try {
    await site.attach(reps)
    await deliver(site, reps, 100, WARMING)
    for (let round = 0; round < rounds; round += 1) {
      const times = await deliver(site, reps, 200, ms)
      p50.push(median(times))
      p99.push(quantile(times, 0.99))
    }
  } finally {
    await site.stop()
  }
  return [
    figure(`POST → workstation, ${reps} attached, 200/s, p50`, 'ms', p50),
    figure(`POST → workstation, ${reps} attached, 200/s, p99`, 'ms', p99, 15),
  ]
}

async function withMany(reps: number, ms: number, log: (line: string) => void): Promise<readonly Figure[]> {
  const site = await startBenchSite(2)
  try {
    const { seconds } = await site.attach(reps)
    log(`${reps} attached after ${seconds.toFixed(1)} s`)
    await deliver(site, reps, 20, WARMING)
    const times = await deliver(site, reps, 20, ms)
    const { broker, relay } = site.memory()
    await site.killBroker()
    const down = performance.now()
    await site.startBroker()
    const restarted = (performance.now() - down) / 1000
    const back = await site.whenAttached(reps, BACK_WITHIN)
    log(`the broker was up again after ${restarted.toFixed(1)} s, all were back ${back.toFixed(1)} s later`)
    const after = site.memory()
    const name = (what: string) => `${reps} attached: ${what}`
    return [
      figure(name('attached a second'), '/s', [reps / seconds]),
      figure(name('memory of the broker'), 'MiB', [broker / MEBIBYTE]),
      figure(name('memory of the relay'), 'MiB', [relay / MEBIBYTE]),
      figure(name('memory of both'), 'MiB', [(broker + relay) / MEBIBYTE], 1.2 * 1024),
      figure(name('memory of both after the kill'), 'MiB', [(after.broker + after.relay) / MEBIBYTE]),
      figure(name('POST → workstation, p50'), 'ms', [median(times)]),
      figure(name('POST → workstation, p99'), 'ms', [quantile(times, 0.99)]),
      {
        ...figure(name('all back after the broker is, seconds'), '', [back]),
        goal: { kind: 'most', to: null, times: 10 },
      },
    ]
  } finally {
    await site.stop()
  }
}

export const bench: Bench = {
  name: 'fleet',
  about: 'a whole site: relay, broker, and workstations that are attached',
  run: async ({ short, log }) => {
    log(
      `load of the machine: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}`,
    )
    const first = await againstListener(short ? 3 : 9, short ? 300 : 1_500)
    const some = await withSome(short ? 100 : 500, short ? 1 : 5, short ? 3_000 : 10_000)
    log(
      `load of the machine: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}`,
    )
    const many = await withMany(short ? 1_000 : 10_000, short ? 3_000 : 15_000, log)
    return [first, ...some, ...many]
  },
}
