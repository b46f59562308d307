/** From an empty data folder to the first notification on a desktop, without a mouse. */
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser } from 'playwright'
import { ensureBuilt } from '../../scripts/built.ts'
import { DEFAULT_CLIENT, DEFAULT_USER } from '../appliance/api.ts'
import type { GenerationName } from '../appliance/generation.ts'
import { findRepresentative, representativeOwner, teamOwner } from '../appliance/world.ts'
import { startDesktop, type Desktop } from '../desktop/desktop.ts'
import { launchChromium } from '../electron/browser.ts'
import { until } from '../electron/until.ts'
import { PATIENCE } from './keys.ts'
import { setStage } from './stage.ts'

let desktop: Desktop | null = null
let browser: Browser

before(async () => {
  ensureBuilt(resolve(import.meta.dirname, '../..'))
  // Elsewhere the notifications are Chromium's all the same, but no daemon is there to tell of them.
  desktop = process.platform === 'linux' ? await startDesktop() : null
  browser = await launchChromium(desktop?.env)
})
after(async () => {
  await browser.close()
  await desktop?.close()
})

interface Account {
  readonly generation: GenerationName
  /** What is chosen before it is entered; null: what is chosen already. */
  readonly kind: string | null
  readonly names: { readonly id: string; readonly secret: string }
  readonly given: { readonly id: string; readonly secret: string }
}

/** Of each kind that there is. */
const ACCOUNTS: readonly Account[] = [
  {
    generation: '24.x',
    kind: null,
    names: { id: 'API account: client ID', secret: 'API account: client secret' },
    given: DEFAULT_CLIENT,
  },
  {
    generation: '10.6',
    kind: 'User',
    names: { id: 'API user: username', secret: 'API user: password' },
    given: DEFAULT_USER,
  },
]

for (const account of ACCOUNTS) {
  test(`${account.generation}: from nothing to the first notification, by keyboard`, { timeout: 110_000 }, (t) =>
    firstRun(t, account),
  )
}

async function firstRun(t: TestContext, { generation, kind, names, given }: Account): Promise<void> {
  const policy = () => ({ defaults: { listener: { port: 0 }, browser: { port: 0 } } })
  const { appliance, host, web, page, keys, button, ...stage } = await setStage(t, browser, { generation, policy })
  // The further steps look the same with either account.
  const isFirst = kind === null
  await stage.letNotify('prompt')
  // The browser's own question stands outside the page; this is its user who says yes to it.
  await page.exposeFunction('sayYes', async () => void (await stage.letNotify('granted')))
  await page.addInitScript(answerQuestion)
  await page.goto(web.link)

  await page.getByRole('heading', { level: 2, name: 'Step 1 of 5: Appliance' }).waitFor()
  await keys.go(page.getByLabel('Appliance', { exact: true }))
  await keys.write(host)
  if (kind !== null) {
    await keys.go(page.getByRole('radio', { name: 'API account' }))
    await keys.press('ArrowRight')
    await keys.isAt(page.getByRole('radio', { name: kind }))
  }
  await keys.go(page.getByLabel(names.id, { exact: true }))
  await keys.write(given.id)
  await keys.go(page.getByLabel(names.secret, { exact: true }))
  await keys.write('not this one')
  await keys.use(button('Test the connection'))
  const steps = page.getByRole('list', { name: 'Test the connection' }).getByRole('listitem')
  await steps.filter({ hasText: 'Credentials failed' }).waitFor()
  assert.equal(await steps.filter({ hasText: 'failed' }).count(), 1, 'the one step that failed')
  assert.equal(await steps.filter({ hasText: 'Permission not tried' }).count(), 1)
  await stage.flawless()
  await keys.go(page.getByLabel(names.secret, { exact: true }), 'Shift+Tab')
  await keys.write(given.secret)
  await keys.use(button('Test the connection'))
  await steps.filter({ hasText: 'Permission OK' }).waitFor()
  assert.equal(await steps.filter({ hasText: 'failed' }).count(), 0)
  await stage.flawless()
  await keys.use(button('Next'))

  await keys.isAt(page.getByRole('heading', { name: 'Step 2 of 5: Who you are' }))
  await keys.go(page.getByRole('radio').first())
  await keys.go(page.getByRole('radio', { name: 'John Smith' }), 'ArrowDown')
  await keys.use(button('This is me'))
  await page.getByText('You are John Smith, number 12. Your teams: Troubleshooting, Onboarding.').waitFor()
  if (isFirst) await stage.flawless()
  await keys.use(button('Next'))

  await keys.isAt(page.getByRole('heading', { name: 'Step 3 of 5: Events' }))
  await page.getByText('Waiting for the first event').waitFor()
  await keys.use(button('Copy recipient URL'))
  const url = await stage.copied(/^http:/)
  assert.equal(url, web.app.recipientUrl())
  await keys.use(button('Copy all for the administrator'))
  assert.ok((await stage.copied(/^Please add/)).includes(`URL: ${url}\n`))
  await keys.use(button('Test the way in'))
  const wayIn = page.getByRole('list', { name: 'Test the way in' }).getByRole('listitem')
  await wayIn.first().waitFor()
  assert.equal(await wayIn.filter({ hasText: 'failed' }).count(), 0)
  if (isFirst) await stage.flawless()
  // As an administrator pastes it.
  appliance.addRecipient(url, { retryIntervalMs: 50 })
  const [team, customer] = [appliance.world.teams[0], appliance.world.customers[0]]
  assert.ok(team && customer)
  const session = appliance.startSession({ queue: teamOwner(team), customer })
  await page.getByText('Events come in. The last one:').waitFor()
  await keys.use(button('Next'))

  await keys.isAt(page.getByRole('heading', { name: 'Step 4 of 5: Notifications' }))
  if (isFirst) await stage.flawless()
  await keys.use(button('Allow notifications').last())
  await page.getByText('This browser may show notifications.').waitFor()
  await keys.use(button('Show a test notification'))
  await told(/Rep Tray can reach you/)
  await keys.use(button('Next'))

  await keys.isAt(page.getByRole('heading', { name: 'Step 5 of 5: Done' }))
  const done = page.getByRole('listitem').filter({ hasText: /^(Appliance|Who you are|Events|Notifications) done$/ })
  assert.equal(await done.count(), 4)
  if (isFirst) await stage.flawless()
  await keys.use(button('Finish'))
  await page.getByRole('row', { name: customer.name }).waitFor()
  if (isFirst) await stage.flawless()

  session.transfer(representativeOwner(findRepresentative(appliance.world, 12)))
  await told(/Session transferred to you[^]*Jane Doe/)
  await page.getByRole('row', { name: customer.name }).getByText('You').waitFor()
  await page.reload()
  await page.getByRole('row', { name: customer.name }).waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Set up Rep Tray' }).count(), 0, 'it is finished for good')
}

/** The desktop has shown a notification with these words. */
async function told(words: RegExp): Promise<void> {
  if (desktop === null) return
  const shown = desktop
  await until(() => words.test(shown.notifications()), `the notification ${String(words)}`, PATIENCE)
}

declare global {
  interface Window {
    readonly sayYes: () => Promise<void>
  }
}

/** Runs in the page. */
function answerQuestion(): void {
  const ask = Notification.requestPermission.bind(Notification)
  Notification.requestPermission = async () => {
    await window.sayYes()
    return ask()
  }
}
