/** One running application for each data folder. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Takes the folder, which is made if need be. The lock is the operating system's, on a small SQLite file: it goes with
 * the process, however that ends.
 * @returns what gives it back; null if another process has it
 */
export function lockFolder(folder: string): (() => void) | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, 'instance.lock'), { timeout: 0 })
  try {
    // Nothing is ever written: a folder that takes no new file just now is no reason not to start.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === 5) return null
    throw error
  }
  return () => database.close()
}
