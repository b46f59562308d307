import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createAppliance } from '../appliance/appliance.ts'
import { createArchive } from '../appliance/archive/archive.ts'
import { inventDetails, recordingsOf } from '../appliance/archive/details.ts'
import { machineOf } from '../appliance/archive/machine.ts'
import { inventPast, RETENTION_DAYS } from '../appliance/archive/past.ts'
import { snapshotOf, type Entry, type SessionRecord } from '../appliance/archive/record.ts'
import { createVirtualClock } from '../appliance/clock.ts'
import { valueOf, type Variables } from '../appliance/event.ts'
import { createRandom } from '../appliance/random.ts'
import { createTraffic } from '../appliance/traffic.ts'
import { createWorld } from '../appliance/world.ts'

const NOW = Date.UTC(2019, 10, 24, 13, 13, 20)
const DAY = 86_400_000
const world = createWorld()

const past = (count: number, seed = 1) => inventPast({ world, random: createRandom(seed), count, before: NOW })

/** What an entry would be called in an event; null: there is no event for it. */
function eventOf(entry: Entry): string | null {
  const name = (who: 'customer' | { readonly name: string }) => (who === 'customer' ? 'customer' : who.name)
  switch (entry.kind) {
    case 'begin':
    case 'end':
      return entry.kind
    case 'owner':
      return `owner_changed ${entry.owner.id}`
    case 'joined':
      return `member_added ${name(entry.who)}`
    case 'left':
      return `member_departed ${name(entry.who)}`
    case 'survey':
      return `${entry.by}_exit_survey_completed`
    case 'key':
    case 'attribute':
    case 'log':
      return null
  }
}

function nameOf(variables: Variables): string {
  const event = (valueOf(variables, 'event') ?? '').replace('support_conference_', '')
  if (event === 'owner_changed') return `${event} ${valueOf(variables, 'conference_id') ?? ''}`
  if (!event.startsWith('member_')) return event
  const isCustomer = valueOf(variables, 'type') === 'customer'
  return `${event} ${isCustomer ? 'customer' : (valueOf(variables, 'display_name') ?? '')}`
}

test('whatever a site does, the record of each session says what its events said, at their times', async () => {
  for (const seed of [1, 2, 3]) {
    const clock = createVirtualClock(NOW)
    const events: Variables[] = []
    const appliance = createAppliance({
      clock,
      seed,
      transport: { send: () => Promise.resolve({ kind: 'reply', status: 200 }), close: () => undefined },
      onSettled: ({ event }) => events.push(event.variables),
    })
    appliance.addRecipient('http://recipient.example/')
    const traffic = createTraffic(appliance, { sessions: 25, live: 6 })
    traffic.backlog(60, 600_000)
    const running = traffic.run({ rate: 1, signal: new AbortController().signal })
    while (!traffic.finished) await clock.advance(600_000)
    await running
    await appliance.idle()
    const records = [...appliance.archive.records()]
    assert.equal(records.length, 25)
    for (const record of records) {
      const own = events.filter((variables) => valueOf(variables, 'lsid') === record.lsid)
      const told = own.map((variables) => `${valueOf(variables, 'timestamp') ?? ''} ${nameOf(variables)}`)
      const entries = record.entries()
      assert.deepEqual(
        entries.flatMap((entry) => {
          const name = eventOf(entry)
          return name === null ? [] : [`${Math.floor(entry.at / 1000)} ${name}`]
        }),
        told,
      )
      assert.equal(
        record.externalKey,
        valueOf(own.findLast((each) => nameOf(each) === 'end') ?? [], 'external_key') ?? null,
      )
      assert.equal(snapshotOf(record)?.externalKey, record.externalKey)
      assert.equal(
        record.served,
        told.some((line) => line.includes('member_added') && !line.endsWith('customer')),
      )
    }
    await appliance.close()
  }
})

test('the past follows from the seed, and lies in the last 90 days', () => {
  const brief = (records: readonly SessionRecord[]) =>
    records.map(({ lsid, lseq, startedAt, endedAt, externalKey, customer }) => [
      lsid,
      lseq,
      startedAt,
      endedAt,
      externalKey,
      customer.name,
    ])
  const first = past(2000)
  assert.deepEqual(brief(past(2000)), brief(first))
  assert.notDeepEqual(brief(past(2000, 2)), brief(first))
  assert.equal(new Set(first.map(({ lsid }) => lsid)).size, 2000)
  let latest = 0
  for (const { lsid, lseq, startedAt, endedAt } of first) {
    assert.match(lsid, /^[0-9a-f]{32}$/)
    assert.ok(startedAt >= latest && startedAt > NOW - RETENTION_DAYS * DAY - DAY)
    assert.ok(endedAt !== null && endedAt > startedAt && endedAt < NOW)
    assert.ok(lseq > 1000)
    latest = startedAt
  }
  assert.ok(new Set(first.map(({ lseq }) => lseq)).size < 2000, 'a sequence number comes twice now and then')
  assert.ok(first.some(({ startedAt }) => startedAt < NOW - 85 * DAY))
  assert.ok(first.some(({ startedAt }) => startedAt > NOW - 5 * DAY))
  const customers = new Set(first.map(({ customer }) => customer.computer))
  assert.ok(customers.size > 200, `${customers.size} computers`)
})

