/**
 * The local index behind the lookup: sessions by ticket, lsid, customer or computer, from the events that came in and
 * from the appliance's reports. Answers in milliseconds; what it does not know yet, the Reporting API is asked for.
 */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../events/transaction.ts'
import type { Session } from './session.ts'

/** How a session matched, the best first. */
export const MATCHES = ['exact', 'anyCase', 'prefix', 'words'] as const
export type Match = (typeof MATCHES)[number]

/** A session that matched. Times in ms. */
export interface Hit {
  readonly lsid: string
  readonly match: Match
  readonly externalKey: string | null
  readonly customer: string | null
  readonly computer: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** A session as a listing has it. */
export interface Listed {
  readonly lsid: string
  readonly externalKey: string | null
}

/** A session as a report has it; `data` is the report, as JSON, if it is to be kept whole. */
export interface Reported extends Listed {
  readonly customer: string | null
  readonly computer: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly data: string | null
}

/** A stretch of time, from `from` up to and without `to`; ms. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface LookupIndex {
  /** Sessions that match, the best match first, then the newest; at most `limit`. */
  search(query: string, limit: number): readonly Hit[]
  /** Keeps what a listing of `span` said, and that the span is known now. */
  addListing(span: Span, sessions: readonly Listed[]): void
  /** The parts of `span` that no listing has covered yet, the newest first. */
  missing(span: Span): readonly Span[]
  /** Keeps what reports said; one without `data` takes nothing away from what is kept. */
  addReports(reports: readonly Reported[]): void
  /** The external key of a session that is known from events or reports; null if it has none. */
  keyOf(lsid: string): string | null
  /** The report of a session, as JSON, or null. */
  report(lsid: string): string | null
  /** Of these sessions, those that no report said anything of. */
  withoutReport(lsids: readonly string[]): readonly string[]
  /** Words of names, as `search` finds them, for a session of the journal. */
  addNames(lsid: string, ...names: readonly (string | null)[]): void
}

/**
 * The external key of a session. While it runs, events and edits know it best; of one that has ended, or that no event
 * told of, a report may know more.
 */
export function externalKeyOf(
  lsid: string,
  session: Pick<Session, 'endedAt' | 'externalKey'> | null,
  index: () => Pick<LookupIndex, 'keyOf'>,
): string | null {
  if (session !== null && session.endedAt === null) return session.externalKey
  return session?.externalKey ?? index().keyOf(lsid)
}

/** Tables of the index; one step of the journal's schema. */
export const LOOKUP_TABLES = `
  CREATE INDEX sessions_by_key_any_case ON sessions (external_key COLLATE NOCASE);
  CREATE TABLE reported (
    lsid         TEXT PRIMARY KEY,
    external_key TEXT,
    customer     TEXT,
    computer     TEXT,
    started      INTEGER,
    ended        INTEGER,
    data         TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reported_by_key ON reported (external_key COLLATE NOCASE);
  CREATE TABLE names (word TEXT NOT NULL, lsid TEXT NOT NULL, PRIMARY KEY (word, lsid)) STRICT, WITHOUT ROWID;
  CREATE INDEX names_of_session ON names (lsid);
  CREATE TABLE listed (start INTEGER PRIMARY KEY, finish INTEGER NOT NULL) STRICT;
`

/** More words of one query are noise. */
const MAX_WORDS = 6
/** A word of a name is kept up to here. */
const WORD_LENGTH = 40

