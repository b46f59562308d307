import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { createAppliance, type Appliance, type ApplianceOptions } from '../appliance/appliance.ts'
import { auditEvents } from '../appliance/audit.ts'
import { createVirtualClock, type VirtualClock } from '../appliance/clock.ts'
import { EVENTS, valueOf, type Variables } from '../appliance/event.ts'
import { createTraffic, type TrafficOptions } from '../appliance/traffic.ts'

const START = 1_700_000_000_000

interface Site {
  readonly clock: VirtualClock
  readonly appliance: Appliance
  /** What the recipient got, in order. */
  readonly events: Variables[]
}

/** An appliance whose only recipient takes everything at once. */
function createSite(options: ApplianceOptions = {}): Site {
  const clock = createVirtualClock(START)
  const events: Variables[] = []
  const appliance = createAppliance({
    clock,
    seed: 1,
    transport: { send: () => Promise.resolve({ kind: 'reply', status: 200 }), close: () => undefined },
    onSettled: ({ event }) => events.push(event.variables),
    ...options,
  })
  appliance.addRecipient('http://recipient.example/')
  return { clock, appliance, events }
}

const forEver = new AbortController().signal

/** Runs traffic of a number of sessions from begin to end. */
async function runSessions(seed: number, traffic: TrafficOptions, appliance: ApplianceOptions = {}): Promise<Site> {
  const site = createSite({ seed, ...appliance })
  const made = createTraffic(site.appliance, traffic)
  const running = made.run({ rate: 1, signal: forEver })
  while (!made.finished) await site.clock.advance(600_000)
  await running
  await site.appliance.idle()
  return site
}

test('the same seed makes the same traffic, to the second', async () => {
  const first = await runSessions(42, { sessions: 30 })
  const second = await runSessions(42, { sessions: 30 })
  const other = await runSessions(43, { sessions: 30 })
  assert.ok(first.events.length > 200)
  assert.deepEqual(first.events, second.events)
  assert.notDeepEqual(first.events, other.events)
})

test('the rate changes when things happen, not what', async () => {
  const bare = (events: readonly Variables[]) => events.map((all) => all.filter(([name]) => name !== 'timestamp'))
  const slow = await runSessions(5, { sessions: 10 })
  const quick = createSite({ seed: 5 })
  const traffic = createTraffic(quick.appliance, { sessions: 10 })
  const running = traffic.run({ rate: 1000, signal: forEver })
  while (!traffic.finished) await quick.clock.advance(1000)
  await running
  assert.deepEqual(bare(quick.events), bare(slow.events))
})

test('whatever the seed, an appliance could have sent it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      async (seed, live, customFields) => {
        const { events, appliance } = await runSessions(seed, { sessions: 12, live, you: 12 }, { customFields })
        assert.deepEqual(auditEvents(events), [])
        assert.equal(appliance.sessions.size, 0)
        const count = (name: string) => events.filter((variables) => valueOf(variables, 'event') === name).length
        assert.equal(count(EVENTS.begin), 12)
        assert.equal(count(EVENTS.end), 12)
      },
    ),
    { numRuns: 60 },
  )
})

