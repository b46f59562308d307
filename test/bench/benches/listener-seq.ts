/** One connection, one event at a time, durable: as the appliance sends. */
import { median, quantile, SELF, type Bench, type Figure } from '../bench.ts'
import { postInTurn } from '../client.ts'
import { costOf, pidOf } from '../process.ts'
import { startFastify, startLimit, startNodeRed, startSelf, startWebhook, type Target } from '../targets.ts'

const WARM_UP = 200

export const bench: Bench = {
  name: 'listener-seq',
  about: 'one connection, one event at a time, durable: time to 200',
  run: async ({ short, log }) => {
    const rounds = short ? 3 : 9
    const count = short ? 300 : 1_500
    const found = [
      await startSelf(),
      await startLimit('sync'),
      ...(short ? [] : [await startFastify(log), await startWebhook(log), await startNodeRed(log)]),
    ]
    const targets = found.filter((target): target is Target => target !== null)
    const p50: Record<string, number[]> = {}
    const p99: Record<string, number[]> = {}
    const processor: Record<string, number[]> = {}
    try {
      // A program that starts another for each event is not waited for that often.
      const share = (target: Target) => (target.name === 'webhook' ? 10 : 1)
      for (const target of targets) await postInTurn(target, WARM_UP / share(target))
      for (let round = 0; round < rounds; round += 1) {
        for (const target of targets) {
          const before = costOf(pidOf(target.process))
          const times = await postInTurn(target, count / share(target))
          const name = target.name.startsWith('limit') ? 'limit' : target.name
          const { cpu } = costOf(pidOf(target.process))
          ;(processor[name] ??= []).push(((cpu - before.cpu) / times.length) * 1000)
          ;(p50[name] ??= []).push(median(times))
          ;(p99[name] ??= []).push(quantile(times, 0.99))
        }
      }
    } finally {
      for (const target of targets) await target.stop()
    }
    const peers = Object.keys(p50).filter((name) => name !== SELF && name !== 'limit')
    const figures: Figure[] = [
      { what: 'p50', unit: 'ms', values: p50, goal: { kind: 'most', to: 'limit', times: 1.3 } },
      { what: 'p99', unit: 'ms', values: p99 },
      {
        what: 'processor time for an event',
        unit: 'µs',
        values: { [SELF]: processor[SELF] ?? [], limit: processor['limit'] ?? [] },
        goal: { kind: 'most', to: 'limit', times: null },
        guard: 'ratio',
      },
    ]
    for (const peer of peers) {
      figures.push({
        what: `p50 against ${peer}`,
        unit: 'ms',
        values: { [SELF]: p50[SELF] ?? [], [peer]: p50[peer] ?? [] },
        goal: { kind: 'most', to: peer, times: 1 },
      })
    }
    return figures
  },
}
