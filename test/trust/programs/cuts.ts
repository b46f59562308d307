import { createRandom } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder } from '../support/application.ts'
import { createCuts } from '../support/cutting.ts'
import { compare, failuresOf, readJournal, toldTwice } from '../support/history.ts'
import { startInside } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'

const SENDERS = 4
/** Of all tries: cut before the event is there, cut before the answer is back. */
const SHARE = { before: 0.1, after: 0.15 }

async function run({ rounds, seed, deadline }: TrustContext): Promise<Outcome> {
  const inside = await startInside(temporaryFolder())
  const whole = posting(inside.port(), true)
  const { post, counts } = createCuts(inside.port(), whole, createRandom(seed), SHARE)
  const senders = Array.from({ length: SENDERS }, (_, index) =>
    createSender(`appliance${index}`, transfers(`appliance${index}`)),
  )
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0)
  const isOver = () => acknowledged() >= rounds || Date.now() > deadline
  const began = performance.now()
  await Promise.all(senders.map((sender) => sender.run(post, isOver, true)))
  const seconds = (performance.now() - began) / 1000
  const { health } = inside.app.getState()
  whole.close()
  await inside.stop()

  const stored = readJournal(inside.journal)
  const verdict = compare(stored, senders)
  const twice = toldTwice(inside.shown)
  const cut = counts.before + counts.after
  const tries = senders.reduce((sum, sender) => sum + sender.tries(), 0)
  return {
    figures: {
      'answered 200': acknowledged(),
      tries,
      'cut on the way there': counts.before,
      'cut on the way back': counts.after,
      'came again': health.repeated,
      'events a second': Math.round(acknowledged() / seconds),
      notifications: inside.shown.length,
      ...verdict,
    },
    failures: [
      ...failuresOf(verdict, stored.integrity),
      ...(twice.length > 0 ? [`told twice: ${twice.slice(0, 5).join(', ')}`] : []),
      ...(cut < tries / 5 || health.repeated === 0 ? ['Hardly anything was cut: the attack was none.'] : []),
    ],
  }
}

export const program: TrustProgram = {
  name: 'cuts',
  about: 'a quarter of all connections cut, half way there or before the answer is back',
  rounds: { short: 5_000, long: 100_000 },
  run,
}
