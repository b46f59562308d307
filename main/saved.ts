/** Files that the user asked for: into their folder for downloads, and shown there. */
import { mkdir, open } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { SavedFile } from '../preload/contract.ts'
import type { Shell } from './shell/port.ts'
import { Unable } from './unable.ts'

/** Names tried before giving up: `name.json`, `name (2).json`, … */
const TRIES = 100

/**
 * The name of a file that is not there yet; nothing is ever replaced. It is there then, empty.
 * @throws an {@link Unable} if the folder takes no file
 */
export async function reserve(folder: string, name: string): Promise<string> {
  const end = extname(name)
  const stem = name.slice(0, name.length - end.length)
  try {
    await mkdir(folder, { recursive: true })
    for (let number = 1; number <= TRIES; number += 1) {
      const file = join(folder, number === 1 ? name : `${stem} (${number})${end}`)
      const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        return null
      })
      if (handle === null) continue
      await handle.close()
      return file
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    throw new Unable(`No file could be made in ${folder} (${code}).`)
  }
  throw new Unable(`There are too many files with this name in ${folder}.`)
}

/** `NAME-2026-11-23.json`: the day is that of this computer. @param now ms since 1970 */
export function dated(name: string, now: number, end: string): string {
  const at = new Date(now)
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
  return `${name}-${[year, month, day].map((part) => String(part).padStart(2, '0')).join('-')}${end}`
}

/** Writes a file into the folder for downloads and shows it there. @throws an {@link Unable} if it cannot be written */
export async function save(
  shell: Pick<Shell, 'downloads' | 'reveal'>,
  name: string,
  content: string | Uint8Array,
): Promise<SavedFile> {
  const file = await reserve(shell.downloads(), name)
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } catch (error) {
    throw new Unable(`The file could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`)
  } finally {
    await handle.close()
  }
  shell.reveal(file)
  return { file }
}
