/** Journals that are damaged, or only look it: what is set aside, what is taken over, what is left alone. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { isDamage, isDamageAtOpening, setAside, setAsides, tidySetAsides } from '../../main/events/damage.ts'
import { openJournal } from '../../main/events/journal.ts'
import { openDamaged } from '../../main/events/salvage.ts'
import { takeOver } from '../../main/events/take-over.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { copyOf, flip, keep, killed, upTo } from './helpers/damaged.ts'
import { entry, temporaryFolder } from './support.ts'

describe('taking over', () => {
  test('keeps numbers and order, and stores nothing twice', async (t) => {
    const file = copyOf(t, await killed(t, 40, 10))
    const journal = openJournal(join(temporaryFolder(t), 'journal.db'), 500_000)
    atEnd(t, () => journal.close())
    await journal.append(entry('e7', { lsid: 'came again' }))
    await journal.append(entry('new', { lsid: 'new' }))
    const source = openDamaged(file)
    assert.deepEqual(await takeOver(source, () => journal), { events: 49, known: 1, quarantined: 0, lost: 0 })
    assert.deepEqual(await takeOver(source, () => journal), { events: 0, known: 50, quarantined: 0, lost: 0 })
    source.close()
    const all = journal.eventsAfter(0, 1_000)
    assert.deepEqual(
      all.map(({ lsid }) => lsid),
      [...upTo(50).filter((lsid) => lsid !== 's7'), 'came again', 'new'],
    )
    assert.equal(all[0]?.seq, 1_001)
  })

  test('a row of no use costs that row', async (t) => {
    const file = copyOf(t, await killed(t, 10, 0))
    const database = new DatabaseSync(file)
    database.exec(
      `UPDATE events SET variables = 'no JSON' WHERE lsid = 's3'; UPDATE events SET variables = '{"a":1}' WHERE lsid = 's4'`,
    )
    database.close()
    const journal = openJournal(join(temporaryFolder(t), 'journal.db'), 500_000)
    atEnd(t, () => journal.close())
    const source = openDamaged(file)
    assert.deepEqual(await takeOver(source, () => journal), { events: 8, known: 0, quarantined: 0, lost: 2 })
    source.close()
  })

  test('goes on after a restart, and leaves nothing out of one that was damaged on the way', async (t) => {
    const file = copyOf(t, await killed(t, 300, 0))
    setAside(file, 0)
    const between = openJournal(file, 500_000)
    await between.append(entry('between', { lsid: 'between' }))
    between.close()
    setAside(file, 1_000)
    const journal = openJournal(file, 900_000)
    journal.keep('takenOver', '["gone"]')
    journal.close()

    const { taken, told, keeper, close } = keep(t, file)
    keeper.open()
    await until(() => taken.length === 2, 'both are taken over')
    assert.deepEqual(
      keeper
        .current()
        .eventsAfter(0, 1_000)
        .map(({ lsid }) => lsid),
      [...upTo(300), 'between'],
    )
    const names = setAsides(file).map((each) => basename(each))
    assert.deepEqual(new Set(JSON.parse(keeper.current().note('takenOver') ?? '') as string[]), new Set(names))
    assert.deepEqual(told, ['open'])
    close()
    const again = keep(t, file)
    again.keeper.open()
    await new Promise((later) => setImmediate(later))
    assert.deepEqual([again.taken, again.keeper.current().eventsAfter(0, 1_000).length], [[], 301])
  })
})

describe('a journal that is damaged', () => {
  test('is set aside when it is opened; a new one begins, and has what could be read', async (t) => {
    const file = copyOf(t, await killed(t, 220, 0))
    writeFileSync(file, readFileSync(file).fill(0xff, 0, 4096))
    const { keeper, told, taken } = keep(t, file)
    keeper.open()
    assert.deepEqual(told, ['new', 'aside'])
    await keeper.current().append(entry('at once', { lsid: 'at once' }))
    await until(() => taken.length === 1, 'it is taken over')
    assert.deepEqual(
      keeper
        .current()
        .eventsAfter(0, 1_000)
        .map(({ lsid }) => lsid),
      [...upTo(220), 'at once'],
    )
    assert.equal(setAsides(file).length, 1)
  })

  test('unseen is found by looking at all of it, a while after the start', async (t) => {
    const file = copyOf(t, await killed(t, 200, 0))
    // The index that recognises what is sent again does not know one of them any more.
    const { digest } = entry('e100', { lsid: 's100' })
    const bytes = readFileSync(file)
    const isInIndex = (at: number) => bytes[at - (at % 4096)] === 10
    let at = bytes.indexOf(digest)
    while (at >= 0 && !isInIndex(at)) at = bytes.indexOf(digest, at + 1)
    assert.ok(at > 0)
    flip(file, at)
    const { keeper, told, taken } = keep(t, file)
    keeper.open()
    assert.deepEqual(told, ['open'])
    await until(() => taken.length === 1, 'it is found out, and mended')
    assert.deepEqual(told, ['open', 'new', 'aside'])
    assert.ok(keeper.current().eventsAfter(0, 1_000).length >= 199)
  })

  test('is looked for once a day after a clean end, and always after any other', async (t) => {
    const file = copyOf(t, await killed(t, 5, 0))
    const checked = () => {
      const journal = openJournal(file)
      const note = journal.note('checked')
      journal.close()
      return Number(note ?? 0)
    }
    const first = keep(t, file)
    first.keeper.open()
    await until(() => first.keeper.current().note('checked') !== null, 'it is looked at')
    first.close()
    const at = checked()
    const second = keep(t, file)
    second.keeper.open()
    // Longer than it would wait for that.
    await new Promise((later) => setTimeout(later, 100))
    second.close()
    assert.equal(checked(), at)

    const third = openJournal(file)
    await third.append(entry('more'))
    cpSync(`${file}-wal`, `${file}-kept`)
    third.close()
    cpSync(`${file}-kept`, `${file}-wal`)
    const fourth = keep(t, file)
    fourth.keeper.open()
    await until(() => Number(fourth.keeper.current().note('checked')) > at, 'it is looked at again')
  })

  test('while it is in use is set aside with the next error that says so', async (t) => {
    const file = copyOf(t, await killed(t, 2_000, 0))
    const { keeper, told, taken } = keep(t, file)
    keeper.open()
    const bytes = readFileSync(file)
    for (let at = 4096; at < bytes.length; at += 4096)
      if (bytes[at] === 10 || bytes[at] === 2) bytes.fill(7, at, at + 64)
    writeFileSync(file, bytes)
    const failure = await keeper
      .current()
      .append(entry('a'))
      .then(
        () => null,
        (error: unknown) => error,
      )
    assert.equal(isDamage(failure), true, String(failure))
    keeper.heed(new Error('something else'))
    assert.deepEqual(told, ['open'])
    keeper.heed(failure)
    await keeper.current().append(entry('a', { lsid: 'a' }))
    await until(() => taken.length === 1, 'it is taken over')
    assert.deepEqual(told, ['open', 'new', 'aside'])
    assert.equal(keeper.current().eventsAfter(0, 10_000).length, 2_001)
  })

  test('at once again is not set aside again and again', async (t) => {
    const file = copyOf(t, await killed(t, 20, 0))
    flip(file, 3)
    const { keeper, told } = keep(t, file)
    keeper.open()
    assert.ok(keeper.current())
    const malformed = Object.assign(new Error('malformed'), { errcode: 11 })
    keeper.heed(malformed)
    assert.deepEqual(told, ['new', 'aside'], 'that was said of the old one')
    const later = performance.now() + 2_000
    const passed = t.mock.method(performance, 'now', () => later)
    keeper.heed(malformed)
    passed.mock.restore()
    assert.deepEqual(told, ['new', 'aside', 'failure: Error: malformed'])
    assert.throws(() => keeper.current(), /not open/)
    assert.equal(setAsides(file).length, 1)
    await until(() => told.at(-1) === 'open', 'it is opened again')
  })

  test('is not one of a newer version, nor one that is in the way of something', async (t) => {
    const file = copyOf(t, await killed(t, 5, 0))
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    const { keeper, told } = keep(t, file)
    keeper.open()
    assert.match(told.join(), /^failure: .*newer version/)
    assert.deepEqual(setAsides(file), [])
    for (const errcode of [5, 6, 7, 8, 10, 10 | (12 << 8), 13, 14, 15, 23])
      assert.equal(isDamageAtOpening(Object.assign(new Error(), { errcode })), false, String(errcode))
    for (const errcode of [1, 11, 11 | (1 << 8), 19, 26])
      assert.equal(isDamageAtOpening(Object.assign(new Error(), { errcode })), true, String(errcode))
    assert.equal(isDamageAtOpening(Object.assign(new Error(), { code: 'EACCES' })), false)
  })
})

describe('damaged journals that were set aside', () => {
  test('are three at most, those that hold the most; the log goes with its file', async (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, 'journal.db')
    for (const [number, size] of [5_000, 10, 4_000, 20, 30].entries()) {
      writeFileSync(file, 'x'.repeat(size))
      writeFileSync(`${file}-wal`, 'y')
      writeFileSync(`${file}-shm`, 'z')
      setAside(file, number * 1_000)
      assert.deepEqual(
        readdirSync(folder).filter((name) => /^journal\.db(-|$)/.test(name)),
        [],
      )
    }
    assert.deepEqual(
      setAsides(file)
        .map((each) => statSync(each).size)
        .toSorted((a, b) => a - b),
      [30, 4_000, 5_000],
    )
    assert.equal(readdirSync(folder).length, 6)
    assert.equal(
      setAsides(file).every((each) => existsSync(`${each}-wal`)),
      true,
    )
    for (const each of setAsides(file)) utimesSync(each, 1, 1)
    tidySetAsides(file, Date.now() + 60_000)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('of the same second have names of their own', (t) => {
    const file = join(temporaryFolder(t), 'journal.db')
    const names = [1, 2, 3].map((size) => {
      writeFileSync(file, 'x'.repeat(size))
      return setAside(file, 0)
    })
    assert.equal(new Set(names).size, 3)
  })
})
