/** Copies of the journal, made and taken back while it runs. */
import { join } from 'node:path'
import type { Backup, Restored } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { backupFolder, listBackups, makeBackup } from './events/backup.ts'
import type { Journal } from './events/journal.ts'
import { openBackup, type JournalSource } from './events/salvage.ts'
import { takeOver } from './events/take-over.ts'
import { Unable } from './unable.ts'

/** Commands of backups. */
export type BackupCommand = 'journal.backup' | 'journal.backups' | 'journal.restore'

export interface BackupsOptions {
  readonly journalFile: string
  readonly journal: () => Journal
  readonly now: () => number
  /** Events were added before the end of the index. */
  readonly reindex: () => void
  /** An error that may come from the journal. */
  readonly heed: (error: unknown) => void
}

export interface Backups {
  readonly handlers: Pick<Handlers, BackupCommand>
  /** Leaves off what is under way. */
  stop(): void
}

/** What went wrong, in a few words that need no secret kept. */
function reasonOf(error: unknown): string {
  const { code, errstr, message } = error as Partial<Record<'code' | 'errstr' | 'message', string>>
  return errstr ?? (code?.startsWith('E') && !code.startsWith('ERR_') ? code : (message ?? 'unknown'))
}

/** @see Backups */
export function createBackups(options: BackupsOptions): Backups {
  const { journalFile, journal, now } = options
  const ending = new AbortController()
  /** One thing at a time: both take a while. */
  let isBusy = false

  async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isBusy) throw new Unable('A backup is being made or put back just now. Try again when that is done.')
    isBusy = true
    try {
      return await work()
    } finally {
      isBusy = false
    }
  }

  async function make(): Promise<Backup> {
    journal()
    try {
      return await makeBackup(journalFile, now())
    } catch (error) {
      options.heed(error)
      throw new Unable(`No backup could be made (${reasonOf(error)}). Is there room on the disk?`)
    }
  }

  function open(name: string): JournalSource {
    // Only what is in the list: a name is never taken for a path.
    if (!listBackups(journalFile).some((backup) => backup.name === name))
      throw new Unable('This backup is not there any more.')
    try {
      return openBackup(join(backupFolder(journalFile), name))
    } catch (error) {
      throw new Unable(`This backup cannot be read: ${reasonOf(error)}`)
    }
  }

  async function restore(name: string): Promise<Restored> {
    const source = open(name)
    try {
      const { events, known, quarantined } = await takeOver(source, journal, ending.signal)
      return { events, known, quarantined }
    } catch (error) {
      options.heed(error)
      throw new Unable(`The backup could not be put back as a whole (${reasonOf(error)}). It can be tried again.`)
    } finally {
      source.close()
      takeIn()
    }
  }

  /** Also what was put back of one that failed on the way. */
  function takeIn(): void {
    try {
      journal().outdateIndex()
      options.reindex()
    } catch (error) {
      options.heed(error)
    }
  }

  return {
    handlers: {
      'journal.backup': () => alone(make),
      'journal.backups': () => listBackups(journalFile),
      'journal.restore': ({ name }) => alone(() => restore(name)),
    },
    stop: () => ending.abort(),
  }
}
