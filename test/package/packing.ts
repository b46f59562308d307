/** Packages for a system as `npm run package -- --dir` does, with a stand-in for Electron. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { atEnd } from '../at-end.ts'
import { makeStandIn, SENTINEL, type System } from './stand-in.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
/** Reaches what electron-builder itself is made of. */
export const builderRequire = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))

const OPTIONS = { linux: '--linux', mac: '--mac', windows: '--win' } as const
const UNPACKED = { linux: 'linux-unpacked', mac: 'mac', windows: 'win-unpacked' } as const

/** A folder that goes with the test. */
export function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-package-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs `npm run package` with these options. @returns what it printed */
export function runPackage(
  t: TestContext,
  system: System,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): string {
  const electron = makeStandIn(system)
  atEnd(t, () => rmSync(electron, { recursive: true, force: true }))
  // Signing is what the test says, not what this computer has.
  const { CSC_LINK: _1, WIN_CSC_LINK: _2, CSC_NAME: _3, ...rest } = process.env
  const ran = spawnSync(process.execPath, [join(ROOT, 'scripts/package.ts'), OPTIONS[system], ...args, '--x64'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...rest, ELECTRON_OVERRIDE_DIST_PATH: electron, NO_COLOR: '1', ...env },
  })
  if (ran.status !== 0) throw new Error(`Packaging failed:\n${ran.stdout}\n${ran.stderr}`)
  return `${ran.stdout}\n${ran.stderr}`
}

export interface Packed {
  /** What the installers are made from. */
  readonly folder: string
  readonly output: string
}

/** Packages for this system, without an installer. */
export function pack(t: TestContext, system: System): Packed {
  const out = temporary(t)
  const output = runPackage(t, system, ['--dir', `-c.directories.output=${out}`])
  return { folder: join(out, UNPACKED[system]), output }
}

interface Asar {
  listPackage(archive: string, options: { isPack: boolean }): string[]
  extractAll(archive: string, folder: string): void
  getRawHeader(archive: string): { header: { files: Readonly<Record<string, unknown>> }; headerString: string }
}

export const asar = builderRequire('@electron/asar') as Asar

/** The switches in a program as they were set, each a 0 or a 1. */
export function switchesOf(program: Buffer): string {
  const at = program.indexOf(SENTINEL) + SENTINEL.length
  const length = program[at + 1] ?? 0
  return program.toString('latin1', at + 2, at + 2 + length)
}