/** The words of a name as they are compared: lower case, without accents. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return [...new Set(plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''))].map((word) =>
    word.slice(0, WORD_LENGTH),
  )
}

/** The least text that is greater than every text that begins with `prefix`. */
function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`
}

const HIT = `
  coalesce(s.lsid, r.lsid) AS lsid, coalesce(s.external_key, r.external_key) AS externalKey,
  coalesce(s.customer, r.customer) AS customer, r.computer AS computer,
  coalesce(s.started, r.started) AS startedAt, coalesce(s.ended, r.ended) AS endedAt`

/** @param database with the {@link LOOKUP_TABLES} beside the journal's own */
export function createLookupIndex(database: DatabaseSync): LookupIndex {
  // The newest first within each way of matching; a session of today is in the journal, one of last month in reports.
  const lsidsOf = {
    key: database.prepare(`
      SELECT lsid, external_key AS key FROM sessions WHERE external_key = :key COLLATE NOCASE
      UNION SELECT lsid, external_key FROM reported WHERE external_key = :key COLLATE NOCASE`),
    keyPrefix: database.prepare(`
      SELECT lsid FROM (SELECT lsid FROM sessions WHERE external_key >= :from COLLATE NOCASE AND external_key < :to COLLATE NOCASE LIMIT :limit)
      UNION SELECT lsid FROM (SELECT lsid FROM reported WHERE external_key >= :from COLLATE NOCASE AND external_key < :to COLLATE NOCASE LIMIT :limit)`),
    lsidPrefix: database.prepare(`
      SELECT lsid FROM (SELECT lsid FROM sessions WHERE lsid >= :from AND lsid < :to LIMIT :limit)
      UNION SELECT lsid FROM (SELECT lsid FROM reported WHERE lsid >= :from AND lsid < :to LIMIT :limit)`),
  }
  const hit = database.prepare(`
    SELECT ${HIT} FROM (SELECT :lsid AS wanted) LEFT JOIN sessions s ON s.lsid = wanted LEFT JOIN reported r ON r.lsid = wanted`)
  const insertListed = database.prepare(`
    INSERT INTO reported (lsid, external_key) VALUES (?, ?)
    ON CONFLICT (lsid) DO UPDATE SET external_key = excluded.external_key`)
  const insertReport = database.prepare(`
    INSERT INTO reported (lsid, external_key, customer, computer, started, ended, data) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (lsid) DO UPDATE SET external_key = excluded.external_key, customer = excluded.customer,
      computer = excluded.computer, started = excluded.started, ended = excluded.ended,
      data = coalesce(excluded.data, data)`)
  const insertName = database.prepare('INSERT OR IGNORE INTO names (word, lsid) VALUES (?, ?)')
  const report = database.prepare('SELECT data FROM reported WHERE lsid = ?')
  const isReported = database.prepare(
    'SELECT 1 FROM reported WHERE lsid = ? AND (started IS NOT NULL OR data IS NOT NULL)',
  )
  const spansTouching = database.prepare(
    'SELECT start AS "from", finish AS "to" FROM listed WHERE start <= :to AND finish >= :from ORDER BY start',
  )
  const deleteSpan = database.prepare('DELETE FROM listed WHERE start = ?')
  const insertSpan = database.prepare('INSERT OR REPLACE INTO listed (start, finish) VALUES (?, ?)')

  /** Sessions in whose names every word begins a word: the rarest way to miss nobody. */
  function byWords(query: string, limit: number): readonly string[] {
    const words = wordsOf(query).slice(0, MAX_WORDS)
    if (words.length === 0) return []
    const one = 'SELECT DISTINCT lsid FROM names WHERE word >= ? AND word < ?'
    const rest = words
      .slice(1)
      .map(
        () =>
          'AND EXISTS (SELECT 1 FROM names other WHERE other.lsid = names.lsid AND other.word >= ? AND other.word < ?)',
      )
    const statement = database.prepare(`${one} ${rest.join(' ')} LIMIT ?`)
    // The longest word first: the fewest sessions to look at.
    const ranges = words.toSorted((a, b) => b.length - a.length).flatMap((word) => [word, afterPrefix(word)])
    return statement.all(...ranges, limit).map((row) => row['lsid'] as string)
  }

  function addNames(lsid: string, ...names: readonly (string | null)[]): void {
    for (const name of names) {
      for (const word of name === null ? [] : wordsOf(name)) insertName.run(word, lsid)
    }
  }

  function search(text: string, limit: number): readonly Hit[] {
    const query = text.trim()
    if (query === '') return []
    const found = new Map<string, Match>()
    const add = (lsids: readonly string[], match: Match) => {
      for (const lsid of lsids) if (!found.has(lsid)) found.set(lsid, match)
    }
    const equal = lsidsOf.key.all({ key: query }) as { lsid: string; key: string }[]
    add(
      equal.filter(({ key }) => key === query).map(({ lsid }) => lsid),
      'exact',
    )
    add(
      equal.map(({ lsid }) => lsid),
      'anyCase',
    )
    const range = { from: query, to: afterPrefix(query), limit }
    const lower = query.toLowerCase()
    add(
      lsidsOf.lsidPrefix.all({ from: lower, to: afterPrefix(lower), limit }).map((row) => row['lsid'] as string),
      'prefix',
    )
    if (found.size < limit)
      add(
        lsidsOf.keyPrefix.all(range).map((row) => row['lsid'] as string),
        'prefix',
      )
    if (found.size < limit) add(byWords(query, limit), 'words')
    const hits = [...found].map(([lsid, match]) => ({ ...(hit.get({ lsid }) as unknown as Omit<Hit, 'match'>), match }))
    const time = (each: Hit) => each.startedAt ?? each.endedAt ?? 0
    return hits
      .toSorted((a, b) => MATCHES.indexOf(a.match) - MATCHES.indexOf(b.match) || time(b) - time(a))
      .slice(0, limit)
  }

  return {
    search,
    addNames: (lsid, ...names) => inTransaction(database, () => addNames(lsid, ...names)),
    addListing: (span, sessions) =>
      inTransaction(database, () => {
        for (const { lsid, externalKey } of sessions) insertListed.run(lsid, externalKey)
        // Spans that meet become one, so that there are few.
        let { from, to } = span
        for (const other of spansTouching.all({ ...span }) as unknown as Span[]) {
          from = Math.min(from, other.from)
          to = Math.max(to, other.to)
          deleteSpan.run(other.from)
        }
        insertSpan.run(from, to)
      }),
    missing: (span) => {
      const gaps: Span[] = []
      let from = span.from
      for (const known of spansTouching.all({ ...span }) as unknown as Span[]) {
        if (known.from > from) gaps.push({ from, to: known.from })
        from = Math.max(from, known.to)
      }
      if (from < span.to) gaps.push({ from, to: span.to })
      return gaps.toReversed()
    },
    addReports: (reports) =>
      inTransaction(database, () => {
        for (const { lsid, externalKey, customer, computer, startedAt, endedAt, data } of reports) {
          insertReport.run(lsid, externalKey, customer, computer, startedAt, endedAt, data)
          addNames(lsid, customer, computer)
        }
      }),
    keyOf: (lsid) => (hit.get({ lsid }) as unknown as Pick<Hit, 'externalKey'>).externalKey,
    report: (lsid) => (report.get(lsid) as { data: string | null } | undefined)?.data ?? null,
    withoutReport: (lsids) => lsids.filter((lsid) => isReported.get(lsid) === undefined),
  }
}
