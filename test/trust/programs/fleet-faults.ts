import { setTimeout } from 'node:timers/promises'
import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { createWatcher, install } from '../support/application.ts'
import { createCuts } from '../support/cutting.ts'
import { createFleet, startAgain, whyNoBroker, type Part, type Station } from '../support/fleet.ts'
import { createProxy, FAIR } from '../support/proxy.ts'
import { createSender, posting } from '../support/sender.ts'
import {
  failuresOf,
  historiesOf,
  judge,
  readStation,
  sumOf,
  transfersTo,
  unsureOf,
  wandering,
} from '../support/wandering.ts'

const REPS = ['12', '13', '14', '15']
const TEAMS = { '5': ['12', '13'], '7': ['14'] }
const SENDERS = 3
/** Events a second of each sender at most. */
const PAUSE = 15
/** Of all posts: cut on the way there, cut on the way back. */
const CUTS = { before: 0.05, after: 0.1 }
/** Between workstations and broker. */
const STORM = { reset: 0.01, halve: 0.01, slow: 0.05, delay: 150 }
const ORDERS = [
  ['relay', 'broker', 'workstation'],
  ['broker', 'workstation', 'relay'],
  ['workstation', 'relay', 'broker'],
  ['workstation', 'broker', 'relay'],
] as const
/** Between faults, and until what was killed is started again, at most (ms). */
const BETWEEN = 700
const DOWN = 500
/** The broker is away this long at the end (ms), and what is still on its way has so long to arrive. */
const AWAY = { short: 3_000, long: 60_000 }
const SETTLE = 30_000
/** So much of the time that is given is kept for the end (ms). */
const RESERVE = 20_000

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const skipped = await whyNoBroker()
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const fleet = await createFleet({ teams: TEAMS })
  const proxy = await createProxy(fleet.brokerPort, random.fork('weather'), STORM)
  const installation = await install()
  const stations = REPS.map((rep, index) => {
    const teams = Object.entries(TEAMS).flatMap(([team, reps]) => (reps.includes(rep) ? [team] : []))
    return fleet.addStation(installation, `ws-${rep}`, { rep, teams, general: index % 2 === 0 }, [
      `nats://127.0.0.1:${proxy.port}`,
    ])
  })
  const watchers = new Map(stations.map((station) => [station.name, createWatcher()]))
  function begin(station: Station): void {
    const running = station.start()
    void running.window.then((link) => (link === null ? undefined : watchers.get(station.name)?.watch(link)))
  }
  await fleet.broker.start()
  await fleet.relay.start()
  for (const station of stations) begin(station)

  const whole = posting(fleet.port)
  const { post, counts } = createCuts(fleet.port, whole, random.fork('cuts'), CUTS)
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`s${index}`, wandering(`s${index}`, random.fork(`s${index}`), REPS, Object.keys(TEAMS))),
  )
  const acknowledged = () => senders.reduce((sum, { acknowledged: { length } }) => sum + length, 0)
  let isOver = false
  const slowly = async (body: string) => {
    await setTimeout(random.next() * PAUSE)
    return post(body)
  }
  const sending = senders.map((sender) => sender.run(slowly, () => isOver, true))

  async function kill(part: Part): Promise<void> {
    await part.end()
    await setTimeout(random.next() * DOWN)
    await startAgain(part)
  }
  async function killStation(): Promise<void> {
    const station = random.pick(stations)
    await station.end()
    await setTimeout(random.next() * DOWN)
    begin(station)
  }
  const kills = { relay: 0, broker: 0, workstation: 0 }
  const faults = {
    relay: () => kill(fleet.relay),
    broker: () => kill(fleet.broker),
    workstation: killStation,
  } as const
  let done = 0
  while (done < rounds && Date.now() < deadline - RESERVE) {
    for (const what of random.pick(ORDERS)) {
      await setTimeout(random.next() * BETWEEN)
      await faults[what]()
      kills[what] += 1
    }
    done += 1
    if (done % 10 === 0) log(`${done} rounds, ${acknowledged()} events`)
  }
  await fleet.broker.end()
  await setTimeout(rounds > 20 ? AWAY.long : AWAY.short)
  await startAgain(fleet.broker)
  await setTimeout(1_000)
  isOver = true
  await Promise.all(sending)
  whole.close()
  proxy.weather = FAIR

  const histories = historiesOf(senders)
  const unsure = unsureOf(senders)
  const verdicts = () => stations.map(({ journal, who }) => judge(readStation(journal), histories, who, unsure))
  const until = Date.now() + SETTLE
  while (Date.now() < until && ((await fleet.lag()) !== 0 || sumOf(verdicts()).lost > 0)) await setTimeout(500)
  const words = stations.map((station) => `${station.name}: ${station.errors().slice(-500)}`)
  for (const station of stations) await station.end()
  await fleet.relay.end('SIGTERM')
  await fleet.broker.end('SIGTERM')
  proxy.close()

  const sum = sumOf(verdicts())
  const twice = stations.flatMap(({ name, who }) => {
    const transfers = transfersTo(who.rep, senders)
    const told = [...(watchers.get(name)?.shown.values() ?? [])].filter(({ kind }) => kind === 'transferred')
    return [...Map.groupBy(told, ({ lsid }) => lsid)].flatMap(([lsid, { length }]) =>
      length > (transfers.get(lsid ?? '') ?? 0) ? [`${name} ${lsid}`] : [],
    )
  })
  const failures = [...failuresOf(sum)]
  if (failures.length > 0) failures.push(...words)
  if (twice.length > 0) failures.push(`told twice: ${twice.slice(0, 5).join(', ')}`)
  if (done < rounds) failures.push(`Only ${done} of ${rounds} rounds in the time that was given.`)
  if (counts.after === 0 || proxy.counts.connections <= stations.length) failures.push('Nothing was cut.')
  return {
    figures: {
      'kills of the relay': kills.relay,
      'kills of the broker': kills.broker,
      'kills of a workstation': kills.workstation,
      'answered 200': acknowledged(),
      'posts that were cut': counts.before + counts.after,
      'connections of workstations': proxy.counts.connections,
      'of these reset or halved': proxy.counts.reset + proxy.counts.halved,
      'told twice': twice.length,
      ...sum,
    },
    failures,
  }
}

export const program: TrustProgram = {
  name: 'fleet-faults',
  about: 'SIGKILL of relay, broker and workstations under load, on a network that cuts, halves and slows',
  rounds: { short: 5, long: 100 },
  run,
}
