/** The link for the customer: made while one types, with what is wrong at its field, and copied. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Command, ConnectorUrl, Reply } from '../../preload/contract.ts'
import { at, createLab, until, type Answer, type Lab, type TestWindow, type WindowOptions } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { details, hit, session, state } from './states.ts'

let lab: Lab

const ROW = session(4, { customer: 'Priya Natarajan' })
const TEAMS = [
  { id: '5', name: 'Network', issues: [{ id: '3', name: 'VPN', codeName: null }] },
  { id: '6', name: 'Empty', issues: [] },
  { id: '9', name: 'Licences', issues: [{ id: '7', name: 'Office', codeName: 'office' }] },
]
const OPEN = state({
  sessions: [ROW],
  goTo: { seq: 1, place: at(ROW.lsid) },
  appliance: { ...state().appliance, teams: TEAMS },
})

/** Makes links as main would, or what `other` says. */
function making(other?: (command: Extract<Command, { type: 'connector.build' }>) => Reply<'connector.build'>): Answer {
  return (command): Reply | undefined => {
    if (command.type === 'session.get') return { ok: true, value: details(ROW) }
    if (command.type === 'lookup.search') return { ok: true, value: [hit(8)] }
    if (command.type === 'connector.copy') return { ok: true, value: { text: 'https://x', copied: true } }
    if (command.type !== 'connector.build') return undefined
    if (other !== undefined) return other(command)
    const { issueId, externalKey, company } = command.choice
    return {
      ok: true,
      value: { url: `https://support.example.com/?i=${issueId}&c=${company}&k=${externalKey}`, qr: null, problems: [] },
    }
  }
}

function open(answer: Answer, body: (window: TestWindow) => Promise<void>, options: WindowOptions = {}): Promise<void> {
  return lab.use({ ...options, state: OPEN, answer }, async (window) => {
    const button = window.page.getByRole('button', { name: 'Link for the customer' })
    await button.focus()
    await window.page.keyboard.press('Enter')
    await window.page.getByRole('dialog', { name: 'Link for the customer' }).waitFor()
    await body(window)
  })
}

async function preview(window: TestWindow, url: string): Promise<void> {
  await until(async () => (await window.page.getByLabel('Link', { exact: true }).inputValue()) === url, url)
}

describe('link for the customer', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('takes over what is known, follows what is typed, and is copied', () =>
    open(making(), async (window) => {
      const { page } = window
      assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Priya Natarajan')
      await preview(window, 'https://support.example.com/?i=&c=&k=INC0010004')
      assert.deepEqual(
        await page.locator('optgroup').evaluateAll((all) => all.map((one) => (one as HTMLOptGroupElement).label)),
        ['Network', 'Licences'],
      )
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT')
      await page.getByLabel('Issue').selectOption('Office')
      await page.getByLabel('Company', { exact: true }).fill('Acme')
      await preview(window, 'https://support.example.com/?i=7&c=Acme&k=INC0010004')
      await page.getByRole('button', { name: 'Copy link' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      assert.deepEqual(
        window.asked('connector.copy').map(({ choice }) => choice),
        [
          {
            issueId: '7',
            customerName: 'Priya Natarajan',
            company: 'Acme',
            companyCode: '',
            description: '',
            externalKey: 'INC0010004',
          },
        ],
      )
    }))

  it('is left by Escape, and the session stays', () =>
    open(making(), async ({ page }) => {
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('heading', { name: 'Priya Natarajan' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Link for the customer…')
    }))

  it('says what is wrong at its field, and makes no link until it is mended', () => {
    const value: ConnectorUrl = {
      url: null,
      qr: null,
      problems: [{ field: 'description', message: 'This has 2000 bytes.' }],
    }
    return open(
      making(() => ({ ok: true, value })),
      async ({ page }) => {
        await page.getByText('This has 2000 bytes.').waitFor()
        const field = page.getByLabel('Description')
        assert.equal(await field.getAttribute('aria-invalid'), 'true')
        const described = await field.getAttribute('aria-describedby')
        assert.equal(await page.locator(`[id="${described}"]`).innerText(), 'This has 2000 bytes.')
        assert.equal(await page.getByRole('button', { name: 'Copy link' }).isDisabled(), true)
      },
    )
  })

  it('says what no field can mend', async () => {
    const value: ConnectorUrl = { url: null, qr: null, problems: [{ field: 'host', message: 'This is no host name.' }] }
    await open(
      making(() => ({ ok: true, value })),
      ({ page }) => page.getByText('This is no host name.').waitFor(),
    )
    await open(
      making(() => ({ ok: false, message: 'Enter the host first.' })),
      ({ page }) => page.getByText('Enter the host first.').waitFor(),
    )
  })

  it('can be copied by hand where the clipboard is out of reach', () =>
    open(making(), async (window) => {
      const { page } = window
      await preview(window, 'https://support.example.com/?i=&c=&k=INC0010004')
      window.answer((command) =>
        command.type === 'connector.copy' ? { ok: true, value: { text: 'x', copied: false } } : making()(command),
      )
      await page.getByRole('button', { name: 'Copy link' }).click()
      await page.getByText('Select it and copy it yourself').waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA')
    }))

  it('is made from a row of the lookup, too', () =>
    lab.use({ answer: making() }, async ({ page }) => {
      await page.keyboard.press('Control+4')
      await page.keyboard.type('c')
      await page.getByRole('row', { name: 'Customer 8' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      assert.equal(await page.getByLabel('Customer’s name').inputValue(), 'Customer 8')
      assert.equal(await page.getByRole('textbox', { name: 'External key' }).inputValue(), 'INC0010008')
    }))

  it('fits a narrow window, legibly in both themes', async () => {
    const url = `https://support.example.com/${'x'.repeat(900)}`
    const problems = ['issueId', 'customerName', 'company', 'externalKey'].map((field) => ({
      field,
      message: 'Ŵ'.repeat(200),
    }))
    for (const value of [
      { url, qr: null, problems: [] },
      { url: null, qr: null, problems },
    ]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const options = { colorScheme, viewport: { width: 320, height: 480 } }
        await open(
          making(() => ({ ok: true, value })),
          async (window) => {
            if (value.url === null) await window.page.getByText('ŴŴ').first().waitFor()
            else await preview(window, url)
            assert.deepEqual(await overflow(window.page), [])
            assert.deepEqual(await faint(window.page), [])
          },
          options,
        )
      }
    }
  })
})
