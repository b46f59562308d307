/** Settings of the appliance: secrets that are entered and never shown, and the test of the connection. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { CheckStep, Reply, State } from '../../preload/contract.ts'
import { createLab, until, type Lab, type TestWindow, type WindowOptions } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { state } from './states.ts'

let lab: Lab

const READY = state().appliance
const SECRET = 'API account: client secret'
const PASSWORD = 'API user: password'

const STEPS: readonly CheckStep[] = [
  { step: 'name', status: 'ok', message: 'support.example.com is 192.0.2.10.', detail: 'A 192.0.2.10' },
  { step: 'tls', status: 'failed', message: 'The certificate has run out.', detail: 'CERT_HAS_EXPIRED' },
  { step: 'credentials', status: 'skipped', message: '', detail: '' },
]

function open(
  appliance: Partial<State['appliance']>,
  body: (window: TestWindow) => Promise<void>,
  options: WindowOptions = {},
): Promise<void> {
  return lab.use({ ...options, state: state({ appliance: { ...READY, ...appliance } }) }, async (window) => {
    await window.page.keyboard.press('Control+5')
    await window.page.getByRole('searchbox').fill('appliance')
    await body(window)
  })
}

describe('settings of the appliance', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('takes a secret, says where it is kept, and forgets it', () =>
    open(
      { secrets: { 'appliance.clientSecret': null, 'appliance.password': 'vault', 'listener.passphrase': null } },
      async (window) => {
        const { page } = window
        const field = page.getByLabel(SECRET, { exact: true })
        assert.equal(await field.getAttribute('type'), 'password')
        await page.getByText('None is known.').waitFor()
        await page.getByText('Kept in the vault of this system.').waitFor()
        await page.getByRole('button', { name: `Keep ${SECRET}` }).click()
        assert.equal(window.asked('appliance.secret').length, 0, 'there is nothing to keep')
        assert.equal(await page.getByRole('button', { name: `Forget ${SECRET}` }).count(), 0)
        await field.fill('s3cret')
        await page.keyboard.press('Enter')
        await until(() => window.asked('appliance.secret').length === 1, 'it is kept')
        await until(async () => (await field.inputValue()) === '', 'and no longer in the window')
        await page.getByRole('button', { name: `Forget ${PASSWORD}` }).click()
        await until(() => window.asked('appliance.secret').length === 2, 'it is forgotten')
        assert.deepEqual(window.asked('appliance.secret'), [
          { type: 'appliance.secret', name: 'appliance.clientSecret', value: 's3cret' },
          { type: 'appliance.secret', name: 'appliance.password', value: null },
        ])
      },
    ))

  it('keeps a secret when its field is left, once', () =>
    open({}, async (window) => {
      const { page } = window
      const field = page.getByLabel(SECRET, { exact: true })
      await field.fill('s3cret')
      await page.getByRole('button', { name: `Keep ${SECRET}` }).click()
      await until(async () => (await field.inputValue()) === '', 'it is kept')
      await field.fill('another')
      await page.keyboard.press('Tab')
      await until(() => window.asked('appliance.secret').length === 2, 'it is kept')
      assert.deepEqual(
        window.asked('appliance.secret').map(({ value }) => value),
        ['s3cret', 'another'],
      )
    }))

  it('keeps what was typed when it is refused, and says why', () =>
    open(
      {},
      async ({ page }) => {
        await page.getByLabel(PASSWORD, { exact: true }).fill('p')
        await page.getByRole('button', { name: `Keep ${PASSWORD}` }).click()
        await page.getByText('The vault is locked.').waitFor()
        assert.equal(await page.getByLabel(PASSWORD, { exact: true }).inputValue(), 'p')
        await page.getByLabel(PASSWORD, { exact: true }).press('Escape')
        assert.equal(await page.getByLabel(PASSWORD, { exact: true }).inputValue(), '')
      },
      {
        answer: (command): Reply | undefined =>
          command.type === 'appliance.secret' ? { ok: false, message: 'The vault is locked.' } : undefined,
      },
    ))

  it('cannot change what policy and environment set, and says what has no vault', () =>
    open(
      {
        secrets: {
          'appliance.clientSecret': 'policy',
          'appliance.password': 'environment',
          'listener.passphrase': null,
        },
      },
      async ({ page, push }) => {
        await page.getByText('Set by your administrator.').waitFor()
        await page.getByText('Set in the environment of Rep Tray.').waitFor()
        assert.equal(await page.locator('input[type=password]').count(), 0)
        const secrets = { ...READY.secrets, 'appliance.clientSecret': 'session' } as const
        await push(state({ appliance: { ...READY, secrets, keepsSecrets: false } }))
        await page.getByText('Kept until Rep Tray ends.').waitFor()
        assert.equal(await page.getByText('This system has no vault').count(), 2)
      },
    ))

  it('tests the connection step by step', () => {
    let answerIt: (reply: Reply) => void = () => undefined
    return open(
      {},
      async (window) => {
        const { page } = window
        const button = page.getByRole('button', { name: 'Test the connection' })
        await button.focus()
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Testing' }).waitFor()
        await page.keyboard.press('Enter')
        assert.equal(window.asked('appliance.check').length, 1, 'one at a time')
        answerIt({ ok: true, value: STEPS })
        await page.getByText('The certificate has run out.').waitFor()
        assert.equal(await button.evaluate((element) => element === document.activeElement), true, 'the focus stays')
        assert.deepEqual(
          (await page.locator('.check-step').allInnerTexts()).map((text) => text.split('\n')[0]),
          ['Name OK', 'Certificate failed', 'Credentials not tried'],
        )
        await page.getByText('CERT_HAS_EXPIRED').waitFor()
        assert.equal(await page.locator('output[aria-live]').innerText(), 'The connection does not work')
        await button.click()
        answerIt({ ok: false, message: 'Enter the host name first.' })
        await page.getByText('Enter the host name first.').waitFor()
        assert.equal(await page.locator('.check-step').count(), 0)
      },
      {
        answer: (command) =>
          command.type === 'appliance.check' ? new Promise<Reply>((done) => (answerIt = done)) : undefined,
      },
    )
  })

  it('says how it stands, and what cannot be done', () =>
    open(
      { cannot: { lookup: 'May not read reports.', recordings: 'May not read reports.' } },
      async ({ page, push }) => {
        await page.getByText('Ready. 24 or newer, API 1.24.1').waitFor()
        assert.equal(await page.getByText('May not read reports.').count(), 1, 'each reason once')
        const problem = { title: 'The secret is wrong.', detail: 'invalid_client' }
        await push(state({ appliance: { ...READY, status: 'failed', problem } }))
        await page.getByText('The secret is wrong.').waitFor()
        await page.getByText('invalid_client').waitFor()
        await push(state({ appliance: { ...READY, status: 'unset' } }))
        await page.getByText('Not set up').waitFor()
      },
    ))

  it('fits a narrow window, legibly in both themes', async () => {
    const wide = 'Ŵ'.repeat(300)
    const steps = STEPS.map((step) => ({ ...step, message: wide, detail: wide }))
    const answer = (command: { type: string }): Reply | undefined =>
      command.type === 'appliance.check' ? { ok: true, value: steps } : undefined
    for (const colorScheme of ['light', 'dark'] as const) {
      const options = { colorScheme, answer, viewport: { width: 320, height: 640 } }
      await open(
        { product: wide, cannot: { lookup: wide } },
        async ({ page }) => {
          await page.getByRole('button', { name: 'Test the connection' }).click()
          await page.locator('.check-step').first().waitFor()
          assert.deepEqual(await overflow(page), [])
          assert.deepEqual(await faint(page), [])
        },
        options,
      )
    }
  })
})
