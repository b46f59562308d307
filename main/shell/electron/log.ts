/** A log of one file, and its predecessor, beside the journal: what happened, for whoever has to help. */
import { appendFileSync, renameSync, statSync } from 'node:fs'

/**
 * Appends lines, each with its time. Never throws, since a full disk must not stop anything. Beyond `limit` bytes the
 * file becomes `FILE.1`. It is up to the caller that no line holds a secret, a name or chat text.
 */
export function createLog(file: string, limit: number, now: () => number): (line: string) => void {
  return (line) => {
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limit) renameSync(file, `${file}.1`)
      const text = line.replaceAll(/[\r\n]+/g, ' ')
      appendFileSync(file, `${new Date(now()).toISOString()} ${text}\n`, { mode: 0o600 })
    } catch {
      // Nowhere to say it.
    }
  }
}
