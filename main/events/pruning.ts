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

/** Pages given back to the disk at a time. */
const PAGES = 64

/** Prunes, in a transaction of the caller's, as {@link Journal.prune} says. What it costs does not depend on what there is. */
export function createPruning(database: DatabaseSync) {
  const pragma = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  const timeOfOldest = database.prepare(TIME_OF_OLDEST)
  const deleteEvents = database.prepare(
    'DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE received < ? ORDER BY received, seq LIMIT ?) RETURNING lsid',
  )
  const deleteQuarantine = database.prepare(
    'DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine WHERE received < ? ORDER BY received, id LIMIT ?)',
  )
  const deleteReports = database.prepare(
    'DELETE FROM reported WHERE lsid IN (SELECT lsid FROM reported WHERE coalesce(ended, started) < ? LIMIT ?) RETURNING lsid',
  )
  const oldSessions = database.prepare('SELECT lsid FROM sessions WHERE updated < ? ORDER BY updated LIMIT ?')
  const deleteSession = database.prepare(
    'DELETE FROM sessions WHERE lsid = :lsid AND updated < :until AND NOT EXISTS (SELECT 1 FROM events WHERE lsid = :lsid)',
  )
  const deleteNames = database.prepare(
    `DELETE FROM names WHERE lsid = :lsid AND NOT EXISTS (SELECT 1 FROM sessions WHERE lsid = :lsid)
     AND NOT EXISTS (SELECT 1 FROM reported WHERE lsid = :lsid)`,
  )
  const forgetSpans = database.prepare('DELETE FROM listed WHERE finish <= ?')
  const cutSpans = database.prepare('UPDATE listed SET start = :until WHERE start < :until')
  const lsidsOf = (rows: readonly Record<string, unknown>[]) =>
    rows.map((row) => row['lsid']).filter((lsid) => typeof lsid === 'string')

  return (before: number, maxBytes: number, limit: number): number => {
    const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
    let until = before
    if (used > maxBytes) {
      // What is kept too long for its size may be in any of the tables, so all of them lose what is older than this.
      const { value } = timeOfOldest.get({ limit }) as { value: number | null }
      if (value !== null) until = Math.max(before, value + 1)
    }
    const events = deleteEvents.all(until, limit)
    const quarantined = Number(deleteQuarantine.run(until, limit - events.length).changes)
    // Of sessions without any event the oldest are looked at, too.
    const sessions = new Set([...lsidsOf(events), ...lsidsOf(oldSessions.all(until, limit))])
    const gone = [...sessions].filter((lsid) => deleteSession.run({ lsid, until }).changes > 0)
    const reports = lsidsOf(deleteReports.all(until, limit))
    for (const lsid of [...gone, ...reports]) deleteNames.run({ lsid })
    // What is no longer kept is no longer known: a lookup has to ask for it again.
    forgetSpans.run(until)
    cutSpans.run({ until })
    database.exec(`PRAGMA incremental_vacuum(${PAGES})`)
    return Math.max(events.length + quarantined, gone.length, reports.length)
  }
}
