import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { byUrgency, rowOf } from '../../main/sessions/board.ts'
import type { Session } from '../../main/sessions/session.ts'
import { reduce, type AppState } from '../../main/state.ts'
import { createView } from '../../main/view.ts'
import { begin, end, JANE, joins, play, TO_ME, TO_MIRIAM, TO_TEAM } from './helpers/events.ts'
import { alertWith, settingsWith, stateWith } from './helpers/state.ts'
import { anyEvent } from './helpers/traffic.ts'

const withSessions = (state: AppState, ...sessions: readonly Session[]) =>
  sessions.reduce((before, session) => reduce(before, { type: 'session', session }), state)

const active = play([begin(), TO_ME], null, 'active')
const waiting = play([begin(), TO_TEAM, joins(JANE)], null, 'waiting')

describe('the window’s State', () => {
  test('is main’s with rows in the place of sessions, in their order', () => {
    const state = withSessions(stateWith({ alerts: [alertWith()] }), active, waiting)
    const { sessions, ...shared } = createView()(state)
    const { board: _, ...expected } = state
    assert.deepEqual(shared, expected)
    assert.deepEqual(
      sessions.map((row) => row.lsid),
      ['waiting', 'active'],
    )
  })

  test('is plain data', () => {
    const state = createView()(withSessions(stateWith(), active, waiting))
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state)
    assert.deepEqual(structuredClone(state), state)
  })
})

describe('what did not change', () => {
  test('is the same object: all of it', () => {
    const view = createView()
    const state = withSessions(stateWith(), active)
    assert.equal(view(state), view(state))
  })

  test('is the same object: the rows, when something else changed', () => {
    const view = createView()
    const state = withSessions(stateWith(), active, waiting)
    const before = view(state)
    const after = view(reduce(state, { type: 'health', health: { stored: 1 } }))
    assert.notEqual(after, before)
    assert.equal(after.sessions, before.sessions)
  })

  test('is the same object: the row of a session, when another one changed', () => {
    const view = createView()
    const state = withSessions(stateWith(), active, waiting)
    const row = (from: AppState, lsid: string) => view(from).sessions.find((each) => each.lsid === lsid)
    const [activeRow, waitingRow] = [row(state, 'active'), row(state, 'waiting')]
    const ended = withSessions(state, play([end()], active, 'active'))
    assert.equal(row(ended, 'waiting'), waitingRow)
    assert.notEqual(row(ended, 'active'), activeRow)
    assert.equal(row(ended, 'active')?.status, 'ended')
  })
})

test('whose a session is follows from who I am now', () => {
  const view = createView()
  const state = withSessions(stateWith(), active, play([begin(), TO_MIRIAM], null, 'hers'), waiting)
  const relations = (from: AppState) => Object.fromEntries(view(from).sessions.map((row) => [row.lsid, row.relation]))
  assert.deepEqual(relations(state), { active: 'mine', hers: 'other', waiting: 'team' })
  const settings = settingsWith({ 'me.repId': '14', 'me.teams': [] })
  const other = reduce(state, { type: 'settings', settings, info: [] })
  assert.deepEqual(relations(other), { active: 'other', hers: 'mine', waiting: 'other' })
  assert.deepEqual(relations(state), { active: 'mine', hers: 'other', waiting: 'team' }, 'and back')
})

test('remembering rows never shows anything but what is true', () => {
  const step = fc.record({ lsid: fc.constantFrom('a', 'b', 'c'), own: anyEvent, me: fc.constantFrom('12', '14') })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (traffic) => {
      const view = createView()
      let state = stateWith()
      for (const { lsid, own, me } of traffic) {
        state = withSessions(state, play([own], state.board.get(lsid) ?? null, lsid))
        if (me !== state.settings['me.repId'])
          state = reduce(state, { type: 'settings', settings: settingsWith({ 'me.repId': me }), info: [] })
        const expected = [...state.board.values()].map((session) => rowOf(session, state.settings)).toSorted(byUrgency)
        assert.deepEqual(view(state).sessions, expected)
      }
    }),
    { numRuns: 60 },
  )
})