test('the story of a past session ends as was said of it', () => {
  const kinds = { unserved: 0, transferred: 0, keyless: 0, lateKey: 0, surveyed: 0, returned: 0 }
  for (const record of past(600)) {
    const entries = record.entries()
    assert.deepEqual(entries, record.entries())
    const snapshot = snapshotOf(record, entries)
    assert.ok(snapshot !== null)
    assert.deepEqual(
      [snapshot.startedAt, snapshot.endedAt, snapshot.externalKey, snapshot.served],
      [record.startedAt, record.endedAt, record.externalKey, record.served],
    )
    assert.deepEqual(
      entries.map(({ at }) => at),
      entries.map(({ at }) => at).toSorted((one, other) => one - other),
    )
    assert.equal(new Set(snapshot.connections.map(({ gsnumber }) => gsnumber)).size, snapshot.connections.length)
    assert.ok(snapshot.connections.every(({ leftAt }) => leftAt !== null))
    assert.equal(snapshot.primaryRep !== null, snapshot.served)
    const owners = new Set(entries.flatMap((entry) => (entry.kind === 'owner' ? [entry.owner.id] : [])))
    if (!snapshot.served) kinds.unserved += 1
    if (owners.size > 2) kinds.transferred += 1
    if (snapshot.externalKey === null) kinds.keyless += 1
    if (entries.some(({ kind, at }) => kind === 'key' && at > record.startedAt)) kinds.lateKey += 1
    if (snapshot.surveys.length > 0) kinds.surveyed += 1
    if (snapshot.connections.filter(({ who }) => who === 'customer').length > 1) kinds.returned += 1
  }
  for (const [kind, count] of Object.entries(kinds)) assert.ok(count > 5, `${kind}: ${count}`)
})

test('details are the same each time, grow while the session runs, and come only from those who are in it', () => {
  let characters = 0
  let illegal = 0
  for (const record of past(200)) {
    const snapshot = snapshotOf(record)
    assert.ok(snapshot !== null)
    const all = inventDetails(snapshot, NOW)
    assert.deepEqual(inventDetails(snapshot, NOW), all)
    if (!snapshot.served) assert.deepEqual(all, [])
    const half = (record.startedAt + (record.endedAt ?? NOW)) / 2
    const early = inventDetails({ ...snapshot, endedAt: null }, half)
    assert.deepEqual(early, all.slice(0, early.length), 'what was said stays said')
    for (const entry of all) {
      if (entry.kind !== 'log') continue
      const { by } = entry.entry
      assert.ok(
        snapshot.connections.some(
          ({ who, joinedAt, leftAt }) => who === by && joinedAt <= entry.at && entry.at <= (leftAt ?? NOW),
        ),
      )
      if ('body' in entry.entry) {
        characters += entry.entry.body.length
        if (entry.entry.body.includes('\u001b')) illegal += 1
      }
    }
  }
  assert.ok(characters > 10_000)
  assert.ok(illegal > 3, 'some of it cannot be written in XML')
})

test('recordings come with the end, and only of sessions that somebody served', () => {
  const ended = { lsid: 'x', endedAt: NOW, served: true }
  const of = (part: object, now = NOW) => recordingsOf({ ...ended, ...part }, now)
  const recorded = Array.from({ length: 50 }, (_, index) => String(index)).filter((lsid) => of({ lsid }).screen)
  assert.ok(recorded.length > 15 && recorded.length < 45)
  const [lsid = ''] = recorded
  assert.deepEqual(of({ lsid, endedAt: null }), { screen: false, shells: 0, expired: false })
  assert.equal(of({ lsid, served: false }).screen, false)
  assert.deepEqual([of({ lsid }).expired, of({ lsid }, NOW + 31 * DAY).expired], [false, true])
})

test('the same customer comes from the same computer; names of any script have a log-in name', () => {
  for (const customer of world.customers) {
    const machine = machineOf(customer)
    assert.deepEqual(machineOf(customer), machine)
    assert.match(machine.username, /^[a-z]+$/)
    assert.match(machine.publicIp, /^(\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\]):\d+$/)
  }
})

test('of too many sessions the oldest that have ended are forgotten', () => {
  const archive = createArchive({ limit: 20 })
  const [customer] = world.customers
  assert.ok(customer !== undefined)
  const running = archive.open('running', customer, NOW)
  running.add({ kind: 'begin', at: NOW })
  for (let index = 0; index < 100; index += 1) {
    const record = archive.open(String(index), customer, NOW)
    record.add({ kind: 'begin', at: NOW })
    record.add({ kind: 'end', at: NOW })
  }
  assert.ok(archive.size <= 26, String(archive.size))
  assert.equal(archive.find('running'), running)
  assert.equal(archive.find('0'), undefined)
  assert.equal(archive.find('99')?.endedAt, NOW)
})
