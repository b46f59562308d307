/** Sees to it that `dist/` is there before something runs that needs it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/**
 * Builds in a process of its own, so that the bundlers do not stay in memory.
 * @param args `--force`: also what is not out of date
 * @throws if the build fails; it has said why
 */
export function ensureBuilt(root: string, ...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.ts'), ...args], { stdio: 'inherit' })
  if (status !== 0) throw new Error('The build failed.')
}