test('traffic has all that a site has', async () => {
  const { events } = await runSessions(3, { sessions: 300, live: 15 })
  const names = new Set(events.map((variables) => valueOf(variables, 'event')))
  assert.deepEqual(names, new Set(Object.values(EVENTS)))

  const bySession = Map.groupBy(events, (variables) => valueOf(variables, 'lsid'))
  const stories = [...bySession.values()].map((own) => {
    const keys = own.map((variables) => valueOf(variables, 'external_key'))
    const owners = own.flatMap((variables) => valueOf(variables, 'conference_id') ?? [])
    const customerJoins = own.filter(
      (variables) => valueOf(variables, 'event') === EVENTS.memberAdded && valueOf(variables, 'type') === 'customer',
    )
    const end = own.findIndex((variables) => valueOf(variables, 'event') === EVENTS.end)
    const endedAt = Number(valueOf(own[end] ?? [], 'timestamp'))
    const lastAt = Number(valueOf(own.at(-1) ?? [], 'timestamp'))
    return {
      startsIn: owners[0]?.split(':')[0],
      getsKey: keys[0] === undefined && keys.some((key) => key !== undefined),
      losesKey: keys.some((key, index) => key === undefined && keys[index - 1] !== undefined),
      changesKey: new Set(keys.filter((key) => key !== undefined)).size > 1,
      isTransferred: owners.length > 3,
      rejoins: customerJoins.length > 1,
      lateSurvey: lastAt - endedAt > 30,
      noSurvey: end === own.length - 1,
    }
  })
  const share = (has: (story: (typeof stories)[number]) => boolean) => stories.filter(has).length / stories.length
  for (const queue of ['team', 'general', 'rep']) assert.ok(share(({ startsIn }) => startsIn === queue) > 0.05, queue)
  for (const trait of [
    'getsKey',
    'losesKey',
    'changesKey',
    'isTransferred',
    'rejoins',
    'lateSurvey',
    'noSurvey',
  ] as const) {
    const found = share((story) => story[trait])
    assert.ok(found > 0.03 && found < 0.97, `${trait}: ${found}`)
  }
})

test('traffic goes on if others end its sessions', async () => {
  const { clock, appliance, events } = createSite()
  const traffic = createTraffic(appliance, { sessions: 40, live: 5 })
  const running = traffic.run({ rate: 1, signal: forEver })
  while (!traffic.finished) {
    await clock.advance(20_000)
    const [session] = appliance.sessions.values()
    session?.end()
    session?.steer()
  }
  await clock.advance(60_000)
  await running
  await appliance.idle()
  assert.deepEqual(auditEvents(events), [])
  assert.equal(events.filter((variables) => valueOf(variables, 'event') === EVENTS.end).length, 40)
})

test('the rate is kept on average', async () => {
  const { clock, appliance, events } = createSite()
  const stop = new AbortController()
  const running = createTraffic(appliance).run({ rate: 5, signal: stop.signal })
  await clock.advance(400_000)
  stop.abort()
  await running
  assert.ok(events.length > 1700 && events.length < 2300, String(events.length))
})

test('exactly as many events as asked for', async () => {
  const { clock, appliance, events } = createSite()
  const running = createTraffic(appliance).run({ rate: 100, events: 123, signal: forEver })
  await clock.advance(60_000)
  await running
  assert.equal(events.length, 123)
  assert.deepEqual(auditEvents(events), [])
})

test('a backlog lies back in time, is there at once, and live traffic goes on from it', async () => {
  const { clock, appliance, events } = createSite()
  const traffic = createTraffic(appliance)
  traffic.backlog(100, 3_600_000)
  assert.equal(appliance.queueLength(), 100)
  await clock.advance(0)
  await appliance.idle()
  const times = events.map((variables) => Number(valueOf(variables, 'timestamp')))
  assert.equal(times.length, 100)
  assert.equal(times[0], START / 1000 - 3600)
  assert.ok((times.at(-1) ?? 0) < START / 1000 && (times.at(-1) ?? 0) > START / 1000 - 300)

  const running = traffic.run({ rate: 10, events: 200, signal: forEver })
  await clock.advance(120_000)
  await running
  assert.equal(events.length, 300)
  assert.deepEqual(auditEvents(events), [])
})

test('some representative has more to do than the others', async () => {
  const { events } = await runSessions(9, { sessions: 200, you: 29 })
  const owners = Map.groupBy(
    events.flatMap((variables) => valueOf(variables, 'conference_id') ?? []),
    (id) => id,
  )
  const count = (id: number) => owners.get(`rep:${id}`)?.length ?? 0
  for (const id of [12, 14, 15, 17, 18, 21, 22, 26, 34]) assert.ok(count(29) > count(id), `${id}: ${count(id)}`)
})

test('odd traffic stays traffic: the events of the seven are all still sent', async () => {
  const site = await runSessions(11, { sessions: 40 }, { odd: 0.5 })
  const plain = await runSessions(11, { sessions: 40 })
  assert.ok(site.events.length > plain.events.length)
  const ends = site.events.filter((variables) => valueOf(variables, 'event') === EVENTS.end)
  assert.ok(ends.length >= 40)
})
