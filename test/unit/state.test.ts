import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LIMITS, type ActivityEntry, type Problem } from '../../preload/contract.ts'
import { reduce, type AppState, type Change } from '../../main/state.ts'
import { begin, end, play, START, TO_ME } from './helpers/events.ts'
import { alertWith, settingsWith, stateWith } from './helpers/state.ts'

const after = (state: AppState, ...changes: readonly Change[]) => changes.reduce(reduce, state)
const PROBLEM: Problem = { id: 'x', severity: 'error', title: 'Bad', detail: '', since: 10, dismissible: true }
const entry = (seq: number): ActivityEntry => ({
  seq,
  at: seq,
  receivedAt: seq,
  event: 'e',
  known: true,
  lsid: null,
  externalKey: null,
  customer: null,
  subject: null,
})

test('the first State knows the settings and nothing else', () => {
  const state = stateWith()
  assert.equal(state.health.listener.status, 'starting')
  assert.deepEqual([state.board.size, state.alerts, state.activity, state.problems, state.goTo], [0, [], [], [], null])
})

describe('nothing changes', () => {
  test('when nothing is new: the very same object', () => {
    const session = play([begin(), TO_ME])
    const state = after(
      stateWith(),
      { type: 'session', session },
      { type: 'problem', problem: PROBLEM },
      { type: 'alert', alert: alertWith({ read: true }) },
    )
    const nothing: readonly Change[] = [
      { type: 'time', now: START + 10_000 },
      { type: 'alertsRead', ids: 'all' },
      { type: 'alertsRead', ids: [1, 2] },
      { type: 'solved', id: 'y' },
      {
        type: 'health',
        health: { stored: 0, listener: { status: 'starting', addresses: [], retryAt: null, certificate: null } },
      },
      { type: 'problem', problem: { ...PROBLEM, since: 999 } },
    ]
    for (const change of nothing) assert.equal(reduce(state, change), state, change.type)
  })

  test('in the State that a change is made from', () => {
    const state = Object.freeze(stateWith({ alerts: Object.freeze([Object.freeze(alertWith())]) }))
    const changes: readonly Change[] = [
      { type: 'restored', state: { alerts: [] } },
      { type: 'session', session: play([begin()]) },
      { type: 'activity', entry: entry(1) },
      { type: 'alert', alert: alertWith({ id: 2 }) },
      { type: 'alertsRead', ids: [1] },
      { type: 'health', health: { stored: 1 } },
      { type: 'problem', problem: PROBLEM },
      { type: 'settings', settings: settingsWith({ 'notify.quiet': true }), info: [] },
      { type: 'goTo', place: { view: 'board' }, now: 1 },
    ]
    const copy = structuredClone(state)
    for (const change of changes) {
      assert.notEqual(reduce(state, change), state, change.type)
      assert.deepEqual(state, copy, change.type)
    }
  })
})

describe('alerts', () => {
  test('a newer one of the same session makes the older one read', () => {
    const { alerts } = after(
      stateWith(),
      { type: 'alert', alert: alertWith({ id: 1 }) },
      { type: 'alert', alert: alertWith({ id: 2, tag: 's2' }) },
      { type: 'alert', alert: alertWith({ id: 3, kind: 'ended' }) },
    )
    assert.deepEqual(
      alerts.map(({ id, read }) => [id, read]),
      [
        [3, false],
        [2, false],
        [1, true],
      ],
    )
  })

  test('a refreshed one takes the place of the unread one of its kind, and of no other', () => {
    const { alerts } = after(
      stateWith(),
      { type: 'alert', alert: alertWith({ id: 1, read: true }) },
      { type: 'alert', alert: alertWith({ id: 2, tag: 's2' }) },
      { type: 'alert', alert: alertWith({ id: 3 }) },
      { type: 'alert', alert: alertWith({ id: 4, refresh: true, body: 'Jane Doe · INC1' }) },
    )
    assert.deepEqual(
      alerts.map(({ id, read }) => [id, read]),
      [
        [4, false],
        [2, false],
        [1, true],
      ],
    )
  })

  test('are bounded, the newest kept', () => {
    let state = stateWith()
    for (let id = 1; id <= LIMITS.alerts + 50; id += 1)
      state = reduce(state, { type: 'alert', alert: alertWith({ id, tag: `s${id}` }) })
    assert.equal(state.alerts.length, LIMITS.alerts)
    assert.equal(state.alerts[0]?.id, LIMITS.alerts + 50)
  })

  test('are read one by one, or all', () => {
    const alerts = [3, 2, 1].map((id) => alertWith({ id, tag: `s${id}` }))
    const one = after(stateWith({ alerts }), { type: 'alertsRead', ids: [2, 99] })
    assert.deepEqual(
      one.alerts.map((alert) => alert.read),
      [false, true, false],
    )
    assert.equal(one.alerts[0], alerts[0], 'the others are the same objects')
    assert.ok(after(one, { type: 'alertsRead', ids: 'all' }).alerts.every((alert) => alert.read))
  })
})

describe('problems', () => {
  test('of one name are one; its words change, not since when it is there', () => {
    const { problems } = after(
      stateWith(),
      { type: 'problem', problem: PROBLEM },
      { type: 'problem', problem: { ...PROBLEM, id: 'y' } },
      { type: 'problem', problem: { ...PROBLEM, title: 'Worse', since: 99 } },
    )
    assert.deepEqual(
      problems.map(({ id, title, since }) => [id, title, since]),
      [
        ['x', 'Worse', 10],
        ['y', 'Bad', 10],
      ],
    )
  })

  test('go when they are solved', () => {
    const state = after(stateWith(), { type: 'problem', problem: PROBLEM }, { type: 'solved', id: 'x' })
    assert.deepEqual(state.problems, [])
  })
})

test('the activity is bounded, the newest first', () => {
  let state = stateWith()
  for (let seq = 1; seq <= LIMITS.activity + 5; seq += 1) state = reduce(state, { type: 'activity', entry: entry(seq) })
  assert.deepEqual([state.activity.length, state.activity[0]?.seq, state.activity.at(-1)?.seq], [200, 205, 6])
})

test('time takes off the board what no longer belongs there', () => {
  const sessions = [play([begin(), end()], null, 'over'), play([begin(), TO_ME], null, 'live')]
  const state = after(stateWith(), ...sessions.map((session): Change => ({ type: 'session', session })))
  const { board } = after(state, { type: 'time', now: START + 2 * 3_600_000 })
  assert.deepEqual([...board.keys()], ['live'])
})

test('where to go has a number that rises, from run to run too', () => {
  const place = { view: 'board' } as const
  const first = after(stateWith(), { type: 'goTo', place, now: 500 })
  const second = after(first, { type: 'goTo', place, now: 500 })
  const third = after(second, { type: 'goTo', place, now: 100 })
  assert.deepEqual([first.goTo?.seq, second.goTo?.seq, third.goTo?.seq], [500, 501, 502])
  const nowhere = after(first, { type: 'goTo', place: null, now: 600 })
  assert.equal(nowhere.goTo, null, 'opened without a place, it is where it was')
  assert.equal(after(nowhere, { type: 'goTo', place: null, now: 700 }), nowhere)
  const nextRun = after(stateWith(), { type: 'goTo', place, now: 9_000 })
  assert.ok((nextRun.goTo?.seq ?? 0) > (third.goTo?.seq ?? 0))
})
