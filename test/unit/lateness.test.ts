import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { createLateness, LATE } from '../../main/lateness.ts'

const MINUTE = 60_000
const NOW = 1_800_000_000_000

/** Events by when they came (s) and how late they were by the two clocks (s); which of them were taken as late. */
function judge(events: readonly (readonly [came: number, late: number])[], lateness = createLateness()): string {
  return events
    .map(([came, late]) => {
      const receivedAt = NOW + came * 1_000
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
    const lateness = createLateness()
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
    const lateness = createLateness()
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
    const lateness = createLateness()
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
    const lateness = createLateness()
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
      const lateness = createLateness()
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
