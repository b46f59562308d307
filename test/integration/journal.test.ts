import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openJournal, type IndexedSession } from '../../main/events/journal.ts'
import { openJournalForReading } from '../../main/events/reading.ts'
import { INDEX_VERSION, migrate, requireSafeSqlite } from '../../main/events/schema.ts'
import { atEnd } from '../at-end.ts'
import { entry, odd, openInFolder as open, temporaryFolder } from './support.ts'

/** A second connection, for what the journal does not show. */
function look<Row>(file: string, sql: string): Row[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(sql).all() as Row[]
  } finally {
    database.close()
  }
}

/** Frames in the write-ahead log that end a transaction. The size of the database stands in those, and 0 in others. */
function commitsIn(file: string): number {
  const log = readFileSync(`${file}-wal`)
  const pageSize = log.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    // Frames of an older round of the log have other salts.
    if (log.compare(log, 16, 24, at + 8, at + 16) === 0 && log.readUInt32BE(at + 4) !== 0) commits += 1
  }
  return commits
}

const indexed = (lsid: string, own: Partial<IndexedSession> = {}): IndexedSession => ({
  lsid,
  externalKey: null,
  customer: null,
  startedAt: 1,
  endedAt: null,
  updatedAt: 1_000,
  revision: 1,
  data: '{}',
  ...own,
})

test('what was appended is there after opening anew, byte for byte', async (t) => {
  const journal = open(t)
  const variables = JSON.parse('{"event":"e\\u0000","lsid":"ü😀\\u0000x","__proto__":"1","constructor":"","":"="}')
  const appended = await journal.append(entry('a', { at: 8_640_000_000_000_000, variables }))
  assert.deepEqual(appended, { seq: 1, repeated: false })
  journal.close()

  const again = open(t, journal.file)
  const [stored] = again.eventsAfter(0, 10)
  assert.deepEqual(
    { ...stored },
    {
      seq: 1,
      receivedAt: 1_000,
      at: 8_640_000_000_000_000,
      event: 'e\0',
      lsid: 'ü😀\0x',
      source: '192.0.2.1',
      variables,
      seen: 1,
    },
  )
  assert.equal(Object.hasOwn(stored?.variables ?? {}, '__proto__'), true)
  assert.equal(again.lastEventAt, 1_000)
})

test('an append is on disk as soon as it resolves: another connection sees it, and nothing before', async (t) => {
  const journal = open(t)
  const count = () => look<{ n: number }>(journal.file, 'SELECT count(*) AS n FROM events')[0]?.n
  const pending = journal.append(entry('a'))
  assert.equal(count(), 0)
  await pending
  assert.equal(count(), 1)
  assert.deepEqual(
    look(journal.file, 'PRAGMA journal_mode').map((row) => ({ ...(row as object) })),
    [{ journal_mode: 'wal' }],
  )
})

test('the connection writes through to the disk at each commit', (t) => {
  const database = new DatabaseSync(join(temporaryFolder(t), 'journal.db'))
  atEnd(t, () => database.close())
  migrate(database)
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  // 2 is FULL: with NORMAL a power cut takes what was answered 200 in the last seconds.
  assert.deepEqual([pragma('synchronous'), pragma('journal_mode'), pragma('auto_vacuum')], [2, 'wal', 2])
  const version = pragma('user_version')
  migrate(database)
  assert.equal(pragma('user_version'), version, 'once is enough')
})

test('what comes in during one turn shares one commit', async (t) => {
  const journal = open(t)
  await journal.append(entry('first'))
  const before = commitsIn(journal.file)
  const seqs = await Promise.all(
    Array.from({ length: 400 }, (_each, index) =>
      index % 10 === 0 ? journal.quarantine(odd(`q${index}`)) : journal.append(entry(`e${index}`)),
    ),
  )
  assert.equal(seqs.length, 400)
  assert.equal(commitsIn(journal.file) - before, 1)
  assert.equal(journal.eventsAfter(0, 1_000).length, 361)

  const many = commitsIn(journal.file)
  await Promise.all(Array.from({ length: 1_100 }, (_each, index) => journal.append(entry(`m${index}`))))
  const commits = commitsIn(journal.file) - many
  // The log may have begun anew in between; more than one for each 512 it is never.
  assert.ok(commits <= 3, `${commits} commits`)

  await journal.append(entry('alone'))
  await journal.append(entry('and alone again'))
  assert.equal(journal.eventsAfter(0, 5_000).length, 361 + 1_100 + 2)
})

