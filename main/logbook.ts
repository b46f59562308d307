/** The one way to the log: each line is cleaned, written, and kept for a while, for whoever has to help. */
import { redact } from './redact.ts'

/** Lines that are kept. */
const KEPT = 500

export interface Logbook {
  /** Writes a line, cleaned. Never throws. */
  write(line: string): void
  /** The latest lines as they were written, each with its time; the oldest first. */
  lines(): readonly string[]
  /** A text without what no log may hold. */
  clean(text: string): string
  /** Adds to what no line may hold: secrets, names. It is asked for each line, and must not throw. */
  conceal(texts: () => Iterable<string>): void
}

/**
 * @param sink takes a line to where it is read; what it throws is nobody's concern
 * @param home the user's folder
 */
export function createLogbook(sink: (line: string) => void, home: string, now: () => number = Date.now): Logbook {
  const sources: (() => Iterable<string>)[] = []
  const kept: string[] = []

  function* known(): Iterable<string> {
    for (const source of sources) yield* source()
  }

  const clean = (text: string) => redact(text, known(), home)

  return {
    clean,
    write: (line) => {
      const cleaned = clean(line)
      kept.push(`${new Date(now()).toISOString()} ${cleaned}`)
      if (kept.length > KEPT) kept.shift()
      try {
        sink(cleaned)
      } catch {
        // Nowhere to say it.
      }
    },
    lines: () => [...kept],
    conceal: (texts) => void sources.push(texts),
  }
}
