/** Quarantine, forgetting, diagnostics: what is kept is shown as what it is, and goes only after a question. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { QuarantineItem, Reply, State, Traces } from '../../preload/contract.ts'
import { createLab, until, type Answer, type Lab, type TestWindow } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { ago, state } from './states.ts'

let lab: Lab

function item(id: number, over: Partial<QuarantineItem> = {}): QuarantineItem {
  return {
    id,
    receivedAt: ago(id),
    source: '192.0.2.10',
    reason: 'There is no variable "event".',
    contentType: 'application/x-www-form-urlencoded',
    bytes: 1200 * id,
    seen: 1,
    ...over,
  }
}

const MARKUP = '<img src=x onerror="document.title=\'owned\'">'
const ITEMS = [
  item(3, { seen: 14 }),
  item(2, { reason: MARKUP, contentType: 'x/\u202Egnp.'.repeat(30), source: 'fe80::1' }),
  item(1, { contentType: '' }),
]
const BODY = { ...item(3), form: 'text', text: `hello=${MARKUP}\n⟨U+202E⟩${'x'.repeat(5_000)}`, cut: true } as const

const held = (count: number): State => state({ health: { ...state().health, held: count } })

function answers(items: readonly QuarantineItem[], more: Answer = () => undefined): Answer {
  return (command): Reply | undefined | Promise<Reply | undefined> => {
    if (command.type === 'quarantine.list') return { ok: true, value: command.before === null ? items : [] }
    if (command.type === 'quarantine.get') return { ok: true, value: BODY }
    return more(command)
  }
}

function openQuarantine(more: Answer, body: (window: TestWindow) => Promise<void>, width = 420): Promise<void> {
  const at = { ...held(3), goTo: { seq: 1, place: { view: 'quarantine' } } } as const
  return lab.use({ state: at, answer: answers(ITEMS, more), viewport: { width, height: 640 } }, async (window) => {
    await window.page.getByRole('listitem').first().waitFor()
    await body(window)
  })
}

const TRACES: Traces = {
  sessions: 2,
  events: 14,
  reports: 0,
  quarantined: 1,
  alerts: 3,
  others: 0,
  copies: 2,
  unreadable: ['journal.db.corrupt-2026-11-22T10-00-00'],
}

describe('quarantine, forgetting and diagnostics', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('is reached from its problem, from health and from the settings', () =>
    lab.use(
      {
        state: {
          ...held(2),
          problems: [
            { id: 'quarantine', severity: 'warning', title: 'Odd', detail: '', since: ago(1), dismissible: true },
          ],
        },
        answer: answers(ITEMS),
      },
      async ({ page }) => {
        const open = page.getByRole('contentinfo').getByRole('button', { name: 'Open quarantine' })
        for (const which of [0, 1]) {
          await page.locator('.health-line').click()
          await open.nth(which).click()
          await page.getByRole('heading', { name: 'Quarantine' }).waitFor()
          assert.equal(await page.evaluate(() => document.activeElement?.id), 'quarantine-title')
          await page.getByRole('button', { name: 'Back' }).click()
        }
        await page.getByRole('button', { name: 'Open quarantine (2)' }).click()
        await page.getByRole('heading', { name: 'Quarantine' }).waitFor()
      },
    ))

  it('says so when there is nothing, and when it cannot be read', async () => {
    const at = { ...state(), goTo: { seq: 1, place: { view: 'quarantine' } } } as const
    await lab.use({ state: at, answer: answers([]) }, async ({ page }) => {
      await page.getByRole('heading', { name: 'Nothing in quarantine' }).waitFor()
    })
    const refuse: Answer = ({ type }) =>
      type === 'quarantine.list' ? { ok: false, message: 'The journal is not open.' } : undefined
    await lab.use({ state: at, answer: refuse }, async (window) => {
      await window.page.getByText('The journal is not open.').waitFor()
      window.answer(answers(ITEMS))
      await window.page.getByRole('button', { name: 'Try again' }).click()
      await window.page.getByRole('listitem').first().waitFor()
    })
  })

  it('shows what came as text, whatever it is, by keyboard alone, and within the window', async () => {
    for (const width of [320, 420, 1100])
      await openQuarantine(
        () => undefined,
        async ({ page }) => {
          await page.keyboard.press('Tab')
          await page.keyboard.press('Tab')
          await page.keyboard.press('Enter')
          const body = page.getByRole('region', { name: 'What came in' })
          await body.getByText('hello=').waitFor()
          assert.equal(await body.locator('pre').innerText(), BODY.text)
          await page.getByText('Only the beginning is shown').waitFor()
          assert.equal(await page.locator('img').count(), 0)
          assert.equal((await page.title()).includes('owned'), false)
          assert.deepEqual(await overflow(page), [], String(width))
          assert.deepEqual(await faint(page), [])
        },
        width,
      )
  })

  it('saves, reads again and deletes one, some or all, and deletes only after a question', () =>
    openQuarantine(
      (command) => {
        if (command.type === 'quarantine.save') return { ok: true, value: { file: '/home/x/Downloads/a.bin' } }
        if (command.type === 'quarantine.reread') return { ok: true, value: { read: 1, left: 2 } }
        return command.type === 'quarantine.delete' ? { ok: true, value: 1 } : undefined
      },
      async (window) => {
        const { page } = window
        await page.locator('.held-open').first().click()
        await page.getByRole('button', { name: 'Save as a file' }).click()
        await page.getByText('/home/x/Downloads/a.bin').waitFor()
        await page.getByRole('button', { name: 'Read again', exact: true }).click()
        await page.getByText('1 read as events, 2 left').waitFor()
        const dialog = page.getByRole('dialog', { name: 'Delete for good?' })
        await page.getByRole('button', { name: 'Delete…', exact: true }).click()
        await dialog.getByRole('button', { name: 'Keep' }).click()
        assert.deepEqual(window.asked('quarantine.delete'), [])
        const remove = async (name: string) => {
          await page.getByRole('button', { name, exact: true }).click()
          await dialog.getByRole('button', { name: 'Delete' }).click()
        }
        await remove('Delete…')
        await page.getByRole('checkbox', { name: 'Choose number 2' }).check()
        await page.getByRole('checkbox', { name: 'Choose number 1' }).check()
        await remove('Delete 2 bodies…')
        await page.getByRole('checkbox', { name: 'Choose number 2' }).uncheck()
        await page.getByRole('checkbox', { name: 'Choose number 1' }).uncheck()
        await remove('Delete all…')
        await until(() => window.asked('quarantine.delete').length === 3, 'all three')
        assert.deepEqual(
          window.asked('quarantine.delete').map(({ ids }) => ids),
          [[3], [2, 1], 'all'],
        )
        // What is less by now is asked for again.
        const asked = window.asked('quarantine.list').length
        await window.push(held(0))
        await until(() => window.asked('quarantine.list').length > asked, 'the list')
      },
    ))

  it('forgets somebody after showing what there is of them, and says what is gone', () =>
    lab.use(
      {
        state: state(),
        answer: ({ type }) =>
          type === 'data.find' || type === 'data.forget' ? { ok: true, value: TRACES } : undefined,
      },
      async (window) => {
        const { page } = window
        await page.getByRole('button', { name: 'Settings' }).click()
        const tool = page.locator('.setting').filter({ has: page.getByRole('heading', { name: 'Forget somebody' }) })
        const look = tool.getByRole('button', { name: 'See what is kept' })
        assert.equal(await look.isDisabled(), true)
        await tool.getByRole('textbox').fill('  Ann Lee ')
        await look.click()
        await tool.getByText('14 events').waitFor()
        await tool.getByText('1 body in quarantine').waitFor()
        assert.deepEqual(window.asked('data.find').at(-1)?.target, { kind: 'customer', name: 'Ann Lee' })
        // Another question: what was found is no answer to it.
        await tool.getByText('Ticket', { exact: true }).click()
        assert.equal(await tool.getByText('14 events').count(), 0)
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        await tool.getByText('14 events').waitFor()
        await tool.getByRole('checkbox', { name: 'Delete these files as well' }).check()
        await tool.getByRole('button', { name: 'Forget…' }).click()
        const dialog = page.getByRole('dialog', { name: 'Forget for good?' })
        await dialog.getByText('2 sessions, 14 events, 1 body in quarantine, 3 alerts, 2 backups').waitFor()
        assert.deepEqual(window.asked('data.forget'), [])
        await dialog.getByRole('button', { name: 'Forget' }).click()
        await tool.getByText('Removed:').waitFor()
        assert.deepEqual(window.asked('data.forget'), [
          { type: 'data.forget', target: { kind: 'key', key: 'Ann Lee' }, deleteUnreadable: true },
        ])
        assert.equal(await tool.getByRole('button', { name: 'Forget…' }).count(), 0)
        assert.deepEqual(await overflow(page), [])
      },
    ))

  it('saves diagnostics, and says where they are', () =>
    lab.use(
      {
        state: state(),
        answer: ({ type }) => (type === 'diagnostics.save' ? { ok: true, value: { file: '/tmp/d.json' } } : undefined),
      },
      async ({ page }) => {
        await page.getByRole('button', { name: 'Settings' }).click()
        await page.getByRole('searchbox').fill('diagnostics')
        await page.getByRole('button', { name: 'Save diagnostics' }).click()
        await page.getByText('/tmp/d.json').waitFor()
      },
    ))
})
