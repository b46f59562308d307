/** Other files that hold what the journal held: backups, and damaged journals that were set aside. */
import { closeSync, globSync, openSync, readSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ForgetTarget } from '../../preload/contract.ts'
import { setAsides } from './damage.ts'
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

/** Files beside the journal, and in folders beside it, that are a journal. */
function copiesOf(journalFile: string): readonly string[] {
  const folder = dirname(journalFile)
  const others = new Set([journalFile, join(folder, 'instance.lock'), ...setAsides(journalFile)])
  return globSync(['*', '*/*.db'], { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/-(?:wal|shm|journal)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !others.has(file) && isDatabase(file))
}

function isIn(database: DatabaseSync, target: ForgetTarget, known: Iterable<string>): boolean {
  const found = createTraces(database).find(target, known)
  return found.sessions + found.events.length + found.held.length > 0
}

/** Is there something in this copy? One of an older version has to be brought up to date for that. */
function look(file: string, target: ForgetTarget, known: Iterable<string>): boolean {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0 })
  try {
    return isIn(database, target, known)
  } catch {
    return change(file, (opened) => isIn(opened, target, known))
  } finally {
    database.close()
  }
}

/** Opens a copy as a journal of this version, and leaves it as one file, of the time that it was. */
function change<Result>(file: string, work: (database: DatabaseSync) => Result): Result {
  const { atime, mtime } = statSync(file)
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    migrate(database)
    return work(database)
  } finally {
    try {
      database.exec('PRAGMA journal_mode = DELETE')
    } finally {
      database.close()
      utimesSync(file, atime, mtime)
    }
  }
}

function forgetIn(file: string, target: ForgetTarget, known: Iterable<string>): void {
  change(file, (database) => {
    const traces = createTraces(database)
    traces.remove(traces.find(target, known))
  })
}

/**
 * Looks for somebody in the copies; `forget` takes them out there, too.
 * @param known sessions that are known to be meant
 * @param deleteUnreadable deletes the copies that cannot be looked into
 */
export async function inCopies(
  journalFile: string,
  target: ForgetTarget,
  known: Iterable<string>,
  forget: boolean,
  deleteUnreadable: boolean,
): Promise<InCopies> {
  // Of a damaged one nobody can say what its pages hold, even where it can be opened.
  const unreadable = [...setAsides(journalFile)]
  let copies = 0
  for (const file of copiesOf(journalFile)) {
    // They may be large; what comes in meanwhile is not to wait for all of them.
    await new Promise((resume) => setImmediate(resume))
    try {
      const isThere = look(file, target, known)
      if (isThere && forget) forgetIn(file, target, known)
      if (isThere) copies += 1
    } catch {
      unreadable.push(file)
    }
  }
  if (!forget || !deleteUnreadable) return { copies, unreadable: unreadable.map((file) => basename(file)) }
  for (const file of unreadable)
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
  return { copies, unreadable: [] }
}
