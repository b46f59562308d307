import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { applyEvent, type Session } from '../../main/sessions/session.ts'
import { numbered, play, steps } from './helpers/events.ts'
import { checkSession, checkStep } from './helpers/sessions.ts'
import { anyEvent } from './helpers/traffic.ts'

describe('any traffic', () => {
  test('in any order, with repetitions and losses, leaves a valid session', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ own: anyEvent, seq: fc.integer({ min: 1, max: 60 }) }), { maxLength: 60 }),
        (traffic) => {
          let session: Session | null = null
          for (const { own, seq } of traffic) {
            const event = numbered(own, seq)
            const after = applyEvent(session, event)
            checkStep(session, event, after)
            session = after
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('with any time stamps too', () => {
    const timestamp = fc.oneof(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom('', 'soon', '-1', '1e9'))
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, timestamp), { maxLength: 40 }), (traffic) => {
        const row = steps(traffic.map(([own, time]) => ({ ...own, timestamp: String(time) })))
        for (const { before, event, after } of row) checkStep(before, event, after)
      }),
      { numRuns: 200 },
    )
  })

  test('hundreds of events of one session stay within the bounds', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 300, maxLength: 500, size: 'max' }), (traffic) => {
        const session = play(traffic)
        checkSession(session)
        assert.ok(JSON.stringify(session).length < 1_500_000)
      }),
      { numRuns: 15 },
    )
  })

  test('repeated at once or later, each event counts once', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (traffic, chance) => {
          const events = traffic.map((own, index) => numbered(own, index + 1))
          const once = events.reduce<Session | null>(applyEvent, null)
          let repeated: Session | null = null
          for (const [index, event] of events.entries()) {
            repeated = applyEvent(repeated, event)
            const earlier = events[(chance.next().value ?? 0) % (index + 1)]
            if (earlier !== undefined) repeated = applyEvent(repeated, earlier)
          }
          assert.deepEqual(repeated, once)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('after a round trip through JSON it goes on as if nothing had been', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 30 }), fc.nat(), (traffic, cut) => {
        const half = cut % traffic.length
        const events = traffic.map((own, index) => numbered(own, index + 1))
        const stored = events.slice(0, half).reduce<Session | null>(applyEvent, null)
        const restored = JSON.parse(JSON.stringify(stored)) as Session | null
        const rest = (from: Session | null) => events.slice(half).reduce<Session | null>(applyEvent, from)
        assert.deepEqual(rest(restored), rest(stored))
      }),
      { numRuns: 200 },
    )
  })
})
