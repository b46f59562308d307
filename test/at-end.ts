/** What a test started ends with it, in the right order. */
import type { TestContext } from 'node:test'

const endings = new WeakMap<TestContext, (() => unknown)[]>()

/** Does this when the test ends: the latest first, and all of it, whatever fails. (`t.after` does the earliest first.) */
export function atEnd(t: TestContext, work: () => unknown): void {
  const known = endings.get(t)
  if (known !== undefined) {
    known.push(work)
    return
  }
  const all = [work]
  endings.set(t, all)
  t.after(async () => {
    const failures: unknown[] = []
    for (const each of all.toReversed()) {
      try {
        await each()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures)
  })
}
