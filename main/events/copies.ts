/** Other files that hold what the journal held: backups, and damaged journals that were set aside. */
import { closeSync, globSync, openSync, readSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ForgetTarget } from '../../preload/contract.ts'
import { createTraces } from './forgetting.ts'
import { migrate } from './schema.ts'

/** The first bytes of every SQLite file. */
const MAGIC = 'SQLite format 3\0'

function isDatabase(file: string): boolean {
  const start = Buffer.alloc(MAGIC.length)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, start, 0, start.length, 0)
  } finally {
    closeSync(handle)
  }
  return start.toString('latin1') === MAGIC
}

/** What became of somebody's traces in the copies. */
export interface InCopies {
  /** Copies in which there is, or was, something. */
  readonly copies: number
  /** Names of copies that cannot be looked into: they may hold it. */
  readonly unreadable: readonly string[]
}

/** Files beside the journal, and in folders beside it, that are or were a journal. */
function copiesOf(journalFile: string): readonly string[] {
  const folder = dirname(journalFile)
  const own = [basename(journalFile), 'instance.lock']
  const names = globSync(['*', '*/*.db*'], { cwd: folder, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile() && !/-(?:wal|shm|journal)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !own.some((name) => file === join(folder, name)))
    .filter((file) => isDatabase(file) || basename(file).startsWith(`${basename(journalFile)}.`))
}

/** Opens a copy as a journal of this version, and leaves it as one file. */
function withCopy<Result>(file: string, work: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    const { quick_check: fault } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
    if (fault !== 'ok') throw new Error('It is damaged.')
    migrate(database)
    return work(database)
  } finally {
    try {
      database.exec('PRAGMA journal_mode = DELETE')
    } finally {
      database.close()
    }
  }
}

/**
 * Looks for somebody in the copies; `forget` takes them out there, too.
 * @param known sessions that are known to be meant
 * @param deleteUnreadable deletes the copies that cannot be looked into
 */
export function inCopies(
  journalFile: string,
  target: ForgetTarget,
  known: Iterable<string>,
  forget: boolean,
  deleteUnreadable: boolean,
): InCopies {
  const unreadable: string[] = []
  let copies = 0
  for (const file of copiesOf(journalFile)) {
    try {
      copies += withCopy(file, (database) => {
        const traces = createTraces(database)
        const found = traces.find(target, known)
        if (found.sessions + found.events.length + found.held.length === 0) return 0
        if (forget) traces.remove(found)
        return 1
      })
    } catch {
      if (!forget || !deleteUnreadable) unreadable.push(basename(file))
      else for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
    }
  }
  return { copies, unreadable }
}
