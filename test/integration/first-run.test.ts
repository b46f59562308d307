/** The first run as the rep has it: the real window in Chromium, the real main behind it, and an appliance. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright'
import { rolldown } from 'rolldown'
import { createApi, DEFAULT_CLIENT } from '../appliance/api.ts'
import { createAppliance } from '../appliance/appliance.ts'
import { findRepresentative, representativeOwner, teamOwner } from '../appliance/world.ts'
import { atEnd } from '../at-end.ts'
import { launchChromium } from '../electron/browser.ts'
import { until } from '../electron/until.ts'
import { createLab } from '../renderer/harness.ts'
import { temporaryFolder } from './support.ts'
import { start } from './web-support.ts'

let browser: Browser
let files: ReadonlyMap<string, string | Uint8Array>

before(async () => {
  const lab = await createLab()
  await lab.close()
  const bundle = await rolldown({ input: join(import.meta.dirname, '../../preload/web.ts'), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'iife', codeSplitting: false })
  await bundle.close()
  files = new Map([...lab.files, ['bridge.js', output[0].code]])
  browser = await launchChromium()
})
after(() => browser.close())

declare global {
  interface Window {
    /** Titles of the notifications that were shown. */
    readonly shown: string[]
  }
}

/** Stands in for the browser's notifications, which need a desktop. */
function noteNotifications(): void {
  const shown: string[] = []
  class Noted extends EventTarget {
    static permission = 'default'
    static requestPermission(): Promise<string> {
      Noted.permission = 'granted'
      return Promise.resolve(Noted.permission)
    }
    constructor(title: string) {
      super()
      shown.push(title)
    }
    close(): void {
      shown.push('closed')
    }
  }
  Object.assign(window, { shown, Notification: Noted })
}

test('from nothing to the first notification', { timeout: 120_000 }, async (t) => {
  const appliance = createAppliance({ seed: 3 })
  atEnd(t, () => appliance.close())
  const api = createApi({ appliance, generation: '24.x' })
  atEnd(t, () => api.close())
  const host = await api.listen(0)

  const rendererDir = join(temporaryFolder(t), 'window')
  for (const [name, content] of files) {
    mkdirSync(dirname(join(rendererDir, name)), { recursive: true })
    writeFileSync(join(rendererDir, name), content)
  }
  const web = await start(t, { rendererDir })
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
  atEnd(t, () => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.addInitScript(noteNotifications)
  await page.goto(web.link)
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await page.getByRole('heading', { level: 2, name: 'Appliance' }).waitFor()
  await page.getByLabel('Appliance', { exact: true }).fill(host)
  await page.getByLabel('API account: client ID', { exact: true }).fill(DEFAULT_CLIENT.id)
  await page.getByLabel('API account: client secret', { exact: true }).fill('not this one')
  await button('Test the connection').click()
  await page.locator('.check-step[data-status=failed]').getByText('Credentials').waitFor()
  await page.getByLabel('API account: client secret', { exact: true }).fill(DEFAULT_CLIENT.secret)
  await button('Test the connection').click()
  await page.getByText('Permission OK').waitFor()
  await button('Next').click()

  await page.getByRole('radio', { name: 'John Smith' }).check()
  await button('This is me').click()
  await page.getByText('You are John Smith, number 12. Your teams: Troubleshooting, Onboarding.').waitFor()
  await button('Next').click()

  await page.getByText('Waiting for the first event').waitFor()
  await button('Test the way in').click()
  await page.locator('.check-step').first().waitFor()
  assert.equal(await page.locator('.check-step[data-status=failed]').count(), 0)
  await button('Copy all for the administrator').click()
  const request = await until(async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText())
    return text.startsWith('Please add') ? text : undefined
  }, 'the entries on the clipboard')
  const [, url = ''] = /^URL: (\S+)$/m.exec(request) ?? []
  assert.equal(url, web.app.recipientUrl())
  appliance.addRecipient(url, { retryIntervalMs: 50 })
  const [team] = appliance.world.teams
  const [customer] = appliance.world.customers
  assert.ok(team && customer)
  const session = appliance.startSession({ queue: teamOwner(team), customer })
  await page.getByText('Events come in. The last one:').waitFor()
  await button('Next').click()

  await button('Allow notifications').click()
  await button('Show a test notification').click()
  const shows = async (title: string) =>
    until(async () => (await page.evaluate(() => window.shown)).includes(title), title)
  await shows('Rep Tray can reach you')
  await button('Next').click()
  await button('Finish').click()
  await page.getByText(customer.name).first().waitFor()

  const john = findRepresentative(appliance.world, 12)
  session.transfer(representativeOwner(john))
  await shows('Session transferred to you')
  await page.reload()
  await page.getByText(customer.name).first().waitFor()
  assert.equal(await page.locator('.setup').count(), 0, 'it is finished for good')
  assert.deepEqual(faults, [])
})
