import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openJournal, type IndexedSession, type Journal } from '../../main/events/journal.ts'
import { openJournalForReading } from '../../main/events/reading.ts'
import { atEnd } from '../at-end.ts'
import { entry, odd, temporaryFolder } from './support.ts'

const NO_LIMIT = Number.MAX_SAFE_INTEGER

function open(t: TestContext) {
  const file = join(temporaryFolder(t), 'journal.db')
  const journal = openJournal(file)
  const reader = openJournalForReading(file)
  let isOpen = true
  const close = () => {
    if (!isOpen) return
    isOpen = false
    reader.close()
    journal.close()
  }
  atEnd(t, close)
  const contents = () => ({
    events: reader.eventsAfter(0, 100_000).map(({ receivedAt }) => receivedAt),
    quarantine: reader.quarantined(0, 100_000).map(({ receivedAt }) => receivedAt),
    sessions: reader.sessionsSince(Number.MIN_SAFE_INTEGER).map(({ lsid }) => lsid),
  })
  return { file, journal, contents, close }
}

const session = (lsid: string, updatedAt: number, data = '{}'): IndexedSession => ({
  lsid,
  externalKey: null,
  customer: null,
  startedAt: null,
  endedAt: null,
  updatedAt,
  revision: 1,
  data,
})

/** Prunes as upkeep does: again while there may be more. */
function pruneAll(journal: Journal, before: number, maxBytes: number, limit: number): number {
  for (let rounds = 1; ; rounds += 1) {
    if (journal.prune(before, maxBytes, limit) < limit) return rounds
    assert.ok(rounds < 1_000, 'pruning comes to no end')
  }
}

test('what is too old goes, from all tables, at most so much at a time', async (t) => {
  const { journal, contents } = open(t)
  for (let at = 1; at <= 10; at += 1) {
    await journal.append(entry(`s${at}`, { receivedAt: at, at }))
    await journal.quarantine(odd(`q${at}`, { receivedAt: at }))
    journal.index([session(`s${at}`, at)], at, {})
  }
  assert.equal(journal.prune(1, NO_LIMIT, 100), 0)
  assert.equal(journal.prune(6, NO_LIMIT, 3), 3)
  assert.deepEqual(contents().events, [4, 5, 6, 7, 8, 9, 10])
  assert.equal(journal.prune(6, NO_LIMIT, 100), 7)
  assert.deepEqual(contents(), {
    events: [6, 7, 8, 9, 10],
    quarantine: [6, 7, 8, 9, 10],
    sessions: ['s6', 's7', 's8', 's9', 's10'],
  })
  assert.equal(journal.prune(6, NO_LIMIT, 100), 0)
  assert.equal(journal.prune(NO_LIMIT, NO_LIMIT, 100), 10)
  assert.deepEqual(contents(), { events: [], quarantine: [], sessions: [] })
  assert.equal(journal.lastEventAt, null)
})

test('a session stays as long as one of its events does, and a late event keeps it', async (t) => {
  const { journal, contents } = open(t)
  await journal.append(entry('a1', { lsid: 'a', receivedAt: 1 }))
  await journal.append(entry('a2', { lsid: 'a', receivedAt: 100 }))
  await journal.append(entry('b1', { lsid: 'b', receivedAt: 1 }))
  journal.index([session('a', 1), session('b', 1), session('changed later', 100)], 3, {})
  journal.prune(50, NO_LIMIT, 100)
  assert.deepEqual(contents().sessions, ['a', 'changed later'])
})

test('an event that was pruned and is sent again is new, and numbers are never used twice', async (t) => {
  const { journal } = open(t)
  const first = await journal.append(entry('a'))
  journal.prune(NO_LIMIT, NO_LIMIT, 100)
  const again = await journal.append(entry('a'))
  assert.equal(again.repeated, false)
  assert.ok(again.seq > first.seq)
})

