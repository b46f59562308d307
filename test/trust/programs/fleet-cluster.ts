import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connect, nkeyAuthenticator } from '@nats-io/transport-node'
import { jetstreamManager } from '@nats-io/jetstream'
import { freePort } from '../../../scripts/broker.ts'
import { writeSetup } from '../../../main/relay/setup-files.ts'
import { findNatsServer } from '../../../scripts/nats-server.ts'
import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { install, temporaryFolder } from '../support/application.ts'
import { createFleet, createPart, startAgain, whyNoBroker } from '../support/fleet.ts'
import { createSender, posting } from '../support/sender.ts'
import { holds } from '../support/inside.ts'
import { failuresOf, historiesOf, judge, readStation, sumOf, unsureOf, wandering } from '../support/wandering.ts'

const REPS = ['12', '13', '14']
const TEAMS = { '5': ['12', '13'] }
const SENDERS = 3
const WITHIN = 60_000
const RESERVE = 25_000
/** Between two faults at most, and until what was killed is there again (ms). */
const BETWEEN = 2_000
const DOWN = 1_500

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const skipped = (await whyNoBroker()) ?? (process.platform === 'linux' ? null : 'three loopback addresses are needed')
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const folder = temporaryFolder()
  // Each server has an address of its own in the loopback network.
  const net = `127.${random.int(16, 250)}.${random.int(0, 250)}`
  const hosts = [1, 2, 3].map((last) => `${net}.${last}`)
  const port = await freePort()
  const setUp = join(folder, 'set-up')
  const choice = { folder: setUp, site: 'site', hosts, port, webSocketPort: null, tlsFolder: null, gigabytes: 1 }
  writeSetup({ ...choice, dataFolder: join(folder, 'DATA') })
  const brokers = hosts.map((host, index) => {
    const file = join(setUp, `nats-server-${index + 1}.conf`)
    const data = join(folder, `data-${index + 1}`)
    mkdirSync(data)
    const text = readFileSync(file, 'utf8').replaceAll('0.0.0.0', host).replace(join(folder, 'DATA'), data)
    writeFileSync(file, text)
    return createPart(async () => [await findNatsServer(), ['-c', file]], /Server is ready/)
  })
  await Promise.all(brokers.map((broker) => broker.start()))
  const servers = hosts.map((host) => `nats://${host}:${port}`)
  const fleet = await createFleet({
    teams: TEAMS,
    relay: {
      broker: { servers, seedFile: join(setUp, 'relay.seed'), issuerFile: join(setUp, 'issuer.seed') },
      streams: { replicas: 3, megabytes: 64 },
    },
  })
  await startAgain(fleet.relay)
  const installation = await install()
  const stations = REPS.map((rep) => {
    const teams = Object.entries(TEAMS).flatMap(([team, reps]) => (reps.includes(rep) ? [team] : []))
    return fleet.addStation(installation, `ws-${rep}`, { rep, teams, general: true }, servers)
  })
  for (const station of stations) station.start()

  /** Which server leads a stream now; null: none, or it cannot be said. */
  async function leaderOf(stream: string): Promise<number | null> {
    const relaySeed = new TextEncoder().encode(readFileSync(join(setUp, 'relay.seed'), 'utf8').trim())
    try {
      const connection = await connect({
        servers,
        authenticator: nkeyAuthenticator(relaySeed),
        reconnect: false,
        timeout: 2_000,
      })
      try {
        const { cluster } = await (await jetstreamManager(connection)).streams.info(stream)
        const [, number] = /(\d+)$/.exec(cluster?.leader ?? '') ?? []
        return number === undefined ? null : Number(number) - 1
      } finally {
        await connection.close()
      }
    } catch {
      return null
    }
  }

  const post = posting(fleet.port)
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`s${index}`, wandering(`s${index}`, random.fork(`s${index}`), REPS, Object.keys(TEAMS))),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  let isOver = false
  const slowly = async (body: string) => {
    await setTimeout(random.next() * 15)
    return post(body)
  }
  const sending = senders.map((sender) => sender.run(slowly, () => isOver, true))
  const failures: string[] = []
  let leaders = 0
  let done = 0
  let longest = 0
  while (done < rounds && Date.now() < deadline - RESERVE && failures.length === 0) {
    await setTimeout(random.next() * BETWEEN)
    const leader = await leaderOf(random.pick(['RAW', 'EV', 'SESSIONS']))
    const victim = brokers[leader ?? random.int(0, 2)]
    if (leader !== null) leaders += 1
    await victim?.end()
    const from = performance.now()
    const before = acknowledged()
    if (!(await holds(() => acknowledged() > before + 2, WITHIN)))
      failures.push(`Round ${done}: two servers take nothing.`)
    longest = Math.max(longest, performance.now() - from)
    await setTimeout(random.next() * DOWN)
    if (victim !== undefined) await startAgain(victim)
    done += 1
    if (done % 5 === 0) log(`${done} rounds, ${acknowledged()} events`)
  }
  isOver = true
  await Promise.all(sending)
  post.close()
  const histories = historiesOf(senders)
  const unsure = unsureOf(senders)
  const verdict = () => sumOf(stations.map(({ journal, who }) => judge(readStation(journal), histories, who, unsure)))
  await holds(() => verdict().lost === 0, RESERVE)
  for (const station of stations) await station.end()
  await fleet.relay.end('SIGTERM')
  for (const broker of brokers) await broker.end('SIGTERM')
  const sum = verdict()
  return {
    figures: {
      'servers killed': done,
      'of these leaders of a stream': leaders,
      'answered 200': acknowledged(),
      'longest pause of 200 (ms)': Math.round(longest),
      ...sum,
    },
    failures: [
      ...failures,
      ...failuresOf(sum),
      ...(leaders === 0 ? ['No leader was killed: the attack was none.'] : []),
      ...(done < rounds ? [`Only ${done} of ${rounds} rounds in the time that was given.`] : []),
    ],
  }
}

export const program: TrustProgram = {
  name: 'fleet-cluster',
  about: 'a cluster of three brokers loses the leader of a stream under load, again and again',
  rounds: { short: 2, long: 30 },
  run,
}
