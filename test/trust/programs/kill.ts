import { setTimeout } from 'node:timers/promises'
import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { createWatcher, install, start } from '../support/application.ts'
import { compare, failuresOf, readJournal, toldTwice } from '../support/history.ts'
import { holds } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'

const SENDERS = 4
/** It is killed when so many of its events are answered, or after this time (ms), and a moment later. */
const EVENTS = 80
const LIFE = 1_000
const MOMENT = 4
/** Of so many starts one is killed before events can come in. */
const EARLY = 10
/** A start that takes longer than this is stuck (ms). */
const STUCK = 20_000

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const random = createRandom(seed)
  const installation = await install()
  const watcher = createWatcher()
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`appliance${index}`, transfers(`appliance${index}`)),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  const failures: string[] = []
  const starts: number[] = []
  let kills = 0
  while (kills < rounds && Date.now() < deadline && failures.length === 0) {
    const began = performance.now()
    const app = start(installation)
    if (random.int(1, EARLY) === 1) {
      await setTimeout(random.int(0, 400))
    } else {
      const port = await Promise.race([app.port, setTimeout(STUCK, null, { ref: false })])
      if (port === null) {
        failures.push(`After kill ${kills} it did not start: ${app.errors().slice(-1_000)}`)
        break
      }
      starts.push(performance.now() - began)
      void app.window.then((link) => (link === null ? undefined : watcher.watch(link)))
      const post = posting(port)
      const sending = senders.map((sender) => sender.run(post, () => false))
      const goal = acknowledged() + random.int(0, EVENTS)
      await holds(() => acknowledged() >= goal, LIFE)
      await setTimeout(random.next() * MOMENT)
      app.child.kill('SIGKILL')
      await Promise.all(sending)
      post.close()
    }
    app.child.kill('SIGKILL')
    await app.exited
    kills += 1
    if (kills % 100 === 0) log(`${kills} kills`)
  }
  const stored = readJournal(`${installation.data}/journal.db`)
  const twice = toldTwice(watcher.shown.values())
  failures.push(...failuresOf(compare(stored, senders), stored.integrity))
  if (twice.length > 0) failures.push(`told twice: ${twice.slice(0, 5).join(', ')}`)
  if (acknowledged() === 0) failures.push('Nothing was answered 200: the attack was none.')
  if (watcher.shown.size === 0) failures.push('Nobody was told anything: the attack was none.')
  starts.sort((a, b) => a - b)
  return {
    figures: {
      kills,
      'answered 200': acknowledged(),
      stored: stored.rows.length,
      notifications: watcher.shown.size,
      'start, median (ms)': Math.round(starts[Math.floor(starts.length / 2)] ?? 0),
      ...compare(stored, senders),
    },
    failures,
  }
}

export const program: TrustProgram = {
  name: 'kill',
  about: 'SIGKILL of the application at random moments, with four strict senders',
  rounds: { short: 20, long: 1_000 },
  run,
}
