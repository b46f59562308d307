import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { tokenHash } from '../../../main/events/listener.ts'
import type { Entitlement } from '../../../main/relay/audience.ts'
import { LEASE } from '../../../main/relay/leases.ts'
import { startRelay } from '../../../main/relay/relay.ts'
import { enrol, revoke } from '../../../main/relay/workstations.ts'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { TOKEN } from '../support/application.ts'
import { startFeedStation } from '../support/feed-station.ts'
import { createFleet, whyNoBroker, type Fleet } from '../support/fleet.ts'
import { createSender, posting } from '../support/sender.ts'
import { failuresOf, historiesOf, judge, sumOf, unsureOf, wandering, type FleetVerdict } from '../support/wandering.ts'

const REPS = ['12', '13', '14']
const HOUR = 3_600_000
/** By so much the clocks are set (ms). */
const JUMPS = [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 2 * 365 * 24 * HOUR, -365 * 24 * HOUR] as const
const WITHIN = 20_000
/** What was taken back may come for so long (ms): the table is looked at once a second. */
const CUT_WITHIN = 3_000
/** Two sessions of one workstation that fought for it would connect again and again. */
const MOST_CONNECTIONS = 6

async function until(probe: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + WITHIN
  while (!probe()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await setTimeout(10)
  }
}

async function runRound(
  fleet: Fleet,
  number: number,
  random: Random,
): Promise<{ verdict: FleetVerdict; after: number }> {
  const clock = { relay: 0, station: 0, passed: 0 }
  const listener = { ...fleet.config.listener, port: 0 }
  const config = { ...fleet.config, site: `site${number}`, metrics: null, listener }
  const relay = await startRelay({
    config,
    tokenHashes: [tokenHash(TOKEN)],
    computer: 'localhost',
    passphrase: null,
    client: null,
    now: () => Date.now() + clock.relay,
    elapsed: () => performance.now() + clock.passed,
    log: () => undefined,
  })
  const broker = { site: config.site, servers: [`nats://127.0.0.1:${fleet.brokerPort}`], ca: null }
  const folder = join(fleet.folder, `round-${number}`)
  mkdirSync(folder)
  const stationNow = () => Date.now() + clock.station
  const begin = (rep: string, name: string, credential = made(rep)) => ({
    who: { rep, teams: [], general: true } satisfies Entitlement,
    credential,
    ...startFeedStation(folder, credential, name, stationNow),
  })
  const made = (rep: string) =>
    enrol(config.workstationsFile, { workstation: `r${number}-${rep}`, rep, general: true }, broker, new Date())
  const [first, honest, dismissed] = REPS.map((rep) => begin(rep, `one-${rep}`))
  if (first === undefined || honest === undefined || dismissed === undefined) throw new Error('There are too few.')
  const stations = [first, honest, dismissed]
  const [, port = '0'] = /:(\d+)$/.exec(relay.addresses()[0] ?? '') ?? []
  const post = posting(Number(port), true)
  const sender = createSender(`r${number}`, wandering(`r${number}`, random, REPS, []))
  let isOver = false
  const sending = sender.run(
    async (body) => {
      await setTimeout(3)
      return post(body)
    },
    () => isOver,
    true,
  )
  try {
    for (const station of stations) await until(() => station.status().kind === 'attached', 'all are attached')

    // Somebody starts a copy: it is newer, and has it from now on.
    const copy = begin('12', 'copy-12', first.credential)
    stations.push(copy)
    await until(() => first.status().kind === 'displaced', 'the older one is displaced')
    await until(() => copy.status().kind === 'attached', 'the newer one is attached')

    for (const what of ['relay', 'station'] as const) {
      clock[what] += random.pick(JUMPS)
      await setTimeout(100 + random.next() * 200)
    }

    revoke(config.workstationsFile, dismissed.credential.workstation)
    await setTimeout(CUT_WITHIN)
    const cutAt = dismissed.onWire.length
    await setTimeout(500)
    const after = dismissed.onWire.length - cutAt

    await copy.stop()
    stations.pop()
    // The broker takes no permission that is made out by a clock which goes wrong by hours.
    clock.relay = 0
    clock.passed += LEASE + 1_000
    first.feed.retry()
    await until(() => first.status().kind === 'attached', 'the older one is attached again')
    await setTimeout(200)
    isOver = true
    await sending
    const histories = historiesOf([sender])
    const unsure = unsureOf([sender])
    const verdict = () => sumOf([first, honest].map(({ got, who }) => judge(got, histories, who, unsure)))
    await until(() => verdict().lost === 0, 'all has come').catch(() => undefined)
    const { foreign, misordered, repeated } = judge(dismissed.got, histories, dismissed.who, unsure)
    if (first.connections() + copy.connections() > MOST_CONNECTIONS)
      throw new Error('Two sessions fight for one place.')
    const own = verdict()
    return {
      after,
      verdict: {
        ...own,
        foreign: own.foreign + foreign,
        misordered: own.misordered + misordered,
        repeated: own.repeated + repeated,
      },
    }
  } finally {
    isOver = true
    await sending
    post.close()
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
  const verdicts: FleetVerdict[] = []
  let after = 0
  while (verdicts.length < rounds && Date.now() < deadline - WITHIN) {
    const outcome = await runRound(fleet, verdicts.length, random.fork(`round ${verdicts.length}`))
    verdicts.push(outcome.verdict)
    after += outcome.after
    if (verdicts.length % 10 === 0) log(`${verdicts.length} rounds`)
  }
  await fleet.broker.end('SIGTERM')
  const sum = sumOf(verdicts)
  return {
    figures: { rounds: verdicts.length, ...sum, 'came after a credential was taken back': after },
    failures: [
      ...failuresOf(sum),
      ...(after > 0 ? [`${after} events came to somebody whose credential was taken back`] : []),
      ...(verdicts.length < rounds ? [`Only ${verdicts.length} of ${rounds} rounds in the time that was given.`] : []),
    ],
  }
}

export const program: TrustProgram = {
  name: 'fleet-odd',
  about: 'two sessions of one workstation, clocks that jump, a credential that is taken back, under load',
  rounds: { short: 2, long: 40 },
  run,
}
