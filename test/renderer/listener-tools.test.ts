/** What the settings of the listener offer besides values: the certificate, and the test of the way in. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { CertificateInfo, Settings, State } from '../../preload/contract.ts'
import { button, steps } from './first-run.ts'
import { createLab, until, type Lab, type TestWindow, type WindowOptions } from './harness.ts'
import { faint, overflow } from './probes.ts'
import { NOW, SETTINGS, state } from './states.ts'

let lab: Lab

const CERTIFICATE: CertificateInfo = {
  subject: 'kiel-h4-0117.example.com',
  issuer: 'Rep Tray on kiel-h4-0117',
  expiresAt: NOW + 300 * 86_400_000,
  fingerprint: Array.from({ length: 32 }, (_, index) => (index * 7 + 16).toString(16).toUpperCase()).join(':'),
  own: true,
}

/** Opens the settings of the listener with HTTPS like this. */
function open(
  https: Settings['listener.https'],
  certificate: CertificateInfo | null,
  body: (window: TestWindow) => Promise<void>,
  options: WindowOptions = {},
): Promise<void> {
  const { health } = state()
  const from: State = state({
    settings: { ...SETTINGS, 'listener.https': https },
    health: { ...health, listener: { ...health.listener, certificate } },
  })
  return lab.use({ ...options, state: from }, async (window) => {
    await window.page.keyboard.press('Control+5')
    await window.page.getByRole('searchbox').fill('receiving events')
    await body(window)
  })
}

describe('settings of the listener', () => {
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it('say that nothing listens where events come from a relay', () => {
    const relay = { status: 'attached', server: '192.0.2.20:443', retryAt: null } as const
    const { health } = state()
    return lab.use({ state: state({ health: { ...health, relay } }) }, async ({ page }) => {
      await page.keyboard.press('Control+5')
      await page.getByRole('searchbox').fill('receiving events')
      await page.getByText('While they do, nothing listens here').waitFor()
      assert.equal(await button(page, 'Test the way in').count(), 0)
    })
  })

  it('say nothing of certificates where there is no HTTPS', () =>
    open('off', null, async ({ page }) => {
      await button(page, 'Test the way in').waitFor()
      assert.equal(await page.locator('.certificate').count(), 0)
      assert.equal(await button(page, 'Save the root certificate').count(), 0)
      assert.equal(await page.getByLabel('Passphrase of the key', { exact: true }).count(), 0)
    }))

  it('show the own certificate, save its root, and make another one', () =>
    open('own', CERTIFICATE, async (window) => {
      const { page } = window
      for (const words of [CERTIFICATE.subject, CERTIFICATE.issuer, CERTIFICATE.fingerprint])
        await page.locator('.certificate').getByText(words).waitFor()
      window.answer(({ type }) =>
        type === 'certificate.save' ? { ok: true, value: { file: '/home/dana/Downloads/root.pem' } } : undefined,
      )
      await button(page, 'Save the root certificate').click()
      await page.getByText('Saved: /home/dana/Downloads/root.pem').waitFor()
      await button(page, 'Make a new certificate').click()
      await until(() => window.asked('certificate.renew').length === 1, 'another one is made')
      window.answer(({ type }) => (type.startsWith('certificate.') ? { ok: false, message: 'No space.' } : undefined))
      await button(page, 'Save the root certificate').click()
      await page.getByRole('alert').getByText('No space.').waitFor()
    }))

  it('ask for the passphrase of the site’s own, and offer no root of it', () =>
    open('file', null, async (window) => {
      const { page } = window
      await page.getByText('There is none yet.').waitFor()
      assert.equal(await button(page, 'Save the root certificate').count(), 0)
      await page.getByLabel('Passphrase of the key', { exact: true }).fill('open sesame')
      await page.keyboard.press('Enter')
      await until(() => window.asked('appliance.secret').length === 1, 'it is kept')
      assert.equal(window.asked('appliance.secret')[0]?.name, 'listener.passphrase')
    }))

  it('test the way in, step by step', () =>
    open('off', null, async (window) => {
      const { page } = window
      window.answer(({ type }) => (type === 'listener.test' ? { ok: true, value: steps('port') } : undefined))
      await button(page, 'Test the way in').click()
      await page.locator('.check-step[data-status=failed]').getByText('The port is not right.').waitFor()
    }))

  it('fit a narrow window, legibly in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await open(
        'own',
        CERTIFICATE,
        async ({ page }) => {
          await page.locator('.certificate').scrollIntoViewIfNeeded()
          assert.deepEqual(await overflow(page), [])
          assert.deepEqual(await faint(page), [])
        },
        { colorScheme },
      )
    }
  })
})
