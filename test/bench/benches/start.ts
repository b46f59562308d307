/** From the start of the process: until events can come in, and until the window is painted. */
import type { Browser } from 'playwright'
import { SELF, type Bench } from '../bench.ts'
import { now, openBrowser } from '../browser.ts'
import { history, putHistory } from '../history.ts'
import { prepareEmpty, prepareSelf, type Prepared } from '../targets.ts'

/** When a page of this address has its first contents on the screen; ms since 1970. */
async function paintedAt(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage()
  try {
    await page.goto(address, { waitUntil: 'commit' })
    return await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const seen = (list: PerformanceEntryList) => {
            const paint = list.find(({ name }) => name === 'first-contentful-paint')
            if (paint !== undefined) resolve(performance.timeOrigin + paint.startTime)
          }
          new PerformanceObserver((list) => seen(list.getEntries())).observe({ type: 'paint', buffered: true })
        }),
    )
  } finally {
    await page.close()
  }
}

export const bench: Bench = {
  name: 'start',
  about:
    'start of the process to events coming in, and to the window’s first paint; 1,000,000 events (short form: 10,000)',
  run: async ({ short, log }) => {
    const rounds = short ? 4 : 11
    const file = history(short ? 1_000 : 100_000, log)
    const starters: Readonly<Record<string, Prepared>> = {
      [SELF]: prepareSelf(),
      'with history': prepareSelf((data) => putHistory(file, data), { 'journal.megabytes': 100_000 }),
      limit: prepareEmpty(),
    }
    const listening: Record<string, number[]> = {}
    const painted: Record<string, number[]> = {}
    const browser = await openBrowser()
    try {
      for (let round = 0; round <= rounds; round += 1) {
        for (const [who, { start }] of Object.entries(starters)) {
          const from = now()
          const target = await start()
          const took = now() - from
          const until =
            (await paintedAt(browser, target.said.get('window') ?? `http://127.0.0.1:${target.port}/`)) - from
          await target.stop()
          // The first round brings the files into memory.
          if (round === 0) continue
          ;(listening[who] ??= []).push(took)
          ;(painted[who] ??= []).push(until)
        }
      }
    } finally {
      await browser.close()
      for (const { remove } of Object.values(starters)) remove()
    }
    const goals = (values: Record<string, number[]>, what: string) => [
      { what, unit: 'ms' as const, values, goal: { kind: 'most' as const, to: 'limit', times: 1.5 } },
      {
        what: `${what}, with a history`,
        unit: 'ms' as const,
        values: { [SELF]: values['with history'] ?? [], 'without one': values[SELF] ?? [] },
        goal: { kind: 'most' as const, to: 'without one', times: 1.2 },
      },
    ]
    return [...goals(listening, 'listening'), ...goals(painted, 'first paint')]
  },
}
