/** Editing external keys: one or several, by keyboard, with what stands in the way said, and undone. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright'
import type { Reply } from '../../preload/contract.ts'
import { looksLikeTicket } from '../../renderer/ticket.ts'
import { at, createLab, until, type Answer, type Lab } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { ago, details, GENERAL, keyEdit, lsidOf, NOW, session, state } from './states.ts'

let lab: Lab

const ROWS = [
  session(1, { startedAt: ago(1) }),
  session(2, { startedAt: ago(2), externalKey: null }),
  session(3, { startedAt: ago(3) }),
  session(4, { status: 'ended', endedAt: ago(4) }),
]
const BOARD = state({ sessions: ROWS })
const READY = BOARD.appliance

/** What has the focus: a row by its customer, anything else by its name. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const row = element?.matches('[role=row]') === true ? element.querySelector('.session-customer') : null
    return ((row ?? element)?.getAttribute('aria-label') ?? (row ?? element)?.textContent ?? '').trim()
  })
}

describe('external keys', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('are edited from a row by e, saved by Enter, and the focus is on the row again', () =>
    lab.use({ state: BOARD }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('e')
      assert.equal(await focused(page), 'External key')
      await page.getByRole('group', { name: 'External key of Customer 2' }).waitFor()
      const field = page.getByRole('textbox', { name: 'External key' })
      assert.equal(await field.inputValue(), '')
      assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
      assert.equal(await page.getByRole('button', { name: 'Clear', exact: true }).isDisabled(), true)
      await page.keyboard.press('Enter')
      await page.keyboard.type(' INC0012345 ')
      await page.keyboard.press('Enter')
      await until(() => window.asked('key.set').length === 1, 'the key is set')
      assert.deepEqual(window.asked('key.set'), [{ type: 'key.set', lsids: [lsidOf(2)], key: 'INC0012345' }])
      await field.waitFor({ state: 'detached' })
      assert.equal(await focused(page), 'Customer 2')
    }))

  it('warns of what does not look like a ticket, and saves it all the same', () =>
    lab.use({ state: BOARD }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      await page.keyboard.press('e')
      await page.keyboard.type('INC0012345')
      assert.equal(await page.getByText('does not look like a ticket').count(), 0)
      await page.getByRole('textbox', { name: 'External key' }).fill('hello')
      await page.getByText('does not look like a ticket').waitFor()
      await page.keyboard.press('Enter')
      await until(() => window.asked('key.set').length === 1, 'it is set')
      assert.equal(window.asked('key.set')[0]?.key, 'hello')
      assert.equal(looksLikeTicket('x', ''), true)
      assert.equal(looksLikeTicket('x', '('), true, 'a pattern that is none')
      assert.equal(looksLikeTicket('x', '^y'), false)
    }))

  it('are cleared, and left as they are by Escape', () =>
    lab.use({ state: BOARD }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      await page.keyboard.press('e')
      await page.keyboard.type('oops')
      await page.keyboard.press('Escape')
      assert.equal(await focused(page), 'Customer 1')
      assert.equal(window.asked('key.set').length, 0)
      await page.getByRole('row', { name: 'Customer 3' }).getByRole('button', { name: 'Edit external key' }).click()
      assert.equal(await page.getByRole('textbox', { name: 'External key' }).inputValue(), 'INC0010003')
      await page.getByRole('button', { name: 'Clear', exact: true }).click()
      await until(() => window.asked('key.set').length === 1, 'it is cleared')
      assert.deepEqual(window.asked('key.set'), [{ type: 'key.set', lsids: [lsidOf(3)], key: null }])
    }))

  it('show that they are being sent, and keep what was typed when main refuses', () => {
    let answerIt: (reply: Reply) => void = () => undefined
    const slow: Answer = (command) =>
      command.type === 'key.set' ? new Promise<Reply>((done) => (answerIt = done)) : undefined
    return lab.use({ state: BOARD, answer: slow }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      await page.keyboard.press('e')
      await page.keyboard.type('INC7')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Sending' }).waitFor()
      await page.keyboard.press('Enter')
      assert.equal(window.asked('key.set').length, 1, 'not twice')
      answerIt({ ok: false, message: 'The appliance did not answer.' })
      await page.getByText('The appliance did not answer.').waitFor()
      const field = page.getByRole('textbox', { name: 'External key' })
      assert.equal(await field.inputValue(), 'INC7')
      assert.equal(await field.getAttribute('aria-invalid'), 'true')
    })
  })

  it('are set for several sessions at once, chosen by Space or by their boxes', () =>
    lab.use({ state: BOARD }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      assert.equal(await page.getByRole('checkbox').count(), 0)
      await page.keyboard.press(' ')
      await page.getByRole('group', { name: 'External key of Customer 1' }).waitFor()
      assert.equal(await focused(page), 'Customer 1', 'the focus stays in the list')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press(' ')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('e')
      await page.getByRole('group', { name: 'External key of 3 sessions' }).waitFor()
      assert.equal(await page.getByRole('checkbox').count(), 3, 'the ended one has none')
      await page.getByRole('checkbox', { name: 'Customer 3' }).click()
      await page.getByRole('group', { name: 'External key of 2 sessions' }).waitFor()
      await page.getByRole('textbox', { name: 'External key' }).fill('INC0099999')
      await page.keyboard.press('Enter')
      await until(() => window.asked('key.set').length === 1, 'they are set')
      assert.deepEqual(window.asked('key.set')[0]?.lsids, [lsidOf(1), lsidOf(2)])
      await until(async () => (await page.getByRole('checkbox').count()) === 0, 'the boxes are gone')
    }))

  it('keep the text and the focus while events come in, and say when a session has ended', () =>
    lab.use({ state: BOARD }, async (window) => {
      const { page } = window
      await page.keyboard.press('Control+1')
      await page.keyboard.press('e')
      await page.keyboard.type('INC00')
      await window.push({ ...BOARD, sessions: [session(9, { status: 'waiting' }), ...ROWS] })
      await page.keyboard.type('1')
      assert.equal(await page.getByRole('textbox', { name: 'External key' }).inputValue(), 'INC001')
      await window.push({ ...BOARD, sessions: ROWS.map((row) => ({ ...row, status: 'ended', endedAt: ago(0) })) })
      await page.getByText('The session has ended; its key can no longer be changed.').waitFor()
      await page.keyboard.press('Enter')
      assert.equal(window.asked('key.set').length, 0)
      assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
    }))

  it('say why they cannot be edited', async () => {
    const cases = [
      [session(1, { status: 'ended', endedAt: ago(1) }), READY, 'The session has ended'],
      [session(1, { relation: 'general', owner: GENERAL }), READY, 'Only keys of your own sessions'],
      [session(1), { ...READY, cannot: { editKey: 'The API account may not edit keys.' } }, 'may not edit keys'],
      [session(1), { ...READY, status: 'unset' }, 'API is not set up'],
      [session(1), { ...READY, status: 'failed', problem: { title: 'Wrong secret.', detail: '' } }, 'Wrong secret.'],
    ] as const
    for (const [row, appliance, words] of cases) {
      await lab.use({ state: state({ sessions: [row], appliance }) }, async (window) => {
        const { page } = window
        await page.locator('.segment', { hasText: 'All' }).click()
        const button = page.getByRole('row').getByRole('button', { name: 'Edit external key' })
        assert.equal(await button.getAttribute('aria-disabled'), 'true')
        assert.match((await button.getAttribute('aria-label')) ?? '', new RegExp(words))
        await page.keyboard.press('Control+1')
        await page.keyboard.press('e')
        await page.getByRole('alert').getByText(words).waitFor()
        assert.equal(await page.getByRole('textbox', { name: 'External key' }).count(), 0)
      })
    }
  })

  it('are edited in the details, too', () => {
    const [row] = ROWS
    assert.ok(row !== undefined)
    const answer: Answer = (command) => (command.type === 'session.get' ? { ok: true, value: details(row) } : undefined)
    return lab.use({ state: { ...BOARD, goTo: { seq: 1, place: at(row.lsid) } }, answer }, async (window) => {
      const { page } = window
      const button = page.locator('.session').getByRole('button', { name: 'Edit external key' })
      await button.focus()
      await page.keyboard.press('Enter')
      assert.equal(await focused(page), 'External key')
      await page.keyboard.press('Escape')
      assert.equal(await focused(page), 'Edit external key')
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: 'External key' }).fill('INC1234567')
      await page.keyboard.press('Enter')
      await until(() => window.asked('key.set').length === 1, 'it is set')
      assert.deepEqual(window.asked('key.set')[0], { type: 'key.set', lsids: [row.lsid], key: 'INC1234567' })
    })
  })

  it('are undone by a button or Ctrl+Z while that is possible, and not longer', () =>
    lab.use({ state: BOARD, clockRuns: true }, async (window) => {
      const { page } = window
      const until10 = (await page.evaluate(() => Date.now())) + 10_000
      await window.push({ ...BOARD, keyEdits: [keyEdit(1, { status: 'sending', undoUntil: 0 })] })
      await page.getByText('Key of 1 session is being set to INC0042000').waitFor()
      await window.push({ ...BOARD, keyEdits: [keyEdit(1, { undoUntil: until10 })] })
      await page.getByText('Key of 1 session set to INC0042000').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await until(() => window.asked('key.undo').length === 1, 'it is undone')
      assert.equal(await focused(page), 'Customer 1', 'the focus is in the view again')
      await page.keyboard.press('Control+z')
      await until(() => window.asked('key.undo').length === 2, 'and again, by the keyboard')
      assert.deepEqual(window.asked('key.undo')[1], { type: 'key.undo', id: 1 })
      await window.push({ ...BOARD, keyEdits: [keyEdit(1, { status: 'undone', undoUntil: until10 })] })
      await page.getByText('Undone: the key of 1 session').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0)
      await window.push({ ...BOARD, keyEdits: [keyEdit(1, { undoUntil: until10 })] })
      await page.clock.fastForward(11_000)
      await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
      assert.equal(await page.locator('.toast').count(), 0)
    }))

  it('tell a way back that failed from an edit that failed', () => {
    const failures = [{ lsid: lsidOf(1), message: 'The appliance did not answer.' }]
    const edits = [keyEdit(1, { status: 'notUndone', failures }), keyEdit(2, { status: 'undoing' })]
    return lab.use({ state: { ...BOARD, keyEdits: edits } }, async ({ page, push }) => {
      const toast = page.locator('.toast')
      await toast.getByText('Not undone: the key of 1 session is still INC0042000').waitFor()
      await toast.getByText('The appliance did not answer.').waitFor()
      await toast.getByText('Undoing: the key of 1 session').waitFor()
      assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0)
      await push({ ...BOARD, keyEdits: [keyEdit(1, { status: 'notUndone', key: null, failures })] })
      await toast.getByText('Not undone: the key of 1 session is still cleared').waitFor()
      await push({ ...BOARD, keyEdits: [keyEdit(1, { status: 'failed', failures })] })
      await toast.getByText('The key of 1 session could not be changed').waitFor()
    })
  })

  it('say which sessions failed and why, until that is put away', () => {
    const failures = [{ lsid: lsidOf(2), message: 'The session is gone.' }]
    const edit = keyEdit(1, { lsids: [lsidOf(1), lsidOf(2)], failures, undoUntil: NOW - 1 })
    return lab.use({ state: { ...BOARD, keyEdits: [edit] } }, async ({ page }) => {
      await page.getByText('Key of 1 session set to INC0042000').waitFor()
      await page.getByText('Customer 2: The session is gone.').waitFor()
      assert.equal(await page.locator('.toasts').getAttribute('aria-live'), 'polite')
      assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0)
      await page.getByRole('button', { name: 'Close' }).click()
      assert.equal(await page.locator('.toast').count(), 0)
    })
  })

  it('fit a narrow window, legibly in both themes and in forced colours', async () => {
    const wide = 'Ŵ'.repeat(300)
    const rows = [session(1, { customer: wide, externalKey: wide, startedAt: ago(1) }), session(2)]
    const failures = [{ lsid: lsidOf(1), message: wide }]
    const edits = [keyEdit(3, { key: wide }), keyEdit(1, { status: 'failed', failures })]
    const options = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: 'active' }] as const
    for (const option of options) {
      const narrow = { width: 320, height: 640 }
      await lab.use(
        { ...option, viewport: narrow, state: state({ sessions: rows, keyEdits: edits }) },
        async ({ page }) => {
          await page.keyboard.press('Control+1')
          await page.keyboard.press('e')
          await page.getByText('does not look like a ticket').waitFor()
          assert.deepEqual(await overflow(page), [])
          if (!('forcedColors' in option)) assert.deepEqual(await faint(page), [])
        },
      )
    }
  })
})
