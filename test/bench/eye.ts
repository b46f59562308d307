/** A page that is watched: when it notifies, when something is painted in it, how long its frames take. */
import type { Browser, Page } from 'playwright'
import { clockOf, now } from './browser.ts'

/** What the page keeps for the bench. Times are ms since 1970 by the page's clock. */
interface Watch {
  wanted: string
  notifiedAt: number
  paintedAt: number
  notices: string[]
  longest: number
}

/** Runs in the page, before anything else of it. */
function install(): void {
  const time = () => performance.timeOrigin + performance.now()
  const watch: Watch = { wanted: '\0', notifiedAt: 0, paintedAt: 0, notices: [], longest: 0 }
  Object.assign(window, { watch })
  const Original = window.Notification
  function Notified(title: string, options?: NotificationOptions): Notification {
    watch.notices.push(title)
    watch.notifiedAt = time()
    return new Original(title, options)
  }
  Object.defineProperty(Notified, 'permission', { get: () => 'granted' })
  Object.assign(window, { Notification: Notified })
  /** After the frame in which it is drawn, since a task that a frame asks for comes behind its painting. */
  const painted = () => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      watch.paintedAt = time()
    })
    port1.start()
    requestAnimationFrame(() => port2.postMessage(null))
  }
  new MutationObserver(() => {
    if (!document.body?.textContent.includes(watch.wanted)) return
    watch.wanted = '\0'
    painted()
  }).observe(document, { subtree: true, childList: true, characterData: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.longest = Math.max(watch.longest, duration)
  }).observe({ type: 'long-animation-frame', buffered: true })
}

export interface Eye {
  /** Sends something that makes this text appear; how long until it was answered, told and painted (ms). */
  see(text: string, send: () => Promise<unknown>): Promise<{ answered: number; notified: number; painted: number }>
  /** Titles of all notifications, and the longest frame over 50 ms (ms; 0: none), since this was asked last. */
  take(): Promise<{ readonly notices: readonly string[]; readonly longest: number }>
  close(): Promise<void>
}

/** Opens a page and watches it. */
export async function openEye(browser: Browser, address: string): Promise<Eye> {
  const context = await browser.newContext({ viewport: { width: 420, height: 640 } })
  await context.addInitScript(install)
  const page: Page = await context.newPage()
  await page.goto(address)
  await page.waitForFunction(() => document.body.textContent.trim() !== '')
  const ahead = await clockOf(page)
  return {
    see: async (text, send) => {
      await page.evaluate((wanted) => {
        Object.assign((window as unknown as { watch: Watch }).watch, { wanted, notifiedAt: 0, paintedAt: 0 })
      }, text)
      const from = now()
      await send()
      const answered = now() - from
      const at = await page
        .waitForFunction(
          () => {
            const { notifiedAt, paintedAt } = (window as unknown as { watch: Watch }).watch
            return notifiedAt > 0 && paintedAt > 0 ? { notifiedAt, paintedAt } : null
          },
          null,
          { timeout: 10_000, polling: 50 },
        )
        .then((handle) => handle.jsonValue())
      if (at === null) throw new Error('It was not seen.')
      return { answered, notified: at.notifiedAt - ahead - from, painted: at.paintedAt - ahead - from }
    },
    take: () =>
      page.evaluate(() => {
        const { watch } = window as unknown as { watch: Watch }
        const { notices, longest } = watch
        watch.notices = []
        watch.longest = 0
        return { notices, longest }
      }),
    close: () => context.close(),
  }
}
