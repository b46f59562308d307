/** Commands that a window may send at once, and how many more each second: a person with a key held down stays below. */
const RATE = { burst: 60, perSecond: 30 } as const

/**
 * A bucket of tokens: each call takes one and says whether there was one.
 * @param now milliseconds that are never set back
 */
export function createRateLimit(now: () => number): () => boolean {
  let tokens: number = RATE.burst
  let filledAt = now()
  return () => {
    const at = now()
    tokens = Math.min(RATE.burst, tokens + ((at - filledAt) * RATE.perSecond) / 1000)
    filledAt = at
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
