/** Where main sends the window, and what the rep is sent there for. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Command, Reply, State } from '../../preload/contract.ts'
import { at, createLab, until, type Lab } from './harness.ts'
import { answerLinks } from './link-states.ts'
import { details, goTo, hit, lookup, session, state } from './states.ts'

let lab: Lab

const ROW = session(4, { customer: 'Priya Natarajan' })
const BOARD = state({ sessions: [ROW, session(5)] })

function answer(command: Command): Reply | undefined {
  return command.type === 'session.get' ? { ok: true, value: details(ROW) } : undefined
}

/** Main sends the window to ROW for this. */
function sent(seq: number, purpose: 'editKey' | 'link'): State {
  return { ...BOARD, goTo: goTo(seq, { view: 'session', lsid: ROW.lsid, purpose }) }
}

function focusedName(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)
}

const SIZES = [
  { width: 420, height: 640 },
  { width: 1100, height: 720 },
] as const

describe('main sends the window', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('to a session’s key, with the focus in its field, from the start as from any view', async () => {
    for (const viewport of SIZES) {
      await lab.use({ state: sent(1, 'editKey'), answer, viewport }, async ({ page, push }) => {
        const field = page.locator('.session').getByRole('textbox', { name: 'External key' })
        await field.waitFor()
        assert.equal(await focusedName(page), 'External key')
        assert.equal(await field.inputValue(), ROW.externalKey)
        await page.keyboard.press('Escape')
        assert.equal(await field.count(), 0)
        await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
        await page.keyboard.press('Control+5')
        await push(sent(2, 'editKey'))
        await field.waitFor()
        await until(async () => (await focusedName(page)) === 'External key', 'the field has the focus again')
        // A purpose is served once: coming back to the session does not serve it again.
        await page.keyboard.press('Control+2')
        await page.keyboard.press('Control+6')
        await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
        assert.equal(await field.count(), 0)
      })
    }
  })

  it('to a link for a session’s customer', () =>
    lab.use(
      { state: sent(1, 'link'), answer: (command: Command) => answerLinks(command) ?? answer(command) },
      async ({ page }) => {
        const dialog = page.getByRole('dialog')
        await dialog.waitFor()
        assert.equal(await dialog.evaluate((element) => element.contains(document.activeElement)), true)
        await until(
          async () =>
            (
              await dialog.locator('input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
            ).includes('Priya Natarajan'),
          'the customer is filled in',
        )
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY')
      },
    ))

  it('to what is to be looked for, here and at the appliance, and without a word to what was looked for last', () =>
    lab.use({ state: BOARD, answer }, async (window) => {
      const { page } = window
      const field = page.getByRole('searchbox')
      await window.push({ ...BOARD, goTo: goTo(1, { view: 'lookup', query: ' INC0010471 ' }) })
      await until(() => window.asked('lookup.start').length === 1, 'the appliance is asked')
      assert.deepEqual(window.asked('lookup.start'), [{ type: 'lookup.start', query: 'INC0010471' }])
      await until(() => window.asked('lookup.search').length > 0, 'what is known here is searched')
      assert.equal(await focusedName(page), 'Ticket, session ID, customer or computer')
      await window.push({ ...BOARD, lookup: lookup('INC0010471', { status: 'done', hits: [hit(31)] }) })
      await page.getByText('1 session found').waitFor()
      await window.push({
        ...BOARD,
        lookup: lookup('INC0010471', { status: 'done' }),
        goTo: goTo(2, { view: 'board' }),
      })
      await window.push({
        ...BOARD,
        lookup: lookup('INC0010471', { status: 'done' }),
        goTo: goTo(3, { view: 'lookup' }),
      })
      assert.equal(await field.inputValue(), ' INC0010471 ')
      await window.push({
        ...BOARD,
        lookup: lookup('INC0010471', { status: 'done' }),
        goTo: goTo(4, { view: 'lookup', query: 'INC0010471' }),
      })
      assert.equal(window.asked('lookup.start').length, 1, 'what was asked is not asked again')
      // Coming back does not bring the old question back.
      window.answer((command) =>
        command.type === 'lookup.search' ? { ok: true, value: [hit(32, { customer: 'Luis' })] } : answer(command),
      )
      await field.fill('Luis')
      await page.getByRole('row', { name: 'Luis' }).click()
      await page.getByRole('button', { name: 'Back' }).click()
      assert.equal(await field.inputValue(), 'Luis')
    }))

  it('to a lookup that can only be had here', () => {
    const unset = { ...BOARD.appliance, status: 'unset' as const }
    const there = { ...BOARD, appliance: unset, goTo: goTo(1, { view: 'lookup' as const, query: 'INC0010471' }) }
    return lab.use({ state: there, answer }, async (window) => {
      await until(() => window.asked('lookup.search').length > 0, 'what is known here is searched')
      assert.equal(window.asked('lookup.start').length, 0)
      assert.equal(await window.page.getByRole('alert').count(), 0)
    })
  })

  it('to a session and nothing more', () =>
    lab.use({ state: { ...BOARD, goTo: goTo(1, at(ROW.lsid)) }, answer }, async ({ page }) => {
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      assert.equal(await focusedName(page), 'Priya Natarajan')
    }))
})
