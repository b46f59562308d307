/** What came together while the workstation was off: sent one event after the other, with the window open. */
import { setTimeout } from 'node:timers/promises'
import { SELF, type Bench } from '../bench.ts'
import { openBrowser } from '../browser.ts'
import { postInTurn } from '../client.ts'
import { openEye } from '../eye.ts'
import { startSelf } from '../targets.ts'
import { weekend } from '../weekend.ts'

/** After so long without a late event the backlog has drained, and is summed up (ms). */
const DRAINED = 3_500

export const bench: Bench = {
  name: 'backlog',
  about:
    '10,000 queued events one after the other, with the window open, against the same application that takes live ones',
  run: async ({ short }) => {
    const events = short ? 2_000 : 10_000
    const rounds = 10
    const share = events / rounds
    const bodies = weekend(events)
    const own = await startSelf()
    const live = await startSelf()
    const browser = await openBrowser()
    const rate: Record<string, number[]> = {}
    try {
      const eye = await openEye(browser, own.said.get('window') ?? '')
      await postInTurn(live, 300)
      await eye.take()
      for (let round = 0; round < rounds; round += 1) {
        const perSecond = async (...given: Parameters<typeof postInTurn>) => {
          const from = performance.now()
          await postInTurn(...given)
          return (given[1] / (performance.now() - from)) * 1000
        }
        ;(rate[SELF] ??= []).push(await perSecond(own, share, (index) => bodies[round * share + index] ?? ''))
        // Not for so long that the backlog seems to have drained.
        ;(rate['listener-seq'] ??= []).push(await perSecond(live, Math.min(200, share)))
      }
      await setTimeout(DRAINED)
      const { notices, longest } = await eye.take()
      await eye.close()
      const goal = { kind: 'most', to: null } as const
      const parts = (rate[SELF] ?? []).map((each, part) => each / (rate['listener-seq']?.[part] ?? Number.NaN))
      return [
        {
          what: 'events a second, ten parts',
          unit: '/s',
          values: rate,
          goal: { kind: 'least', to: 'listener-seq', times: null },
        },
        {
          // All the way: the median would hide the parts that fell behind.
          what: 'slowest part, of listener-seq’s rate',
          unit: '×',
          values: { [SELF]: [Math.min(...parts)] },
          goal: { kind: 'least', to: null, times: 0.8 },
        },
        {
          what: 'notifications (one digest)',
          unit: '',
          values: { [SELF]: [notices.length] },
          goal: { ...goal, times: 1 },
        },
        {
          what: 'longest frame, if over 50 ms',
          unit: 'ms',
          values: { [SELF]: [longest] },
          goal: { ...goal, times: 50 },
        },
      ]
    } finally {
      await browser.close()
      await own.stop()
      await live.stop()
    }
  },
}
