import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testAlert } from '../../main/attention/notification.ts'
import { HERS, startDesk, MINE } from './helpers/desk.ts'
import {
  begin,
  customer,
  end,
  JANE,
  joins,
  leaves,
  ME,
  owner,
  START,
  STEP,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'

describe('a backlog', () => {
  test('is told once, when nothing more comes', (t) => {
    const desk = startDesk(t)
    desk.late([...HERS, TO_ME], 'one')
    assert.ok(desk.store.get().health.catchingUp)
    desk.wait(1_999)
    desk.late([begin(), TO_TEAM, joins(customer('Tom'))], 'two')
    desk.wait(1_999)
    assert.deepEqual(desk.shown(), [])
    desk.wait(1)
    assert.deepEqual(desk.shown(), ['show digest: 1 yours now: Jane Doe · 1 waiting for your teams'])
    assert.equal(desk.unread()[0]?.title, 'Meanwhile: 8 events in 2 sessions')
    assert.ok(!desk.store.get().health.catchingUp)
    desk.wait(60_000)
    assert.deepEqual(desk.shown(), [])
  })

  test('is summed up before the first news after it', (t) => {
    const desk = startDesk(t)
    desk.late([...HERS, TO_ME], 'one')
    desk.alerting.sumUp()
    desk.happen([...HERS, TO_ME], 'two')
    assert.deepEqual(desk.shown(), ['show digest: 1 yours now: Jane Doe', 'show transferred: Jane Doe · no ticket'])
  })

  test('of which only a part concerns the rep is told', (t) => {
    const desk = startDesk(t)
    desk.late(HERS, 'hers')
    desk.late([...HERS, TO_ME], 'mine')
    desk.late(HERS, 'hers too')
    desk.wait(2_000)
    assert.deepEqual(desk.shown(), ['show digest: 1 yours now: Jane Doe'])
  })

  test('that concerns only others is not told', (t) => {
    const desk = startDesk(t)
    desk.late(HERS.slice(0, 1))
    assert.ok(desk.store.get().health.catchingUp, 'from its first event on')
    desk.late(HERS.slice(1))
    desk.late([{ event: 'something_new' }])
    desk.wait(5_000)
    assert.deepEqual(desk.shown(), [])
    assert.ok(!desk.store.get().health.catchingUp)
  })

  test('takes back what was told before and is no longer true', (t) => {
    const desk = startDesk(t)
    desk.happen([...HERS, TO_ME], 'one')
    desk.happen([begin(), TO_TEAM, joins(JANE)], 'two')
    desk.happen([...MINE, leaves(JANE), leaves(ME), end()], 'three')
    desk.wait(5_000)
    desk.shown()
    desk.late([TO_MIRIAM, end()], 'one')
    desk.late([TO_MIRIAM], 'two')
    desk.wait(2_000)
    assert.deepEqual(desk.shown(), ['dismiss teamQueue', 'dismiss transferred', 'show digest: None is yours now'])
    assert.deepEqual(
      desk.unread().map((alert) => alert.kind),
      ['digest', 'ended'],
      'that it has ended stays true',
    )
  })

  test('does not count a session as waiting for my teams that has gone on to another queue', (t) => {
    const desk = startDesk(t)
    desk.late([begin(), TO_TEAM, joins(JANE), owner('team:9', 'Network')])
    desk.wait(2_000)
    assert.deepEqual(desk.shown(), ['show digest: None is yours now'])
  })
})

describe('what is remembered', () => {
  test('an event whose alert is still to come counts as undone', (t) => {
    const desk = startDesk(t)
    assert.equal(desk.alerting.pendingFrom(), null)
    desk.happen([begin(), TO_TEAM])
    desk.happen([begin(), TO_TEAM], 'another')
    assert.equal(desk.alerting.pendingFrom(), 2, 'the oldest of them')
    desk.wait(1_000)
    assert.equal(desk.alerting.pendingFrom(), null)
    desk.late([joins(JANE)])
    assert.equal(desk.alerting.pendingFrom(), 5)
    const before = desk.changes()
    desk.wait(2_000)
    assert.equal(desk.alerting.pendingFrom(), null)
    assert.ok(desk.changes() > before, 'so that the journal hears of it')
  })

  test('settling tells at once what waits, and leaves no timer', (t) => {
    const desk = startDesk(t)
    desk.happen([begin(), TO_TEAM, joins(JANE)], 'one')
    desk.late(HERS, 'two')
    desk.alerting.settle()
    assert.deepEqual(desk.shown(), ['show teamQueue: Jane Doe · no ticket'])
    assert.equal(desk.alerting.pendingFrom(), null)
    desk.wait(60_000)
    assert.deepEqual(desk.shown(), [])
  })

  test('reading takes it off the desktop, once', (t) => {
    const desk = startDesk(t)
    desk.happen([...HERS, TO_ME], 'one')
    desk.happen([...HERS, TO_ME], 'two')
    desk.shown()
    const [two] = desk.unread()
    desk.alerting.markRead([two?.id ?? 0, 999])
    assert.deepEqual(desk.shown(), ['dismiss transferred'])
    desk.alerting.markRead('all')
    desk.alerting.markRead('all')
    assert.deepEqual(desk.shown(), ['dismiss transferred'])
    assert.deepEqual(desk.unread(), [])
  })

  test('a sweep takes back what is about sessions that are gone', (t) => {
    const desk = startDesk(t)
    desk.happen([...HERS, TO_ME])
    desk.alerting.raise(testAlert())
    desk.shown()
    desk.alerting.sweep()
    assert.deepEqual(desk.shown(), [])
    desk.store.change({ type: 'time', now: START + 25 * 3_600_000 + 10 * STEP })
    desk.alerting.sweep()
    assert.deepEqual(desk.shown(), ['dismiss transferred'])
    assert.deepEqual(
      desk.unread().map((alert) => alert.kind),
      ['test'],
    )
  })

  test('numbers rise, also above those of an earlier run', (t) => {
    const desk = startDesk(t)
    for (const lsid of ['one', 'two', 'three']) desk.happen([...HERS, TO_ME], lsid)
    const ids = desk.store.get().alerts.map((alert) => alert.id)
    assert.deepEqual(ids, [START + 2, START + 1, START])
  })
})
