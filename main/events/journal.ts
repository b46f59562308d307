/**
 * The journal: every event on disk before the appliance hears 200, bodies that were no event, and an index of the
 * sessions that the events add up to. SQLite in WAL mode with `synchronous=FULL`; one writer; what comes in during one
 * turn of the event loop shares one commit.
 */
import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { createAdopter, type Adopter } from './adopting.ts'
import { journalFacts, type JournalFacts } from './facts.ts'
import { createTraces, type Traces } from './forgetting.ts'
import { createPruning } from './pruning.ts'
import { createLookupIndex, type LookupIndex } from '../sessions/lookup.ts'
import { createQuarantine, type Quarantine } from './quarantine.ts'
import { readers } from './reading.ts'
import { migrate, requireSafeSqlite } from './schema.ts'
import { createSessionIndex } from './session-index.ts'
import { inTransaction } from './transaction.ts'

/** An event as it came in. Times in ms. */
export interface EventEntry {
  readonly digest: Uint8Array
  readonly receivedAt: number
  /** Origin time; the time of receipt where the event has none. */
  readonly at: number
  readonly event: string
  readonly lsid: string | null
  /** Address of the sender. */
  readonly source: string
  readonly variables: Readonly<Record<string, string>>
}

/** A stored event. `seen`: how often it was sent. */
export interface StoredEvent extends Omit<EventEntry, 'digest'> {
  readonly seq: number
  readonly seen: number
}

/** A body that was no event. */
export interface QuarantineEntry {
  readonly digest: Uint8Array
  readonly receivedAt: number
  readonly source: string
  readonly reason: string
  readonly contentType: string
  /** Variables of the URL, without the token. */
  readonly parameters: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Only the first part of it is here. */
  readonly isCut: boolean
}

/** One line of the session index; `data` is the session as the reducer left it, as JSON. */
export interface IndexedSession {
  readonly lsid: string
  readonly externalKey: string | null
  readonly customer: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly updatedAt: number
  /** Number of the last event in it. */
  readonly revision: number
  readonly data: string
}

export interface Appended {
  readonly seq: number
  /** The same event was stored before; nothing new happened. */
  readonly repeated: boolean
}

/** Something small that is kept by name. */
export interface Note {
  readonly name: string
  readonly value: string
}

/** Which session an event is of, for those who want to know no more. */
export interface EventMark {
  readonly seq: number
  readonly lsid: string | null
  readonly receivedAt: number
}

export interface Journal extends Adopter {
  /** False: the file was deleted or replaced. Nothing more is stored in it; it is to be closed and opened anew. */
  readonly isInPlace: boolean
  /** Stores an event, and a note in the same transaction; resolves once they are durable. Rejects if they could not be stored. */
  append(entry: EventEntry, note?: Note): Promise<Appended>
  /** Stores a body that is no event; resolves once it is durable. Rejects if it could not be stored. */
  quarantine(entry: QuarantineEntry): Promise<Appended>
  /** Events after number `after`, oldest first, at most `limit`. */
  eventsAfter(after: number, limit: number): readonly StoredEvent[]
  /** Events before number `before` (null: the newest), newest first, at most `limit`. */
  eventsBefore(before: number | null, limit: number): readonly StoredEvent[]
  /** Events of one session, oldest first. */
  eventsOf(lsid: string): readonly StoredEvent[]
  /** Marks of all events after number `after`, oldest first. */
  marksAfter(after: number): Iterable<EventMark>
  /** Marks of events before number `before`, newest first, at most `limit`. */
  marksBefore(before: number, limit: number): readonly EventMark[]
  readonly lastEventAt: number | null
  /** The line of a session in the index; null if there is none, or it is outdated. */
  session(lsid: string): IndexedSession | null
  /** Indexed sessions with an event at or after `since`, ended ones at or after `endedSince`, oldest change first. */
  sessionsSince(since: number, endedSince?: number): readonly IndexedSession[]
  /** The number up to which the events are in the index. */
  readonly indexedThrough: number
  /** Lines of the index with a smaller number are outdated, and still to be made anew. 0: none. */
  readonly indexedFrom: number
  /**
   * Replaces lines of the index, notes that all events from `from` (left out: as before) up to `through` are in it, and
   * keeps small notes by name.
   */
  index(
    sessions: readonly IndexedSession[],
    through: number,
    notes: Readonly<Record<string, string>>,
    from?: number,
  ): void
  /** All lines of the index are outdated from now on: events were added before its end. */
  outdateIndex(): void
  /** The index behind the lookup. */
  readonly lookup: LookupIndex
  /** Bodies that were no event. */
  readonly held: Quarantine
  /** What there is of somebody, to be forgotten. */
  readonly traces: Traces
  /** In figures, for whoever has to help. */
  facts(): JournalFacts
  /** Forgets index and notes, since something in them is of no use: they are made anew from the events. */
  resetIndex(): void
  /** A note, as `index` or `keep` was given it. */
  note(name: string): string | null
  /** Keeps a small note by name. Like all notes it may be forgotten with the index. */
  keep(name: string, value: string): void
  /**
   * Deletes what was received before `before`, and the oldest beyond `maxBytes`; at most `limit` events and quarantined
   * bodies, sessions, and reports. Returns how many of the most of them: `limit` means that there may be more.
   */
  prune(before: number, maxBytes: number, limit: number): number
  close(): void
}

