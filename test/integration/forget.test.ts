/** Forgetting somebody: nothing of them is in any file afterwards, and nothing in sight; whoever else is there stays. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createProfile, startRun, until, type Profile, type Run } from './helpers/application.ts'

const NAME = 'Margarethe Fürstenberg'
const KEY = 'INC0077123'
const LSID = 'deadbeefdeadbeefdeadbeefdeadbeef'
const ALL = [NAME, KEY, LSID, 'Fürstenberg', 'margarethe'] as const

const customer = (name: string) => ({ event: 'support_conference_member_added', type: 'customer', display_name: name })

/** A session with everything that leaves traces. */
async function live(run: Run, lsid: string, name: string, key: string): Promise<void> {
  await run.happen(
    [
      { event: 'support_conference_begin', external_key: key },
      { ...customer(name), external_key: key },
      {
        event: 'support_conference_owner_changed',
        conference_id: 'rep:12',
        conference_name: 'John',
        external_key: key,
      },
    ],
    lsid,
  )
}

/** Files of the profile in which one of these texts stands, in whatever spelling of the database. */
function filesWith(profile: Profile, texts: readonly string[]): string[] {
  const found: string[] = []
  for (const entry of readdirSync(profile.folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile()) continue
    const bytes = readFileSync(file)
    for (const text of texts) if (bytes.includes(text)) found.push(`${entry.name}: ${text}`)
  }
  return found
}

async function fill(run: Run): Promise<void> {
  await live(run, LSID, NAME, KEY)
  await live(run, 'other', 'Hannah Weiß', 'INC0000001')
  const form = new URLSearchParams({ hello: NAME }).toString()
  const latin = Buffer.concat([Buffer.from('x='), Buffer.from(NAME, 'latin1')])
  for (const body of [form, latin, JSON.stringify({ lsid: LSID }), `key=${KEY}`, 'about=Hannah']) {
    const response = await fetch(run.app.recipientUrl() ?? '', { method: 'POST', body })
    assert.equal(response.status, 200)
  }
  assert.equal(await run.post({ event: 'something_new', who: NAME }), 200)
  await until(() => run.state().alerts.length === 2, 'the alerts')
  // Written to the index often, so that its pages have been rewritten, split and filled again.
  for (let round = 0; round < 20; round += 1) {
    const event = { event: 'support_conference_owner_changed', external_key: KEY, conference_name: NAME.repeat(10) }
    await run.happen([{ ...event, conference_id: `team:${round}` }], LSID)
    await run.happen([{ ...event, conference_id: `team:${round}`, external_key: 'x' }], `filler${round}`)
    await new Promise((resume) => setTimeout(resume, 30))
  }
}

test('a customer is forgotten: in files, in State, on the desktop', async (t) => {
  const profile = createProfile(t)
  const run = await startRun(t, profile)
  await fill(run)
  await run.run({ type: 'lookup.search', query: NAME })
  await until(() => filesWith(profile, [LSID]).length > 0, 'the index')
  const target = { kind: 'customer', name: NAME } as const
  const found = await run.run({ type: 'data.find', target })
  assert.deepEqual(found, {
    sessions: 1,
    events: 24,
    reports: 0,
    quarantined: 3,
    alerts: 1,
    others: 0,
    copies: 0,
    unreadable: [],
  })
  assert.equal(run.state().health.held, 5)
  run.desktop.shown.length = 0
  assert.deepEqual(await run.run({ type: 'data.forget', target, deleteUnreadable: false }), found)
  assert.equal(run.desktop.shown.length, 1)
  assert.match(run.desktop.shown[0] ?? '', /^dismiss: /)
  // Names of owners are somebody else's: only those of the fillers are left, which say the name for a reason of their own.
  await run.run({ type: 'data.forget', target: { kind: 'key', key: 'x' }, deleteUnreadable: false })
  const state = run.state()
  assert.deepEqual([state.sessions.map(({ lsid }) => lsid), state.alerts.length, state.health.held], [['other'], 1, 2])
  assert.equal(JSON.stringify(state).includes(LSID), false)
  assert.equal(await run.run({ type: 'session.get', lsid: LSID }), null)
  assert.deepEqual(await run.run({ type: 'lookup.search', query: NAME }), [])
  // The ticket stands in a body of its own, which names nobody.
  assert.equal((await run.run({ type: 'data.find', target: { kind: 'key', key: KEY } })).quarantined, 1)
  await run.run({ type: 'data.forget', target: { kind: 'key', key: KEY }, deleteUnreadable: false })
  assert.deepEqual(filesWith(profile, ALL), [])
  assert.equal(statSync(`${run.journal}-wal`).size, 0)
  await run.stop()
  assert.deepEqual(filesWith(profile, ALL), [])
  assert.ok(filesWith(profile, ['Hannah']).length > 0)
  const log = run.log.join('\n')
  for (const text of ALL) assert.equal(log.includes(text), false)
  const again = await startRun(t, profile)
  assert.deepEqual(
    again.state().alerts.map(({ lsid }) => lsid),
    ['other'],
  )
})

