import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  begin,
  customer,
  customerSurvey,
  end,
  JANE,
  joins,
  leaves,
  ME,
  MIRIAM,
  owner,
  repSurvey,
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from '../unit/helpers/events.ts'
import { createProfile, startRun, until } from './helpers/application.ts'

const KEY = { external_key: 'INC0010023' }
const HERS = [begin(KEY), owner('rep:14', 'Miriam Okafor', KEY), joins(JANE, KEY), joins(MIRIAM, KEY)]
const GIVEN_TO_ME = [...HERS, owner('rep:12', 'John Smith', KEY)]
const JANE_LINE = 'Jane Doe · INC0010023'
/** Told at once; what comes after it on the desktop was told after it. */
const SENTINEL = [begin(), TO_MIRIAM, joins(customer('Last One')), joins(MIRIAM), TO_ME]
const SENTINEL_LINE = 'Session transferred to you — Last One · no ticket'

describe('an event comes in, the rep is told', { concurrency: true }, () => {
  test('a session is transferred to me: 200, State, alert, desktop', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.shows(`Session transferred to you — ${JANE_LINE}`)
    const { sessions, alerts, activity, health } = run.state()
    const [row] = sessions
    assert.deepEqual(
      [row?.relation, row?.status, row?.customer, row?.externalKey, row?.owner?.id],
      ['mine', 'active', 'Jane Doe', 'INC0010023', 'rep:12'],
    )
    assert.deepEqual(
      alerts.map(({ kind, lsid, read, popup }) => [kind, lsid, read, popup]),
      [['transferred', 'one', false, true]],
    )
    assert.deepEqual(
      activity.map((entry) => [entry.seq - (activity.at(-1)?.seq ?? 0) + 1, entry.subject]),
      [
        [5, 'John Smith'],
        [4, 'Miriam Okafor'],
        [3, 'Jane Doe'],
        [2, 'Miriam Okafor'],
        [1, null],
      ],
    )
    assert.equal(activity[0]?.customer, 'Jane Doe')
    assert.deepEqual([health.stored, health.repeated, health.quarantined, health.catchingUp], [5, 0, 0, false])
    assert.equal(health.listener.status, 'listening')
    const tray = await until(() => run.desktop.trays.find((model) => model.icon === 'attention'), 'the tray calls')
    assert.match(tray.tooltip, /1 session of yours/)
    await run.happen([leaves(MIRIAM, KEY), joins(ME, KEY)], 'one')
    await run.shows('dismiss: Session transferred to you')
    await until(() => run.desktop.trays.at(-1)?.icon === 'idle', 'the tray is calm again')
  })

  test('a session starts with me, and gets its name later', async (t) => {
    const run = await startRun(t)
    await run.happen([begin(KEY), owner('rep:12', 'John Smith', KEY)], 'one')
    await run.shows('Session started with you — Customer not known yet · INC0010023')
    await run.happen([joins(JANE, KEY)], 'one')
    await run.shows(`refresh: Session started with you — ${JANE_LINE}`)
    assert.equal(run.row('one')?.status, 'waiting', 'for me')
    assert.equal(run.state().alerts.length, 1)
  })

  test('a customer waits in my team’s queue; I take the session, and am not told that I did', async (t) => {
    const run = await startRun(t)
    await run.happen([begin(), joins(JANE), TO_TEAM], 'one')
    await run.shows('Customer waiting in Troubleshooting — Jane Doe · no ticket')
    // Together, in whichever order they come.
    await Promise.all([run.happen([TO_ME], 'one'), run.happen([joins(ME)], 'one')])
    await run.happen([begin(), joins(customer('Tom')), TO_TEAM], 'two')
    await run.shows(
      'dismiss: Customer waiting in Troubleshooting',
      'Customer waiting in Troubleshooting — Tom · no ticket',
    )
    assert.deepEqual([run.row('one')?.relation, run.row('one')?.status], ['mine', 'active'])
  })

  test('the general queue is off, until it is switched on', async (t) => {
    const run = await startRun(t)
    await run.happen([begin(), joins(JANE), TO_GENERAL], 'one')
    assert.equal(run.row('one')?.relation, 'general')
    await run.run({ type: 'settings.set', key: 'notify.generalQueue', value: true })
    await run.happen([begin(), joins(customer('Tom')), TO_GENERAL], 'two')
    await run.shows('Customer waiting in the general queue — Tom · no ticket')
  })

  test('the customer leaves for a while and is back', async (t) => {
    const run = await startRun(t)
    await run.happen([...GIVEN_TO_ME, leaves(MIRIAM, KEY), joins(ME, KEY), leaves(JANE, KEY)], 'one')
    await run.shows(
      `Session transferred to you — ${JANE_LINE}`,
      'dismiss: Session transferred to you',
      `Customer left your session — ${JANE_LINE}`,
    )
    assert.equal(run.row('one')?.customerPresent, false)
    await run.happen([joins(JANE, KEY)], 'one')
    await run.shows(`Customer is back in your session — ${JANE_LINE}`)
  })

  test('a session of mine ends: told once; its survey comes later', async (t) => {
    const run = await startRun(t)
    await run.happen([...GIVEN_TO_ME, leaves(MIRIAM, KEY), joins(ME, KEY)], 'one')
    await Promise.all([leaves(JANE, KEY), leaves(ME, KEY), end(KEY)].map((event) => run.happen([event], 'one')))
    await run.happen([repSurvey(KEY), customerSurvey(KEY)], 'one')
    await run.shows(
      `Session transferred to you — ${JANE_LINE}`,
      'dismiss: Session transferred to you',
      `Your session has ended — ${JANE_LINE}`,
      `Customer survey arrived — ${JANE_LINE}`,
    )
    const row = run.row('one')
    assert.ok(row?.status === 'ended' && row.customerSurveyAt !== null && row.representativeSurveyAt !== null)
    assert.deepEqual(
      run.state().alerts.map(({ kind, read }) => [kind, read]),
      [
        ['survey', false],
        ['ended', true],
        ['transferred', true],
      ],
    )
  })

  test('what is others’ is theirs; a transfer away takes the alert back', async (t) => {
    const run = await startRun(t)
    await run.happen([...HERS, leaves(JANE), end(), customerSurvey()], 'hers')
    await run.happen(GIVEN_TO_ME, 'one')
    await run.happen([owner('rep:14', 'Miriam Okafor', KEY)], 'one')
    await run.happen(SENTINEL, 'two')
    await run.shows(`Session transferred to you — ${JANE_LINE}`, 'dismiss: Session transferred to you', SENTINEL_LINE)
    assert.equal(run.row('one')?.relation, 'team', 'it went through my hands')
  })
})

