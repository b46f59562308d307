/** The whole application before the simulated appliance: browser mode, its window in Chromium, and a keyboard. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright'
import { createApi, type Api, type ApiOptions } from '../appliance/api.ts'
import { createAppliance, type Appliance } from '../appliance/appliance.ts'
import type { GenerationName } from '../appliance/generation.ts'
import { atEnd } from '../at-end.ts'
import { until } from '../electron/until.ts'
import { temporaryFolder } from '../integration/support.ts'
import { start, type StartedWeb } from '../integration/web-support.ts'
import { createKeys, PATIENCE, type Keys } from './keys.ts'

const root = resolve(import.meta.dirname, '../..')

/** All of WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

export interface StageOptions {
  readonly generation: GenerationName
  readonly past?: number
  readonly api?: Partial<ApiOptions>
  /** Of the application, once it is known where the appliance is. */
  readonly policy: (host: string) => Readonly<Record<string, unknown>>
}

export interface Stage {
  readonly appliance: Appliance
  readonly api: Api
  /** The appliance's address. */
  readonly host: string
  readonly web: StartedWeb
  readonly page: Page
  readonly keys: Keys
  readonly button: (name: string) => Locator
  /** The folder for downloads. */
  readonly downloads: string
  /** What was copied, once it is this. */
  copied(what: RegExp): Promise<string>
  /** Fails if axe finds anything wrong in what is shown, in either theme. */
  flawless(): Promise<void>
  /** What the browser has been told about notifications. */
  letNotify(setting: 'prompt' | 'granted'): Promise<unknown>
}

/** Sets the stage; all of it ends with the test, which fails if a mouse was used or anything went wrong in the window. */
export async function setStage(
  t: TestContext,
  browser: Browser,
  { generation, past = 0, api: apiOptions = {}, policy }: StageOptions,
): Promise<Stage> {
  const appliance = createAppliance({ seed: 7, pastSessions: past })
  atEnd(t, () => appliance.close())
  const api = createApi({ appliance, generation, publicUrl: 'served', ...apiOptions })
  atEnd(t, () => api.close())
  const host = await api.listen(0)
  const home = temporaryFolder(t)
  const downloads = join(home, 'Downloads')
  mkdirSync(downloads)
  moveTo(home)
  const web = await start(t, { rendererDir: join(root, 'dist/renderer'), policy: policy(host) })

  const context = await browser.newContext({
    viewport: { width: 1100, height: 720 },
    locale: 'en-GB',
  })
  atEnd(t, () => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  await page.exposeFunction('noteMouse', (event: string) => faults.push(`by mouse: ${event}`))
  await page.addInitScript(watchMouse)
  atEnd(t, () => assert.deepEqual(faults, []))

  const session = await browser.newBrowserCDPSession()
  const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo')
  // Playwright's own way would deny all that it does not grant, and with it what a page may do when a key is pressed.
  const permit = (name: string, setting: 'prompt' | 'granted') =>
    session.send('Browser.setPermission', {
      permission: { name },
      setting,
      origin: new URL(web.link).origin,
      browserContextId: targetInfo.browserContextId ?? '',
    })
  // For the test, which has to read what was copied.
  await permit('clipboard-read', 'granted')

  return {
    appliance,
    api,
    host,
    web,
    page,
    keys: createKeys(page),
    button: (name) => page.getByRole('button', { name, exact: true }),
    downloads,
    copied: (what) =>
      until(
        async () => {
          const text = await page.evaluate(() => navigator.clipboard.readText())
          return what.test(text) ? text : null
        },
        `${String(what)} on the clipboard`,
        PATIENCE,
      ),
    flawless: () => flawless(page),
    letNotify: (setting) => permit('notifications', setting),
  }
}

/** The folder for downloads follows from the home of who runs this, which is this process alone. */
function moveTo(home: string): void {
  for (const name of ['HOME', 'USERPROFILE']) process.env[name] = home
  delete process.env['XDG_CONFIG_HOME']
}

declare global {
  interface Window {
    readonly noteMouse: (event: string) => void
  }
}

/** Runs in the page: nothing here may be done with a mouse. */
function watchMouse(): void {
  for (const name of ['pointerdown', 'mousedown', 'mousemove', 'wheel', 'touchstart'])
    window.addEventListener(name, () => window.noteMouse(name), { capture: true, passive: true })
}

async function flawless(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1100, height: 720 }
  // What is scrolled out of sight is hidden to axe, so the window is made as high as its contents.
  await page.setViewportSize({ ...size, height: 4000 })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations, passes } = await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ runOnly: { type: 'tag', values: RULES }, rules: { 'target-size': { enabled: true } } })
      .analyze()
    assert.ok(passes.length > 0, 'axe has looked')
    assert.deepEqual(
      violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}, ${colorScheme}: ${node.html.slice(0, 200)}`)),
      [],
    )
  }
  await page.emulateMedia({ colorScheme: null })
  await page.setViewportSize(size)
}
