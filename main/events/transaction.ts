/** Several writes as one. */
import type { DatabaseSync } from 'node:sqlite'

/** Does the work in a transaction of its own, or in the caller's if there is one. What is thrown undoes all of its own. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  if (database.isTransaction) return work()
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // After some failures (disk full, I/O) SQLite has rolled back by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
