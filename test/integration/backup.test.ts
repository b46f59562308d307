/** Copies of the journal: made while it is written, and put back into the same one or another. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { openJournal } from '../../main/events/journal.ts'
import { begin, customer, end, JANE, joins, MIRIAM, TO_ME, TO_MIRIAM } from '../unit/helpers/events.ts'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'

const GIVEN_TO_ME = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM), TO_ME]
const KEY = { external_key: 'INC1' }
const HOUR = 3_600

const folderOf = (run: Run) => join(dirname(run.journal), 'backups')
const make = (run: Run) => run.run({ type: 'journal.backup' })
const restore = (run: Run, name: string) => run.run({ type: 'journal.restore', name })

/** As if the folder were new, but for the backups. */
function removeJournal(run: Run): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${run.journal}${suffix}`, { force: true })
}

async function refusal(run: Run, name: string): Promise<string> {
  const reply = await run.app.run({ type: 'journal.restore', name })
  return reply.ok ? assert.fail('it was put back') : reply.message
}

/** What is stored, in its order. */
function storedIn(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare('SELECT lsid, event FROM events ORDER BY seq')
      .all()
      .map(({ lsid, event }) => `${String(lsid)} ${String(event)}`)
  } finally {
    database.close()
  }
}

describe('a backup', { concurrency: true }, () => {
  test('is made while events come in: whole, checked, for this user alone', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    const sending = run.happen(
      Array.from({ length: 100 }, (_, index) => ({ event: `event_${index}` })),
      'two',
    )
    const backup = await make(run)
    await sending
    const file = join(folderOf(run), backup.name)
    assert.match(backup.name, /^journal-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.db$/)
    assert.deepEqual(await run.run({ type: 'journal.backups' }), [
      { ...backup, at: Math.floor(statSync(file).mtimeMs), bytes: statSync(file).size },
    ])
    const copied = storedIn(file)
    assert.ok(copied.length >= 5)
    assert.deepEqual(storedIn(run.journal).slice(0, copied.length), copied, 'as it was at one moment')
    assert.deepEqual(readdirSync(folderOf(run)), [backup.name], 'nothing else is left there')
    if (process.platform === 'win32') return
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(folderOf(run)).mode & 0o777, 0o700)
  })

  test('is one of ten: the oldest make room', async (t) => {
    const run = await startRun(t)
    mkdirSync(folderOf(run))
    for (let number = 1; number <= 12; number += 1) {
      const file = join(folderOf(run), `journal-2020-01-${String(number).padStart(2, '0')}T00-00-00.db`)
      writeFileSync(file, '')
      utimesSync(file, number, number)
    }
    const { name } = await make(run)
    const names = (await run.run({ type: 'journal.backups' })).map((each) => each.name)
    assert.equal(names.length, 10)
    assert.deepEqual([names[0], names.at(-1)], [name, 'journal-2020-01-04T00-00-00.db'])
  })

  test('that cannot be made says why, and leaves nothing', async (t) => {
    const run = await startRun(t)
    writeFileSync(folderOf(run), 'in the way')
    const reply = await run.app.run({ type: 'journal.backup' })
    assert.match(reply.ok ? '' : reply.message, /No backup could be made \(EEXIST\)/)
  })
})

describe('putting a backup back', { concurrency: true }, () => {
  test('brings what is not there, in its place and told to nobody, and leaves what is there', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.happen([begin(KEY), joins(customer('Tom'), KEY), end(KEY)], 'gone', { ago: HOUR })
    const backup = await make(run)
    await run.happen([begin()], 'three')
    await until(() => !run.state().health.catchingUp, 'the backlog has drained')
    const before = storedIn(run.journal)
    const other = new DatabaseSync(run.journal)
    other.exec("DELETE FROM events WHERE lsid = 'gone'; DELETE FROM sessions WHERE lsid = 'gone'")
    other.close()
    run.desktop.shown.splice(0)

    assert.deepEqual(await restore(run, backup.name), { events: 3, known: 5, quarantined: 0 })
    assert.deepEqual(storedIn(run.journal), before, 'each in its place')
    const hits = await until(async () => {
      const found = await run.run({ type: 'lookup.search', query: 'INC1' })
      return found.length > 0 && found
    }, 'the index has it')
    assert.equal(hits[0]?.lsid, 'gone')
    assert.equal((await run.run({ type: 'session.get', lsid: 'gone' }))?.customer, 'Tom')
    assert.deepEqual(run.desktop.shown, [], 'nothing of it is news')
    assert.deepEqual(await restore(run, backup.name), { events: 0, known: 8, quarantined: 0 })
  })

  test('into a new journal: what came since then stays behind it', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen([begin(), TO_MIRIAM, joins(JANE)], 'one')
    assert.equal(await first.post({ nothing: 'of use' }), 200)
    const backup = await make(first)
    await first.stop()
    removeJournal(first)

    const second = await startRun(t, profile)
    await second.happen([joins(MIRIAM), TO_ME], 'one')
    assert.equal(second.row('one')?.customer, null)
    assert.deepEqual(await restore(second, backup.name), { events: 3, known: 0, quarantined: 1 })
    await until(() => second.row('one')?.customer === 'Jane Doe', 'the session is whole')
    assert.deepEqual(second.row('one')?.relation, 'mine', 'and as it was last')
    assert.deepEqual(
      storedIn(second.journal).map((line) => line.replace(/.*support_conference_/, '')),
      ['begin', 'owner_changed', 'member_added', 'member_added', 'owner_changed'],
    )
  })

  test('of an older version, and of one whose session came in a new journal, into one with numbers from 1', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen([begin()], 'old')
    const backup = await make(first)
    await first.stop()
    removeJournal(first)
    const file = join(folderOf(first), backup.name)
    const old = new DatabaseSync(file)
    old.exec(`ALTER TABLE quarantine DROP COLUMN parameters; ALTER TABLE quarantine DROP COLUMN cut;
      DROP TABLE reported; DROP TABLE names; DROP TABLE listed; DROP INDEX sessions_by_key_any_case; PRAGMA user_version = 1`)
    old.close()
    openJournal(first.journal).close()

    const second = await startRun(t, profile)
    await second.happen([begin()], 'new')
    assert.deepEqual(await restore(second, backup.name), { events: 1, known: 0, quarantined: 0 })
    assert.deepEqual(storedIn(second.journal).toSorted(), [
      'new support_conference_begin',
      'old support_conference_begin',
    ])
  })

  test('is refused for what is no backup, and no name is a path', async (t) => {
    const run = await startRun(t)
    await run.happen([begin()], 'one')
    const { name } = await make(run)
    for (const path of ['../journal.db', `../backups/${name}`, `./${name}`, `/etc/passwd`, '..', '', name.slice(1)])
      assert.match(await refusal(run, path), /not there any more/, path)
    writeFileSync(join(folderOf(run), 'journal-1.db'), 'This is no database. '.repeat(500))
    assert.match(await refusal(run, 'journal-1.db'), /cannot be read: file is not a database/)
    writeFileSync(join(folderOf(run), 'journal-2.db'), '')
    assert.match(await refusal(run, 'journal-2.db'), /cannot be read: It has no tables/)
    const newer = new DatabaseSync(join(folderOf(run), name))
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    assert.match(await refusal(run, name), /newer version of Rep Tray/)
    assert.ok(existsSync(run.journal))
    assert.deepEqual(run.state().problems, [], 'and the journal is none the worse')
  })
})
