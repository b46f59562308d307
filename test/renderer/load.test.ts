/** Many sessions, many events, many pushes: the window stays quick, and small. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { State } from '../../preload/contract.ts'
import { createLab, until, type Lab } from './harness.ts'
import { activities, activity, ago, alert, NOW, session, state } from './states.ts'

let lab: Lab

/**
 * No single piece of work in the window may take longer (ms): many times what it takes, since other work may run beside the
 * tests. What it takes is measured by the benches; here it is told when something grows with the square.
 */
const LONGEST = 1_000

/** The least of three measurements: a busy machine makes some of them longer, none of them shorter. */
async function least(measure: (round: number) => Promise<number>): Promise<number> {
  return Math.min(await measure(1), await measure(2), await measure(3))
}

const BOARD = state({
  sessions: Array.from({ length: 500 }, (_, index) =>
    session(index, {
      startedAt: ago(index),
      ...(index < 40 ? { status: 'waiting' as const, ownerSince: ago(index) } : {}),
    }),
  ),
  alerts: Array.from({ length: 200 }, (_, index) => alert(1000 - index, { read: true })),
  activity: activities(200),
})

/** Pushes a State and tells how long the window was busy with it until the next frame was drawn. */
async function timed(page: Page, next: State): Promise<number> {
  return page.evaluate(async (value) => {
    const start = performance.now()
    window.fake.push(value)
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    return performance.now() - start
  }, next)
}

/** Elements of the page that change while `body` runs. */
async function changed(page: Page, body: () => Promise<void>): Promise<readonly string[]> {
  await page.evaluate(() => {
    const seen = new Set<string>()
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement
        const row = element?.closest('.row')
        seen.add(row?.querySelector('.session-customer')?.textContent ?? element?.outerHTML.slice(0, 200) ?? '?')
      }
    })
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
    Object.assign(window, { seen, observer })
  })
  await body()
  return page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])
}

describe('load', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('is small', () => {
    const sizes = [...lab.files].map(([name, file]) => [name, Buffer.byteLength(file)] as const)
    const of = (end: string): number =>
      sizes.filter(([name]) => name.endsWith(end)).reduce((sum, [, size]) => sum + size, 0)
    assert.ok(of('.js') > 100_000 && of('.js') <= 400 * 1024, `${of('.js')} bytes of JavaScript`)
    assert.ok(of('.css') <= 48 * 1024, `${of('.css')} bytes of CSS`)
    const html = String(lab.files.get('index.html'))
    assert.equal(/<style|style=|<script(?![^>]*src)/.test(html), false, 'nothing inline')
  })

  it('shows 500 sessions, and draws anew only what an event has changed', () =>
    lab.use({ state: BOARD }, async ({ page, push }) => {
      assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '502')
      assert.ok((await page.getByRole('row').count()) < 40, 'only what is in sight is in the document')
      assert.deepEqual(await changed(page, () => push(structuredClone(BOARD))), [], 'an equal State changes nothing')
      const sessions = BOARD.sessions.map((row) =>
        row.lsid === BOARD.sessions[38]?.lsid ? { ...row, externalKey: 'INC7', revision: row.revision + 1 } : row,
      )
      assert.deepEqual(await changed(page, () => push({ ...BOARD, sessions })), ['Customer 38'])
    }))

  it('takes in a push in little time, and 100 of them without a long stop', () =>
    lab.use({ state: BOARD }, async ({ page }) => {
      const push = await least((round) => {
        const sessions = BOARD.sessions.map((row, index) => (index % 3 === 0 ? { ...row, revision: -round } : row))
        return timed(page, { ...BOARD, sessions })
      })
      assert.ok(push < LONGEST, `a push takes ${push.toFixed(0)} ms`)
      const longest = await least(() =>
        page.evaluate(async (first) => {
          let worst = 0
          const observer = new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) worst = Math.max(worst, duration)
          })
          observer.observe({ entryTypes: ['longtask'] })
          for (let round = 0; round < 34; round++) {
            const sessions = first.sessions.map((row, at) =>
              at % 34 === round ? { ...row, customer: `C${round}` } : row,
            )
            window.fake.push(structuredClone({ ...first, health: { ...first.health, stored: round }, sessions }))
            await new Promise((done) => requestAnimationFrame(done))
          }
          observer.disconnect()
          return worst
        }, BOARD),
      )
      assert.ok(longest < LONGEST, `the longest stop was ${longest.toFixed(0)} ms`)
    }))

  it('finds one of 500 as it is typed', () =>
    lab.use({ state: BOARD }, async ({ page }) => {
      const field = page.getByRole('searchbox')
      const start = Date.now()
      await field.pressSequentially('customer 499', { delay: 0 })
      await page.getByRole('row', { name: 'Customer 499' }).waitFor()
      assert.ok(Date.now() - start < 10_000)
    }))

  it('stays quick with 5,000 events', () =>
    lab.use({ state: state({ activity: activities(5000) }) }, async ({ page }) => {
      await page.getByRole('button', { name: 'Activity' }).click()
      const grid = page.getByRole('grid', { name: 'Activity' })
      assert.equal(await grid.getAttribute('aria-rowcount'), '5000')
      assert.ok((await page.getByRole('row').count()) < 40)
      const push = await least((round) => {
        const newest = activity(100_000 + round, { customer: `Just in ${round}`, at: NOW })
        return timed(page, state({ activity: [newest, ...activities(4999)] }))
      })
      assert.ok(push < LONGEST, `a push takes ${push.toFixed(0)} ms`)
      await page.getByText('Just in 3').waitFor()
      for (const part of [0.5, 0.9, 0.1, 1]) {
        const shown = await grid.evaluate(async (element, where) => {
          const scrolled = new Promise((done) => element.addEventListener('scroll', done, { once: true }))
          element.scrollTop = element.scrollHeight * where
          // The window hears of it before we do, so the rows are there before the frame is painted.
          await scrolled
          const edge = element.getBoundingClientRect()
          const middle = document.elementFromPoint(edge.left + 20, edge.top + edge.height / 2)
          return (middle?.closest('.row') ?? null) !== null
        }, part)
        assert.equal(shown, true, 'the list is not empty where it was scrolled to')
      }
      const jump = await least((round) =>
        grid.evaluate(async (element, where) => {
          const scrolled = new Promise((done) => element.addEventListener('scroll', done, { once: true }))
          const from = performance.now()
          element.scrollTop = element.scrollHeight * where
          await scrolled
          return performance.now() - from
        }, round / 5),
      )
      assert.ok(jump < LONGEST, `scrolling takes ${jump.toFixed(0)} ms`)
      await page.keyboard.press('Control+3')
      await page.keyboard.press('End')
      await until(
        () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex') === '5000'),
        'the last row has the focus',
      )
      await page.getByRole('searchbox').fill('customer 95123')
      await page.getByText('1 event shown').waitFor()
    }))

  it('ticks without drawing more than the words that change', () =>
    lab.use({ state: BOARD, clockRuns: true }, async ({ page }) => {
      const seen = await changed(page, async () => {
        await page.clock.fastForward(5000)
        await page.evaluate(() => new Promise((done) => setTimeout(done)))
      })
      // Only one customer has waited less than a minute; a whole minute has passed for nobody.
      assert.ok(seen.length <= 3, seen.join())
    }))
})
