/** A plain object or array of the State. */
type Container = Record<string, unknown>

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

/**
 * Gives `next`, but with every part that equals its counterpart in `previous` replaced by that very counterpart.
 *
 * Main sends the whole State each time, so all of it arrives as new objects; with this only the rows that did change
 * are new, and React draws those alone. Entries of lists are matched by `identify` first, by position otherwise.
 */
export function share<Value>(previous: unknown, next: Value): Value {
  if (Object.is(previous, next)) return next
  if (!isContainer(previous) || !isContainer(next)) return next
  if (Array.isArray(next)) {
    return (Array.isArray(previous) ? shareList(previous, next) : next) as Value
  }
  if (Array.isArray(previous)) return next
  const keys = Object.keys(next)
  let same = keys.length === Object.keys(previous).length
  const result: Container = {}
  for (const key of keys) {
    result[key] = share(previous[key], next[key])
    same &&= Object.is(result[key], previous[key])
  }
  return (same ? previous : result) as Value
}

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const known = new Map(previous.map((value, index) => [identify(value) ?? index, value]))
  let same = previous.length === next.length
  const result = next.map((value, index) => {
    const shared = share(known.get(identify(value) ?? index), value)
    same &&= Object.is(shared, previous[index])
    return shared
  })
  return same ? previous : result
}

/** What makes a list's entry the same entry after the list has moved on: the State's lists all have one of these. */
function identify(value: unknown): string | undefined {
  if (!isContainer(value)) return undefined
  for (const name of ['lsid', 'seq', 'id', 'key'] as const) {
    // An alert has both an id and an lsid, an activity entry both a seq and an lsid; sessions have neither.
    if (name === 'lsid' && ('seq' in value || 'id' in value)) continue
    if (name in value) return `${name}:${String(value[name])}`
  }
  return undefined
}
