/** Looking into the journal: what the application asks it, and what a second process may see of it. */
import { DatabaseSync } from 'node:sqlite'
import type { EventMark, IndexedSession, Journal, QuarantineEntry, StoredEvent } from './journal.ts'
import { requireKnownSchema } from './schema.ts'

/** Columns of an event, in the words of {@link StoredEvent}. */
const EVENT_COLUMNS = 'seq, received AS receivedAt, at, event, lsid, source, variables, seen'
const MARK_COLUMNS = 'seq, lsid, received AS receivedAt'
const SESSION_COLUMNS =
  'lsid, external_key AS externalKey, customer, started AS startedAt, ended AS endedAt, updated AS updatedAt, revision, data'

const QUARANTINE_COLUMNS = 'id, received AS receivedAt, source, reason, content_type AS contentType, body, seen'

function toEvent(row: Record<string, unknown>): StoredEvent {
  return { ...(row as unknown as StoredEvent), variables: variablesOf(row['variables'] as string) }
}

/** None of an event whose text is damaged: one row must not keep all others from being read. */
function variablesOf(text: string): StoredEvent['variables'] {
  try {
    return JSON.parse(text) as StoredEvent['variables']
  } catch {
    return {}
  }
}

/** A body that was no event, as it is stored. */
export interface StoredQuarantine extends Omit<QuarantineEntry, 'digest' | 'parameters' | 'isCut'> {
  readonly id: number
  readonly seen: number
}

export interface JournalReader extends Pick<Journal, 'eventsAfter' | 'sessionsSince' | 'close'> {
  /** Bodies after number `after`, oldest first, at most `limit`. */
  quarantined(after: number, limit: number): readonly StoredQuarantine[]
}

/**
 * Opens an existing journal to look into it, also while the application writes it.
 * @throws if the file is no journal, or one of a newer version
 */
export function openJournalForReading(file: string): JournalReader {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    if (requireKnownSchema(database) === 0) throw new Error('The journal has no tables yet.')
    const quarantined = database.prepare(
      `SELECT ${QUARANTINE_COLUMNS} FROM quarantine WHERE id > ? ORDER BY id LIMIT ?`,
    )
    return {
      ...readers(database),
      quarantined: (after, limit) => quarantined.all(after, limit) as unknown as StoredQuarantine[],
      close: () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}

/** What reads the journal, over a connection of any kind. */
export function readers(database: DatabaseSync) {
  const after = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`)
  const before = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
  const ofSession = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE lsid = ? ORDER BY seq`)
  const marksAfter = database.prepare(`SELECT ${MARK_COLUMNS} FROM events WHERE seq > ? ORDER BY seq`)
  const marksBefore = database.prepare(`SELECT ${MARK_COLUMNS} FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
  const session = database.prepare(`SELECT ${SESSION_COLUMNS} FROM sessions WHERE lsid = ?`)
  const sessionsSince = database.prepare(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE updated >= ? AND (ended IS NULL OR updated >= ?) ORDER BY updated, lsid`,
  )
  return {
    eventsAfter: (seq: number, limit: number) => after.all(seq, limit).map(toEvent),
    eventsBefore: (seq: number | null, limit: number) => before.all(seq ?? Number.MAX_SAFE_INTEGER, limit).map(toEvent),
    eventsOf: (lsid: string) => ofSession.all(lsid).map(toEvent),
    marksAfter: (seq: number) => marksAfter.iterate(seq) as unknown as Iterable<EventMark>,
    marksBefore: (seq: number, limit: number) => marksBefore.all(seq, limit) as unknown as EventMark[],
    session: (lsid: string) => (session.get(lsid) as unknown as IndexedSession | undefined) ?? null,
    sessionsSince: (since: number, endedSince = since) =>
      sessionsSince.all(since, endedSince) as unknown as IndexedSession[],
  }
}