test('events keep the order in which they were appended', async (t) => {
  const journal = open(t)
  const appended = await Promise.all(Array.from({ length: 1_000 }, (_each, i) => journal.append(entry(`e${i}`))))
  assert.deepEqual(
    appended.map(({ seq }) => seq),
    Array.from({ length: 1_000 }, (_each, i) => i + 1),
  )
})

test('a repeat is counted and gets the number of the first, also within one commit', async (t) => {
  const journal = open(t)
  const [first, second] = await Promise.all([journal.append(entry('a')), journal.append(entry('a'))])
  assert.deepEqual(
    [first, second],
    [
      { seq: 1, repeated: false },
      { seq: 1, repeated: true },
    ],
  )
  journal.close()
  const again = open(t, journal.file)
  assert.deepEqual(await again.append(entry('a', { receivedAt: 9_000, source: 'other' })), { seq: 1, repeated: true })
  const [stored, ...others] = again.eventsAfter(0, 10)
  assert.deepEqual([stored?.seen, stored?.receivedAt, stored?.source, others.length], [3, 1_000, '192.0.2.1', 0])
  const next = await again.append(entry('b'))
  assert.ok(next.seq > 1 && !next.repeated)
})

test('a body that is no event is kept as it came, and its repeats are counted', async (t) => {
  const journal = open(t)
  const body = Buffer.from(Array.from({ length: 256 }, (_each, index) => index))
  assert.deepEqual(await journal.quarantine(odd('a', { body })), { seq: 1, repeated: false })
  assert.deepEqual(await journal.quarantine(odd('a', { body })), { seq: 1, repeated: true })
  assert.equal((await journal.quarantine(odd('empty', { body: new Uint8Array() }))).repeated, false)
  const reader = openJournalForReading(journal.file)
  atEnd(t, () => reader.close())
  const [first, second, ...others] = reader.quarantined(0, 10)
  assert.deepEqual(Buffer.from(first?.body ?? []), body)
  assert.deepEqual([first?.seen, first?.reason, first?.contentType], [2, 'It is odd.', 'text/plain'])
  assert.equal(second?.body.byteLength, 0)
  assert.equal(others.length, 0)
  assert.deepEqual(reader.quarantined(1, 1), [second])
})

test('events are found after and before a number, and by session', async (t) => {
  const journal = open(t)
  for (let index = 1; index <= 5; index += 1) {
    const lsid = index % 2 === 0 ? 'even' : 'odd'
    await journal.append(entry(`e${index}`, { lsid, receivedAt: index }))
  }
  await journal.append(entry('none', { lsid: null, receivedAt: 6 }))
  const numbers = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq)
  assert.deepEqual(numbers(journal.eventsAfter(0, 3)), [1, 2, 3])
  assert.deepEqual(numbers(journal.eventsAfter(4, 10)), [5, 6])
  assert.deepEqual(numbers(journal.eventsAfter(6, 10)), [])
  assert.deepEqual(numbers(journal.eventsBefore(null, 2)), [6, 5])
  assert.deepEqual(numbers(journal.eventsBefore(3, 10)), [2, 1])
  assert.deepEqual(numbers(journal.eventsBefore(1, 10)), [])
  assert.deepEqual(numbers(journal.eventsOf('odd')), [1, 3, 5])
  assert.deepEqual(numbers(journal.eventsOf('nobody')), [])
  assert.equal(journal.lastEventAt, 6)
  assert.equal(open(t).lastEventAt, null)
})

test('index and notes are written together or not at all', (t) => {
  const journal = open(t)
  journal.index([indexed('a', { externalKey: 'INC1', customer: 'Jane' })], 7, { alerts: '[1]' })
  assert.equal(journal.indexedThrough, 7)
  assert.equal(journal.note('alerts'), '[1]')
  assert.equal(journal.note('nothing'), null)
  assert.deepEqual({ ...journal.session('a') }, indexed('a', { externalKey: 'INC1', customer: 'Jane' }))

  const bad = { ...indexed('b'), data: null as unknown as string }
  assert.throws(() => journal.index([indexed('a', { customer: 'John' }), bad], 8, { alerts: '[2]' }))
  assert.equal(journal.indexedThrough, 7)
  assert.equal(journal.note('alerts'), '[1]')
  assert.equal(journal.session('a')?.customer, 'Jane')
  assert.equal(journal.session('b'), null)

  journal.index([indexed('a', { customer: 'John' }), indexed('b')], 8, {})
  assert.equal(journal.session('a')?.customer, 'John')
  assert.equal(journal.note('alerts'), '[1]')
})

