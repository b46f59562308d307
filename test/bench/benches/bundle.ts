/** What has to be loaded: sizes of the bundles, and the time until each is imported. */
import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SELF, type Bench, type Figure } from '../bench.ts'
import { root } from '../targets.ts'

const dist = join(root, 'dist')

/** Bundles, and the most that each may have (KB). */
const BUNDLES = [
  { what: 'main, browser mode', files: 'main/web.js', most: 500 },
  { what: 'main, Electron', files: 'main/index.js', most: 500 },
  { what: 'preload', files: 'preload/index.cjs', most: 10 },
  { what: 'window, scripts', files: 'renderer/*.js', most: 400 },
] as const

function sizeOf(files: string): number {
  return globSync(files, { cwd: dist }).reduce((sum, file) => sum + statSync(join(dist, file)).size, 0) / 1000
}

/** Imports a bundle in a process of its own; how long that took (ms). It does nothing when it is imported. */
function timeToImport(file: string): number {
  const script = `const from = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - from); process.exit()`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const ms = Number(stdout)
  if (stdout === '' || !Number.isFinite(ms)) throw new Error(`${file} cannot be imported: ${stderr.slice(0, 500)}`)
  return ms
}

export const bench: Bench = {
  name: 'bundle',
  about: 'sizes of the bundles, and the time to import main’s',
  run: ({ short }) => {
    const times: Record<string, number[]> = {}
    for (let round = 0; round < (short ? 3 : 15); round += 1) {
      ;(times[SELF] ??= []).push(timeToImport(join(dist, 'main/web.js')))
      ;(times['node:http, node:sqlite'] ??= []).push(timeToImport(join(import.meta.dirname, '../servers/nothing.mjs')))
    }
    const sizes = BUNDLES.map(({ what, files, most }): Figure => {
      return {
        what,
        unit: 'KB',
        values: { [SELF]: [sizeOf(files)] },
        goal: { kind: 'most', to: null, times: most },
        guard: 'goal',
      }
    })
    return Promise.resolve([...sizes, { what: 'time to import', unit: 'ms' as const, values: times }])
  },
}
