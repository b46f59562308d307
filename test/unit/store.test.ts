import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { createStore } from '../../main/store.ts'
import { stateWith } from './helpers/state.ts'

/** A store whose time is the test's. */
function startStore(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let time = 0
  const store = createStore(stateWith(), () => time)
  return {
    store,
    wait: (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1) {
        time += 1
        t.mock.timers.tick(1)
      }
    },
    count: (stored: number) => store.change({ type: 'health', health: { stored } }),
  }
}

describe('a subscriber', () => {
  test('hears of a first change soon, and of all changes of a frame at once', (t) => {
    const { store, wait, count } = startStore(t)
    const heard: number[] = []
    store.subscribe(() => heard.push(store.get().health.stored))
    count(1)
    assert.deepEqual(heard, [], 'never while the change is made')
    wait(1)
    assert.deepEqual(heard, [1])
    for (let stored = 2; stored <= 50; stored += 1) count(stored)
    wait(14)
    assert.deepEqual(heard, [1])
    wait(2)
    assert.deepEqual(heard, [1, 50])
  })

  test('hears at most once in 16 ms of a stream of changes, and of the last one', (t) => {
    const { store, wait, count } = startStore(t)
    const heard: number[] = []
    store.subscribe(() => heard.push(store.get().health.stored))
    for (let stored = 1; stored <= 160; stored += 1) {
      count(stored)
      wait(1)
    }
    wait(16)
    assert.ok(heard.length >= 9 && heard.length <= 12, `${heard.length} times`)
    assert.equal(heard.at(-1), 160)
  })

  test('hears four times a second of a backlog, and at once of what comes after it', (t) => {
    const { store, wait, count } = startStore(t)
    const heard: number[] = []
    store.subscribe(() => heard.push(store.get().health.stored))
    store.change({ type: 'health', health: { catchingUp: true } })
    for (let stored = 1; stored <= 1_000; stored += 1) {
      count(stored)
      wait(1)
    }
    assert.ok(heard.length >= 4 && heard.length <= 5, `${heard.length} times`)
    while (heard.at(-1) !== 1_000) wait(1)
    count(1_001)
    wait(20)
    assert.equal(heard.at(-1), 1_000)
    store.change({ type: 'health', health: { catchingUp: false } })
    wait(1)
    assert.equal(heard.at(-1), 1_001)
    wait(500)
    assert.ok(heard.length <= 7, 'and once only')
  })

  test('hears nothing where nothing changed', (t) => {
    const { store, wait, count } = startStore(t)
    let heard = 0
    store.subscribe(() => {
      heard += 1
    })
    count(0)
    store.change({ type: 'solved', id: 'x' })
    wait(100)
    assert.equal(heard, 0)
  })

  test('that has gone hears nothing more, also if it goes while it hears', (t) => {
    const { store, wait, count } = startStore(t)
    const heard: string[] = []
    const stopFirst = store.subscribe(() => {
      heard.push('first')
      stopFirst()
    })
    const stopSecond = store.subscribe(() => heard.push('second'))
    count(1)
    wait(20)
    count(2)
    wait(20)
    assert.deepEqual(heard, ['first', 'second', 'second'])
    stopSecond()
    count(3)
    wait(20)
    assert.equal(heard.length, 3)
  })

  test('may change State itself, and hears of that in the next frame', (t) => {
    const { store, wait, count } = startStore(t)
    const heard: number[] = []
    store.subscribe(() => {
      heard.push(store.get().health.stored)
      count(Math.min(store.get().health.stored + 1, 3))
    })
    count(1)
    wait(200)
    assert.deepEqual(heard, [1, 2, 3])
  })
})

test('State is there at once, with or without subscribers', (t) => {
  const { store, count } = startStore(t)
  count(7)
  assert.equal(store.get().health.stored, 7)
})

test('a closed store calls nobody back', (t) => {
  const { store, wait, count } = startStore(t)
  let heard = 0
  store.subscribe(() => {
    heard += 1
  })
  count(1)
  store.close()
  wait(100)
  count(2)
  wait(100)
  assert.equal(heard, 0)
  assert.equal(store.get().health.stored, 2)
})