test('indexed sessions are found by their last change', (t) => {
  const journal = open(t)
  const all = [indexed('c', { updatedAt: 3 }), indexed('a', { updatedAt: 1 }), indexed('b', { updatedAt: 2 })]
  journal.index(all, 1, {})
  assert.deepEqual(
    journal.sessionsSince(2).map(({ lsid }) => lsid),
    ['b', 'c'],
  )
  assert.equal(journal.sessionsSince(Number.MIN_SAFE_INTEGER).length, 3)
})

test('folder and files are for this user alone, whatever the umask', async (t) => {
  const folder = temporaryFolder(t)
  const umask = process.umask(0)
  atEnd(t, () => process.umask(umask))
  const journal = open(t, join(folder, 'a', 'b', 'journal.db'))
  await journal.append(entry('a'))
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  assert.equal(mode(join(folder, 'a', 'b')), '700')
  for (const suffix of ['', '-wal', '-shm']) assert.equal(mode(`${journal.file}${suffix}`), '600', suffix)
})

test('a SQLite that could corrupt the journal is refused', () => {
  for (const version of ['3.51.2', '3.50.99', '3.9.0', '2.99.99', '0', ''])
    assert.throws(() => requireSafeSqlite(version), /too old/, version)
  for (const version of ['3.51.3', '3.51.10', '3.52.0', '3.100.0', '4.0.0']) requireSafeSqlite(version)
  requireSafeSqlite()
})

test('a journal of a newer version is refused by name, and left as it is', async (t) => {
  const journal = open(t)
  await journal.append(entry('a'))
  journal.close()
  const database = new DatabaseSync(journal.file)
  database.exec('PRAGMA user_version = 99')
  database.close()
  assert.throws(() => openJournal(journal.file), /newer version of Rep Tray \(schema 99\)/)
  assert.deepEqual(look<{ n: number }>(journal.file, 'SELECT count(*) AS n FROM events')[0]?.n, 1)
})

test('what is no journal is refused, and left as it is', (t) => {
  const file = join(temporaryFolder(t), 'journal.db')
  writeFileSync(file, 'This is a letter to my aunt, and quite long enough to be taken for something else.'.repeat(20))
  const before = readFileSync(file)
  assert.throws(() => openJournal(file), /not a database/)
  assert.deepEqual(readFileSync(file), before)
  mkdirSync(`${file}.folder`)
  assert.throws(() => openJournal(`${file}.folder`))
})

test('an index of another version is outdated, the events and notes stay', async (t) => {
  const journal = open(t)
  await journal.append(entry('a'))
  journal.index([indexed('a')], 1, { alerts: '[]' })
  journal.close()
  const same = open(t, journal.file)
  assert.equal(same.indexedThrough, 1)
  same.close()

  const database = new DatabaseSync(journal.file)
  database.exec(`UPDATE meta SET value = '${INDEX_VERSION - 1}' WHERE name = 'indexVersion'`)
  database.close()
  const again = open(t, journal.file)
  assert.deepEqual([again.indexedThrough, again.indexedFrom], [1, 2])
  assert.equal(again.session('a'), null)
  assert.deepEqual(again.sessionsSince(0), [])
  assert.equal(again.note('alerts'), '[]')
  assert.equal(again.eventsAfter(0, 10).length, 1)
})

test('closing writes what waits, and appending after that is refused', async (t) => {
  const journal = open(t)
  const pending = Array.from({ length: 1_200 }, (_each, index) => journal.append(entry(`e${index}`)))
  journal.close()
  assert.equal((await Promise.all(pending)).length, 1_200)
  await assert.rejects(journal.append(entry('late')))
  await assert.rejects(journal.quarantine(odd('late')))
  assert.equal(open(t, journal.file).eventsAfter(0, 5_000).length, 1_200)
})

test('a reader sees a whole journal while it is written', async (t) => {
  const journal = open(t)
  await journal.append(entry('first'))
  const reader = openJournalForReading(journal.file)
  atEnd(t, () => reader.close())
  const writing = { done: false }
  const writer = (async () => {
    for (let round = 0; round < 40; round += 1)
      await Promise.all(Array.from({ length: 25 }, (_each, index) => journal.append(entry(`${round}-${index}`))))
    writing.done = true
  })()
  let seen = 0
  while (!writing.done) {
    const count = reader.eventsAfter(0, 10_000).length
    assert.ok(count >= seen && count % 25 === 1, `${count} after ${seen}`)
    seen = count
    await new Promise(setImmediate)
  }
  await writer
  assert.equal(reader.eventsAfter(0, 10_000).length, 1_001)
})
