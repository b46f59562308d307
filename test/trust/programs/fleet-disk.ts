import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { install, temporaryFolder } from '../support/application.ts'
import { createFleet, startAgain, whyNoBroker } from '../support/fleet.ts'
import { holds } from '../support/inside.ts'
import { createSender, posting } from '../support/sender.ts'
import { makeImage, mountImage, whyNoVolume } from '../support/volume.ts'
import { failuresOf, historiesOf, judge, readStation, sumOf, unsureOf, wandering } from '../support/wandering.ts'

const IMAGE = 64 * 1024 * 1024
const REPS = ['12', '13']
const WITHIN = 20_000
const BY_ITSELF = 4_000
/** Events between two times that the disk is full. */
const EVENTS = 150

async function run({ rounds, seed, deadline }: TrustContext): Promise<Outcome> {
  const skipped = (await whyNoBroker()) ?? whyNoVolume(temporaryFolder())
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const folder = temporaryFolder()
  const image = join(folder, 'disk.img')
  makeImage(image, IMAGE)
  const disk = mountImage(image, join(folder, 'disk'))
  const fleet = await createFleet({
    folder: join(folder, 'site'),
    // It believes that there is room: what is full is the disk.
    broker: (text) => text.replace(/store_dir: ".*"/, `store_dir: "${join(disk.folder, 'data')}"`),
    relay: { streams: { replicas: 1, megabytes: 256 } },
  })
  await fleet.broker.start()
  await fleet.relay.start()
  const installation = await install()
  const stations = REPS.map((rep) => fleet.addStation(installation, `ws-${rep}`, { rep, teams: [], general: true }))
  for (const station of stations) station.start()
  const post = posting(fleet.port, true)
  const sender = createSender('s', wandering('s', random, REPS, []))
  let isOver = false
  const sending = sender.run(
    async (body) => {
      await setTimeout(2)
      return post(body)
    },
    () => isOver,
    true,
  )
  const ballast = join(disk.folder, 'ballast')
  const failures: string[] = []
  let full = 0
  let restarts = 0
  while (full < rounds && Date.now() < deadline - 2 * WITHIN && failures.length === 0) {
    const before = sender.acknowledged.length
    if (!(await holds(() => sender.acknowledged.length >= before + EVENTS, WITHIN))) {
      failures.push(`Round ${full}: it takes no events.`)
      break
    }
    const { bavail, bsize } = statfsSync(disk.folder)
    const refused = sender.refusals.get(503) ?? 0
    // All that is left, and then what is freed meanwhile.
    for (let share = 1; share < 20; share += 1) {
      try {
        writeFileSync(`${ballast}-${share}`, Buffer.alloc(Math.max(4096, Math.floor((bavail * bsize) / share ** 2))))
      } catch {
        // Full.
      }
    }
    if (!(await holds(() => (sender.refusals.get(503) ?? 0) > refused, WITHIN)))
      failures.push(`Round ${full}: nothing was answered 503, though the disk was full.`)
    for (let share = 1; share < 20; share += 1) rmSync(`${ballast}-${share}`, { force: true })
    full += 1
    // A broker whose disk was full switches its streams off, and has to be started again.
    const stopped = sender.acknowledged.length
    if (await holds(() => sender.acknowledged.length > stopped, BY_ITSELF)) continue
    await fleet.broker.end('SIGTERM')
    await startAgain(fleet.broker)
    restarts += 1
  }
  const last = sender.acknowledged.length
  const recovers = await holds(() => sender.acknowledged.length > last + EVENTS, WITHIN)
  if (!recovers) failures.push('It does not take events again.')
  isOver = true
  await sending
  post.close()
  const histories = historiesOf([sender])
  const unsure = unsureOf([sender])
  const verdict = () => sumOf(stations.map(({ journal, who }) => judge(readStation(journal), histories, who, unsure)))
  await holds(() => verdict().lost === 0, WITHIN)
  for (const station of stations) await station.end()
  await fleet.relay.end('SIGTERM')
  await fleet.broker.end('SIGTERM')
  disk.unmount()
  const sum = verdict()
  return {
    figures: {
      'times that the disk was full': full,
      'of these the broker had to be started again': restarts,
      'answered 200': sender.acknowledged.length,
      'answered 503': sender.refusals.get(503) ?? 0,
      ...sum,
    },
    failures: [...failures, ...failuresOf(sum)],
  }
}

export const program: TrustProgram = {
  name: 'fleet-disk',
  about: 'the broker’s disk is full, again and again: 503 while it is, and nothing is lost',
  rounds: { short: 2, long: 20 },
  run,
}
