import type { Clock } from '../clock.ts'
import type { RateLimits } from '../generation.ts'
import { textReply, type Reply } from './reply.ts'

/** Counts what an account asks for. */
export interface RateGate {
  /** Counts one request: the headers for its reply, or the reply that refuses it. */
  pass(): { readonly headers: Readonly<Record<string, string>> } | { readonly refusal: Reply }
}

interface Window {
  readonly limit: number
  readonly ms: number
  startedAt: number
  count: number
}

/**
 * Windows of a second and of an hour, each from the first request in it. The headers tell of the hour; those of a
 * refusal tell of the window that is full. Status and body of a refusal are not known, 429 is what is expected.
 */
export function createRateGate(limits: RateLimits | null, clock: Clock): RateGate {
  if (limits === null) return { pass: () => ({ headers: {} }) }
  const fresh = (limit: number, ms: number): Window => ({ limit, ms, startedAt: Number.NEGATIVE_INFINITY, count: 0 })
  const hour = fresh(limits.perHour, 3_600_000)
  const windows = [fresh(limits.perSecond, 1000), hour]

  return {
    pass: () => {
      const now = clock.now()
      for (const window of windows) {
        if (now >= window.startedAt + window.ms) Object.assign(window, { startedAt: now, count: 0 })
      }
      const full = windows.find(({ count, limit }) => count >= limit)
      if (full !== undefined) {
        const reply = textReply(429, 'Too Many Requests')
        return { refusal: { ...reply, headers: { ...reply.headers, ...tell(full) } } }
      }
      for (const window of windows) window.count += 1
      return { headers: tell(hour) }
    },
  }
}

const tell = ({ limit, count }: Window) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(limit - count),
})
