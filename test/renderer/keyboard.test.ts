/** The window without a mouse: every view, every list, and the focus that is never lost. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Reply, State } from '../../preload/contract.ts'
import { createLab, until, type Lab, type WindowOptions } from './harness.ts'
import { monday, PROBLEMS } from './monday.ts'
import { activities, ago, alert, details, lsidOf, session, state } from './states.ts'

let lab: Lab

/** What has the focus: a row by its customer, anything else by its name or text. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return 'NOTHING'
    const row = element.matches('[role=row]')
      ? element.querySelector('.session-customer, .alert-title, .activity-what')
      : null
    return ((row ?? element).getAttribute('aria-label') ?? (row ?? element).textContent ?? '').trim()
  })
}

function answering(from: State): WindowOptions {
  return {
    state: from,
    answer: (command): Reply | undefined => {
      if (command.type !== 'session.get') return undefined
      return { ok: true, value: details(from.sessions.find(({ lsid }) => lsid === command.lsid) ?? session(1)) }
    },
  }
}

describe('keyboard', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('walks through all views and back', () =>
    lab.use(answering(monday({ problems: PROBLEMS })), async ({ page, ...window }) => {
      const key = (name: string) => page.keyboard.press(name)
      // The tab order: the views, quiet, the scopes, the filter, the list as one stop, its key, the health line.
      const order: string[] = []
      for (let step = 0; step < 12; step++) {
        await key('Tab')
        order.push(await focused(page))
      }
      assert.deepEqual(order, [
        'Board',
        'Alerts2 unread',
        'Activity',
        'Lookup',
        'Settings',
        'Quiet',
        '', // the chosen scope, a radio button
        'Filter sessions',
        'Margarethe Fürstenberg-Liechtenstein',
        'Copy external key INC0010482',
        'Edit external key',
        'Listening on 127.0.0.1:8180Last event 2 min ago2 problems',
      ])
      await key('Control+1')
      await key('ArrowDown')
      await key('ArrowDown')
      assert.equal(await focused(page), 'Priya Natarajan', 'over the heading')
      await key('ArrowRight')
      assert.equal(await focused(page), 'Copy external key INC0010471')
      await key('Enter')
      await until(() => window.asked('session.copy').length === 1, 'the key is copied')
      assert.equal(window.asked('session.get').length, 0)
      await key('ArrowLeft')
      assert.equal(await focused(page), 'Priya Natarajan')
      await key('Enter')
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      assert.equal(await focused(page), 'Priya Natarajan', 'the heading of the details')
      await page.getByText('Key set').waitFor()
      await key('Escape')
      assert.equal(await focused(page), 'Priya Natarajan', 'its row again')
      await key('End')
      assert.equal(await focused(page), 'Marcus Bell')
      await key('Home')
      assert.equal(await focused(page), 'Margarethe Fürstenberg-Liechtenstein')

      await key('Control+2')
      assert.equal(await focused(page), 'unread Customer waiting in Network')
      await key('ArrowDown')
      await key('Enter')
      await page.getByRole('heading', { name: 'Margarethe' }).waitFor()
      await key('Escape')
      await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor()
      assert.equal(await focused(page), 'unread Customer waiting in Network')

      await key('Control+3')
      assert.match(await focused(page), /^Joined/)
      await key('PageDown')
      await key('Control+4')
      assert.equal(await focused(page), 'Ticket, session ID, customer or computer')
      await key('Control+5')
      await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
      await key('Tab')
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT')
      await key('Control+6')
      await page.getByRole('heading', { name: 'Margarethe' }).waitFor()
    }))

  it('leads to the filter by / and Ctrl+F, from everywhere', () =>
    lab.use(answering(monday()), async ({ page }) => {
      const name = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
      await page.keyboard.press('/')
      assert.equal(await name(), 'Filter sessions')
      await page.keyboard.type('a/b')
      assert.equal(await page.getByRole('searchbox').inputValue(), 'a/b', 'a slash in the filter is a slash')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+5')
      await page.keyboard.press('Control+f')
      assert.equal(await name(), 'Search settings')
      await page.keyboard.press('Control+2')
      await page.keyboard.press('/')
      await until(async () => (await name()) === 'Filter sessions', 'the board’s filter')
    }))

  it('chooses scopes by the arrow keys', () =>
    lab.use(answering(monday()), async ({ page }) => {
      await page.getByRole('radio', { name: 'My teams' }).focus()
      await page.keyboard.press('ArrowRight')
      assert.equal(await page.getByRole('radio', { name: 'All' }).isChecked(), true)
      await page.getByText('Reza Moradi').waitFor()
    }))

  it('presses a button once however long the key is held', () =>
    lab.use(answering(monday()), async ({ page, asked }) => {
      await page.getByRole('button', { name: 'Copy external key INC0010482' }).focus()
      for (let repeat = 0; repeat < 5; repeat++) await page.keyboard.down('Enter')
      await page.keyboard.up('Enter')
      await page.getByRole('button', { name: 'Copied INC0010482' }).waitFor()
      await page.keyboard.down(' ')
      await page.keyboard.down(' ')
      await page.keyboard.up(' ')
      await until(() => asked('session.copy').length > 1, 'the blank presses, too')
      assert.equal(asked('session.copy').length, 2)
    }))

  it('turns switches by the blank, and empties a filter by its button without losing the focus', () =>
    lab.use(answering(state()), async ({ page, asked }) => {
      await page.keyboard.press('Control+5')
      await page.getByRole('switch', { name: 'Session ended' }).focus()
      await page.keyboard.press(' ')
      await until(() => asked('settings.set').length === 1, 'the switch is turned')
      const search = page.getByRole('searchbox', { name: 'Search settings' })
      await search.fill('port')
      await page.getByRole('button', { name: 'Clear filter' }).click()
      assert.equal(await search.inputValue(), '')
      assert.equal(await search.evaluate((element) => element === document.activeElement), true)
      await search.fill('port')
      await page.keyboard.press('Escape')
      assert.equal(await search.inputValue(), '')
    }))

  it('keeps the focus while rows move, come and go', () => {
    const rows = [1, 2, 3].map((number) => session(number, { startedAt: ago(number) }))
    return lab.use(answering(state({ sessions: rows })), async ({ page, push }) => {
      await page.keyboard.press('Control+1')
      assert.equal(await focused(page), 'Customer 1')
      await page.keyboard.press('ArrowDown')
      const waiting = session(8, { status: 'waiting' })
      await push(state({ sessions: [waiting, ...rows] }))
      assert.equal(await focused(page), 'Customer 2')
      const moved = rows.map((row) => (row.lsid === lsidOf(2) ? { ...row, status: 'ended' as const, endedAt: 1 } : row))
      await push(state({ sessions: [waiting, ...moved] }))
      assert.equal(await focused(page), 'Customer 2', 'the row is elsewhere, and still has the focus')
      await push(state({ sessions: [waiting, ...rows.filter((row) => row.lsid !== lsidOf(2))] }))
      assert.match(await focused(page), /^Customer [138]$/, 'the row is gone, a neighbour has the focus')
      await page.keyboard.press('ArrowUp')
      assert.match(await focused(page), /^Customer [138]$/)
    })
  })

  it('does not take the focus from where the rep is typing', () =>
    lab.use(answering(state({ sessions: [session(1), session(2)] })), async ({ page, push }) => {
      await page.keyboard.press('Control+1')
      await page.keyboard.press('/')
      await page.keyboard.type('cust')
      await push(state({ sessions: [session(2), session(3)], alerts: [alert(5)] }))
      assert.equal(await focused(page), 'Filter sessions')
      assert.equal(await page.getByRole('searchbox').inputValue(), 'cust')
    }))

  it('walks down a long log, with the focused row always in sight', () =>
    lab.use(answering(state({ activity: activities(200) })), async ({ page }) => {
      await page.keyboard.press('Control+3')
      for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowDown')
      const inSight = () =>
        page.evaluate(() => {
          const row = document.activeElement?.getBoundingClientRect()
          const list = document.querySelector('[role=grid]')?.getBoundingClientRect()
          return row !== undefined && list !== undefined && row.top >= list.top - 1 && row.bottom <= list.bottom + 1
        })
      const index = () => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))
      assert.equal(await index(), '31')
      assert.equal(await inSight(), true)
      await page.keyboard.press('End')
      assert.equal(await index(), '200')
      assert.equal(await inSight(), true)
      // Scrolled away by the wheel, the focus stays, and the next key leads back.
      await page.locator('[role=grid]').evaluate((element) => element.scrollTo(0, 0))
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
      assert.equal(await index(), '200')
      await page.keyboard.press('ArrowUp')
      assert.equal(await index(), '199')
      assert.equal(await inSight(), true)
    }))

  it('shows where the focus is', () =>
    lab.use(answering(monday({ problems: PROBLEMS })), async ({ page }) => {
      for (const view of ['1', '3', '4', '5']) {
        await page.keyboard.press(`Control+${view}`)
        for (let step = 0; step < 14; step++) {
          await page.keyboard.press('Tab')
          const seen = await page.evaluate(() => {
            const element = document.activeElement
            if (element === null || element === document.body) return true
            const holders = [
              element,
              element.closest('label'),
              element.closest('label')?.querySelector('.switch-track'),
            ]
            return holders.some((one) => one instanceof Element && getComputedStyle(one).outlineStyle === 'solid')
          })
          assert.equal(seen, true, await focused(page))
        }
      }
    }))
})
