import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { createVirtualClock, type VirtualClock } from '../appliance/clock.ts'
import type { OutboundEvent } from '../appliance/event.ts'
import { createQueue, type Attempt, type Delivery, type Queue, type QueueTimes } from '../appliance/queue.ts'
import type { PostResult } from '../appliance/transport.ts'

const START = 1_700_000_000_000
const TIMES: QueueTimes = { retryIntervalMs: 1000, retryDurationMs: 10_000, timeoutMs: 500 }

/** What the recipient of a test does with one post. */
type Answer = number | 'refused' | 'hang' | 'lost'

interface Bench {
  readonly clock: VirtualClock
  readonly queue: Queue
  readonly attempts: Attempt[]
  readonly deliveries: Delivery[]
  /** Most posts that were on their way at the same time. */
  readonly mostInFlight: () => number
}

function createBench(answer: (event: OutboundEvent, attempt: number) => Answer, times: QueueTimes = TIMES): Bench {
  const clock = createVirtualClock(START)
  const attempts: Attempt[] = []
  const deliveries: Delivery[] = []
  const tries = new Map<number, number>()
  let inFlight = 0
  let most = 0
  let lost = false

  function post(event: OutboundEvent, signal: AbortSignal): Promise<PostResult> {
    const number = (tries.get(event.id) ?? 0) + 1
    tries.set(event.id, number)
    const given = answer(event, number)
    inFlight += 1
    most = Math.max(most, inFlight)
    return new Promise((resolve) => {
      const settle = (result: PostResult) => {
        inFlight -= 1
        resolve(result)
      }
      signal.addEventListener('abort', () => settle({ kind: 'error', code: 'ABORT_ERR' }), { once: true })
      if (given === 'hang') return
      clock.after(10, () => {
        lost = given === 'lost'
        if (given === 'refused') settle({ kind: 'error', code: 'ECONNREFUSED' })
        else settle({ kind: 'reply', status: given === 'lost' ? 200 : given })
      })
    })
  }

  const queue = createQueue({
    ...times,
    recipient: 'test',
    clock,
    post,
    loseReply: () => lost,
    onAttempt: (attempt) => attempts.push(attempt),
    onSettled: (delivery) => deliveries.push(delivery),
  })
  return { clock, queue, attempts, deliveries, mostInFlight: () => most }
}

const event = (id: number): OutboundEvent => ({ id, form: 'urlencoded', variables: [['event', `event_${id}`]] })

const ids = (list: readonly { readonly event: OutboundEvent }[]) => list.map((item) => item.event.id)

test('events go one at a time, in order', async () => {
  const { clock, queue, deliveries, mostInFlight } = createBench(() => 200)
  for (let id = 1; id <= 5; id += 1) queue.push(event(id))
  assert.equal(queue.length(), 5)
  await clock.advance(1000)
  assert.deepEqual(ids(deliveries), [1, 2, 3, 4, 5])
  assert.equal(mostInFlight(), 1)
  assert.equal(queue.length(), 0)
})

for (const answer of [100, 201, 202, 204, 206, 301, 302, 304, 400, 404, 500, 503, 'refused', 'hang', 'lost'] as const) {
  test(`${answer} is no success: the event comes again, and holds up the next`, async () => {
    const { clock, queue, attempts } = createBench(({ id }, number) => (id === 1 && number === 1 ? answer : 200))
    queue.push(event(1))
    queue.push(event(2))
    await clock.advance(5000)
    assert.deepEqual(ids(attempts), [1, 1, 2])
    assert.deepEqual(
      attempts.map(({ number }) => number),
      [1, 2, 1],
    )
  })
}

test('a failed event is tried again one interval after its failure', async () => {
  const { clock, queue, attempts } = createBench((_event, number) => (number < 4 ? 500 : 200))
  queue.push(event(1))
  await clock.advance(10_000)
  assert.deepEqual(
    attempts.map(({ startedAt }) => startedAt - START),
    [0, 1010, 2020, 3030],
  )
})

test('an attempt without an answer is cut at the time-out', async () => {
  const { clock, queue, attempts } = createBench((_event, number) => (number === 1 ? 'hang' : 200))
  queue.push(event(1))
  await clock.advance(5000)
  assert.deepEqual(
    attempts.map(({ result, endedAt, startedAt }) => [result.kind, endedAt - startedAt]),
    [
      ['timeout', 500],
      ['reply', 10],
    ],
  )
})

test('an event is dropped when the duration since its first attempt is over, and the next one goes on', async () => {
  const { clock, queue, deliveries } = createBench(({ id }) => (id === 1 ? 503 : 200))
  queue.push(event(1))
  queue.push(event(2))
  await clock.advance(9999)
  assert.equal(deliveries.length, 0)
  assert.equal(queue.length(), 2)
  await clock.advance(100)
  assert.deepEqual(
    deliveries.map(({ event: { id }, outcome, settledAt }) => [id, outcome, settledAt - START]),
    [
      [1, 'dropped', 10_000],
      [2, 'acknowledged', 10_010],
    ],
  )
  assert.equal(deliveries[0]?.attempts.length, 10)
})

test('the duration of an event that waited begins with its own first attempt', async () => {
  const { clock, queue, deliveries } = createBench(() => 500)
  queue.push(event(1))
  queue.push(event(2))
  await clock.advance(30_000)
  assert.deepEqual(
    deliveries.map(({ firstAttemptAt, settledAt }) => [firstAttemptAt - START, settledAt - START]),
    [
      [0, 10_000],
      [10_000, 20_000],
    ],
  )
})

