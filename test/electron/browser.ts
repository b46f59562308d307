/** The Chromium in which the double's windows live. */
import { chromium, type Browser } from 'playwright'
import { findChromium } from '../../scripts/prerequisites.ts'

const QUIET = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts it: without a window of its own, or on the desktop that `desktop` is the environment of. */
export async function launchChromium(desktop?: Record<string, string>): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('There is no Chromium: npm test says what to install.')
  // Chromium does not run as root with its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...QUIET] : QUIET
  return chromium.launch({
    executablePath,
    args,
    ...(desktop === undefined ? {} : { headless: false, env: desktop }),
  })
}