test('an event that comes in later makes a new session', async (t) => {
  const run = await startRun(t)
  await live(run, LSID, NAME, KEY)
  await run.run({ type: 'data.forget', target: { kind: 'session', lsid: LSID }, deleteUnreadable: false })
  assert.equal(run.row(LSID), undefined)
  await run.happen([{ event: 'support_conference_begin', external_key: 'NEW' }], LSID)
  const row = run.row(LSID)
  assert.deepEqual([row?.externalKey, row?.customer, row?.owner], ['NEW', null, null])
  assert.equal((await run.run({ type: 'session.get', lsid: LSID }))?.keys.length, 1)
})

test('a key that a session had once counts, and so does what waits to be told', async (t) => {
  const run = await startRun(t)
  await run.happen([{ event: 'support_conference_begin', external_key: KEY }, customer('Ann')], LSID)
  await run.happen([{ event: 'support_conference_owner_changed', conference_id: 'team:5', external_key: 'B' }], LSID)
  await run.happen([{ event: 'support_conference_begin', external_key: `${KEY}4` }], 'longer')
  const target = { kind: 'key', key: KEY } as const
  assert.equal((await run.run({ type: 'data.find', target })).sessions, 1)
  await run.run({ type: 'data.forget', target, deleteUnreadable: false })
  assert.equal(run.row('longer')?.externalKey, `${KEY}4`)
  assert.equal((await run.run({ type: 'data.find', target: { kind: 'customer', name: 'Ann' } })).sessions, 0)
  // The queue would be told of after a quarter of a second.
  await new Promise((resume) => setTimeout(resume, 400))
  assert.deepEqual(run.desktop.shown, [])
  assert.deepEqual(filesWith({ folder: join(run.journal, '..') } as Profile, [LSID]), [])
})

test('a representative of the same name is somebody else', async (t) => {
  const run = await startRun(t)
  await run.happen([{ ...customer('Kim Lee'), type: 'representative', user_id: '9' }], 'theirs')
  await run.happen([customer('Kim Lee')], 'hers')
  await run.run({ type: 'data.forget', target: { kind: 'customer', name: 'Kim Lee' }, deleteUnreadable: false })
  assert.deepEqual(
    run.state().sessions.map(({ lsid }) => lsid),
    ['theirs'],
  )
})

test('copies of the journal are cleaned, and what cannot be looked into is named, and deleted if that is wished', async (t) => {
  const profile = createProfile(t)
  const run = await startRun(t, profile)
  await live(run, LSID, NAME, KEY)
  await live(run, 'other', 'Hannah Weiß', 'INC0000001')
  const folder = join(run.journal, '..')
  mkdirSync(join(folder, 'backups'))
  const copy = join(folder, 'backups/journal-2026-11-22.db')
  const database = new DatabaseSync(run.journal, { readOnly: true })
  database.exec(`VACUUM INTO '${copy}'`)
  database.close()
  copyFileSync(copy, join(folder, 'without.db'))
  const without = new DatabaseSync(join(folder, 'without.db'))
  without.exec('DELETE FROM events; DELETE FROM sessions; VACUUM')
  without.close()
  const time = new Date(2026, 0, 1)
  utimesSync(copy, time, time)
  const damaged = readFileSync(copy)
  damaged.fill(0x5a, 4096, 4096 * 4)
  writeFileSync(join(folder, 'journal.db.corrupt-2026'), damaged)
  const target = { kind: 'key', key: KEY } as const
  const found = await run.run({ type: 'data.find', target })
  assert.deepEqual([found.copies, found.unreadable], [1, ['journal.db.corrupt-2026']])
  await run.run({ type: 'data.forget', target, deleteUnreadable: false })
  assert.deepEqual(
    filesWith(profile, [LSID, NAME, KEY]).filter((line) => !line.startsWith('journal.db.corrupt')),
    [],
  )
  assert.ok(filesWith(profile, ['Hannah']).some((line) => line.startsWith('journal-2026-11-22.db')))
  assert.deepEqual(statSync(copy).mtime, time)
  const second = await run.run({ type: 'data.forget', target, deleteUnreadable: true })
  assert.deepEqual([second.copies, second.unreadable, second.events], [0, [], 0])
  assert.equal(readdirSync(folder).includes('journal.db.corrupt-2026'), false)
  assert.equal(
    readdirSync(join(folder, 'backups')).some((name) => /wal|shm/.test(name)),
    false,
  )
})
