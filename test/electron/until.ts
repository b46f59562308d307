/** Waits until something holds; fails with its name when it does not in time. */
import { setTimeout } from 'node:timers/promises'

export async function until<Value>(
  probe: () => Value | Promise<Value>,
  what: string,
  within = 10_000,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + within
  for (;;) {
    const value = await probe()
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<Value, false | null | undefined>
    }
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms in vain for: ${what}`)
    await setTimeout(10)
  }
}
