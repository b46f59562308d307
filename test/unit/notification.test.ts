import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digestOf, planAlert, tagOf, testAlert, type SessionAlertKind } from '../../main/attention/notification.ts'
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
  play,
  repSurvey,
  steps,
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'
import { planOf, alertOf, KEY, GIVEN_TO_ME, IN_QUEUE, type Row, type Told, MINE } from './helpers/plans.ts'
import { settingsWith } from './helpers/state.ts'

describe('the words', () => {
  const words = (events: Row, told: Told = {}) => {
    const alert = alertOf(events, told)
    return alert === null ? null : [alert.kind, alert.title, alert.body]
  }

  test('are these', () => {
    const jane = 'Jane Doe · INC0010023'
    assert.deepEqual(words(GIVEN_TO_ME), ['transferred', 'Session transferred to you', jane])
    assert.deepEqual(words([begin(KEY), owner('rep:12', 'John Smith', KEY)]), [
      'started',
      'Session started with you',
      'Customer not known yet · INC0010023',
    ])
    assert.deepEqual(words([begin(), joins(JANE), TO_TEAM]), [
      'teamQueue',
      'Customer waiting in Troubleshooting',
      'Jane Doe · no ticket',
    ])
    assert.deepEqual(words([begin(), joins(JANE), owner('team:5', '')])?.[1], 'Customer waiting for your team')
    assert.deepEqual(words([begin(), joins(JANE), TO_GENERAL], { settings: { 'notify.generalQueue': true } }), [
      'generalQueue',
      'Customer waiting in the general queue',
      'Jane Doe · no ticket',
    ])
    assert.deepEqual(words([...MINE, leaves(JANE, KEY)]), ['customerLeft', 'Customer left your session', jane])
    assert.deepEqual(words([...MINE, leaves(JANE, KEY), joins(JANE, KEY)]), [
      'customerJoined',
      'Customer is back in your session',
      jane,
    ])
    assert.deepEqual(words([...MINE, end(KEY)]), ['ended', 'Your session has ended', jane])
    assert.deepEqual(words([...MINE, end(KEY), customerSurvey()]), ['survey', 'Customer survey arrived', jane])
    assert.deepEqual(testAlert().title, 'Rep Tray can reach you')
  })

  test('hide customer and ticket if the rep wants that, and never the reason', () => {
    for (const events of [GIVEN_TO_ME, [...MINE, leaves(JANE, KEY)], [...MINE, end(KEY)]]) {
      const alert = alertOf(events, { settings: { 'notify.details': false } })
      assert.equal(alert?.body, 'Open Rep Tray for the details')
      assert.equal(alert.title, alertOf(events)?.title)
      assert.doesNotMatch(JSON.stringify(alert), /Jane|INC/)
    }
  })

  test('stay in one line and of bearable length, whatever a customer is called', () => {
    const name = `Jane\nYour session has ended\u202e${'x'.repeat(500)}`
    const alert = alertOf([begin({ external_key: 'INC\r\n1' }), joins(customer(name)), TO_MIRIAM, TO_ME], {})
    assert.ok(alert !== null)
    assert.doesNotMatch(alert.body, /[\n\r\u202e]/)
    assert.ok(alert.body.length < 210)
    assert.match(alert.body, /^Jane Your session has ended x+… · no ticket$/)
    assert.match(alertOf([begin(), owner('team:5', '\n')])?.title ?? '', /^Customer waiting for your team$/)
  })
})