describe('how the rep wants to be told', { concurrency: true }, () => {
  test('switched off: not at all', async (t) => {
    const run = await startRun(t, createProfile(t, { 'notify.transferred': false }))
    await run.happen(GIVEN_TO_ME, 'one')
    assert.deepEqual(run.state().alerts, [])
    await run.run({ type: 'settings.reset', key: 'notify.transferred' })
    await run.happen(SENTINEL, 'two')
    await run.shows(SENTINEL_LINE)
  })

  test('quiet: recorded, not popped up', async (t) => {
    const run = await startRun(t, createProfile(t, { 'notify.quiet': true }))
    await run.happen(GIVEN_TO_ME, 'one')
    assert.deepEqual(
      run.state().alerts.map(({ title, popup, read }) => [title, popup, read]),
      [['Session transferred to you', false, false]],
    )
    await run.run({ type: 'settings.set', key: 'notify.quiet', value: false })
    await run.happen(SENTINEL, 'two')
    await run.shows(SENTINEL_LINE)
  })

  test('without details: neither customer nor ticket leaves the window', async (t) => {
    const run = await startRun(t, createProfile(t, { 'notify.details': false }))
    await run.happen(GIVEN_TO_ME, 'one')
    await run.shows('Session transferred to you — Open Rep Tray for the details')
    assert.equal(run.row('one')?.customer, 'Jane Doe')
  })

  test('who I am is learned from my username when I join a session', async (t) => {
    const profile = createProfile(t, { 'me.repId': '', 'me.username': 'JSmith' })
    const run = await startRun(t, profile)
    await run.happen(GIVEN_TO_ME, 'one')
    assert.equal(run.row('one')?.relation, 'other')
    await run.happen([joins(ME, KEY)], 'one')
    assert.equal(run.state().settings['me.repId'], '12')
    assert.equal(profile.user.content['me.repId'], '12')
    assert.equal(run.row('one')?.relation, 'mine')
    await run.happen(SENTINEL, 'two')
    await run.shows(SENTINEL_LINE)
  })

  test('an id that cannot be kept costs no event', async (t) => {
    const profile = createProfile(t, { 'me.username': 'jsmith' })
    profile.setPolicy({ 'listener.token': 'a-token-for-this-test', 'me.repId': '' })
    const run = await startRun(t, profile)
    await run.happen(
      [begin(), TO_TEAM, joins(JANE), joins(ME), joins({ ...ME, user_id: 'x', username: 'JSMITH' })],
      'one',
    )
    assert.equal(run.state().settings['me.repId'], '')
    assert.deepEqual(run.row('one')?.representatives, ['John Smith', 'John Smith'])
    assert.equal(run.problem('processing'), undefined)
  })

  test('somebody who is not known is told so, until they say who they are', async (t) => {
    const run = await startRun(t, createProfile(t, { 'me.repId': '', 'me.username': '' }))
    assert.equal(run.problem('me.unknown')?.severity, 'warning')
    await run.run({ type: 'settings.set', key: 'me.username', value: 'jsmith' })
    assert.equal(run.problem('me.unknown'), undefined)
  })
})

