/** What the application costs while nothing happens and no window is open, after a backlog. */
import { setTimeout } from 'node:timers/promises'
import { SELF, type Bench } from '../bench.ts'
import { postInTurn } from '../client.ts'
import { costOf, pidOf } from '../process.ts'
import { startEmpty, startSelf, type Target } from '../targets.ts'
import { weekend } from '../weekend.ts'

const MIB = 1024 * 1024

export const bench: Bench = {
  name: 'idle',
  about: 'main without a window, after a backlog of 10,000 events: memory, processor, wake-ups, disk',
  run: async ({ short, log }) => {
    const events = short ? 1_000 : 10_000
    const rounds = short ? 2 : 5
    const minutes = short ? 0.25 : 1
    const targets: Readonly<Record<string, Target>> = { [SELF]: await startSelf(), empty: await startEmpty() }
    const memory: Record<string, number[]> = {}
    const cpu: Record<string, number[]> = {}
    const wakes: Record<string, number[]> = {}
    const written: Record<string, number[]> = {}
    try {
      for (const target of Object.values(targets)) {
        const bodies = weekend(events)
        await postInTurn(target, events, (index) => bodies[index] ?? '')
      }
      log('waiting until all is told, written and looked through')
      await setTimeout(short ? 8_000 : 75_000)
      for (let round = 0; round < rounds; round += 1) {
        const before = Object.entries(targets).map(
          ([who, { process }]) => [who, pidOf(process), costOf(pidOf(process))] as const,
        )
        await setTimeout(minutes * 60_000)
        for (const [who, pid, was] of before) {
          const is = costOf(pid)
          ;(memory[who] ??= []).push(is.memory / MIB)
          ;(cpu[who] ??= []).push((is.cpu - was.cpu) / minutes)
          ;(wakes[who] ??= []).push((is.wakes - was.wakes) / minutes)
          ;(written[who] ??= []).push((is.written - was.written) / 1000)
        }
      }
    } finally {
      for (const target of Object.values(targets)) await target.stop()
    }
    return [
      { what: 'memory', unit: 'MiB', values: memory, goal: { kind: 'most', to: 'empty', times: 1, plus: 25 } },
      { what: 'processor, a minute', unit: 'ms', values: cpu },
      {
        what: 'wake-ups of the main thread, a minute',
        unit: '',
        values: wakes,
        goal: { kind: 'most', to: 'empty', times: 1 },
      },
      { what: 'written to the disk', unit: 'KB', values: written, goal: { kind: 'most', to: null, times: 0 } },
    ]
  },
}
