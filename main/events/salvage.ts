/** Reading another journal, to take over what is in it: a backup, or what can be made out of a damaged one. */
import { DatabaseSync } from 'node:sqlite'
import { carve } from './carving.ts'
import { requireKnownSchema } from './schema.ts'
import { mendLog } from './wal.ts'

/** A row as it is stored, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** Tables whose rows are numbered. */
export type Numbered = 'events' | 'quarantine'

/** Some rows. */
export interface Portion extends Readonly<Record<Numbered, readonly Row[]>> {
  /** Rows, and places, that could not be read. */
  readonly lost: number
}

export interface JournalSource {
  /** Events and bodies in quarantine, each once. */
  portions(): Generator<Portion>
  /** What reports said, in portions. @throws where it cannot be read */
  reported(): Generator<readonly Row[]>
  /** Spans of time that were listed; they count only with all that was reported. */
  listed(): readonly Row[]
  /** The notes of the journal that can be read. */
  notes(): ReadonlyMap<string, string>
  close(): void
}

/** Rows read at a time: the event path waits for no more than these. */
const AT_ONCE = 100

/** Opens a damaged journal that nobody else has open; its log is mended first. @throws if nothing of it can be read */
export function openDamaged(file: string): JournalSource {
  mendLog(`${file}-wal`)
  // Of a schema that is damaged, what is still sound of it is enough.
  const database = tryTo(() => open(file, (opened) => opened.exec('PRAGMA writable_schema = ON')))
  return {
    portions: () => carve(file),
    reported: () => reportedIn(database),
    listed: () => (database === null ? [] : (tryTo(() => listedIn(database)) ?? [])),
    notes: () => (database === null ? new Map() : (tryTo(() => notesOf(database)) ?? new Map())),
    close: () => database?.close(),
  }
}

/** Opens a backup. @throws if it is none, or one of a newer version */
export function openBackup(file: string): JournalSource {
  const database = open(file, (opened) => {
    if (requireKnownSchema(opened) === 0) throw new Error('It has no tables of a journal.')
  })
  // The first version knew no reports.
  const isFirst = requireKnownSchema(database) === 1
  return {
    portions: () => read(database),
    reported: () => reportedIn(isFirst ? null : database),
    listed: () => (isFirst ? [] : listedIn(database)),
    notes: () => notesOf(database),
    close: () => database.close(),
  }
}

function open(file: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000, defensive: false })
  try {
    prepare(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function tryTo<Result>(work: () => Result): Result | null {
  try {
    return work()
  } catch {
    return null
  }
}

function* read(database: DatabaseSync): Generator<Portion> {
  const nothing = { events: [], quarantine: [], lost: 0 }
  for (const [table, number] of [
    ['events', 'seq'],
    ['quarantine', 'id'],
  ] as const) {
    const page = database.prepare(`SELECT * FROM ${table} WHERE ${number} > ? ORDER BY ${number} LIMIT ?`)
    for (let after = 0; ;) {
      const rows: readonly Row[] = page.all(after, AT_ONCE)
      const last = rows.at(-1)
      if (last === undefined) break
      yield { ...nothing, [table]: rows }
      after = last[number] as number
    }
  }
}

function* reportedIn(database: DatabaseSync | null): Generator<readonly Row[]> {
  const page = database?.prepare('SELECT * FROM reported WHERE lsid > ? ORDER BY lsid LIMIT ?')
  for (let after = ''; ;) {
    const rows: readonly Row[] = page?.all(after, AT_ONCE) ?? []
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = String(last['lsid'])
  }
}

const listedIn = (database: DatabaseSync): readonly Row[] => database.prepare('SELECT * FROM listed').all()

function notesOf(database: DatabaseSync): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT name, value FROM meta').all() as { name: string; value: string }[]
  return new Map(rows.map(({ name, value }) => [name, value]))
}
