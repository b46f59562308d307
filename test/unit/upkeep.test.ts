import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { Journal } from '../../main/events/journal.ts'
import type { SettingsKeeper } from '../../main/settings/settings.ts'
import { createStore } from '../../main/store.ts'
import { createUpkeep } from '../../main/upkeep.ts'
import { begin, end, play, START } from './helpers/events.ts'
import { settingsWith, stateWith } from './helpers/state.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** Upkeep with a journal that has so many events to delete. */
function startUpkeep(t: TestContext, { deletable = 0, failure = null as Error | null } = {}) {
  t.mock.timers.enable({ apis: ['setInterval', 'setImmediate', 'Date'], now: START })
  const store = createStore(stateWith())
  t.after(() => store.close())
  const pruned: (readonly number[])[] = []
  const failures: unknown[] = []
  let left = deletable
  const clock = { ahead: 0 }
  const notes = new Map<string, string>()
  const journal: Pick<Journal, 'prune' | 'note' | 'keep'> = {
    note: (name) => notes.get(name) ?? null,
    keep: (name, value) => void notes.set(name, value),
    prune: (before, maxBytes, limit) => {
      if (failure !== null) throw failure
      pruned.push([before, maxBytes, limit])
      const deleted = Math.min(left, limit)
      left -= deleted
      return deleted
    },
  }
  const upkeep = createUpkeep({
    store,
    journal: () => journal as Journal,
    settings: { get: () => settingsWith({ 'journal.days': 30, 'journal.megabytes': 64 }) } as unknown as SettingsKeeper,
    now: () => Date.now() + clock.ahead,
    present: Date.now,
    onPruned: () => {},
    onFailure: (error) => failures.push(error),
  })
  upkeep.start()
  t.after(() => upkeep.stop())
  return { clock, store, upkeep, pruned, failures, wait: (ms: number) => t.mock.timers.tick(ms) }
}

describe('upkeep', () => {
  test('takes off the board what has had its time, each minute', (t) => {
    const { store, wait } = startUpkeep(t)
    store.change({ type: 'session', session: play([begin(), end()]) })
    wait(60 * MINUTE)
    assert.equal(store.get().board.size, 1)
    wait(MINUTE)
    assert.equal(store.get().board.size, 0)
  })

  test('prunes the journal soon after the start and then once an hour, by age and size', (t) => {
    const { pruned, wait } = startUpkeep(t)
    assert.deepEqual(pruned, [])
    wait(MINUTE)
    assert.deepEqual(pruned, [[START + MINUTE - 30 * DAY, 64 * 1024 * 1024, 100]])
    wait(59 * MINUTE)
    assert.equal(pruned.length, 1)
    wait(MINUTE)
    assert.equal(pruned.length, 2)
  })

  test('a clock that is set a year ahead takes a day with each round, and gives none back twice', (t) => {
    const { clock, pruned, wait } = startUpkeep(t)
    wait(MINUTE)
    clock.ahead = 365 * DAY
    wait(60 * MINUTE)
    wait(60 * MINUTE)
    const days = pruned.map(([before = 0]) => (before - START + 30 * DAY) / DAY)
    assert.deepEqual(days.map(Math.round), [0, 1, 2])
    clock.ahead = 0
    wait(60 * MINUTE)
    assert.ok((pruned.at(-1)?.[0] ?? 0) < START - 29 * DAY, 'and the right time is taken at once')
  })

  test('deletes much in small steps, and stops when nothing is left', (t) => {
    const { pruned, wait } = startUpkeep(t, { deletable: 240 })
    wait(MINUTE)
    wait(0)
    wait(0)
    wait(0)
    assert.equal(pruned.length, 3)
  })

  test('goes on after a failure', (t) => {
    const { failures, wait } = startUpkeep(t, { failure: new Error('no journal') })
    wait(61 * MINUTE)
    assert.equal(failures.length, 2)
  })

  test('that is stopped looks after nothing more', (t) => {
    const { store, upkeep, wait } = startUpkeep(t)
    store.change({ type: 'session', session: play([begin(), end()]) })
    wait(MINUTE)
    upkeep.stop()
    wait(500 * MINUTE)
    assert.equal(store.get().board.size, 1)
  })

  test('that is stopped does nothing more, also in the middle of deleting', (t) => {
    const { upkeep, pruned, wait } = startUpkeep(t, { deletable: 5_000 })
    wait(MINUTE)
    const before = pruned.length
    upkeep.stop()
    wait(500 * MINUTE)
    assert.ok(pruned.length <= before + 1)
  })
})
