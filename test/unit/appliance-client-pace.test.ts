import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isApplianceError } from '../../main/appliance/errors.ts'
import { createPace, retryAfterOf } from '../../main/appliance/pace.ts'
import { failure, stubClock, type StubClock } from './appliance-client-stub.ts'

/** Takes as many turns as are asked for, and writes down when each came. */
function run(pace: { take(): Promise<void> }, clock: StubClock, count: number): { times: number[]; failed: number } {
  const outcome = { times: [] as number[], failed: 0 }
  for (let turn = 0; turn < count; turn += 1) {
    pace.take().then(
      () => outcome.times.push(clock.now()),
      () => {
        outcome.failed += 1
      },
    )
  }
  return outcome
}

test('never more than twenty in any second, however many ask', async () => {
  const clock = stubClock()
  const { times } = run(createPace(clock), clock, 100)
  await clock.advance(20_000)
  assert.equal(times.length, 100)
  for (const [at, time] of times.entries()) {
    const within = times.slice(at).filter((each) => each < time + 1000)
    assert.ok(within.length <= 20, `${within.length} from ${at}`)
  }
  assert.equal((times.at(-1) ?? 0) - (times[0] ?? 0), 4 * 1100)
})

test('who asks first goes first', async () => {
  const clock = stubClock()
  const pace = createPace({ ...clock, perSecond: 1 })
  const order: number[] = []
  for (const each of [1, 2, 3]) void pace.take().then(() => order.push(each))
  await clock.advance(5000)
  assert.deepEqual(order, [1, 2, 3])
})

test('an hour’s budget: more is an error that says when', async () => {
  const clock = stubClock()
  const pace = createPace({ ...clock, perHour: 30 })
  const { times } = run(pace, clock, 30)
  await clock.advance(10_000)
  assert.equal(times.length, 30)
  assert.equal(pace.used(), 30)
  const error = await failure(pace.take())
  assert.equal(error.kind, 'rateLimited')
  assert.equal(error.retryAfter, 3_600_000 - 10_000)
  await clock.advance(3_600_000 - 10_000)
  await pace.take()
  assert.equal(pace.used(), 11)
})

test('fifteen thousand in an hour are quick to count', async () => {
  const clock = stubClock()
  const pace = createPace({ ...clock, perSecond: 1_000_000 })
  const started = performance.now()
  for (let turn = 0; turn < 15_000; turn += 1) await pace.take()
  assert.ok(performance.now() - started < 5000)
  assert.equal((await failure(pace.take())).kind, 'rateLimited')
})

test('nobody is kept waiting by one who gave up', async () => {
  const clock = stubClock()
  const pace = createPace({ ...clock, perSecond: 1 })
  await pace.take()
  const stop = new AbortController()
  const given = failure(pace.take(stop.signal))
  const stays = run(pace, clock, 1)
  await clock.advance(100)
  stop.abort()
  assert.equal((await given).kind, 'cancelled')
  await clock.advance(1000)
  assert.equal(stays.times.length, 1)
})

test('the appliance’s own count is heeded', async () => {
  const headers = (limit: string, remaining: string) =>
    new Headers({ 'X-RateLimit-Limit': limit, 'X-RateLimit-Remaining': remaining })
  const clock = stubClock()
  const pace = createPace(clock)
  pace.heed(headers('20', '0'))
  const second = run(pace, clock, 1)
  await clock.advance(1_099)
  assert.equal(second.times.length, 0)
  await clock.advance(1)
  assert.equal(second.times.length, 1)
  pace.heed(headers('15000', '0'))
  const error = await failure(pace.take())
  assert.equal(error.kind, 'rateLimited')
  assert.equal(error.retryAfter, 60_000)
  await clock.advance(60_000)
  for (const odd of [headers('15000', '12'), headers('x', ''), new Headers(), headers('', '-1')]) pace.heed(odd)
  await pace.take()
})

test('a clock that is set back or forth holds nothing up', async () => {
  let time = 1_700_000_000_000
  const clock = stubClock()
  const pace = createPace({ delay: clock.delay, now: () => time, perSecond: 2, perHour: 3 })
  await pace.take()
  await pace.take()
  pace.hold(4_000)
  time -= 3_600_000
  await pace.take()
  time += 10 * 3_600_000
  await pace.take()
  assert.equal(pace.used(), 1)
})

test('Retry-After as seconds, as a date, and as nonsense', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const of = (text: string | null) => retryAfterOf(new Headers(text === null ? {} : { 'Retry-After': text }), now)
  assert.equal(of('120'), 120_000)
  assert.equal(of(' 0 '), 0)
  assert.equal(of('Thu, 01 Jan 2026 00:00:30 GMT'), 30_000)
  assert.equal(of('Thu, 01 Jan 2015 00:00:30 GMT'), 0)
  for (const text of [null, '', 'soon', '-5', '1e9']) assert.ok([null, 0].includes(of(text)), String(text))
})

test('errors of the pace are of the one kind', async () => {
  const clock = stubClock()
  const pace = createPace({ ...clock, perHour: 0 })
  await assert.rejects(pace.take(), (error) => isApplianceError(error))
})
