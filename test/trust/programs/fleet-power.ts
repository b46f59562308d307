import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connect, nkeyAuthenticator } from '@nats-io/transport-node'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { readSeed } from '../../../main/relay/broker.ts'
import { parseMessage } from '../../../main/relay/message.ts'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder } from '../support/application.ts'
import { createFleet, startAgain, whyNoBroker, type Fleet } from '../support/fleet.ts'
import { compare, type Verdict } from '../support/history.ts'
import { holds } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'
import { copyImage, makeImage, mountImage, whyNoVolume } from '../support/volume.ts'

const SENDERS = 4
const IMAGE = 96 * 1024 * 1024
/** The power goes after so many events (least, most), or after this time (ms). */
const EVENTS = [20, 300] as const
const LIFE = 8_000
const WEAK_CUTS = 3
/** What the broker may use of the small disk. */
const SMALL = (text: string) => text.replace('max_file_store: 1GB', 'max_file_store: 64MB')
const RELAY = { streams: { replicas: 1, megabytes: 16 } }

/** The digests that the broker has, in its order. */
async function storedIn({ config, brokerPort }: Fleet): Promise<readonly string[]> {
  const seed = new TextEncoder().encode(readSeed(config.broker.seedFile))
  const connection = await connect({
    servers: `nats://127.0.0.1:${brokerPort}`,
    authenticator: nkeyAuthenticator(seed),
    reconnect: false,
  })
  try {
    const { state } = await (await jetstreamManager(connection)).streams.info('RAW')
    const digests: string[] = []
    if (state.messages === 0) return digests
    const messages = await (await jetstream(connection).consumers.get('RAW')).consume()
    for await (const message of messages) {
      const { digest = '' } = parseMessage(message.data) ?? {}
      digests.push(Buffer.from(digest, 'base64url').toString('hex'))
      if (message.info.pending === 0) break
    }
    return digests
  } finally {
    await connection.close()
  }
}

/** Runs broker and relay, the broker on a file system of its own; cuts the power, and looks at what had been written out. */
async function cutOnce(random: Random, change: (text: string) => string): Promise<Verdict & { acknowledged: number }> {
  const folder = temporaryFolder()
  const image = join(folder, 'disk.img')
  makeImage(image, IMAGE)
  const disk = mountImage(image, join(folder, 'disk'))
  const after = join(folder, 'after')
  const fleet = await createFleet({ folder: join(folder, 'site'), relay: RELAY, broker: (text) => change(SMALL(text)) })
  const data = join(fleet.folder, 'jetstream')
  const place = (where: string) =>
    fleet.changeBroker((text) => text.replace(/store_dir: ".*"/, `store_dir: "${where}"`))
  place(join(disk.folder, 'data'))
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`appliance${index}`, transfers(`appliance${index}`)),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  try {
    await startAgain(fleet.broker)
    await startAgain(fleet.relay)
    const post = posting(fleet.port)
    let isOver = false
    const sending = senders.map((sender) => sender.run(post, () => isOver, true))
    const goal = random.int(...EVENTS)
    await holds(() => acknowledged() >= goal, LIFE)
    await setTimeout(random.next() * 4)
    fleet.broker.signal('SIGSTOP')
    // Answers that are on their way arrive: they were given.
    await setTimeout(100)
    isOver = true
    copyImage(image, join(folder, 'after.img'))
    await fleet.broker.end()
    await fleet.relay.end()
    await Promise.all(sending)
    post.close()
  } finally {
    await fleet.broker.end()
    await fleet.relay.end()
    disk.unmount()
  }
  const copy = mountImage(join(folder, 'after.img'), after)
  try {
    place(join(after, 'data'))
    await startAgain(fleet.broker)
    const rows = (await storedIn(fleet)).map((digest, index) => ({ seq: index + 1, digest, lsid: null }))
    return { ...compare({ rows, integrity: 'ok' }, senders), acknowledged: acknowledged() }
  } catch (error) {
    // A stream of which nothing is left is no stream.
    if (!/stream not found/i.test(String(error))) throw error
    return { ...compare({ rows: [], integrity: 'ok' }, senders), acknowledged: acknowledged() }
  } finally {
    await fleet.broker.end()
    copy.unmount()
    rmSync(data, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const skipped = (await whyNoBroker()) ?? whyNoVolume(temporaryFolder())
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const total = { cuts: 0, 'answered 200': 0, lost: 0, double: 0, disordered: 0, strange: 0 }
  while (total.cuts < rounds && Date.now() < deadline) {
    const { acknowledged, ...verdict } = await cutOnce(random.fork(`cut ${total.cuts}`), (text) => text)
    total.cuts += 1
    total['answered 200'] += acknowledged
    for (const name of ['lost', 'double', 'disordered', 'strange'] as const) total[name] += verdict[name]
    if (total.cuts % 10 === 0) log(`${total.cuts} cuts`)
  }
  // The usual setting of the broker has to lose some: otherwise this shows nothing.
  const weak = { cuts: 0, lost: 0, answered: 0 }
  while (weak.cuts < WEAK_CUTS && weak.lost === 0) {
    const { acknowledged, lost } = await cutOnce(random.fork(`weak ${weak.cuts}`), (text) =>
      text.replace('sync_interval: always', ''),
    )
    weak.cuts += 1
    weak.lost += lost
    weak.answered += acknowledged
  }
  return {
    figures: { ...total, 'without “always”: answered 200': weak.answered, 'without “always”: lost': weak.lost },
    failures: [
      ...(total.lost > 0 ? [`${total.lost} events were answered 200 and are lost`] : []),
      ...(total.double + total.disordered + total.strange > 0
        ? ['Events are twice, not in their order, or nobody’s.']
        : []),
      ...(total['answered 200'] === 0 ? ['Nothing was answered 200: the attack was none.'] : []),
      ...(weak.lost === 0 ? ['Without “always” nothing was lost either: the attack was none.'] : []),
    ],
  }
}

export const program: TrustProgram = {
  name: 'fleet-power',
  about: 'the power of the broker goes under load, and what had been written out is mounted again',
  rounds: { short: 2, long: 40 },
  run,
}
