/** 64 connections, durable: events a second. */
import { SELF, type Bench } from '../bench.ts'
import { postAtOnce } from '../client.ts'
import { costOf, pidOf } from '../process.ts'
import { startLimit, startSelf, type Target } from '../targets.ts'

const CONNECTIONS = 64

export const bench: Bench = {
  name: 'listener-load',
  about: '64 connections, durable: events a second',
  run: async ({ short }) => {
    const rounds = short ? 3 : 7
    const ms = short ? 1_000 : 4_000
    const targets: Readonly<Record<string, Target>> = {
      [SELF]: await startSelf(),
      limit: await startLimit('none'),
      'a commit each': await startLimit('commit'),
    }
    const rates: Record<string, number[]> = {}
    const processor: Record<string, number[]> = {}
    try {
      for (const target of Object.values(targets)) await postAtOnce(target, CONNECTIONS, 500)
      for (let round = 0; round < rounds; round += 1) {
        for (const [name, target] of Object.entries(targets)) {
          const before = costOf(pidOf(target.process))
          const rate = await postAtOnce(target, CONNECTIONS, ms)
          const { cpu } = costOf(pidOf(target.process))
          ;(rates[name] ??= []).push(rate)
          ;(processor[name] ??= []).push(((cpu - before.cpu) * 1000) / ((rate * ms) / 1000))
        }
      }
    } finally {
      for (const target of Object.values(targets)) await target.stop()
    }
    const { [SELF]: own = [], limit = [], 'a commit each': commits = [] } = rates
    return [
      {
        what: 'events a second',
        unit: '/s',
        values: { [SELF]: own, limit },
        goal: { kind: 'least', to: 'limit', times: 0.55 },
      },
      {
        what: 'against a commit for each request',
        unit: '/s',
        values: { [SELF]: own, 'a commit each': commits },
        goal: { kind: 'least', to: 'a commit each', times: 8 },
      },
      {
        what: 'processor time for an event',
        unit: 'µs',
        values: processor,
        goal: { kind: 'most', to: 'limit', times: null },
        guard: 'ratio',
      },
    ]
  },
}
