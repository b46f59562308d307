/** Which versions of nats-server do. */

/** The first one with `sync_interval`, consumers with several filters, and the security fixes of March 2026. */
export const LEAST_VERSION = [2, 12, 6] as const

/** The numbers in `nats-server: v2.15.1`; null if there are none. */
export function versionOf(text: string): readonly number[] | null {
  const found = /\bv?(\d+)\.(\d+)\.(\d+)/.exec(text)
  return found === null ? null : found.slice(1).map(Number)
}

/** Does this version do? */
export function isNewEnough(text: string): boolean {
  const version = versionOf(text)
  if (version === null) return false
  for (const [index, least] of LEAST_VERSION.entries()) {
    const difference = (version[index] ?? 0) - least
    if (difference !== 0) return difference > 0
  }
  return true
}
