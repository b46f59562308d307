/** A process in which a day passes in minutes: its time of day, and what it does now and then, go faster. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../appliance/clock.ts'

/** For the process, before anything of the application is loaded. Short timers are for people, and stay as they are. */
const preload = (start: number, begun: number, speed: number) => `
  import os from 'node:os'
  import { syncBuiltinESMExports } from 'node:module'
  const real = Date.now
  const began = os.uptime()
  os.uptime = () => began + (real() - ${begun}) * ${speed} / 1000
  syncBuiltinESMExports()
  Date.now = () => Math.floor(${start} + (real() - ${begun}) * ${speed})
  const interval = globalThis.setInterval
  globalThis.setInterval = (work, ms, ...rest) => interval(work, ms >= 1000 ? ms / ${speed} : ms, ...rest)
  process.on('SIGUSR2', () => {
    globalThis.gc()
    const { heapUsed, rss } = process.memoryUsage()
    console.error('figures: ' + JSON.stringify({ heapUsed, rss, resources: process.getActiveResourcesInfo().length }))
  })
`

export interface Figures {
  readonly heapUsed: number
  readonly rss: number
  /** What keeps the event loop busy: sockets, timers, files. */
  readonly resources: number
}

/** The last figures in what a process wrote; null: none yet. */
export function figuresIn(errors: string): { readonly count: number; readonly last: Figures | null } {
  const found = [...errors.matchAll(/^figures: (.*)$/gm)].map(([, json = '{}']) => JSON.parse(json) as Figures)
  return { count: found.length, last: found.at(-1) ?? null }
}

/** Arguments of node for such a process, and the same clock for an appliance. */
export function fastForward(
  folder: string,
  speed: number,
): { readonly node: readonly string[]; readonly clock: Clock } {
  const begun = Date.now()
  const file = join(folder, 'fast-forward.mjs')
  writeFileSync(file, preload(begun, begun, speed))
  return {
    node: ['--expose-gc', '--import', file],
    clock: {
      now: () => Math.floor(begun + (Date.now() - begun) * speed),
      after: (ms, action) => {
        const timer = setTimeout(action, ms / speed)
        return () => clearTimeout(timer)
      },
    },
  }
}
