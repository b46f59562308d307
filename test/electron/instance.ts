/** One instance for each data folder, between real processes: the part of `app` that decides who is first. */
import { existsSync, readFileSync, rmSync, watchFile, writeFileSync, unwatchFile } from 'node:fs'
import { join } from 'node:path'

/** What a second instance passes on. */
export interface SecondInstance {
  readonly argv: readonly string[]
  readonly directory: string
  readonly data: unknown
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Takes the lock of `folder`, or leaves a message for the one who has it. */
export function takeLock(folder: string, data: unknown, onSecond: (second: SecondInstance) => void): boolean {
  const lock = join(folder, 'double.lock')
  const message = join(folder, 'double.second.json')
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  if (holder !== 0 && holder !== process.pid && isAlive(holder)) {
    writeFileSync(message, JSON.stringify({ argv: process.argv, directory: process.cwd(), data }))
    return false
  }
  writeFileSync(lock, String(process.pid))
  watchFile(message, { interval: 20, persistent: false }, () => {
    if (!existsSync(message)) return
    const second = JSON.parse(readFileSync(message, 'utf8')) as SecondInstance
    rmSync(message)
    onSecond(second)
  })
  process.on('exit', () => {
    unwatchFile(message)
    rmSync(lock, { force: true })
  })
  return true
}