test('an attempt in flight when the duration ends may still succeed', async () => {
  const { clock, queue, deliveries } = createBench(() => 200, { ...TIMES, retryDurationMs: 5 })
  queue.push(event(1))
  await clock.advance(100)
  assert.equal(deliveries[0]?.outcome, 'acknowledged')
})

test('a duration of 0 allows one attempt', async () => {
  const { clock, queue, deliveries } = createBench(() => 500, { ...TIMES, retryDurationMs: 0 })
  queue.push(event(1))
  await clock.advance(100)
  assert.deepEqual([deliveries[0]?.outcome, deliveries[0]?.attempts.length], ['dropped', 1])
})

test('a lost reply makes the recipient see the event twice', async () => {
  const seen: number[] = []
  const { clock, queue, deliveries } = createBench(({ id }, number) => {
    seen.push(id)
    return id === 1 && number === 1 ? 'lost' : 200
  })
  queue.push(event(1))
  queue.push(event(2))
  await clock.advance(5000)
  assert.deepEqual(seen, [1, 1, 2])
  assert.deepEqual(ids(deliveries), [1, 2])
  assert.deepEqual(deliveries[0]?.attempts, [{ kind: 'lost' }, { kind: 'reply', status: 200 }])
})

test('idle resolves when the queue has emptied, not before', async () => {
  const { clock, queue } = createBench((_event, number) => (number === 1 ? 500 : 200))
  let idle = false
  await queue.idle()
  queue.push(event(1))
  const waiting = (async () => {
    await queue.idle()
    idle = true
  })()
  await clock.advance(1000)
  assert.equal(idle, false)
  await clock.advance(1000)
  await waiting
  assert.equal(queue.length(), 0)
})

test('close cuts the attempt in flight, and what waits stays counted', async () => {
  const { clock, queue, attempts, deliveries } = createBench(() => 'hang')
  queue.push(event(1))
  queue.push(event(2))
  const idle = queue.idle()
  await queue.close()
  await idle
  queue.push(event(3))
  await clock.advance(60_000)
  assert.deepEqual([attempts.length, deliveries.length, queue.length()], [0, 0, 3])
})

test('close ends the wait for the next attempt', async () => {
  const { clock, queue, attempts } = createBench(() => 500)
  queue.push(event(1))
  await clock.advance(100)
  await queue.close()
  await clock.advance(60_000)
  assert.equal(attempts.length, 1)
})

test('a long queue is worked off', async () => {
  const { clock, queue, deliveries } = createBench(() => 200)
  for (let id = 1; id <= 5000; id += 1) queue.push(event(id))
  await clock.advance(51_000)
  assert.deepEqual(
    ids(deliveries),
    Array.from({ length: 5000 }, (_, index) => index + 1),
  )
  assert.equal(queue.length(), 0)
})

test('whatever the recipient does, the rules of the queue hold', async () => {
  const answers = fc.constantFrom<Answer[]>(200, 200, 204, 302, 500, 'refused', 'hang', 'lost')
  const times = fc.record({
    retryIntervalMs: fc.integer({ min: 1, max: 3000 }),
    retryDurationMs: fc.integer({ min: 0, max: 6000 }),
    timeoutMs: fc.integer({ min: 11, max: 2000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(answers, { maxLength: 6 }), { maxLength: 8 }), times, async (script, given) => {
      const bench = createBench(({ id }, number) => script[id - 1]?.[number - 1] ?? 200, given)
      const { clock, queue, attempts, deliveries } = bench
      script.forEach((_, index) => queue.push(event(index + 1)))
      await clock.advance(script.length * 20_000)

      // Nothing is lost, nothing overtakes, one at a time.
      assert.deepEqual(
        ids(deliveries),
        script.map((_, index) => index + 1),
      )
      assert.ok(bench.mostInFlight() <= 1)
      assert.equal(queue.length(), 0)
      assert.deepEqual(
        ids(attempts),
        ids(attempts).toSorted((left, right) => left - right),
      )

      let previousEnd = START
      for (const delivery of deliveries) {
        const own = attempts.filter((attempt) => attempt.event === delivery.event)
        const deadline = delivery.firstAttemptAt + given.retryDurationMs
        assert.equal(delivery.firstAttemptAt, previousEnd, 'the next event goes as soon as the one before is settled')
        previousEnd = delivery.settledAt
        own.forEach((attempt, index) => {
          const before = own[index - 1]
          assert.equal(attempt.number, index + 1)
          const due = before === undefined ? delivery.firstAttemptAt : before.endedAt + given.retryIntervalMs
          assert.equal(attempt.startedAt, due)
          assert.ok(index === 0 || attempt.startedAt < deadline)
          const success = attempt.result.kind === 'reply' && attempt.result.status === 200
          assert.equal(success, delivery.outcome === 'acknowledged' && index === own.length - 1)
        })
        const last = own.at(-1)
        if (delivery.outcome === 'dropped') {
          assert.equal(delivery.settledAt, Math.max(deadline, last?.endedAt ?? 0))
        } else assert.equal(delivery.settledAt, last?.endedAt)
      }
    }),
    { numRuns: 300 },
  )
})
