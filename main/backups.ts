/** Copies of the journal, made and taken back while it runs. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of backups. */
export type BackupCommand = 'journal.backup' | 'journal.backups' | 'journal.restore'

const later = () => {
  throw new Unable('This is being built.')
}

export function createBackups(): Pick<Handlers, BackupCommand> {
  return {
    'journal.backup': later,
    'journal.backups': later,
    'journal.restore': later,
  }
}
