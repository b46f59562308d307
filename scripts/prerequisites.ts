/**
 * What the tests need beyond npm: a Chromium, and on Linux a display, a session bus and a notification daemon. What is
 * missing is installed where that needs no question (Debian packages, as root); else it is said what to install.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

/** Programs of the desktop test, with the Debian package that brings each. */
const PROGRAMS = [
  { program: 'Xvfb', debian: 'xvfb' },
  { program: 'dbus-daemon', debian: 'dbus-daemon' },
  { program: 'dbus-run-session', debian: 'dbus-daemon' },
  { program: 'dunst', debian: 'dunst' },
] as const

const BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** A Chromium on this machine: named by CHROMIUM_PATH, Playwright's own, or an installed one. */
export function findChromium(): string | null {
  const candidates = [process.env['CHROMIUM_PATH'], chromium.executablePath(), ...(BROWSERS[process.platform] ?? [])]
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

function missingPackages(): readonly string[] {
  const packages = new Set<string>()
  if (findChromium() === null) packages.add('chromium')
  for (const { program, debian } of PROGRAMS) if (!onPath(program)) packages.add(debian)
  return [...packages]
}

function apt(...args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}

/** Sees to it that everything is there. @throws with what to install, if it cannot be installed without asking. */
export function ensurePrerequisites(): void {
  if (process.platform !== 'linux') {
    if (findChromium() !== null) return
    throw new Error(
      'The tests need a Chromium: run "npx playwright install chromium", install Chrome, or set CHROMIUM_PATH.',
    )
  }
  const missing = missingPackages()
  if (missing.length === 0) return
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.log(`Installing ${missing.join(', ')}…`)
    if (!apt('install', '-y', '--no-install-recommends', ...missing)) {
      apt('update')
      apt('install', '-y', '--no-install-recommends', ...missing)
    }
  }
  const still = missingPackages()
  if (still.length === 0) return
  throw new Error(
    `The tests need these Debian packages, or what your system calls them: ${still.join(', ')}.\n` +
      `Install them: sudo apt-get install --no-install-recommends ${still.join(' ')}`,
  )
}
