/** Log lines of what anybody can cause: one of a kind and minute, with how often, and without what was sent. */

/** ms */
const PACE = 60_000

/**
 * A function that counts something of a kind, and logs it unless it did so a short while ago. Kinds are few and fixed.
 * @param now milliseconds that are never set back
 */
export function createTally(log: (line: string) => void, now: () => number): (kind: string) => void {
  const kinds = new Map<string, { count: number; loggedAt: number }>()
  return (kind) => {
    const known = kinds.get(kind)
    const at = now()
    if (known !== undefined && at - known.loggedAt < PACE) {
      known.count += 1
      return
    }
    const count = (known?.count ?? 0) + 1
    kinds.set(kind, { count: 0, loggedAt: at })
    log(`listener: ${kind}${count === 1 ? '' : `, ${count} times since the last such line`}`)
  }
}
