/** Memory and open files of another process, as the system counts them. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident memory in MiB; null: the process is gone, or the system does not tell. */
export function residentMemory(pid: number): number | null {
  try {
    if (process.platform === 'linux') {
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      return kilobytes === undefined ? null : Number(kilobytes) / 1024
    }
    if (process.platform === 'win32') return null
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
  } catch {
    return null
  }
}

/** Looks at the memory of a process now and then, and keeps the most that it saw (MiB). */
export function watchMemory(pid: number): { most(): number; now(): number; stop(): void } {
  let most = 0
  let present = 0
  const look = () => {
    present = residentMemory(pid) ?? present
    most = Math.max(most, present)
  }
  look()
  const timer = setInterval(look, 250)
  timer.unref()
  return {
    most: () => most,
    now: () => {
      look()
      return present
    },
    stop: () => clearInterval(timer),
  }
}
