/** Bodies that were no event: looked at, taken away, and given their place among the events once they are understood. */
import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineItem } from '../../preload/contract.ts'
import type { Variables } from './event.ts'
import type { Appended, EventEntry } from './journal.ts'
import { inTransaction } from './transaction.ts'

/** A body with all that is needed to read it again. */
export interface HeldBody extends QuarantineItem {
  /** Variables of the URL that it was posted to. */
  readonly parameters: Variables
  readonly body: Uint8Array
  /** Only its first part was kept, so it can never become an event. */
  readonly isCut: boolean
}

export interface Quarantine {
  count(): number
  /** Those with a smaller number than `before` (null: the newest), newest first, at most `limit`. */
  list(before: number | null, limit: number): readonly QuarantineItem[]
  get(id: number): HeldBody | null
  /** Numbers of all of them, in the order in which they came. */
  ids(): readonly number[]
  /** Deletes those; returns how many there were. */
  remove(ids: readonly number[]): number
  /** Moves one to the events, in one transaction; null: it is not there any more. */
  release(id: number, entry: EventEntry): Appended | null
}

/** One step of the journal's schema: what a body came with, so that it can be read again as it was. */
export const QUARANTINE_COLUMNS_ADDED = `
  ALTER TABLE quarantine ADD COLUMN parameters TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE quarantine ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
`

const ITEM = 'id, received AS receivedAt, source, reason, content_type AS contentType, length(body) AS bytes, seen'

/** @param insert stores an event, in a transaction of the caller's */
export function createQuarantine(database: DatabaseSync, insert: (entry: EventEntry) => Appended): Quarantine {
  const count = database.prepare('SELECT count(*) AS value FROM quarantine')
  const list = database.prepare(`SELECT ${ITEM} FROM quarantine WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const get = database.prepare(`SELECT ${ITEM}, parameters, body, cut FROM quarantine WHERE id = ?`)
  const ids = database.prepare('SELECT id FROM quarantine ORDER BY id')
  const remove = database.prepare('DELETE FROM quarantine WHERE id = ?')
  const removeOne = (id: number) => Number(remove.run(id).changes)

  return {
    count: () => (count.get() as { value: number }).value,
    list: (before, limit) => list.all(before ?? Number.MAX_SAFE_INTEGER, limit) as unknown as QuarantineItem[],
    get: (id) => {
      const row = get.get(id)
      if (row === undefined) return null
      const { parameters, cut, ...rest } = row as unknown as HeldBody & { parameters: string; cut: number }
      return { ...rest, parameters: JSON.parse(parameters) as Variables, isCut: cut === 1 }
    },
    ids: () => ids.all().map((row) => row['id'] as number),
    remove: (some) => inTransaction(database, () => some.reduce((removed, id) => removed + removeOne(id), 0)),
    release: (id, entry) => inTransaction(database, () => (removeOne(id) === 0 ? null : insert(entry))),
  }
}
