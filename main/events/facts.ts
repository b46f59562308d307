/** A journal in figures, for whoever has to help: nothing of what is in it. */
import type { DatabaseSync } from 'node:sqlite'

export interface JournalFacts {
  readonly schema: number
  readonly bytes: number
  readonly freeBytes: number
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  /** When the oldest and the newest event came in; ms, null: there is none. */
  readonly oldest: number | null
  readonly newest: number | null
}

const TABLES = ['events', 'quarantine', 'sessions', 'reported', 'names', 'listed'] as const

export function journalFacts(database: DatabaseSync): JournalFacts {
  const value = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0] as number | null
  const size = value('PRAGMA page_size') ?? 0
  return {
    schema: value('PRAGMA user_version') ?? 0,
    bytes: (value('PRAGMA page_count') ?? 0) * size,
    freeBytes: (value('PRAGMA freelist_count') ?? 0) * size,
    rows: Object.fromEntries(TABLES.map((table) => [table, value(`SELECT count(*) FROM ${table}`) ?? 0])),
    oldest: value('SELECT min(received) FROM events'),
    newest: value('SELECT max(received) FROM events'),
  }
}
