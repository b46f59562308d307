import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { install, start, temporaryFolder, type Installation } from '../support/application.ts'
import { compare, readJournal, type Verdict } from '../support/history.ts'
import { holds } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'
import { copyImage, makeImage, mountImage, whyNoVolume } from '../support/volume.ts'

const SENDERS = 4
const IMAGE = 32 * 1024 * 1024
/** The power goes after so many events (least, most), or after this time (ms). */
const EVENTS = [20, 400] as const
const LIFE = 5_000
const START_WITHIN = 20_000
/** Of the weaker setting so many cuts at most: it has to lose something in one of them. */
const WEAK_CUTS = 5

interface Cut extends Verdict {
  readonly acknowledged: number
  readonly failure: string | null
}

/** Runs the application on a file system of its own, cuts the power, and starts it again on what had been written out. */
async function cutOnce(installation: Installation, folder: string, random: Random): Promise<Cut> {
  const image = join(folder, 'disk.img')
  makeImage(image, IMAGE)
  const volume = mountImage(image, join(folder, 'disk'))
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`appliance${index}`, transfers(`appliance${index}`)),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  const nothing = { lost: 0, double: 0, disordered: 0, strange: 0, acknowledged: 0 }
  const app = start({ ...installation, data: join(volume.folder, 'data') })
  try {
    const port = await Promise.race([app.port, setTimeout(START_WITHIN, null, { ref: false })])
    if (port === null) return { ...nothing, failure: `it did not start: ${app.errors().slice(-500)}` }
    const post = posting(port)
    let isOver = false
    const sending = senders.map((sender) => sender.run(post, () => isOver))
    const goal = random.int(...EVENTS)
    await holds(() => acknowledged() >= goal, LIFE)
    await setTimeout(random.next() * 4)
    app.child.kill('SIGSTOP')
    // Answers that are on their way arrive: they were given.
    await setTimeout(50)
    isOver = true
    copyImage(image, join(folder, 'after.img'))
    app.child.kill('SIGKILL')
    await app.exited
    await Promise.all(sending)
    post.close()
  } finally {
    app.child.kill('SIGKILL')
    await app.exited
    volume.unmount()
  }
  const after = mountImage(join(folder, 'after.img'), join(folder, 'after'))
  try {
    const data = join(after.folder, 'data')
    const again = start({ ...installation, data })
    const port = await Promise.race([again.port, setTimeout(START_WITHIN, null, { ref: false })])
    again.child.kill('SIGKILL')
    await again.exited
    if (port === null) return { ...nothing, failure: `it did not start again: ${again.errors().slice(-500)}` }
    const stored = readJournal(join(data, 'journal.db'))
    const damage = stored.integrity === 'ok' ? null : `the journal is damaged: ${stored.integrity}`
    const isAside = again.errors().includes('journal.damaged')
    const failure = isAside ? 'the journal was set aside' : damage
    return { ...compare(stored, senders), acknowledged: acknowledged(), failure }
  } finally {
    after.unmount()
  }
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const root = temporaryFolder()
  const skipped = whyNoVolume(root)
  if (skipped !== null) return { figures: {}, failures: [], skipped }
  const random = createRandom(seed)
  const failures: string[] = []
  const total = { acknowledged: 0, lost: 0, double: 0, disordered: 0 }
  const cut = async (installation: Installation, name: string) => {
    const folder = temporaryFolder()
    try {
      return await cutOnce(installation, folder, random.fork(name))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  const whole = await install()
  let cuts = 0
  while (cuts < rounds && Date.now() < deadline && failures.length === 0) {
    const { acknowledged, lost, double, disordered, failure } = await cut(whole, `cut ${cuts}`)
    if (failure !== null) failures.push(`cut ${cuts}: ${failure}`)
    cuts += 1
    total.acknowledged += acknowledged
    total.lost += lost
    total.double += double
    total.disordered += disordered
    if (cuts % 10 === 0) log(`${cuts} cuts`)
  }

  // The same with the setting that is not safe has to lose some: otherwise this shows nothing.
  const weak = await install(undefined, {}, (code) => code.replaceAll('synchronous = FULL', 'synchronous = NORMAL'))
  const weakly = { cuts: 0, acknowledged: 0, lost: 0 }
  while (weakly.cuts < WEAK_CUTS && weakly.lost === 0) {
    const { acknowledged, lost } = await cut(weak, `weak ${weakly.cuts}`)
    weakly.cuts += 1
    weakly.acknowledged += acknowledged
    weakly.lost += lost
  }
  if (weakly.lost === 0) failures.push('With NORMAL nothing was lost either: the attack was none.')
  if (total.lost > 0) failures.push(`${total.lost} events were answered 200 and are lost`)
  if (total.double + total.disordered > 0) failures.push('Events are stored twice, or not in their order.')
  if (total.acknowledged === 0) failures.push('Nothing was answered 200: the attack was none.')
  return {
    figures: {
      cuts,
      'answered 200': total.acknowledged,
      lost: total.lost,
      double: total.double,
      disordered: total.disordered,
      'with NORMAL: cuts': weakly.cuts,
      'with NORMAL: answered 200': weakly.acknowledged,
      'with NORMAL: lost': weakly.lost,
    },
    failures,
  }
}

export const program: TrustProgram = {
  name: 'power-cut',
  about: 'the power goes under load, and what had been written out is mounted again',
  rounds: { short: 3, long: 100 },
  run,
}