describe('who is told', () => {
  test('nobody of the sessions of others', () => {
    const row = steps([
      begin(),
      TO_GENERAL,
      joins(JANE),
      TO_MIRIAM,
      joins(MIRIAM),
      leaves(JANE),
      joins(JANE),
      owner('team:9', 'Network'),
      leaves(MIRIAM),
      leaves(JANE),
      end(),
      customerSurvey(),
      repSurvey(),
      { event: 'something_new' },
    ])
    for (const step of row) {
      const plan = planAlert({ ...step, settings: settingsWith(), previous: null, pending: null })
      assert.equal(plan, null, step.event.event)
    }
  })

  test('nobody of what was known already', () => {
    for (const events of [
      [...MINE, TO_ME],
      [...MINE, joins(JANE)],
      [...MINE, end(KEY), end(KEY)],
      [...MINE, end(KEY), customerSurvey(), customerSurvey()],
      [...MINE, leaves(JANE), leaves(JANE)],
      [...MINE, end(KEY), leaves(JANE), leaves(ME)],
      [...MINE, end(KEY), TO_MIRIAM, TO_ME],
      [...IN_QUEUE, TO_TEAM],
      [...MINE, repSurvey()],
      [...MINE, { event: 'something_new' }],
      [begin()],
    ])
      assert.equal(planOf(events), null, JSON.stringify(events.at(-1)))
  })

  test('each kind has its switch', () => {
    const cases: readonly [SessionAlertKind, Row][] = [
      ['transferred', GIVEN_TO_ME],
      ['started', [begin(), TO_ME]],
      ['teamQueue', [begin(), TO_TEAM]],
      ['generalQueue', [begin(), TO_GENERAL]],
      ['customerLeft', [...MINE, leaves(JANE)]],
      ['customerJoined', [...MINE, leaves(JANE), joins(JANE)]],
      ['ended', [...MINE, end()]],
      ['survey', [...MINE, end(), customerSurvey()]],
    ]
    for (const [kind, events] of cases) {
      assert.equal(alertOf(events, { settings: { [`notify.${kind}`]: true } })?.kind, kind)
      assert.equal(alertOf(events, { settings: { [`notify.${kind}`]: false } }), null, `${kind} is off`)
    }
    assert.equal(alertOf([begin(), TO_GENERAL]), null, 'the general queue is off by default')
  })

  test('whoever is not known is told nothing', () => {
    const settings = { 'me.repId': '', 'me.username': '', 'me.teams': [] }
    for (const events of [GIVEN_TO_ME, IN_QUEUE, [...MINE, end()]]) assert.equal(alertOf(events, { settings }), null)
  })
})

describe('the tag', () => {
  test('is the session’s own, and short enough for every system', () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => tagOf(`lsid ${index}`))
    assert.equal(new Set(tags).size, 1_000)
    for (const tag of tags) assert.match(tag, /^s[\w-]{15}$/)
    assert.equal(alertOf(GIVEN_TO_ME)?.tag, alertOf([...MINE, end()])?.tag)
    assert.ok(!tags.includes(testAlert().tag))
  })
})

describe('the digest', () => {
  const session = (name: string) => play([begin(), TO_ME, joins(customer(name))], null, name)

  test('says what happened, what is mine, and who waits', () => {
    const digest = digestOf(
      { events: 12, sessions: 3, mine: [session('Jane Doe'), session('Tom')], waiting: [play(IN_QUEUE)] },
      settingsWith(),
    )
    assert.equal(digest.title, 'Meanwhile: 12 events in 3 sessions')
    assert.equal(digest.body, '2 yours now: Jane Doe, Tom · 1 waiting for your teams')
    assert.deepEqual([digest.kind, digest.lsid, digest.refresh], ['digest', null, false])
  })

  test('counts in English, and names no more than three', () => {
    const empty = digestOf({ events: 1, sessions: 1, mine: [], waiting: [] }, settingsWith())
    assert.deepEqual([empty.title, empty.body], ['Meanwhile: 1 event in 1 session', 'None is yours now'])
    const three = digestOf({ events: 9, sessions: 3, mine: ['a', 'b', 'c'].map(session), waiting: [] }, settingsWith())
    assert.equal(three.body, '3 yours now: a, b, c')
    const mine = ['a', 'b', 'c', 'd'].map(session)
    assert.equal(
      digestOf({ events: 9, sessions: 4, mine, waiting: [] }, settingsWith()).body,
      '4 yours now: a, b, c, …',
    )
  })

  test('names a session by its ticket where the customer is unknown, and nobody if details are hidden', () => {
    const mine = [play([begin(KEY), owner('rep:12', '', KEY)]), play([begin(), TO_ME], null, 'x')]
    const meanwhile = { events: 4, sessions: 2, mine, waiting: [] }
    assert.equal(digestOf(meanwhile, settingsWith()).body, '2 yours now: INC0010023, unnamed')
    assert.equal(digestOf(meanwhile, settingsWith({ 'notify.details': false })).body, '2 yours now')
  })
})
