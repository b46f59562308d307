/** Small file systems of their own, where the system lets us mount any: on a loop device, or in memory. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

export interface Volume {
  /** Where it is mounted. */
  readonly folder: string
  unmount(): void
}

/** Mounts; it is unmounted with this process, if not before. @throws if the system does not let us */
export function mount(folder: string, ...args: readonly string[]): Volume {
  mkdirSync(folder, { recursive: true })
  run('mount', ...args, folder)
  let isMounted = true
  const unmount = (...how: readonly string[]) => {
    if (!isMounted) return
    isMounted = false
    run('umount', ...how, folder)
  }
  // Before its folder is removed.
  process.prependListener('exit', () => {
    try {
      unmount('-l')
    } catch {
      // It is gone with the machine.
    }
  })
  return { folder, unmount: () => unmount() }
}

/** An image of an empty ext4 of so many bytes. @throws if there is nothing to make one with */
export function makeImage(file: string, bytes: number): void {
  writeFileSync(file, '')
  truncateSync(file, bytes)
  // Zeroed beforehand: otherwise the system goes on writing to it for a while.
  run('mkfs.ext4', '-q', '-F', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0', file)
}

export function mountImage(image: string, folder: string): Volume {
  return mount(folder, '-t', 'ext4', '-o', 'loop', image)
}

/** What had been written out to the image by now; what was not is lost, as with the power. */
export function copyImage(image: string, copy: string): void {
  copyFileSync(image, copy)
}

/** Why no image can be mounted here; null: it can. */
export function whyNoVolume(folder: string): string | null {
  if (process.platform !== 'linux') return 'only on Linux can a file system be mounted for this'
  try {
    makeImage(`${folder}/probe.img`, 8 * 1024 * 1024)
    mountImage(`${folder}/probe.img`, `${folder}/probe`).unmount()
    return null
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }
    return `no loop device can be mounted (${stderr?.toString().trim() || String(error)})`
  }
}
