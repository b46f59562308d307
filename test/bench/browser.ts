/** Chromium, for what the rep sees. */
import { chromium, type Browser, type Page } from 'playwright'

/** A browser without a window, with the clock that it has. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  })
}

/** Now (ms since 1970, with parts), by the clock of this process that is never set. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * By how much the page's clock is ahead of this process's (ms): of many questions the one that was answered fastest, which
 * is wrong by half of its time at most.
 */
export async function clockOf(page: Page): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 }
  for (let question = 0; question < 40; question += 1) {
    const from = now()
    const there = await page.evaluate(() => performance.timeOrigin + performance.now())
    const took = now() - from
    if (took < best.took) best = { took, ahead: there - (from + took / 2) }
  }
  return best.ahead
}
