import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

/** `FUZZ_RUNS=200000` is the long form. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5_000)
/** Of the whole process, with Node itself (bytes). */
const MEMORY = 256 * 1024 * 1024

test(`${RUNS} mutated replies: a typed error or a whole object, no entity expanded, memory bounded`, (context) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    // Without these the collector has no reason to come by before much more is used than is needed.
    [
      '--max-old-space-size=96',
      '--max-semi-space-size=8',
      join(import.meta.dirname, 'appliance-client-mutate.ts'),
      String(RUNS),
    ],
    { encoding: 'utf8' },
  )
  assert.equal(status, 0, stderr)
  const { objects, errors, memory } = JSON.parse(stdout) as { objects: number; errors: number; memory: number }
  context.diagnostic(`${objects} objects, ${errors} errors, ${Math.round(memory / 1024 / 1024)} MiB`)
  assert.equal(objects + errors, RUNS)
  // Both happen, or the mutations are too weak or too strong to show anything.
  assert.ok(objects > RUNS / 10 && errors > RUNS / 10)
  assert.ok(memory < MEMORY)
})
