/**
 * A second start with the same data folder hands over to the first what it was started for, and ends. It does so by a
 * file in that folder, which is the user's alone: that needs no port and no token, and works between both ways to run.
 */
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const FOLDER = 'starts'
const SUFFIX = '.start'
/** One that nobody took in this time (ms) is given up, by both sides. */
const WITHIN = 5_000
/** Bytes of a file; a link is shorter. */
const MOST = 8_192

function folderOf(dataDir: string): string {
  const folder = join(dataDir, FOLDER)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** What stands in the file, which goes; null if it is too old or too long, or gone already. */
function take(file: string): string | null {
  try {
    const { mtimeMs, size } = statSync(file)
    const text = size > MOST || Date.now() - mtimeMs > WITHIN ? null : readFileSync(file, 'utf8')
    rmSync(file)
    return text
  } catch {
    return null
  }
}

/**
 * Hears of further starts, those included that came while this one was being made ready. Never throws.
 * @param onStart with the link of such a start, as it was given; empty if there was none
 * @returns the end of it
 */
export function receiveStarts(dataDir: string, onStart: (link: string) => void): () => void {
  try {
    const folder = folderOf(dataDir)
    const look = () => {
      for (const name of readdirSync(folder)) {
        const link = name.endsWith(SUFFIX) ? take(join(folder, name)) : null
        if (link !== null) onStart(link)
      }
    }
    const watcher = watch(folder, { persistent: false })
    // Whoever takes the folder away gets no more links through it.
    watcher.on('change', () => existsSync(folder) && look())
    watcher.on('error', () => watcher.close())
    look()
    return () => watcher.close()
  } catch {
    // Then a second start says that there is a first, and no more.
    return () => {}
  }
}

/** Tells the running application what this start is for. False: it did not hear. */
export async function handOver(dataDir: string, link: string): Promise<boolean> {
  const file = join(folderOf(dataDir), `${randomUUID()}${SUFFIX}`)
  writeFileSync(`${file}.new`, link, { mode: 0o600, flag: 'wx' })
  renameSync(`${file}.new`, file)
  const deadline = performance.now() + WITHIN
  while (existsSync(file)) {
    if (performance.now() > deadline) {
      rmSync(file, { force: true })
      return false
    }
    await setTimeout(20)
  }
  return true
}
