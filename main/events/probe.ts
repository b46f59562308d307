/** Questions that only our own listener can answer: for the test that asks whether one reaches it. */
import { randomBytes } from 'node:crypto'

/** ms */
const LIFE = 15_000
const MAX_OPEN = 64

export interface Probes {
  /** A question and its answer, both secret until they are used. */
  ask(): { readonly question: string; readonly answer: string }
  /** The answer to an open question; null: there is no such question, or no longer. Each is answered once. */
  answer(question: string): string | null
}

/** @param now milliseconds that are never set back */
export function createProbes(now: () => number): Probes {
  const open = new Map<string, { readonly answer: string; readonly until: number }>()
  const secret = () => randomBytes(24).toString('base64url')
  return {
    ask: () => {
      const question = secret()
      const answer = secret()
      open.set(question, { answer, until: now() + LIFE })
      if (open.size > MAX_OPEN) for (const oldest of open.keys().take(1)) open.delete(oldest)
      return { question, answer }
    },
    answer: (question) => {
      const found = open.get(question)
      open.delete(question)
      return found !== undefined && found.until > now() ? found.answer : null
    },
  }
}