/** Fills a journal with events, bodies or sessions of one kilobyte each, received at 1, 2, 3, … */
async function fill(journal: Journal, what: 'events' | 'quarantine' | 'sessions', count: number, from = 1) {
  const large = 'x'.repeat(1_000)
  const numbers = Array.from({ length: count }, (_each, index) => from + index)
  if (what === 'events') {
    const variables = (at: number) => ({ event: 'e', lsid: `s${at}`, large })
    await Promise.all(
      numbers.map((at) => journal.append(entry(`e${at}`, { receivedAt: at, variables: variables(at) }))),
    )
  } else if (what === 'quarantine') {
    const body = Buffer.from(large)
    await Promise.all(numbers.map((at) => journal.quarantine(odd(`q${at}`, { receivedAt: at, body }))))
  } else {
    const all = numbers.map((at) => session(`s${at}`, at, JSON.stringify({ large })))
    journal.index(all, journal.indexedThrough, {})
  }
}

test('beyond its size the oldest events go, and the newest stay', async (t) => {
  const { file, journal, contents, close } = open(t)
  await fill(journal, 'events', 3_000)
  const rounds = pruneAll(journal, 0, 1_000_000, 100)
  const { events } = contents()
  assert.ok(rounds > 5)
  assert.ok(events.length > 500 && events.length < 1_000, `${events.length} are left`)
  assert.deepEqual(
    events,
    Array.from({ length: events.length }, (_each, index) => 3_001 - events.length + index),
  )
  pruneAll(journal, 0, 1_000_000, 100)
  assert.equal(contents().events.length, events.length, 'what fits stays')
  // The file follows in small steps.
  for (let round = 0; round < 20; round += 1) journal.prune(0, NO_LIMIT, 100)
  close()
  assert.ok(statSync(file).size < 1_300_000)
})

test('a heap of odd bodies drives out itself, and not the events', async (t) => {
  const { journal, contents } = open(t)
  await fill(journal, 'quarantine', 3_000)
  await fill(journal, 'events', 100, 10_000)
  pruneAll(journal, 0, 1_000_000, 100)
  const { events, quarantine } = contents()
  assert.equal(events.length, 100)
  assert.ok(quarantine.length > 300 && quarantine.length < 900, `${quarantine.length} are left`)
  assert.equal(quarantine.at(-1), 3_000)
})

test('sessions without events go with the events of their time, or they would drive out all events', async (t) => {
  const { journal, contents } = open(t)
  await fill(journal, 'events', 1_500)
  await fill(journal, 'sessions', 1_500)
  pruneAll(journal, 0, 2_000_000, 50)
  const { events, sessions } = contents()
  assert.ok(events.length > 300 && events.length < 1_000, `${events.length} events are left`)
  assert.deepEqual(
    sessions,
    events.map((at) => `s${at}`),
  )
})

test('a journal of nothing but sessions is not pruned for its size, and pruning comes to an end', async (t) => {
  const { journal, contents } = open(t)
  await fill(journal, 'sessions', 1_500)
  assert.equal(pruneAll(journal, 0, 1_000_000, 100), 1)
  assert.equal(contents().sessions.length, 1_500)
  assert.equal(pruneAll(journal, 1_000, 1_000_000, 100), 10)
  assert.equal(contents().sessions.length, 501)
})

test('events go by their receipt, also when the clock was set back in between', async (t) => {
  const { journal, contents } = open(t)
  await fill(journal, 'events', 50, 1_000_000)
  await fill(journal, 'events', 50, 1)
  assert.equal(journal.prune(500_000, NO_LIMIT, 100), 50)
  assert.equal(contents().events[0], 1_000_000)
})

test('what is no longer kept of the appliance’s reports is asked for again', (t) => {
  const { journal } = open(t)
  const { lookup } = journal
  const report = (lsid: string, endedAt: number) => ({
    lsid,
    externalKey: lsid,
    customer: null,
    computer: null,
    startedAt: endedAt - 10,
    endedAt,
    data: '{}',
  })
  lookup.addReports([report('old', 400), report('new', 900)])
  lookup.addListing({ from: 0, to: 300 }, [])
  lookup.addListing({ from: 350, to: 1_000 }, [])
  journal.prune(500, NO_LIMIT, 1_000)
  assert.deepEqual([lookup.report('old'), lookup.report('new')], [null, '{}'])
  assert.deepEqual(lookup.missing({ from: 0, to: 1_000 }), [{ from: 0, to: 500 }])
  journal.prune(500, NO_LIMIT, 1_000)
  assert.deepEqual(lookup.missing({ from: 0, to: 1_000 }), [{ from: 0, to: 500 }])
})
