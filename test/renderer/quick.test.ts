/** The window for a quick lookup: a field with what it was given, what it finds, and Enter. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Reply, State } from '../../preload/contract.ts'
import { createLab, flaws, until, type Answer, type Lab, type TestWindow } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { hit, lookup, state } from './states.ts'

let lab: Lab

const THREE = [hit(1), hit(2, { match: 'prefix', endedAt: null }), hit(3, { match: 'words', externalKey: null })]

/** Answers every search with these. */
function finding(...hits: readonly ReturnType<typeof hit>[]): Answer {
  return (command): Reply | undefined => (command.type === 'lookup.search' ? { ok: true, value: hits } : undefined)
}

function given(query: string, own: Partial<State> = {}, seq = 1): State {
  return state({ quick: { seq, query }, ...own })
}

const field = (page: Page) => page.getByRole('combobox')
const chosen = (page: Page) => page.getByRole('option', { selected: true })
const types = ({ commands }: TestWindow) => commands.map(({ type }) => type)

async function found(page: Page, amount: number): Promise<void> {
  await page.getByText(`${amount} session${amount === 1 ? '' : 's'} known here`).waitFor()
}

describe('the quick lookup', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('has what it was given, selected, and searches for it by itself', () =>
    lab.use({ quick: true, state: given('INC001'), answer: finding(...THREE) }, async ({ page, asked }) => {
      await found(page, 3)
      assert.equal(asked('lookup.search').at(-1)?.query, 'INC001')
      assert.equal(asked('lookup.start').length, 0, 'the appliance is not asked by itself')
      assert.equal(await page.title(), 'Look up · Rep Tray')
      await page.keyboard.type('x')
      assert.equal(await field(page).inputValue(), 'x', 'what is typed takes its place')
    }))

  it('begins anew each time it is asked for', () =>
    lab.use({ quick: true, state: given('INC001'), answer: finding(...THREE) }, async ({ page, push, asked }) => {
      await found(page, 3)
      await page.keyboard.press('ArrowDown')
      await push(given('INC001', {}, 2))
      await until(() => asked('lookup.search').length === 2, 'a new search')
      await page.getByRole('option', { name: 'Customer 1', selected: true }).waitFor()
      await push(given('INC777', {}, 3))
      assert.equal(await field(page).inputValue(), 'INC777')
      await push(given('INC777', { problems: [] }, 3))
      await page.keyboard.type('y')
      assert.equal(await field(page).inputValue(), 'y')
    }))

  it('opens in the main window what the arrows chose, and goes', () =>
    lab.use({ quick: true, state: given('INC001'), answer: finding(...THREE) }, async (window) => {
      const { page, asked } = window
      await found(page, 3)
      assert.match(await chosen(page).innerText(), /Customer 1/)
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
      assert.equal(await chosen(page).innerText(), 'Ask the appliance')
      await page.keyboard.press('ArrowDown')
      assert.match(await chosen(page).innerText(), /Customer 1/, 'around')
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowUp')
      assert.match(await chosen(page).innerText(), /Customer 3/)
      assert.equal(await field(page).getAttribute('aria-activedescendant'), await chosen(page).getAttribute('id'))
      for (let times = 0; times < 3; times++) await page.keyboard.down('Enter')
      await page.keyboard.up('Enter')
      await until(() => asked('lookup.closeQuick').length === 1, 'the end')
      assert.equal(asked('window.show').length, 1, 'held down, it counts once')
      assert.deepEqual(asked('window.show')[0]?.place, { view: 'session', lsid: THREE[2]?.lsid })
      assert.deepEqual(types(window).slice(-2), ['window.show', 'lookup.closeQuick'])
    }))

  it('stays, and says why, if the main window does not come', () =>
    lab.use({ quick: true, state: given('INC001'), answer: finding(hit(1)) }, async ({ page, answer, asked }) => {
      await found(page, 1)
      answer((command) => (command.type === 'window.show' ? { ok: false, message: 'No window today.' } : undefined))
      await page.getByRole('option', { name: 'Customer 1' }).click()
      await page.getByText('No window today.').waitFor()
      assert.equal(asked('lookup.closeQuick').length, 0)
    }))

  it('asks the appliance on Enter when nothing is known here, also before that is known', () =>
    lab.use({ quick: true, state: given('') }, async ({ page, asked, push, answer }) => {
      let release = () => {}
      const held = new Promise<void>((done) => (release = done))
      answer(async (command) => {
        if (command.type !== 'lookup.search') return undefined
        await held
        return { ok: true, value: [] }
      })
      await page.keyboard.press('Enter')
      await page.keyboard.type('INC0099999')
      await page.keyboard.press('Enter')
      assert.equal(asked('lookup.start').length, 0)
      release()
      await until(() => asked('lookup.start').length === 1, 'the question')
      assert.equal(asked('lookup.start')[0]?.query, 'INC0099999')

      await push(given('', { lookup: lookup('INC0099999', { done: 3, total: 13 }) }))
      await page.getByText('3 of 13').waitFor()
      await page.getByRole('button', { name: 'Cancel' }).click()
      await until(() => asked('lookup.cancel').length === 1, 'the end of it')
      const hits = [hit(5)]
      await push(given('', { lookup: lookup('INC0099999', { status: 'done', done: 13, total: 13, hits }) }))
      await page.getByRole('option', { name: 'Customer 5', selected: true }).waitFor()
      await page.getByRole('option', { name: 'Ask again' }).waitFor()
    }))

  it('opens the only one if Enter came too early, and leaves a choice to the rep', async () => {
    for (const hits of [THREE.slice(0, 1), THREE]) {
      await lab.use({ quick: true, state: given('') }, async ({ page, asked, answer }) => {
        let release = () => {}
        const held = new Promise<void>((done) => (release = done))
        answer(async (command) => {
          if (command.type !== 'lookup.search') return undefined
          await held
          return { ok: true, value: hits }
        })
        await page.keyboard.type('INC')
        await page.keyboard.press('Enter')
        release()
        await found(page, hits.length)
        if (hits.length === 1) await until(() => asked('lookup.closeQuick').length === 1, 'the session')
        else await page.keyboard.press('ArrowDown')
        assert.equal(asked('window.show').length, hits.length === 1 ? 1 : 0)
      })
    }
  })

  it('copies key and ID of what is chosen, and closes by Escape', () =>
    lab.use({ quick: true, state: given('INC001'), answer: finding(...THREE) }, async ({ page, asked, answer }) => {
      await found(page, 3)
      await page.keyboard.press('Control+Shift+C')
      await page.getByText('External key copied').waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Control+Shift+I')
      await page.getByText('Session ID copied').waitFor()
      assert.deepEqual(
        asked('session.copy').map(({ lsid, what }) => [lsid, what]),
        [
          [THREE[0]?.lsid, 'externalKey'],
          [THREE[1]?.lsid, 'lsid'],
        ],
      )
      answer((command) =>
        command.type === 'session.copy' ? { ok: false, message: 'This session has no external key.' } : undefined,
      )
      await page.keyboard.press('Control+Shift+C')
      await page.getByText('This session has no external key.').waitFor()
      await page.keyboard.press('Escape')
      await until(() => asked('lookup.closeQuick').length === 1, 'the end')
    }))

  it('says why the appliance cannot be asked, and does not offer it', () => {
    const appliance = { ...state().appliance, status: 'unset' } as const
    return lab.use({ quick: true, state: given('INC9', { appliance }) }, async ({ page, asked }) => {
      await page.getByText('The appliance’s API is not set up. Only what is known here is searched.').waitFor()
      await found(page, 0)
      assert.equal(await page.getByRole('option').count(), 0)
      assert.equal(await field(page).getAttribute('aria-expanded'), 'false')
      await page.keyboard.press('Enter')
      await page.keyboard.press('ArrowDown')
      assert.equal(asked('lookup.start').length, 0)
    })
  })

  it('bears hostile names, large text, both themes and forced colours', async () => {
    const name = `\u202e<img src=x onerror=alert(1)>${'W'.repeat(400)}`
    const hits = [hit(1, { customer: name, externalKey: name, computer: name, lsid: `"'<${name}` }), ...THREE]
    for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: 'active' }] as const) {
      await lab.use({ quick: true, state: given('INC001'), answer: finding(...hits), ...look }, async ({ page }) => {
        await found(page, 4)
        assert.deepEqual(await overflow(page), [])
        if (!('forcedColors' in look)) assert.deepEqual(await faint(page), [])
        assert.deepEqual(await flaws(page), [])
        await page.setViewportSize({ width: 260, height: 210 })
        assert.deepEqual(await overflow(page), [], 'at twice the size')
        await page.keyboard.press('ArrowUp')
        assert.equal(await chosen(page).innerText(), 'Ask the appliance')
        const box = await chosen(page).boundingBox()
        assert.ok(box !== null && box.y + box.height <= 210, 'what is chosen is in sight')
      })
    }
  })
})
