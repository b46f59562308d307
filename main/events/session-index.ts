/**
 * The index of sessions in the journal, and small notes beside it. It is made from the events, and says up to which of
 * them it goes. Lines whose last event has a number below `from` are outdated: they are made anew, the newest first.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { LookupIndex } from '../sessions/lookup.ts'
import type { IndexedSession } from './journal.ts'
import { inTransaction } from './transaction.ts'

/** Notes that outlive the index: what was taken over, when was checked and pruned, how the clocks differ, how far the relay's events came. */
const LASTING = [
  'indexVersion',
  'indexed',
  'indexedFrom',
  'takenOver',
  'checked',
  'pruned',
  'clock',
  'relay.cursor',
] as const

export interface SessionIndex {
  readonly through: number
  readonly from: number
  note(name: string): string | null
  keep(name: string, value: string): void
  write(
    sessions: readonly IndexedSession[],
    through: number,
    notes: Readonly<Record<string, string>>,
    from: number,
  ): void
  /** All lines are outdated from now on. */
  outdate(): void
  /** The same, and forgets the notes. */
  reset(): void
}

/** @param lookup is told the names in the sessions */
export function createSessionIndex(database: DatabaseSync, lookup: Pick<LookupIndex, 'addNames'>): SessionIndex {
  const insert = database.prepare(
    `INSERT INTO sessions (lsid, external_key, customer, started, ended, updated, revision, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (lsid) DO UPDATE SET external_key = excluded.external_key, customer = excluded.customer,
       started = excluded.started, ended = excluded.ended, updated = excluded.updated, revision = excluded.revision,
       data = excluded.data`,
  )
  const writeMeta = database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)')
  const readMeta = database.prepare('SELECT value FROM meta WHERE name = ?')
  const lastSeq = database.prepare('SELECT max(seq) AS value FROM events')

  const note = (name: string) => (readMeta.get(name) as { value: string } | undefined)?.value ?? null
  const keep = (name: string, value: string | number) => void writeMeta.run(name, String(value))

  /** A number of an event; 0 if there is none, or none that makes sense. */
  function seqNote(name: string): number {
    const number = Number(note(name) ?? 0)
    return Number.isSafeInteger(number) && number >= 0 ? number : 0
  }

  let from = seqNote('indexedFrom')

  /** The number of the last event; 0: there is none. */
  const last = () => (lastSeq.get() as { value: number | null }).value ?? 0

  function outdate(): void {
    from = last() + 1
    keep('indexedFrom', from)
  }

  return {
    get through() {
      return seqNote('indexed')
    },
    get from() {
      return from
    },
    note,
    keep,
    write: (sessions, through, notes, newFrom) => {
      inTransaction(database, () => {
        for (const each of sessions) {
          const { lsid, externalKey, customer, startedAt, endedAt, updatedAt, revision, data } = each
          insert.run(lsid, externalKey, customer, startedAt, endedAt, updatedAt, revision, data)
          lookup.addNames(lsid, customer)
        }
        keep('indexed', through)
        if (newFrom !== from) keep('indexedFrom', newFrom)
        for (const [name, value] of Object.entries(notes)) keep(name, value)
      })
      from = newFrom
    },
    outdate,
    reset: () => {
      inTransaction(database, () => {
        const names = LASTING.map((name) => `'${name}'`).join(', ')
        database.exec(`DELETE FROM meta WHERE name NOT IN (${names})`)
        // Up to where it went may be what is wrong with it.
        keep('indexed', Math.min(seqNote('indexed'), last()))
        outdate()
      })
    },
  }
}
