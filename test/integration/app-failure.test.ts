/** The disk, the database or the index fails under the application. One after the other: some of it holds up the process. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { begin, customer, JANE, joins, MIRIAM, TO_ME, TO_MIRIAM } from '../unit/helpers/events.ts'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'

const GIVEN_TO_ME = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM), TO_ME]
const TRANSFERRED = 'Session transferred to you — Jane Doe · no ticket'
const SENTINEL = [begin(), TO_MIRIAM, joins(customer('Last One')), joins(MIRIAM), TO_ME]
const SENTINEL_LINE = 'Session transferred to you — Last One · no ticket'

/** As the appliance does: the same event again, until it is taken. */
async function insist(run: Run, event: Record<string, string>): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  await until(async () => (await run.post({ ...event, timestamp })) === 200, 'the event is taken')
}

test('a folder that cannot be: 503 and a problem; when it can be, all is well', async (t) => {
  const profile = createProfile(t)
  const dataDir = join(profile.folder, 'data')
  writeFileSync(dataDir, 'in the way')
  const run = await startRun(t, profile)
  assert.equal(run.problem('journal.open')?.severity, 'error')
  assert.equal(await run.post(begin({ lsid: 'one' })), 503)
  assert.equal(await run.post(begin({ lsid: 'one' })), 503)
  assert.equal(run.problem('journal.write')?.severity, 'error')
  assert.equal(run.desktop.trays.at(-1)?.icon, 'offline')
  assert.equal((await run.app.run({ type: 'activity.list', before: null })).ok, false)
  assert.equal((await run.app.run({ type: 'session.get', lsid: 'one' })).ok, false)
  await run.run({ type: 'listener.retry' })
  assert.ok(run.problem('journal.open'), 'still in the way')
  rmSync(dataDir)
  await run.run({ type: 'listener.retry' })
  assert.equal(run.problem('journal.open'), undefined)
  await run.happen(GIVEN_TO_ME, 'one')
  await run.shows(TRANSFERRED)
  assert.deepEqual(run.state().problems, [])
})

test('a stop while nothing can be stored is a stop', async (t) => {
  const profile = createProfile(t)
  writeFileSync(join(profile.folder, 'data'), 'in the way')
  const run = await startRun(t, profile)
  await run.run({ type: 'notification.test' })
  await run.stop()
  assert.equal(run.state().health.listener.status, 'stopped')
})

test('what was told before the journal opened is kept beside what it knows', async (t) => {
  const profile = createProfile(t)
  const first = await startRun(t, profile)
  await first.happen(GIVEN_TO_ME, 'one')
  await first.stop()
  const away = join(profile.folder, 'away')
  renameSync(join(profile.folder, 'data'), away)
  writeFileSync(join(profile.folder, 'data'), 'in the way')
  const second = await startRun(t, profile)
  await second.run({ type: 'notification.test' })
  rmSync(join(profile.folder, 'data'))
  renameSync(away, join(profile.folder, 'data'))
  await second.run({ type: 'listener.retry' })
  const kinds = () => second.state().alerts.map((alert) => alert.kind)
  assert.deepEqual(kinds(), ['test', 'transferred'])
  assert.equal(second.row('one')?.relation, 'mine')
})

test('a journal that is deleted under it: another one, and on', { skip: process.platform === 'win32' }, async (t) => {
  const run = await startRun(t)
  await run.happen(GIVEN_TO_ME, 'one')
  await run.shows(TRANSFERRED)
  const folder = dirname(run.journal)
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
  for (const event of SENTINEL) await insist(run, { ...event, lsid: 'two' })
  await run.shows('dismiss: Session transferred to you', SENTINEL_LINE)
  await run.stop()
  assert.deepEqual(run.state().problems, [])
  assert.ok(statSync(run.journal).size > 0)
})

test(
  'a journal that turns into something else: that is set aside and told, and a new one takes the event',
  { skip: process.platform === 'win32' },
  async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    const folder = dirname(run.journal)
    for (const file of readdirSync(folder)) rmSync(join(folder, file))
    writeFileSync(run.journal, 'This is no database. '.repeat(500))
    assert.equal(await run.post(begin({ lsid: 'two' })), 200)
    const aside = readdirSync(folder).find((name) => name.startsWith('journal.db.corrupt-')) ?? ''
    assert.match(readFileSync(join(folder, aside), 'latin1'), /^This is no database/)
    await until(() => run.problem('journal.damaged')?.severity === 'error', 'nothing of it can be read')
    assert.match(
      run.problem('journal.damaged')?.detail ?? '',
      new RegExp(`nothing.* ${RegExp.escape(join(folder, aside))}$`),
    )
    assert.equal(run.row('one')?.relation, 'mine', 'what was on the board stays there')
  },
)

