/** Copies of the journal in a folder beside it, made while it is written. */
import { closeSync, fsyncSync, globSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Backup } from '../../preload/contract.ts'
import { askApart, faultOf } from './apart.ts'
import { Damage, stampOf } from './damage.ts'

/** Copies that are kept; of more the oldest go. */
const KEPT = 10

/** Where copies of a journal are. */
export function backupFolder(journalFile: string): string {
  return join(dirname(journalFile), 'backups')
}

/** What there is, newest first. */
export function listBackups(journalFile: string): readonly Backup[] {
  const folder = backupFolder(journalFile)
  return globSync('journal-*.db', { cwd: folder })
    .map((name) => ({ name, stat: statSync(join(folder, name), { throwIfNoEntry: false }) }))
    .flatMap(({ name, stat }) => (stat?.isFile() ? [{ name, at: Math.floor(stat.mtimeMs), bytes: stat.size }] : []))
    .sort((a, b) => b.at - a.at || b.name.localeCompare(a.name))
}

function synchronise(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Copies a journal as it is at one moment, in a thread of its own, checks the copy, and puts it in its place; for this
 * user alone. Rejects with what failed; then there is no copy.
 */
export async function copyJournal(journalFile: string, target: string): Promise<void> {
  const part = `${target}.part`
  try {
    rmSync(part, { force: true })
    closeSync(openSync(part, 'wx', 0o600))
    await askApart(journalFile, [['VACUUM INTO ?', part]])
    const fault = await faultOf(part)
    if (fault !== null) throw new Damage(fault)
    synchronise(part)
    renameSync(part, target)
    if (process.platform !== 'win32') synchronise(dirname(target))
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}

/** Makes a copy in the folder, and removes the oldest beyond those that are kept. */
export async function makeBackup(journalFile: string, now: number): Promise<Backup> {
  const folder = backupFolder(journalFile)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = `journal-${stampOf(now)}.db`
  await copyJournal(journalFile, join(folder, name))
  for (const { name: old } of listBackups(journalFile).slice(KEPT)) rmSync(join(folder, old), { force: true })
  return { name, at: now, bytes: statSync(join(folder, name)).size }
}
