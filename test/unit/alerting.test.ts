import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testAlert } from '../../main/attention/notification.ts'
import { MINE, startDesk, HERS } from './helpers/desk.ts'
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
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'
import { settingsWith } from './helpers/state.ts'

describe('a day at the desk', () => {
  test('I take a session that waited in my team’s queue: told that it waits, not that I have it', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)])
    assert.deepEqual(desk.shown(), [])
    desk.wait(1_000)
    assert.deepEqual(desk.shown(), ['show teamQueue: Jane Doe · no ticket'])
    desk.wait(60_000)
    desk.happen([TO_ME, joins(ME)])
    desk.wait(60_000)
    assert.deepEqual(desk.shown(), ['dismiss teamQueue'])
    assert.deepEqual(desk.unread(), [])
  })

  test('a session is given to me out of the queue', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)])
    desk.wait(60_000)
    desk.shown()
    desk.happen([TO_ME])
    assert.deepEqual(desk.shown(), [])
    desk.wait(1_000)
    assert.deepEqual(desk.shown(), ['show transferred: Jane Doe · no ticket'], 'in the place of the other')
    assert.equal(desk.unread().length, 1)
    desk.wait(20_000)
    desk.happen([joins(ME)])
    assert.deepEqual(desk.shown(), ['dismiss transferred'])
  })

  test('a colleague is quicker: nothing at all', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)])
    desk.wait(200)
    desk.happen([TO_MIRIAM, joins(MIRIAM)])
    desk.wait(60_000)
    assert.deepEqual(desk.shown(), [])
  })

  test('a colleague transfers one to me, I give it back, she returns it', (t) => {
    const desk = startDesk(t)
    desk.happen([...HERS, TO_ME])
    assert.deepEqual(desk.shown(), ['show transferred: Jane Doe · no ticket'], 'at once')
    desk.happen([leaves(MIRIAM), TO_MIRIAM])
    assert.deepEqual(desk.shown(), ['dismiss transferred'])
    desk.happen([joins(MIRIAM), TO_ME, leaves(MIRIAM)])
    assert.deepEqual(desk.shown(), ['show transferred: Jane Doe · no ticket'])
    assert.equal(desk.unread().length, 1)
  })

  test('I end a session: told once that it has ended', (t) => {
    const desk = startDesk(t)
    desk.happen(MINE)
    desk.shown()
    desk.happen([leaves(JANE), leaves(ME), end()])
    desk.wait(60_000)
    assert.deepEqual(desk.shown(), ['show ended: Jane Doe · no ticket'])
    desk.happen([customerSurvey()])
    assert.deepEqual(desk.shown(), ['show survey: Jane Doe · no ticket'])
    assert.equal(desk.unread().length, 1, 'it replaces, it does not pile up')
  })

  test('the customer’s connection breaks and comes back: nothing; it stays away: told, and told when it is back', (t) => {
    const desk = startDesk(t)
    desk.happen(MINE)
    desk.shown()
    for (let times = 0; times < 5; times += 1) {
      desk.happen([leaves(JANE)])
      desk.wait(1_000)
      desk.happen([joins(JANE)])
      desk.wait(10_000)
    }
    assert.deepEqual(desk.shown(), [])
    desk.happen([leaves(JANE)])
    desk.wait(3_000)
    assert.deepEqual(desk.shown(), ['show customerLeft: Jane Doe · no ticket'])
    desk.happen([joins(JANE)])
    assert.deepEqual(desk.shown(), ['show customerJoined: Jane Doe · no ticket'])
  })

  test('the customer in the queue gives up: it is taken back, after a moment', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)])
    desk.wait(5_000)
    desk.shown()
    desk.happen([leaves(JANE)])
    assert.deepEqual(desk.shown(), [])
    desk.wait(3_000)
    assert.deepEqual(desk.shown(), ['dismiss teamQueue'])
    desk.happen([joins(JANE)])
    desk.wait(1_000)
    assert.deepEqual(desk.shown(), ['show teamQueue: Jane Doe · no ticket'])
    desk.happen([leaves(JANE), end()])
    assert.deepEqual(desk.shown(), ['dismiss teamQueue'], 'the end is clear at once')
  })

  test('two sessions at once do not get in each other’s way', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)], 'one')
    desk.happen([begin(), owner('team:5', 'Troubleshooting'), joins(customer('Tom'))], 'two')
    desk.wait(1_000)
    assert.deepEqual(desk.shown(), ['show teamQueue: Jane Doe · no ticket', 'show teamQueue: Tom · no ticket'])
    desk.happen([TO_MIRIAM], 'two')
    assert.deepEqual(desk.shown(), ['dismiss teamQueue'])
    assert.deepEqual(
      desk.unread().map((alert) => alert.lsid),
      ['one'],
    )
  })

  test('a session goes from one of my queues to another: what is shown is put right, and the news is told', (t) => {
    const desk = startDesk(t, { 'me.teams': ['5', '7'] })
    desk.happen([begin(), TO_TEAM])
    desk.wait(5_000)
    desk.happen([owner('team:7', 'Onboarding'), joins(JANE)])
    desk.wait(5_000)
    assert.deepEqual(desk.shown(), [
      'show teamQueue: Customer not known yet · no ticket',
      'refresh teamQueue: Jane Doe · no ticket',
      'show teamQueue: Jane Doe · no ticket',
    ])
    assert.deepEqual(
      desk.unread().map((alert) => alert.title),
      ['Customer waiting in Onboarding'],
    )
  })

  test('the name comes after the owner: the same notification, refreshed in silence', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_ME])
    desk.wait(1_000)
    assert.deepEqual(desk.shown(), ['show started: Customer not known yet · no ticket'])
    const [first] = desk.unread()
    desk.wait(1_000)
    desk.happen([joins(JANE)])
    assert.deepEqual(desk.shown(), ['refresh started: Jane Doe · no ticket'])
    const [refreshed] = desk.unread()
    assert.equal(desk.store.get().alerts.length, 1)
    assert.equal(refreshed?.at, first?.at, 'it happened when it happened')
    assert.ok((refreshed?.id ?? 0) > (first?.id ?? 0))
  })
})

describe('quiet', () => {
  test('is recorded and not popped up, neither at once nor when its name comes', (t) => {
    const desk = startDesk(t, { 'notify.quiet': true })
    desk.happen([begin(), TO_ME])
    desk.wait(1_000)
    desk.store.change({ type: 'settings', settings: settingsWith({ 'notify.quiet': false }), info: [] })
    desk.happen([joins(JANE)])
    assert.deepEqual(desk.shown(), [])
    assert.deepEqual(
      desk.unread().map((alert) => [alert.body, alert.popup]),
      [['Jane Doe · no ticket', false]],
    )
  })

  test('does not keep a test from being seen', (t) => {
    const desk = startDesk(t, { 'notify.quiet': true })
    desk.alerting.raise(testAlert())
    assert.deepEqual(desk.shown(), ['show test: This is what a notification looks like.'])
  })
})
