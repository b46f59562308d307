/** Journals that are cut off, or have flipped bits: what SQLite makes of them, and what can be read all the same. */
import assert from 'node:assert/strict'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { carve } from '../../main/events/carving.ts'
import { openJournal } from '../../main/events/journal.ts'
import type { Row } from '../../main/events/salvage.ts'
import { isLogDamaged, mendLog } from '../../main/events/wal.ts'
import { copyOf, flip, killed, lsidsIn, upTo } from './helpers/damaged.ts'
import { entry, odd, temporaryFolder } from './support.ts'

const FRAME = 24 + 4096

describe('a log that was cut off', () => {
  test('at any byte leaves what was complete before it, and is no damage', async (t) => {
    const original = await killed(t, 5, 12)
    const size = statSync(`${original}-wal`).size
    const seen = new Set<number>()
    for (let cut = size; cut >= 0; cut -= 997) {
      const file = copyOf(t, original)
      truncateSync(`${file}-wal`, cut)
      assert.equal(isLogDamaged(`${file}-wal`), false, `cut at ${cut}`)
      const found = lsidsIn(file)
      assert.deepEqual(found, upTo(found.length), 'in order, and none in between is missing')
      seen.add(found.length)
    }
    assert.deepEqual([Math.min(...seen), Math.max(...seen)], [5, 17])
  })

  test('in its last transaction may be a crash: that is believed', async (t) => {
    const original = await killed(t, 0, 6)
    const size = statSync(`${original}-wal`).size
    for (const place of [size - 10, size - FRAME + 8, size - FRAME + 20]) {
      const file = copyOf(t, original)
      flip(`${file}-wal`, place)
      assert.equal(isLogDamaged(`${file}-wal`), false)
      assert.deepEqual(lsidsIn(file), upTo(5))
    }
    assert.equal(isLogDamaged(join(dirname(original), 'none-wal')), false)
  })
})

describe('a log with a flipped bit', () => {
  for (const [where, place] of [
    ['a page', 32 + 24 + 2_000],
    ['a checksum', 32 + 16],
    ['the salt of a frame', 32 + FRAME + 9],
    ['its header', 20],
    ['the magic number', 0],
  ] as const)
    test(`in ${where} is damaged, and read on behind it once it is mended`, async (t) => {
      const file = copyOf(t, await killed(t, 3, 20))
      flip(`${file}-wal`, place)
      const plain = copyOf(t, file)
      assert.ok(lsidsIn(plain).length < 20, 'SQLite by itself leaves most of it out, and says nothing')
      assert.equal(isLogDamaged(`${file}-wal`), true)
      mendLog(`${file}-wal`)
      assert.equal(isLogDamaged(`${file}-wal`), false)
      const found = new Set<unknown>([...carve(file)].flatMap(({ events }) => events.map(({ lsid }) => lsid)))
      assert.ok(
        upTo(23).every((lsid) => found.has(lsid)),
        [...found].join(' '),
      )
    })
})

describe('carving', () => {
  test('makes out every row, also of pages that no tree leads to any more, and of a journal of the first version', async (t) => {
    const file = join(temporaryFolder(t), 'journal.db')
    const journal = openJournal(file, 5)
    const long = { event: 'e', large: 'ü😀'.repeat(20_000) }
    await journal.append(entry('long', { lsid: null, variables: long, at: -1 }))
    await Promise.all(
      Array.from({ length: 800 }, (_each, index) => journal.append(entry(`e${index}`, { lsid: `s${index}` }))),
    )
    await journal.append(entry('e1', { lsid: 's1' }))
    const body = Buffer.alloc(300_000, 'body')
    await journal.quarantine(odd('large', { body, parameters: { a: 'b' }, isCut: true }))
    journal.close()
    const stored = new DatabaseSync(file)
    const rows = stored.prepare('SELECT * FROM events ORDER BY seq').all()
    const held = stored.prepare('SELECT * FROM quarantine').all()
    stored.close()

    const bytes = readFileSync(file)
    // Every page that leads to others, and the schema with the header of the file.
    for (let at = 0; at < bytes.length; at += 4096)
      if (at === 0 || bytes[at] === 5 || bytes[at] === 2) bytes.fill(0, at, at + 4096)
    writeFileSync(file, bytes)
    const found: Record<'events' | 'quarantine', Row[]> = { events: [], quarantine: [] }
    for (const portion of carve(file))
      for (const table of ['events', 'quarantine'] as const) found[table].push(...portion[table])
    const plain = (list: readonly Row[]) =>
      list.map((row) => ({ ...row })).toSorted((a, b) => Number(a['seq'] ?? a['id']) - Number(b['seq'] ?? b['id']))
    assert.deepEqual(plain(found.events), plain(rows))
    assert.deepEqual(plain(found.quarantine), plain(held))
  })
})