describe('what else comes in', { concurrency: true }, () => {
  test('unknown events are kept and shown; what is no event is set aside, and both are answered 200', async (t) => {
    const run = await startRun(t)
    await run.happen([begin(), { event: 'support_conference_note_added', note: 'x' }, { event: 'box_rebooted' }], 'one')
    assert.deepEqual(
      run.state().activity.map((entry) => [entry.event, entry.known]),
      [
        ['box_rebooted', false],
        ['support_conference_note_added', false],
        ['support_conference_begin', true],
      ],
    )
    assert.equal(await run.post({ lsid: 'x' }), 200)
    assert.equal(await run.post({ event: 'support_conference_begin' }), 200)
    assert.match(run.problem('quarantine')?.title ?? '', /2 things that are no events/)
    assert.deepEqual([run.state().health.stored, run.state().health.quarantined], [3, 2])
    const details = await run.run({ type: 'session.get', lsid: 'one' })
    assert.deepEqual(details?.variables, { note: 'x' })
  })

  test('an unknown event of an unknown session makes none', async (t) => {
    const run = await startRun(t)
    await run.happen([{ event: 'support_conference_note_added' }], 'one')
    assert.deepEqual(run.state().sessions, [])
    assert.equal(run.state().activity.length, 1)
  })

  test('without the token: 404, and not a trace', async (t) => {
    const run = await startRun(t)
    const url = new URL(run.app.recipientUrl() ?? '')
    for (const token of ['wrong', ''])
      assert.equal(await run.post(begin({ lsid: 'x' }), { url: `${url.origin}/events?token=${token}` }), 404)
    assert.equal(run.state().health.stored, 0)
    assert.deepEqual([run.state().problems, run.state().activity], [[], []])
  })

  test('nothing secret is in State, and no secret, customer or ticket in the log', async (t) => {
    const run = await startRun(t, createProfile(t, { 'listener.names': ['desk.example.net'] }))
    await run.happen([...GIVEN_TO_ME, leaves(JANE, KEY), end(KEY)], 'one')
    await run.post({ display_name: 'Jane Doe', token: 'x' })
    await run.app.runUnchecked({ type: 'nonsense', name: 'Jane Doe' })
    await run.app.run({ type: 'session.copy', lsid: 'nowhere', what: 'externalKey' })
    run.desktop.failure = new Error('Jane Doe')
    await run.run({ type: 'notification.test' })
    run.desktop.failure = null
    await run.stop()
    const token = new URL(run.app.recipientUrl() ?? '').searchParams.get('token') ?? ''
    assert.equal(token, 'a-token-for-this-test')
    assert.ok(!JSON.stringify(run.state()).includes(token))
    assert.ok(run.log.length > 0)
    for (const line of run.log) assert.doesNotMatch(line, /Jane|INC0|a-token/)
  })
})
