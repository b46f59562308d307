/** Reading another journal row by row, to take over what can be read of it: a damaged one, or a backup. */
import { DatabaseSync } from 'node:sqlite'
import { requireKnownSchema } from './schema.ts'
import { mendLog } from './wal.ts'

/** A row as it is stored, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** Some rows, and whether there was a place before or after them that could not be read. */
export interface Portion {
  readonly rows: readonly Row[]
  readonly isTorn: boolean
}

/** Tables that are taken over, by the number of their rows. */
export type Numbered = 'events' | 'quarantine'

export interface JournalSource {
  /** Rows of a table in their order, in portions. */
  read(table: Numbered): Generator<Portion>
  /** All rows of a table without numbers; what cannot be read of it ends it. */
  readAll(table: 'reported' | 'listed'): Portion
  /** The notes of the journal that can be read. */
  notes(): ReadonlyMap<string, string>
  close(): void
}

/** Rows read at a time: the event path waits for no more than these. */
const AT_ONCE = 100
const NUMBER = { events: 'seq', quarantine: 'id' } as const

/** Opens a damaged journal that was set aside; its log is mended first. @throws if nothing of it can be read */
export function openDamaged(file: string): JournalSource {
  mendLog(`${file}-wal`)
  // Of a schema that is damaged, what is still sound of it is enough.
  return open(file, (database) => database.exec('PRAGMA writable_schema = ON; SELECT count(*) FROM sqlite_schema'))
}

/** Opens a backup. @throws if it is none, or one of a newer version */
export function openBackup(file: string): JournalSource {
  return open(file, (database) => {
    if (requireKnownSchema(database) === 0) throw new Error('It has no tables of a journal.')
  })
}

function open(file: string, prepare: (database: DatabaseSync) => void): JournalSource {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000, defensive: false })
  try {
    prepare(database)
    return {
      read: (table) => read(database, table),
      readAll: (table) => readAll(database, table),
      notes: () => notes(database),
      close: () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}

function* read(database: DatabaseSync, table: Numbered): Generator<Portion> {
  const number = NUMBER[table]
  const page = database.prepare(`SELECT * FROM ${table} WHERE ${number} > ? ORDER BY ${number} LIMIT ?`)
  const numberOf = (row: Row | undefined) => (row === undefined ? null : (row[number] as number))

  /** Null: cannot be read. Rows that are not in order are in a circle, or in the wrong place. */
  function readAfter(after: number, limit: number): readonly Row[] | null {
    try {
      const rows = page.all(after, limit) as Row[]
      return rows.every((row, index) => (numberOf(row) ?? 0) > (numberOf(rows[index - 1]) ?? after)) ? rows : null
    } catch {
      return null
    }
  }

  /** Where it can be read again behind a place where it cannot; null: nowhere. */
  function behind(after: number): number | null {
    let step = 1
    while (readAfter(after + step, 1) === null) {
      step *= 2
      if (!Number.isSafeInteger(after + step)) return null
    }
    let [bad, good] = [Math.floor(step / 2), step]
    while (good - bad > 1) {
      const middle = Math.floor((good + bad) / 2)
      if (readAfter(after + middle, 1) === null) bad = middle
      else good = middle
    }
    return after + good
  }

  let after = 0
  for (let limit = AT_ONCE; ;) {
    const rows = readAfter(after, limit)
    if (rows === null && limit > 1) {
      limit = 1
      continue
    }
    if (rows === null) {
      const next = behind(after)
      yield { rows: [], isTorn: true }
      if (next === null) return
      after = next
      limit = AT_ONCE
      continue
    }
    const last = numberOf(rows.at(-1))
    if (last === null) return
    yield { rows, isTorn: false }
    after = last
  }
}

function readAll(database: DatabaseSync, table: 'reported' | 'listed'): Portion {
  const rows: Row[] = []
  try {
    for (const row of database.prepare(`SELECT * FROM ${table}`).iterate()) rows.push(row)
    return { rows, isTorn: false }
  } catch {
    return { rows, isTorn: true }
  }
}

function notes(database: DatabaseSync): ReadonlyMap<string, string> {
  try {
    const rows = database.prepare('SELECT name, value FROM meta').all() as { name: string; value: string }[]
    return new Map(rows.map(({ name, value }) => [name, value]))
  } catch {
    return new Map()
  }
}
