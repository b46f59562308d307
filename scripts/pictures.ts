/**
 * `npm run pictures [NAME…]`: takes the pictures of docs/, of the real application in browser mode before the simulated appliance.
 * Names are invented. They are for reading; nothing compares them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright'
import { createLogbook } from '../main/logbook.ts'
import { startWeb, type Web } from '../main/web.ts'
import { createApi, DEFAULT_CLIENT } from '../test/appliance/api.ts'
import { createAppliance, type Appliance } from '../test/appliance/appliance.ts'
import { findOwner } from '../test/appliance/world.ts'
import { launchChromium } from '../test/electron/browser.ts'
import { until } from '../test/electron/until.ts'
import { ensureBuilt } from './built.ts'
import { FIRST_START, PICTURES, SIZE, type Picture, type Scene } from './pictures-shots.ts'
import { customerOf, lastHour, talkativeSession, YOU } from './pictures-site.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'docs/images')

const wanted = new Set(process.argv.slice(2))
const isWanted = ({ name }: Picture) => wanted.size === 0 || wanted.has(name)

interface Site {
  readonly appliance: Appliance
  readonly host: string
}

/** The application with this policy; `use` may look at it. */
async function withWeb(policy: object, use: (web: Web) => Promise<void>): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'rep-tray-pictures-'))
  const policyFile = join(data, 'policy.json')
  writeFileSync(policyFile, JSON.stringify({ browser: { port: 0 }, ...policy }))
  const web = await startWeb({
    dataDir: join(data, 'data'),
    policyFile,
    env: {},
    version: '',
    rendererDir: join(root, 'dist/renderer'),
    canOpen: false,
    log: createLogbook(() => {}, ''),
    onQuit: () => {},
  })
  try {
    await use(web)
  } finally {
    await web.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** Takes these pictures in this order, in one window. */
async function take(
  browser: Browser,
  pictures: readonly Picture[],
  web: Web,
  { appliance, host }: Site,
): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: SIZE })
  await context.grantPermissions(['notifications'], { origin: new URL(web.link).origin })
  const window = await context.newPage()
  await window.goto(web.link)
  for (const { name, theme = 'light', size = SIZE, hash, prepare, after } of pictures) {
    const page = hash === undefined ? window : await context.newPage()
    if (hash !== undefined) await page.goto(`${new URL(web.link).origin}/${hash}`)
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const view = (to: string) => page.getByRole('navigation').getByRole('button', { name: to }).click()
    const button = (to: string) => page.getByRole('button', { name: to, exact: true })
    const scene: Scene = { page, web, button, view, host, found: talkativeSession(appliance) }
    await prepare(scene)
    // What was just pressed would be shown as hovered.
    await page.mouse.move(0, 0)
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 250))))
    const here = web.app.getState().health.listener.addresses[0] ?? ''
    const addresses: [string, string][] = [
      [host, `https://${appliance.world.host}`],
      [host.slice('http://'.length), appliance.world.host],
      [here, '192.0.2.20:8180'],
      [`on ${hostname()}`, 'on desk-12'],
    ]
    await page.evaluate(showAs, addresses)
    await page.screenshot({ path: join(folder, `${name}.png`), caret: 'initial' })
    console.log(`${name}.png`)
    await after?.(scene)
  }
  await context.close()
}

/** Runs in the page: all of it is on this computer; the addresses are shown as they would be on a site. */
function showAs(addresses: [from: string, to: string][]): void {
  const told = (text: string) => addresses.reduce((said, [from, to]) => said.replaceAll(from, to), text)
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const { nodeValue } = node
    if (nodeValue !== null && nodeValue !== told(nodeValue)) node.nodeValue = told(nodeValue)
  }
  for (const field of document.querySelectorAll<HTMLInputElement>('input, textarea')) field.value = told(field.value)
}

async function main(): Promise<void> {
  ensureBuilt(root)
  mkdirSync(folder, { recursive: true })
  const appliance = createAppliance({ seed: 13, pastSessions: 2_000 })
  const api = createApi({ appliance, generation: '24.x', publicUrl: 'served' })
  const host = await api.listen(0)
  const site = { appliance, host }
  const browser = await launchChromium()
  const account = { host, clientId: DEFAULT_CLIENT.id, clientSecret: DEFAULT_CLIENT.secret }
  const listener = { addresses: ['127.0.0.1'], token: 'an-example-of-a-token' }
  try {
    const fresh = { defaults: { listener: { ...listener, port: 0 } } }
    await withWeb(fresh, (web) => take(browser, FIRST_START.filter(isWanted), web, site))
    const policy = {
      me: { repId: String(YOU), username: 'jsmith', name: 'John Smith', teams: ['5', '7'] },
      defaults: { ticket: { url: 'https://tickets.example.com/find?number={key}' } },
      listener: { ...listener, port: 0 },
      appliance: account,
      setup: { done: true },
    }
    await withWeb(policy, async (web) => {
      const { app } = web
      await until(() => app.getState().appliance.status === 'ready', 'the appliance answers')
      appliance.addRecipient(app.recipientUrl() ?? '', { retryIntervalMs: 50 })
      for (const draft of lastHour(appliance)) appliance.post(draft)
      await appliance.idle()
      await until(() => app.getState().alerts.length > 0, 'what happened meanwhile is told')
      const you = findOwner(appliance.world, `rep:${YOU}`)
      appliance.startSession({
        queue: findOwner(appliance.world, 'team:5'),
        customer: customerOf(appliance, 'Nadia Benali'),
      })
      const bjorn = appliance.startSession({ queue: you, customer: customerOf(appliance, 'Björn Åkesson') })
      await until(() => app.getState().sessions.some(({ lsid }) => lsid === bjorn.lsid), 'the last session')
      await until(() => app.getState().alerts.length > 2, 'it is told')
      await take(browser, PICTURES.filter(isWanted), web, site)
    })
  } finally {
    await browser.close()
    await appliance.close()
    await api.close()
  }
}

await main()
