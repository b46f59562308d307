/** Taking rows of another journal over: what is here already is known by its digest, and stays as it is. */
import type { DatabaseSync } from 'node:sqlite'
import type { LookupIndex, Reported } from '../sessions/lookup.ts'
import type { Numbered, Row } from './salvage.ts'
import { inTransaction } from './transaction.ts'

/** What became of rows: taken over, here already, or of no use. */
export interface Adopted {
  readonly added: number
  readonly known: number
  readonly useless: number
}

export interface Adopter {
  /** In one transaction. An event keeps its number, and with it its place in the order of arrival, if that is free. */
  adopt(table: Numbered, rows: readonly Row[]): Adopted
  /** What the appliance's reports said; spans of time that were listed count only with all of their rows. */
  adoptReports(reported: readonly Row[], listed: readonly Row[]): void
}

type Value = string | number | Uint8Array | null

interface Table {
  readonly number: string
  readonly columns: readonly string[]
  readonly isUseful: (row: Row) => boolean
}

const isWhole = (value: unknown) => Number.isSafeInteger(value)
const isText = (value: unknown) => typeof value === 'string'

function isVariables(value: unknown): boolean {
  try {
    const parsed: unknown = JSON.parse(value as string)
    return typeof parsed === 'object' && parsed !== null && Object.values(parsed).every(isText)
  } catch {
    return false
  }
}

/** SQLite's refusal of a value that a column does not take: SQLITE_CONSTRAINT, SQLITE_MISMATCH. */
const isOddValue = (error: unknown) => [19, 20].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff)

const COMMON = (row: Row) =>
  row['digest'] instanceof Uint8Array && isWhole(row['received']) && isText(row['source']) && isWhole(row['seen'])

const TABLES: Readonly<Record<Numbered, Table>> = {
  events: {
    number: 'seq',
    columns: ['digest', 'received', 'at', 'event', 'lsid', 'source', 'variables', 'seen'],
    isUseful: (row) =>
      COMMON(row) &&
      isWhole(row['at']) &&
      isText(row['event']) &&
      (row['lsid'] === null || isText(row['lsid'])) &&
      isVariables(row['variables']),
  },
  quarantine: {
    number: 'id',
    columns: ['digest', 'received', 'source', 'reason', 'content_type', 'body', 'seen', 'parameters', 'cut'],
    isUseful: (row) => COMMON(row) && row['body'] instanceof Uint8Array,
  },
}

/** @see Adopter */
export function createAdopter(database: DatabaseSync, lookup: Pick<LookupIndex, 'addReports' | 'addListing'>): Adopter {
  const known = {
    events: database.prepare('SELECT 1 FROM events WHERE digest = ?'),
    quarantine: database.prepare('SELECT 1 FROM quarantine WHERE digest = ?'),
  }
  const taken = {
    events: database.prepare('SELECT 1 FROM events WHERE seq = ?'),
    quarantine: database.prepare('SELECT 1 FROM quarantine WHERE id = ?'),
  }
  const highest = database.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?')
  const isReported = database.prepare('SELECT 1 FROM reported WHERE lsid = ?')

  function insert(name: Numbered, row: Row, top: number): void {
    const { number, columns } = TABLES[name]
    // An older journal does not have all of them.
    const present = columns.filter((column) => row[column] !== undefined)
    const seq = row[number] as number
    const keepsPlace = isWhole(seq) && seq > 0 && seq <= top && taken[name].get(seq) === undefined
    const values = [keepsPlace ? seq : null, ...present.map((column) => row[column] as Value)]
    const marks = values.map(() => '?').join(', ')
    database.prepare(`INSERT INTO ${name} (${[number, ...present].join(', ')}) VALUES (${marks})`).run(...values)
  }

  function adopt(name: Numbered, rows: readonly Row[]): Adopted {
    const counts = { added: 0, known: 0, useless: 0 }
    const top = (highest.get(name) as { seq: number } | undefined)?.seq ?? 0
    for (const row of rows) counts[adoptOne(name, row, top)] += 1
    return counts
  }

  function adoptOne(name: Numbered, row: Row, top: number): keyof Adopted {
    if (!TABLES[name].isUseful(row)) return 'useless'
    if (known[name].get(row['digest'] as Uint8Array) !== undefined) return 'known'
    try {
      insert(name, row, top)
      return 'added'
    } catch (error) {
      if (isOddValue(error)) return 'useless'
      throw error
    }
  }

  return {
    adopt: (name, rows) => inTransaction(database, () => adopt(name, rows)),
    adoptReports: (reported, listed) =>
      inTransaction(database, () => {
        const unknown = reported.filter(({ lsid }) => isText(lsid) && isReported.get(lsid) === undefined)
        lookup.addReports(
          unknown.map((row) => ({
            lsid: row['lsid'] as string,
            externalKey: (row['external_key'] ?? null) as Reported['externalKey'],
            customer: (row['customer'] ?? null) as Reported['customer'],
            computer: (row['computer'] ?? null) as Reported['computer'],
            startedAt: (row['started'] ?? null) as Reported['startedAt'],
            endedAt: (row['ended'] ?? null) as Reported['endedAt'],
            data: (row['data'] ?? null) as Reported['data'],
          })),
        )
        for (const { start, finish } of listed)
          if (isWhole(start) && isWhole(finish)) lookup.addListing({ from: start as number, to: finish as number }, [])
      }),
  }
}
