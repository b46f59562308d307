import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { createLateness, LATE } from '../../main/lateness.ts'

const MINUTE = 60_000
const NOW = 1_800_000_000_000

/** What passed (ms), whatever the clock says. */
let passed = 0

function newLateness() {
  passed = 0
  return createLateness(
    () => NOW,
    () => passed,
  )
}

/** Events by when they came (s) and how late they were by the two clocks (s); which of them were taken as late. */
function judge(events: readonly (readonly [came: number, late: number])[], lateness = newLateness()): string {
  return events
    .map(([came, late]) => {
      const receivedAt = NOW + came * 1_000
      passed = came * 1_000
      return lateness.of(receivedAt - late * 1_000, receivedAt) > LATE ? 'late' : 'ok'
    })
    .join(' ')
}

describe('an event is late', () => {
  test('when it comes more than two minutes after it happened', () => {
    assert.equal(
      judge([
        [0, 0],
        [1, 119],
        [2, 120],
        [3, 121],
        [4, 3_600],
        [5, -50],
      ]),
      'ok ok ok late late ok',
    )
  })

  test('all through a backlog, and no more when that has drained', () => {
    const backlog = Array.from({ length: 100 }, (_, index) => [index / 10, 3_600 - index * 30] as const)
    assert.equal(judge(backlog), 'late '.repeat(100).trim())
    assert.equal(judge([...backlog, [10, 1], [60, 0]]).slice(-6), ' ok ok')
  })

  test('after single outages of a different length each', () => {
    assert.equal(
      judge([
        [0, 0],
        [600, 300],
        [1_200, 500],
        [1_800, 200],
        [2_400, 900],
      ]),
      'ok late late late late',
    )
  })
})

describe('a clock that is ahead', () => {
  const ahead = [
    [0, 300],
    [60, 301],
    [61, 300],
    [120, 302],
    [180, 300],
  ] as const

  test('is found out by the third event that comes after a pause, and makes nothing late from then on', () => {
    const lateness = newLateness()
    assert.equal(judge(ahead, lateness), 'late late late late ok')
    assert.equal(lateness.difference, 5 * MINUTE)
    assert.equal(
      judge(
        [
          [200, 300],
          [240, 303],
          [300, 421],
          [301, 300],
        ],
        lateness,
      ),
      'ok ok late ok',
    )
  })

  test('is forgotten when it is set right', () => {
    const lateness = newLateness()
    judge(ahead, lateness)
    assert.equal(
      judge(
        [
          [400, 0],
          [460, 300],
        ],
        lateness,
      ),
      'ok late',
    )
    assert.equal(lateness.difference, 0)
    judge(
      [
        [500, 200],
        [560, 201],
        [620, 200],
      ],
      lateness,
    )
    judge([[680, 150]], lateness)
    assert.equal(lateness.difference, 150_000, 'set a little')
  })

  test('by a day is one too', () => {
    const lateness = newLateness()
    judge(
      [
        [0, 86_400],
        [30, 86_401],
        [60, 86_402],
        [90, 86_400],
      ],
      lateness,
    )
    assert.equal(lateness.difference, 86_400_000)
  })

  test('is not believed of events that come in one go', () => {
    const lateness = newLateness()
    judge(
      Array.from({ length: 50 }, (_, index) => [index / 10, 300] as const),
      lateness,
    )
    assert.equal(lateness.difference, 0)
  })

  test('that is behind needs nothing', () => {
    assert.equal(
      judge([
        [0, -300],
        [60, -300],
        [120, -300],
        [180, -300],
        [240, 100],
      ]),
      'ok ok ok ok ok',
    )
  })
})

test('whatever comes, an event that is in time by the clocks is in time', () => {
  const event = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -1_000, max: 100_000 }))
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (pauses) => {
      const lateness = newLateness()
      let came = 0
      for (const [pause, late] of pauses) {
        came += pause
        const judged = judge([[came, late]], lateness)
        if (late * 1_000 <= LATE) assert.equal(judged, 'ok')
        assert.ok(lateness.difference === 0 || lateness.difference > LATE)
      }
    }),
  )
})

describe('a clock that is set while it runs', () => {
  /** Events that are in time, each of them so many seconds after the one before, after the clock was set by so much (s). */
  function set(lateness: ReturnType<typeof newLateness>, jumps: readonly number[], ago = 0): string {
    let wrong = 0
    return jumps
      .map((jump) => {
        passed += 1_000
        wrong += jump
        const happened = NOW + passed - ago * 1_000
        const late = lateness.of(happened, NOW + passed + wrong * 1_000)
        return late > LATE ? 'late' : 'ok'
      })
      .join(' ')
  }

  for (const [what, jump] of [
    ['an hour ahead', 3_600],
    ['a day back', -86_400],
    ['a year ahead', 31_536_000],
    ['a year back', -31_536_000],
  ] as const)
    test(`${what}, and back again, makes nothing late`, () => {
      const lateness = newLateness()
      assert.equal(set(lateness, [0, jump, 0]), 'ok ok ok')
      assert.equal(lateness.difference, jump * 1_000)
      assert.equal(set(lateness, [0]), 'ok', 'the clock is right again')
      assert.equal(lateness.difference, 0)
    })

  test('does not hide what is late', () => {
    const lateness = newLateness()
    set(lateness, [0, 3_600])
    assert.equal(lateness.of(NOW + passed - 600_000, NOW + passed + 3_600_000) > LATE, true)
  })

  test('that is set right was wrong before', () => {
    const lateness = newLateness()
    passed = 1_000
    lateness.of(NOW + 86_400_000 + passed, NOW + passed)
    passed = 2_000
    assert.ok(lateness.of(NOW + 86_400_000 + passed, NOW + 86_400_000 + passed) <= LATE)
    assert.equal(lateness.difference, 0)
    assert.ok(lateness.of(NOW + 86_400_000 + passed - 600_000, NOW + 86_400_000 + passed) > LATE)
  })

  test('while the computer sleeps nothing is set: what comes then is late', () => {
    const lateness = newLateness()
    judge([[0, 0]], lateness)
    assert.equal(judge([[3_600, 1_800]], lateness), 'late')
  })

  test('is remembered from an earlier run', () => {
    for (const difference of [3_600_000, -86_400_000]) {
      const lateness = createLateness(
        () => NOW + difference,
        () => 0,
      )
      lateness.recall(difference)
      assert.ok(lateness.of(NOW, NOW + difference) <= LATE)
      assert.equal(lateness.difference, difference)
    }
  })
})
