/** Finds the Electron binary, which the npm package no longer brings along, or gets it. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasDesktop } from '../main/shell/web/desktop.ts'

/** The download is some 100 MB; a network that swallows packets must not hold the start for ever. */
const DOWNLOAD_WITHIN = 300_000

export type Found = { readonly binary: string } | { readonly reason: string }

/** The binary, if it is there: in the package, or where ELECTRON_OVERRIDE_DIST_PATH says. */
export function installedElectron(root: string): string | null {
  const packageDir = join(root, 'node_modules/electron')
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const pathFile = join(packageDir, 'path.txt')
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as const
  const usual = process.platform === 'darwin' || process.platform === 'win32' ? names[process.platform] : 'electron'
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : usual
  const binary = join(override ?? join(packageDir, 'dist'), name)
  return existsSync(binary) ? binary : null
}

/** The binary, downloaded if need be; or in one line why there is none. */
export async function findElectron(root: string): Promise<Found> {
  if (!hasDesktop()) return { reason: 'there is no display' }
  const present = installedElectron(root)
  if (present !== null) return { binary: present }
  console.log('Getting Electron, once…')
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/electron/install.js'), '--no'],
    {
      encoding: 'utf8',
      timeout: DOWNLOAD_WITHIN,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const binary = installedElectron(root)
  if (status === 0 && binary !== null) return { binary }
  const line = /^(?:\w*Error: .*)$/m.exec(stderr)?.[0]
  return { reason: `it cannot be downloaded: ${error?.message ?? line ?? `exit ${status}`}` }
}