interface Waiting {
  readonly write: () => Appended
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/** More than this in one commit would make the first of them wait too long. */
const BATCH = 512
/** How long the only writer waits if somebody else has the file all the same (ms). Everything else stands still meanwhile. */
const BUSY = 1_000

/**
 * Opens or creates the journal at `file`. Its folder and files are for this user alone.
 * @param firstNumber numbers of a new journal begin after it. With the time of day (ms) they are greater than those of any
 *   earlier journal, so that what is taken over from one can keep its numbers, and all stays in the order of arrival
 * @throws if SQLite is too old, or the file is no journal or cannot be opened.
 */
export function openJournal(file: string, firstNumber = 0): Journal {
  requireSafeSqlite()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(file, { timeout: BUSY })
  try {
    chmodSync(file, 0o600)
    migrate(database, firstNumber)
    return createJournal(database, watchPlace(file))
  } catch (error) {
    database.close()
    throw error
  }
}

/** Is the file still there? SQLite would go on writing to one that was deleted, and say nothing. */
function watchPlace(file: string): () => boolean {
  // There an open file cannot be deleted, and the numbers of files mean little.
  if (process.platform === 'win32') return () => true
  const opened = statSync(file)
  return () => {
    const found = statSync(file, { throwIfNoEntry: false })
    return found !== undefined && found.ino === opened.ino && found.dev === opened.dev
  }
}

function createJournal(database: DatabaseSync, isInPlace: () => boolean): Journal {
  const insertEvent = database.prepare(
    `INSERT INTO events (digest, received, at, event, lsid, source, variables) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET seen = seen + 1 RETURNING seq, seen`,
  )
  const insertQuarantine = database.prepare(
    `INSERT INTO quarantine (digest, received, source, reason, content_type, body, parameters, cut)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET seen = seen + 1 RETURNING id AS seq, seen`,
  )
  const lastReceived = database.prepare('SELECT received FROM events ORDER BY seq DESC LIMIT 1')

  const lookup = createLookupIndex(database)
  const index = createSessionIndex(database, lookup)
  const read = readers(database)
  const prune = createPruning(database)

  let waiting: Waiting[] = []
  let flush: NodeJS.Immediate | null = null

  function commit(): void {
    if (flush !== null) clearImmediate(flush)
    flush = null
    const batch = waiting.slice(0, BATCH)
    waiting = waiting.slice(BATCH)
    if (waiting.length > 0) schedule()
    try {
      if (!isInPlace()) throw new Error('The journal file is gone.')
      for (const settle of inTransaction(database, () => batch.map(attempt))) settle()
    } catch (error) {
      for (const each of batch) each.reject(error)
    }
  }

  /** Writes one of a batch, and returns what to say after the commit. One that cannot be stored stops no other. */
  function attempt({ write, resolve, reject }: Waiting): () => void {
    try {
      const appended = write()
      return () => resolve(appended)
    } catch (error) {
      if (!database.isTransaction) throw error
      return () => reject(error)
    }
  }

  function schedule(): void {
    flush ??= setImmediate(commit)
  }

  function enqueue(write: () => Appended): Promise<Appended> {
    return new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject })
      schedule()
    })
  }

  function inserted(statement: StatementSync, ...values: (Uint8Array | string | number | null)[]): Appended {
    const row = statement.get(...values) as { seq: number; seen: number }
    return { seq: row.seq, repeated: row.seen > 1 }
  }

  function store({ digest, receivedAt, at, event, lsid, source, variables }: EventEntry): Appended {
    return inserted(insertEvent, digest, receivedAt, at, event, lsid, source, JSON.stringify(variables))
  }

  return {
    ...read,
    ...createAdopter(database, lookup),
    session: (lsid) => {
      const line = read.session(lsid)
      return line !== null && line.revision >= index.from ? line : null
    },
    sessionsSince: (since, endedSince) =>
      read.sessionsSince(since, endedSince).filter(({ revision }) => revision >= index.from),
    get isInPlace() {
      return isInPlace()
    },
    append: (entry, note) =>
      enqueue(() => {
        const appended = store(entry)
        if (note !== undefined) index.keep(note.name, note.value)
        return appended
      }),
    quarantine: (entry) =>
      enqueue(() =>
        inserted(
          insertQuarantine,
          entry.digest,
          entry.receivedAt,
          entry.source,
          entry.reason,
          entry.contentType,
          entry.body,
          JSON.stringify(entry.parameters),
          Number(entry.isCut),
        ),
      ),
    get lastEventAt() {
      return (lastReceived.get() as { received: number } | undefined)?.received ?? null
    },
    get indexedThrough() {
      return index.through
    },
    get indexedFrom() {
      return index.from
    },
    lookup,
    held: createQuarantine(database, store),
    traces: createTraces(database),
    facts: () => journalFacts(database),
    note: (name) => index.note(name),
    keep: (name, value) => index.keep(name, value),
    index: (sessions, through, notes, from = index.from) => index.write(sessions, through, notes, from),
    outdateIndex: () => index.outdate(),
    resetIndex: () => index.reset(),
    prune: (before, maxBytes, limit) => inTransaction(database, () => prune(before, maxBytes, limit)),
    close: () => {
      while (waiting.length > 0) commit()
      if (flush !== null) clearImmediate(flush)
      database.close()
    },
  }
}
