import assert from 'node:assert/strict'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createKeeper } from '../../main/events/keeper.ts'
import { openJournal, type Journal } from '../../main/events/journal.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { entry, odd, temporaryFolder } from './support.ts'

interface Given {
  readonly retry?: number
  readonly onOpen?: (journal: Journal) => void
}

function keep(t: TestContext, file: string, { retry = 20, onOpen = () => {} }: Given = {}) {
  const counts = { opened: 0, failed: 0, unread: 0 }
  const keeper = createKeeper({
    file,
    now: Date.now,
    firstNumber: () => 0,
    onOpen: (journal) => {
      counts.opened += 1
      onOpen(journal)
    },
    onFailure: () => {
      counts.failed += 1
    },
    onUnread: () => {
      counts.unread += 1
    },
    onSetAside: () => {},
    retry,
  })
  atEnd(t, () => keeper.close())
  return { keeper, counts }
}

/** A file that stands where the journal's folder should be: nothing can be opened below it. */
function blocked(t: TestContext) {
  const block = join(temporaryFolder(t), 'data')
  writeFileSync(block, '')
  return { file: join(block, 'journal.db'), free: () => rmSync(block) }
}

test('a journal that cannot be opened is tried again by itself, until it can', async (t) => {
  const { file, free } = blocked(t)
  const { keeper, counts } = keep(t, file)
  assert.throws(() => keeper.current(), /not open/)
  keeper.open()
  assert.equal(counts.failed, 1)
  assert.throws(() => keeper.current(), /not open/)
  await until(() => counts.failed >= 3, 'more tries')
  free()
  await until(() => counts.opened === 1, 'the journal')
  await keeper.current().append(entry('a'))
  const { failed } = counts
  keeper.open()
  assert.deepEqual(counts, { opened: 1, failed, unread: 0 }, 'opening what is open does nothing')
})

test('asking for a try does not make more tries of the one that waits', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { file } = blocked(t)
  const { keeper, counts } = keep(t, file, { retry: 1_000 })
  keeper.open()
  for (let times = 0; times < 5; times += 1) keeper.open()
  assert.equal(counts.failed, 6)
  t.mock.timers.tick(1_000)
  assert.equal(counts.failed, 7)
  t.mock.timers.tick(1_000)
  assert.equal(counts.failed, 8)
})

test('whoever has something to store does not wait for the next try, and makes no more than one in a second', (t) => {
  let now = 10_000
  t.mock.method(performance, 'now', () => now)
  const { file, free } = blocked(t)
  const { keeper, counts } = keep(t, file, { retry: 1_000_000 })
  keeper.open()
  for (let times = 0; times < 5; times += 1) assert.throws(() => keeper.current(), /not open/)
  assert.equal(counts.failed, 1)
  now += 1_000
  for (let times = 0; times < 5; times += 1) assert.throws(() => keeper.current(), /not open/)
  assert.equal(counts.failed, 2)
  free()
  now += 1_000
  keeper.current()
  assert.equal(counts.opened, 1)
  keeper.close()
  now += 1_000
  assert.throws(() => keeper.current(), /not open/)
})

test('after close nothing is tried any more', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { file, free } = blocked(t)
  const { keeper, counts } = keep(t, file, { retry: 1_000 })
  keeper.open()
  keeper.open()
  keeper.close()
  free()
  t.mock.timers.tick(10_000)
  assert.deepEqual(counts, { opened: 0, failed: 2, unread: 0 })
  assert.equal(existsSync(file), false)
})

test('a journal whose file is gone is opened anew with the next event', async (t) => {
  const file = join(temporaryFolder(t), 'journal.db')
  const { keeper, counts } = keep(t, file)
  keeper.open()
  await keeper.current().append(entry('a'))
  assert.equal(counts.opened, 1)
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`)
  await keeper.current().append(entry('b'))
  assert.deepEqual(counts, { opened: 2, failed: 0, unread: 0 })
  assert.deepEqual(
    keeper
      .current()
      .eventsAfter(0, 10)
      .map(({ lsid }) => lsid),
    ['b'],
  )
  assert.equal(existsSync(file), true)
})

test('what is on its way when the file goes is stored in the new one', async (t) => {
  const file = join(temporaryFolder(t), 'journal.db')
  const { keeper, counts } = keep(t, file)
  await assert.rejects(keeper.writer.append(entry('too early')), /not open/)
  keeper.open()
  await keeper.writer.append(entry('a'))
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`)
  const [b] = await Promise.all([
    keeper.writer.append(entry('b')),
    keeper.writer.append(entry('c')),
    keeper.writer.quarantine(odd('d')),
  ])
  assert.equal(b.repeated, false)
  assert.equal((await keeper.writer.append(entry('b'))).repeated, true)
  assert.deepEqual(counts, { opened: 2, failed: 0, unread: 0 })
  const kept = keeper.current().eventsAfter(0, 10)
  assert.deepEqual(
    kept.map(({ lsid }) => lsid),
    ['b', 'c'],
  )
  assert.equal(keeper.current().held.count(), 1)
})

test('a file that was moved away and back is the journal again', async (t) => {
  const file = join(temporaryFolder(t), 'data', 'journal.db')
  const { keeper, counts } = keep(t, file)
  keeper.open()
  await keeper.current().append(entry('a'))
  const folder = join(file, '..')
  renameSync(folder, `${folder}.away`)
  writeFileSync(folder, '')
  assert.throws(() => keeper.current(), /not open/)
  rmSync(folder)
  renameSync(`${folder}.away`, folder)
  await until(() => counts.opened === 2, 'the journal')
  assert.equal(keeper.current().eventsAfter(0, 10).length, 1)
})

test('an index that is of no use is made anew, and the events stay', async (t) => {
  const file = join(temporaryFolder(t), 'journal.db')
  const earlier = openJournal(file)
  await earlier.append(entry('a'))
  earlier.index([], 1, { alerts: 'no JSON' })
  earlier.close()
  const onOpen = (journal: Journal) => void JSON.parse(journal.note('alerts') ?? '[]')
  const { keeper, counts } = keep(t, file, { onOpen })
  keeper.open()
  assert.deepEqual(counts, { opened: 2, failed: 0, unread: 1 })
  const journal = keeper.current()
  assert.deepEqual([journal.indexedThrough, journal.indexedFrom, journal.note('alerts')], [1, 2, null])
  assert.equal(journal.eventsAfter(0, 10).length, 1)
  await journal.append(entry('b'))
})

test('a journal that cannot be taken up at all takes events nevertheless', async (t) => {
  const onOpen = () => {
    throw new Error('a mistake')
  }
  const { keeper, counts } = keep(t, join(temporaryFolder(t), 'journal.db'), { onOpen })
  keeper.open()
  assert.deepEqual(counts, { opened: 2, failed: 0, unread: 2 })
  await keeper.current().append(entry('a'))
  assert.equal(keeper.current().eventsAfter(0, 10).length, 1)
})
