import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { tokenHash } from '../../../main/events/listener.ts'
import type { Entitlement } from '../../../main/relay/audience.ts'
import { startRelay } from '../../../main/relay/relay.ts'
import { enrol } from '../../../main/relay/workstations.ts'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { TOKEN } from '../support/application.ts'
import { startFeedStation } from '../support/feed-station.ts'
import { createFleet, whyNoBroker, type Fleet } from '../support/fleet.ts'
import { createSender, posting } from '../support/sender.ts'
import { failuresOf, historiesOf, judge, sumOf, unsureOf, wandering, type FleetVerdict } from '../support/wandering.ts'

const REPS = Array.from({ length: 10 }, (_, index) => String(10 + index))
const TEAMS = Array.from({ length: 6 }, (_, index) => String(1 + index))
const WORKSTATIONS = 10
const SENDERS = 4
/** Events of one table of audiences. */
const EVENTS = 400
const ATTACH_WITHIN = 20_000
const SETTLE = 20_000
const RESERVE = 10_000

/** One random table: who works where, who is in which team, who is given the general queue. */
async function runTable(fleet: Fleet, table: number, random: Random): Promise<FleetVerdict & { onWire: number }> {
  const teams = Object.fromEntries(TEAMS.map((team) => [team, REPS.filter(() => random.chance(0.3))]))
  const config = {
    ...fleet.config,
    teams,
    site: `site${table}`,
    metrics: null,
    listener: { ...fleet.config.listener, port: 0 },
  }
  const log = () => undefined
  const options = {
    config,
    tokenHashes: [tokenHash(TOKEN)],
    computer: 'localhost',
    passphrase: null,
    client: null,
    now: Date.now,
    elapsed: () => performance.now(),
    log,
  }
  const relay = await startRelay(options)
  const broker = { site: config.site, servers: [`nats://127.0.0.1:${fleet.brokerPort}`], ca: null }
  const folder = join(fleet.folder, `table-${table}`)
  mkdirSync(folder)
  const stations = Array.from({ length: WORKSTATIONS }, (_, index) => {
    const rep = random.pick(REPS)
    const mine = TEAMS.filter((team) => teams[team]?.includes(rep))
    const who: Entitlement = { rep, teams: mine, general: random.chance(0.5) }
    const workstation = `t${table}-${index}`
    const credential = enrol(config.workstationsFile, { workstation, rep, general: who.general }, broker, new Date())
    return { who, ...startFeedStation(folder, credential, workstation) }
  })
  try {
    const attachedBy = Date.now() + ATTACH_WITHIN
    while (stations.some((station) => station.status().kind !== 'attached')) {
      if (Date.now() > attachedBy) throw new Error('The workstations do not attach.')
      await setTimeout(10)
    }
    const [, port = '0'] = /:(\d+)$/.exec(relay.addresses()[0] ?? '') ?? []
    const post = posting(Number(port), true)
    const senders = Array.from({ length: SENDERS }, (_, index) =>
      createSender(`${table}-${index}`, wandering(`${table}-${index}`, random.fork(`${table} ${index}`), REPS, TEAMS)),
    )
    const sent = () => senders.reduce((sum, { acknowledged: { length } }) => sum + length, 0)
    await Promise.all(senders.map((sender) => sender.run(post, () => sent() >= EVENTS)))
    post.close()
    const histories = historiesOf(senders)
    const unsure = unsureOf(senders)
    const verdict = () => sumOf(stations.map(({ got, who }) => judge(got, histories, who, unsure)))
    const until = Date.now() + SETTLE
    while (Date.now() < until && (relay.figures().lag !== 0 || verdict().lost > 0)) await setTimeout(10)
    const wire = sumOf(stations.map(({ onWire, who }) => judge(onWire, histories, who, unsure)))
    return { ...verdict(), foreign: wire.foreign, onWire: wire.events }
  } finally {
    for (const station of stations) await station.stop()
    await relay.stop()
  }
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const skipped = await whyNoBroker()
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const fleet = await createFleet()
  await fleet.broker.start()
  const verdicts: (FleetVerdict & { onWire: number })[] = []
  const deliveries = () => verdicts.reduce((sum, { onWire }) => sum + onWire, 0)
  while (deliveries() < rounds && Date.now() < deadline - RESERVE) {
    verdicts.push(await runTable(fleet, verdicts.length, random.fork(`table ${verdicts.length}`)))
    if (verdicts.length % 10 === 0) log(`${deliveries().toLocaleString('en')} deliveries`)
  }
  await fleet.broker.end('SIGTERM')
  const sum = sumOf(verdicts)
  const failures = [...failuresOf(sum)]
  if (deliveries() < rounds) failures.push(`Only ${deliveries()} of ${rounds} deliveries in the time that was given.`)
  return { figures: { tables: verdicts.length, 'deliveries on the wire': deliveries(), ...sum }, failures }
}

export const program: TrustProgram = {
  name: 'fleet-audience',
  about: 'deliveries under random tables of audiences through a real broker: nobody gets what they may not see',
  rounds: { short: 5_000, long: 100_000 },
  run,
}
