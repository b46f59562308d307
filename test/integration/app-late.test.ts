/** What comes late, twice, or was left by a run that is over. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openJournal } from '../../main/events/journal.ts'
import {
  begin,
  customer,
  end,
  JANE,
  joins,
  leaves,
  ME,
  MIRIAM,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from '../unit/helpers/events.ts'
import { createProfile, startRun, until } from './helpers/application.ts'
import { storeOnly } from './helpers/journals.ts'

const HERS = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM)]
const GIVEN_TO_ME = [...HERS, TO_ME]
const TRANSFERRED = 'Session transferred to you — Jane Doe · no ticket'
const SENTINEL = [begin(), TO_MIRIAM, joins(customer('Last One')), joins(MIRIAM), TO_ME]
const SENTINEL_LINE = 'Session transferred to you — Last One · no ticket'
const HOUR = 3_600

describe('late events', { concurrency: true }, () => {
  test('raise no alert of their own; when the backlog has drained, one digest says what happened', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one', { ago: HOUR })
    assert.equal(run.state().health.catchingUp, true)
    await run.happen([begin(), TO_TEAM, joins(customer('Tom'))], 'two', { ago: HOUR / 2 })
    await run.shows('Meanwhile: 8 events in 2 sessions — 1 yours now: Jane Doe · 1 waiting for your teams')
    assert.equal(run.state().health.catchingUp, false)
    assert.deepEqual(
      run.state().alerts.map((alert) => alert.kind),
      ['digest'],
    )
    assert.equal(run.row('one')?.relation, 'mine', 'the board knows them all the same')
  })

  test('are summed up before the first event in time', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one', { ago: HOUR })
    await run.happen(SENTINEL, 'two')
    await run.shows('Meanwhile: 5 events in 1 session — 1 yours now: Jane Doe', SENTINEL_LINE)
  })

  test('that concern only others are not told', async (t) => {
    const run = await startRun(t)
    await run.happen([...HERS, leaves(JANE), end()], 'hers', { ago: HOUR })
    await until(() => !run.state().health.catchingUp, 'the backlog has drained')
    await run.happen(SENTINEL, 'two')
    await run.shows(SENTINEL_LINE)
  })

  test('take back what they make untrue', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.shows(TRANSFERRED)
    await run.happen([TO_MIRIAM, end()], 'one', { ago: HOUR })
    await run.shows('dismiss: Session transferred to you', 'Meanwhile: 2 events in 1 session — None is yours now')
  })

  test('within two minutes are in time', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one', { ago: 100 })
    await run.shows(TRANSFERRED)
  })

  test('of days ago do not stay on the board', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one', { ago: 30 * HOUR })
    await until(() => !run.state().health.catchingUp, 'the backlog has drained')
    assert.deepEqual(run.state().sessions, [])
    const details = await run.run({ type: 'session.get', lsid: 'one' })
    assert.equal(details?.customer, 'Jane Doe')
  })
})

describe('the same event again', { concurrency: true }, () => {
  test('is answered 200, counted, and told no second time', async (t) => {
    const run = await startRun(t)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const row = GIVEN_TO_ME.map((event) => ({ ...event, lsid: 'one', timestamp }))
    for (const event of row) assert.equal(await run.post(event), 200)
    for (const event of row) assert.equal(await run.post(event), 200)
    await run.happen(SENTINEL, 'two')
    await run.shows(TRANSFERRED, SENTINEL_LINE)
    const { health, activity } = run.state()
    assert.deepEqual([health.stored, health.repeated, activity.length], [10, 5, 10])
  })

  test('also after a restart', async (t) => {
    const profile = createProfile(t)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const row = GIVEN_TO_ME.map((event) => ({ ...event, lsid: 'one', timestamp }))
    const first = await startRun(t, profile)
    for (const event of row) assert.equal(await first.post(event), 200)
    await first.stop()
    const second = await startRun(t, profile)
    assert.equal(await second.post(row[4] ?? {}), 200)
    await second.happen(SENTINEL, 'two')
    await second.shows(SENTINEL_LINE)
    assert.equal(second.state().health.repeated, 1)
  })
})

describe('a restart', { concurrency: true }, () => {
  test('brings back the same board, alerts and activity, and tells nothing again', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen([...GIVEN_TO_ME, leaves(MIRIAM)], 'one')
    await first.happen([begin({ external_key: 'INC1' }), joins(customer('Tom')), TO_TEAM], 'two')
    await first.happen([begin(), end()], 'three')
    await first.shows(TRANSFERRED, 'Customer waiting in Troubleshooting — Tom · no ticket')
    await first.run({ type: 'alerts.read', ids: [first.state().alerts[0]?.id ?? 0] })
    const before = first.state()
    await first.stop()

    const second = await startRun(t, profile)
    const after = second.state()
    assert.deepEqual(after.sessions, before.sessions)
    assert.deepEqual(after.alerts, before.alerts)
    assert.deepEqual(
      after.alerts.map((alert) => alert.read),
      [true, false],
    )
    // But for the customers: by now they are known, also of events from before they joined.
    const events = (state: typeof before) => state.activity.map((entry) => ({ ...entry, customer: null }))
    assert.deepEqual(events(after), events(before))
    assert.equal(after.health.lastEventAt, before.health.lastEventAt)
    assert.equal(after.health.catchingUp, false)
    await second.happen([joins(ME)], 'one')
    await second.happen(SENTINEL, 'four')
    await second.shows('dismiss: one of an earlier run', SENTINEL_LINE)
  })

  test('tells at the stop what was about to be told', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen([begin(), TO_TEAM, joins(JANE)], 'one')
    await first.stop()
    assert.deepEqual(
      first.state().alerts.map((alert) => alert.kind),
      ['teamQueue'],
    )
    const second = await startRun(t, profile)
    assert.deepEqual(second.state().alerts, first.state().alerts)
  })

  test('finds what was stored and not yet worked in when the process died, and tells it as a digest', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen(HERS, 'one')
    await first.stop()
    await storeOnly(first.journal, 'one', [TO_ME], 10 * 60_000)
    const second = await startRun(t, profile)
    assert.equal(second.row('one')?.relation, 'mine')
    assert.equal(second.state().activity[0]?.event, 'support_conference_owner_changed')
    await second.shows('Meanwhile: 1 event in 1 session — 1 yours now: Jane Doe')
    await second.stop()
    const third = await startRun(t, profile)
    assert.equal(third.state().health.catchingUp, false, 'once')
    assert.equal(third.state().alerts.length, 1)
  })

  test('after an update that reads events anew has the same board, and no old news', async (t) => {
    const profile = createProfile(t)
    const first = await startRun(t, profile)
    await first.happen(GIVEN_TO_ME, 'one')
    await first.shows(TRANSFERRED)
    await first.stop()
    await storeOnly(first.journal, 'old', GIVEN_TO_ME, 10 * 60_000)
    const journal = openJournal(first.journal)
    journal.index([], 0, {})
    journal.close()
    const second = await startRun(t, profile)
    assert.deepEqual(
      second
        .state()
        .sessions.map((row) => row.lsid)
        .toSorted(),
      ['old', 'one'],
    )
    await until(() => !second.state().health.catchingUp, 'it has caught up')
    // What came in the last two minutes may be news; it cannot be told whether it was told.
    assert.deepEqual(
      second.state().alerts.map((alert) => alert.title),
      ['Meanwhile: 5 events in 1 session', 'Session transferred to you'],
    )
  })

  test('a journal that nobody has worked in yet', async (t) => {
    const profile = createProfile(t)
    const file = `${profile.folder}/data/journal.db`
    await storeOnly(file, 'one', GIVEN_TO_ME)
    await storeOnly(file, 'hers', HERS, 60 * 60_000)
    const run = await startRun(t, profile)
    assert.deepEqual(
      run
        .state()
        .sessions.map((row) => row.lsid)
        .toSorted(),
      ['hers', 'one'],
    )
    await run.shows('Meanwhile: 5 events in 1 session — 1 yours now: Jane Doe')
  })
})
