/** A journal that is damaged: told from one that merely cannot be used just now, and put out of the way. */
import { globSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The log beside a journal belongs to it; what SQLite shares between processes (`-shm`) is made anew. */
const LOG = '-wal'
/** Damaged files that are kept. Of more than this the smallest go: they hold the least. */
const KEPT = 3

/** SQLite's codes (https://www.sqlite.org/rescode.html) for what is wrong with a file, in use or while it is opened. */
const DAMAGED = [11, 26] as const
/** Codes for what is wrong around it: access, memory, disk, locks. It passes, and the file is as good as before. */
const AROUND = [3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 22, 23] as const

/** What a journal is told to be by something other than SQLite. */
export class Damage extends Error {}

const codeOf = (error: unknown) => ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff

/** A number in a row that no number of JavaScript can be: such were never written. */
const isImpossible = (error: unknown) =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_OUT_OF_RANGE' && /JavaScript number/.test(String(error))

/** Does this error of a journal in use say that its file is damaged? */
export function isDamage(error: unknown): boolean {
  return error instanceof Damage || isImpossible(error) || DAMAGED.includes(codeOf(error) as never)
}

/** The same of a journal that could not be opened: there a table that is not there, or is twice, is damage as well. */
export function isDamageAtOpening(error: unknown): boolean {
  return isDamage(error) || (codeOf(error) !== 0 && !AROUND.includes(codeOf(error) as never))
}

/** For names of files: a time without the characters that some systems do not take. */
export function stampOf(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')
}

/** Damaged journals that were set aside, in no order. */
export function setAsides(file: string): readonly string[] {
  const names = globSync(`${basename(file)}.corrupt-*`, { cwd: dirname(file) })
  return names.filter((name) => !/-(?:wal|shm)$/.test(name)).map((name) => join(dirname(file), name))
}

function remove(file: string): void {
  for (const end of ['', LOG, '-shm']) rmSync(`${file}${end}`, { force: true })
}

/** Removes what was set aside before this (ms), and the smallest of too many. */
export function tidySetAsides(file: string, before: number): void {
  const found = setAsides(file).map((path) => ({ path, ...pick(path) }))
  const largest = found.filter(({ at }) => at >= before).sort((a, b) => b.size - a.size)
  for (const { path } of found) if (!largest.slice(0, KEPT).some((each) => each.path === path)) remove(path)
}

function pick(path: string): { size: number; at: number } {
  const stat = statSync(path, { throwIfNoEntry: false })
  const log = statSync(`${path}${LOG}`, { throwIfNoEntry: false })
  // When it was set aside: renaming changes that time and no other.
  return { size: (stat?.size ?? 0) + (log?.size ?? 0), at: stat?.ctimeMs ?? 0 }
}

/**
 * Renames a journal that nobody has open, with what belongs to it, and removes the least of too many.
 * @returns what it is called now
 * @throws if that cannot be done; then all is as before
 */
export function setAside(file: string, now: number): string {
  const stem = `${file}.corrupt-${stampOf(now)}`
  let aside = stem
  for (let number = 2; statSync(aside, { throwIfNoEntry: false }) !== undefined; number += 1)
    aside = `${stem}.${number}`
  // The log first: a new journal would take one that is left for its own.
  const hasLog = statSync(`${file}${LOG}`, { throwIfNoEntry: false }) !== undefined
  if (hasLog) renameSync(`${file}${LOG}`, `${aside}${LOG}`)
  try {
    renameSync(file, aside)
  } catch (error) {
    if (hasLog) renameSync(`${aside}${LOG}`, `${file}${LOG}`)
    throw error
  }
  rmSync(`${file}-shm`, { force: true })
  tidySetAsides(file, 0)
  return aside
}
