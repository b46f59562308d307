import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder } from '../support/application.ts'
import { compare, failuresOf, readJournal } from '../support/history.ts'
import { startInside } from '../support/inside.ts'
import { createSender, posting, transfers } from '../support/sender.ts'

const EVENTS = 1_000
/** Posts under way at a time: what is repeated comes in no order at all. */
const AT_ONCE = 8
/** So many replays, and it is started anew. */
const PER_RUN = 10

async function run({ rounds, deadline }: TrustContext): Promise<Outcome> {
  const folder = temporaryFolder()
  const sender = createSender('appliance', transfers('appliance'))
  let inside = await startInside(folder)
  let post = posting(inside.port(), true)
  await sender.run(post, () => sender.acknowledged.length >= EVENTS)
  const before = readJournal(inside.journal)
  const shown = inside.shown.length
  let again = -shown
  const stop = async () => {
    post.close()
    // What the rep is to be told is told by the end at the latest.
    await inside.stop()
    again += inside.shown.length
  }
  const restart = async () => {
    await stop()
    inside = await startInside(folder)
    post = posting(inside.port(), true)
  }

  let replays = 0
  let refused = 0
  while (replays < rounds && Date.now() < deadline) {
    if (replays % PER_RUN === 0) await restart()
    const left = sender.acknowledged.values()
    const work = async () => {
      for (const { body } of left) if ((await post(body)) !== 200) refused += 1
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    replays += 1
  }
  const { repeated, stored: fresh } = inside.app.getState().health
  await stop()

  const after = readJournal(inside.journal)
  const verdict = compare(after, [sender])
  const isSame = before.rows.every(({ seq, digest }, index) => {
    const row = after.rows[index]
    return row?.seq === seq && row.digest === digest
  })
  return {
    figures: {
      replays,
      'events of each': EVENTS,
      'told at first': shown,
      'told again': again,
      'new rows': after.rows.length - before.rows.length,
      'counted as repeated by the last run': repeated,
      ...verdict,
    },
    failures: [
      ...failuresOf(verdict, after.integrity),
      ...(isSame && after.rows.length === before.rows.length ? [] : ['The rows are not what they were.']),
      ...(refused > 0 ? [`${refused} were not answered 200`] : []),
      ...(again + fresh > 0 ? [`${again} were told again, ${fresh} counted as new`] : []),
      ...(shown === 0 ? ['Nobody was told anything: the attack was none.'] : []),
    ],
  }
}

export const program: TrustProgram = {
  name: 'replay',
  about: 'the last 1,000 events again and again, over restarts',
  rounds: { short: 6, long: 200 },
  run,
}
