/** What a process costs, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Cost {
  /** Processor time of all its threads (ms). */
  readonly cpu: number
  /** How often its main thread, and all of them, went to sleep of their own accord: as often they were woken. */
  readonly wakes: number
  readonly allWakes: number
  /** Bytes that went to the disk because of it. */
  readonly written: number
  /** Resident memory (bytes). */
  readonly memory: number
}

const textOf = (file: string) => readFileSync(file, 'utf8')
const fieldOf = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)

/** What a process has cost so far, and what it holds. */
export function costOf(pid: number): Cost {
  let cpu = 0
  let wakes = 0
  let allWakes = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    // Nanoseconds on a processor.
    cpu += Number(textOf(`${folder}/schedstat`).split(' ')[0]) / 1e6
    const woken = fieldOf(textOf(`${folder}/status`), 'voluntary_ctxt_switches')
    allWakes += woken
    if (Number(thread) === pid) wakes = woken
  }
  return {
    cpu,
    wakes,
    allWakes,
    written: fieldOf(textOf(`/proc/${pid}/io`), 'write_bytes'),
    memory: fieldOf(textOf(`/proc/${pid}/smaps_rollup`), 'Rss') * 1024,
  }
}

/** Process id of a child. @throws if it was never started */
export function pidOf({ pid }: { readonly pid?: number | undefined }): number {
  if (pid === undefined) throw new Error('The process was not started.')
  return pid
}
