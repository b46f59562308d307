/** How the journal stays within its age and size. */
import type { DatabaseSync } from 'node:sqlite'

/** The time by which the first `limit` of all that came in had come in. */
const TIME_OF_OLDEST = `
  WITH oldest AS (
    SELECT * FROM (SELECT received FROM events ORDER BY received LIMIT :limit)
    UNION ALL
    SELECT * FROM (SELECT received FROM quarantine ORDER BY received LIMIT :limit)
  )
  SELECT max(received) AS value FROM (SELECT received FROM oldest ORDER BY received LIMIT :limit)`

/** Deletes, in a transaction of the caller's, what {@link Journal.prune} says. */
export function prune(database: DatabaseSync, before: number, maxBytes: number, limit: number): number {
  const pragma = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  let until = before
  if (used > maxBytes) {
    // What is kept too long for its size may be in any of the tables, so all of them lose what is older than this.
    const { value } = database.prepare(TIME_OF_OLDEST).get({ limit }) as { value: number | null }
    if (value !== null) until = Math.max(before, value + 1)
  }
  const deleteFrom = (table: string, key: string, atMost: number) =>
    Number(
      database
        .prepare(
          `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE received < ? ORDER BY received, ${key} LIMIT ?)`,
        )
        .run(until, atMost).changes,
    )
  const events = deleteFrom('events', 'seq', limit)
  const quarantined = deleteFrom('quarantine', 'id', limit - events)
  database
    .prepare(
      'DELETE FROM sessions WHERE updated < ? AND NOT EXISTS (SELECT 1 FROM events WHERE events.lsid = sessions.lsid)',
    )
    .run(until)
  database.prepare('DELETE FROM reported WHERE coalesce(ended, started) < ?').run(until)
  // What is no longer kept is no longer known: a lookup has to ask for it again.
  database.prepare('DELETE FROM listed WHERE finish <= ?').run(until)
  database.prepare('UPDATE listed SET start = :until WHERE start < :until').run({ until })
  database.exec(`DELETE FROM names WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.lsid = names.lsid)
    AND NOT EXISTS (SELECT 1 FROM reported WHERE reported.lsid = names.lsid)`)
  database.exec('PRAGMA incremental_vacuum(256)')
  return events + quarantined
}
