/** The tables of the journal, and what must hold before they are trusted. */
import type { DatabaseSync } from 'node:sqlite'
import { LOOKUP_TABLES } from '../sessions/lookup.ts'
import { QUARANTINE_COLUMNS_ADDED } from './quarantine.ts'

/** Raised when the meaning of the session index changes: it is then rebuilt from the events. */
export const INDEX_VERSION = 2

/** Before 3.51.3 a checkpoint could corrupt a WAL database that two connections have open (sqlite.org/wal.html). */
const SAFE_SQLITE = [3, 51, 3] as const

/** One step for each version of the schema; a released step is never changed, only followed by another. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE events (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    digest    BLOB NOT NULL UNIQUE,
    received  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    event     TEXT NOT NULL,
    lsid      TEXT,
    source    TEXT NOT NULL,
    variables TEXT NOT NULL,
    seen      INTEGER NOT NULL DEFAULT 1
  ) STRICT;
  CREATE INDEX events_of_session ON events (lsid, seq);
  CREATE INDEX events_by_receipt ON events (received);

  CREATE TABLE quarantine (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    digest       BLOB NOT NULL UNIQUE,
    received     INTEGER NOT NULL,
    source       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body         BLOB NOT NULL,
    seen         INTEGER NOT NULL DEFAULT 1
  ) STRICT;

  CREATE TABLE sessions (
    lsid         TEXT PRIMARY KEY,
    external_key TEXT,
    customer     TEXT,
    started      INTEGER,
    ended        INTEGER,
    updated      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    data         TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sessions_by_key ON sessions (external_key);
  CREATE INDEX sessions_by_change ON sessions (updated);

  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  LOOKUP_TABLES,
  QUARANTINE_COLUMNS_ADDED,
]

/** @throws if the SQLite in this Node or Electron is older than the fix that the journal relies on. */
export function requireSafeSqlite(version = process.versions['sqlite'] ?? '0'): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const difference = major - SAFE_SQLITE[0] || minor - SAFE_SQLITE[1] || patch - SAFE_SQLITE[2]
  if (difference < 0)
    throw new Error(`SQLite ${version} is too old for the journal; ${SAFE_SQLITE.join('.')} or newer is needed.`)
}

/**
 * The version of the journal's tables; 0 if there are none yet.
 * @throws if it is one that this version of the application does not know
 */
export function requireKnownSchema(database: DatabaseSync): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > STEPS.length)
    throw new Error(`The journal was written by a newer version of Rep Tray (schema ${version}).`)
  return version
}

/**
 * Sets the connection up and brings the tables to the present version.
 * @param firstNumber numbers in new tables begin after it
 */
export function migrate(database: DatabaseSync, firstNumber = 0): void {
  // Before the first table: it cannot be changed later without rewriting the file.
  database.exec('PRAGMA auto_vacuum = INCREMENTAL')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA journal_size_limit = 4194304')
  // What is deleted or replaced is overwritten: whoever is forgotten is not in the file any more.
  database.exec('PRAGMA secure_delete = ON')
  const version = requireKnownSchema(database)
  for (const [index, step] of STEPS.entries()) {
    if (index < version) continue
    const begin =
      index === 0
        ? `INSERT INTO sqlite_sequence VALUES ('events', ${firstNumber}), ('quarantine', ${firstNumber});`
        : ''
    database.exec(`BEGIN IMMEDIATE; ${step} ${begin} PRAGMA user_version = ${index + 1}; COMMIT`)
  }
  const indexVersion = database.prepare("SELECT value FROM meta WHERE name = 'indexVersion'").get() as
    | { value: string }
    | undefined
  if (indexVersion?.value === String(INDEX_VERSION)) return
  // What is in the index is outdated, and made anew piece by piece.
  database.exec(`
    INSERT OR REPLACE INTO meta
    SELECT 'indexVersion', '${INDEX_VERSION}' UNION ALL
    SELECT 'indexedFrom', coalesce((SELECT max(seq) FROM events), 0) + 1`)
}
