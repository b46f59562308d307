import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createElapsed } from '../../main/elapsed.ts'

/** Three clocks that go on as they are told. */
function clocks() {
  const at = { now: 1_800_000_000_000, awake: 5_000, uptime: 90_000_000 }
  let asked = 0
  const elapsed = createElapsed({
    now: () => at.now,
    awake: () => at.awake,
    uptime: () => {
      asked += 1
      return at.uptime / 1000
    },
  })
  const pass = (ms: number, isAwake = true) => {
    at.now += ms
    at.uptime += ms
    if (isAwake) at.awake += ms
  }
  return { at, elapsed, pass, asked: () => asked }
}

test('while nothing odd happens the system is asked once', () => {
  const { elapsed, pass, asked } = clocks()
  const begun = elapsed()
  for (let second = 1; second <= 3_600; second += 1) {
    pass(1_000)
    assert.equal(elapsed() - begun, second * 1_000)
  }
  assert.equal(asked(), 1)
})

test('sleep counts', () => {
  const { elapsed, pass } = clocks()
  const begun = elapsed()
  pass(3_600_000, false)
  assert.equal(elapsed() - begun, 3_600_000)
  pass(1_000)
  assert.equal(elapsed() - begun, 3_601_000)
})

test('a clock that is set does not', () => {
  const { at, elapsed, pass } = clocks()
  const begun = elapsed()
  at.now += 86_400_000
  pass(1_000)
  assert.equal(elapsed() - begun, 1_000)
  at.now -= 2 * 86_400_000
  pass(1_000)
  assert.equal(elapsed() - begun, 2_000)
})

test('by the system too it goes on', async () => {
  const elapsed = createElapsed()
  const begun = elapsed()
  await new Promise((done) => setTimeout(done, 20))
  const passed = elapsed() - begun
  assert.ok(passed >= 15 && passed < 60_000, `${passed} ms`)
})