test('a database that another program holds: 503 meanwhile, nothing lost after', async (t) => {
  const run = await startRun(t)
  await run.happen([begin()], 'one')
  const other = new DatabaseSync(run.journal)
  t.after(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  assert.equal(await run.post({ ...TO_ME, lsid: 'one' }), 503)
  assert.match(run.problem('journal.write')?.detail ?? '', /locked/)
  assert.ok(run.problem('journal.write'))
  other.exec('ROLLBACK')
  await insist(run, { ...TO_ME, lsid: 'one' })
  assert.equal(run.problem('journal.write'), undefined)
  assert.equal(run.row('one')?.relation, 'mine')
  await run.shows('Session started with you — Customer not known yet · no ticket')
})

test('an index that cannot be written: events come in all the same, and it is made up for', async (t) => {
  const profile = createProfile(t)
  const run = await startRun(t, profile)
  await run.happen([begin()], 'one')
  const other = new DatabaseSync(run.journal)
  t.after(() => other.close())
  other.exec('ALTER TABLE sessions RENAME TO elsewhere')
  await run.happen(GIVEN_TO_ME.slice(1), 'one')
  await run.shows(TRANSFERRED)
  await until(() => run.problem('journal.index'), 'it is said')
  assert.equal(run.row('one')?.relation, 'mine')
  other.exec('ALTER TABLE elsewhere RENAME TO sessions')
  await until(() => run.problem('journal.index') === undefined, 'it is mended by itself')
  const before = run.state().sessions
  await run.stop()
  const next = await startRun(t, profile)
  assert.deepEqual(next.state().sessions, before)
})

test('a session whose line in the index is damaged is put together from its events', async (t) => {
  const profile = createProfile(t)
  const first = await startRun(t, profile)
  await first.happen(GIVEN_TO_ME.slice(0, 4), 'one', { ago: 100 })
  await first.stop()
  const database = new DatabaseSync(first.journal)
  // It is not read at the start, for it lies long back.
  database.exec("UPDATE sessions SET data = '{', updated = 0")
  database.close()
  const second = await startRun(t, profile)
  assert.equal(second.row('one'), undefined)
  assert.equal((await second.run({ type: 'session.get', lsid: 'one' }))?.customer, 'Jane Doe')
  await second.happen([TO_ME], 'one')
  await second.shows(TRANSFERRED)
  assert.deepEqual(second.row('one')?.representatives, ['Miriam Okafor'])
  assert.deepEqual(second.state().problems, [])
})

test('what fails after the answer is a problem, and neither the answer nor the event suffers', async (t) => {
  const profile = createProfile(t)
  profile.setPolicy({})
  const run = await startRun(t, profile)
  const { text: url } = await run.run({ type: 'recipient.renew' })
  profile.user.write = () => {
    throw new Error('ENOSPC')
  }
  assert.equal(await run.post({ ...begin(), lsid: 'one' }, { url }), 200)
  assert.match(run.problem('processing')?.detail ?? '', /safe in the journal.*ENOSPC/)
  assert.ok(run.row('one'))
  assert.equal(await run.post({ ...TO_ME, lsid: 'one' }, { url }), 200)
  assert.equal(run.row('one')?.relation, 'mine')
})

const noLimits = existsSync('/usr/bin/prlimit') ? false : 'needs prlimit, which only Linux has'

test('a disk that takes no more: 503, a problem, and on by itself when it does', { skip: noLimits }, async (t) => {
  const run = await startRun(t)
  await run.happen(GIVEN_TO_ME, 'one')
  await run.shows(TRANSFERRED)
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
  // The limit comes with a signal, and then as an error of the write.
  const ignore = () => {}
  process.on('SIGXFSZ', ignore)
  t.after(() => process.off('SIGXFSZ', ignore))
  t.after(() => limit('unlimited'))
  limit('100')
  assert.equal(await run.post(begin({ lsid: 'two' })), 503)
  assert.ok(run.problem('journal.write'))
  assert.equal(await run.post(begin({ lsid: 'two' })), 503)
  assert.equal(run.row('two'), undefined, 'what is not stored has not happened')
  limit('unlimited')
  await insist(run, begin({ lsid: 'two' }))
  assert.ok(run.row('two'))
  await until(() => run.state().problems.length === 0, 'the index is made up for')
})
