import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright'
import { launchChromium } from '../electron/browser.ts'
import { ME, giveToMe, post, transferToMe } from '../electron/events.ts'
import { build, launch, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

let browser: Browser
before(async () => {
  build()
  browser = await launchChromium()
})
after(() => browser.close())

const board = (page: Page) => page.getByRole('main').innerText()
const click = (app: Launched, index: number) =>
  app.evaluate(({ notifications }, wanted) => notifications[wanted]?.click(), index)
const openFromTray = (app: Launched) => app.evaluate(({ trays }) => void trays[0]?.emit('click'))
const countOf = (app: Launched, method: string) => app.calls.filter((call) => call.method === method).length

test('an event is on the board at once; a click on its notification leads to its session', async (t) => {
  const app = launch(t, { browser, policy: ME, args: ['--hidden'] })
  const recipient = await app.recipient()
  await transferToMe(recipient, 'lsid-of-jane', 'Jane Doe')
  await transferToMe(recipient, 'lsid-of-john', 'John Roe')
  await until(() => app.evaluate(({ notifications }) => notifications.length === 2), 'both notifications')

  await click(app, 0)
  const page = await app.page()
  await page.getByText('lsid-of-jane').first().waitFor()
  await click(app, 1)
  await page.getByText('lsid-of-john').first().waitFor()

  await page.keyboard.press('Control+1')
  await giveToMe(recipient, 'lsid-without-a-name')
  await post(recipient, 'support_conference_member_added', {
    lsid: 'lsid-without-a-name',
    type: 'customer',
    display_name: 'Late Comer',
  })
  await page.getByText('Late Comer').first().waitFor()
  assert.deepEqual(app.leaks, [])
})

test('a followed link opens the quick lookup with its ticket; Enter shows the session in the main window', async (t) => {
  const app = launch(t, { browser, policy: ME, args: ['--hidden', 'rep-tray://ticket/INC0010023'] })
  const recipient = await app.recipient()
  const quick = await app.page()
  const field = quick.getByRole('combobox')
  await field.waitFor()
  assert.equal(await field.inputValue(), 'INC0010023')
  await quick.getByText('0 sessions known here').waitFor()
  await post(recipient, 'support_conference_begin', { lsid: 'lsid-of-jane', external_key: 'INC0010023' })
  const jane = { type: 'customer', display_name: 'Jane Doe', external_key: 'INC0010023' }
  await post(recipient, 'support_conference_member_added', { lsid: 'lsid-of-jane', ...jane })

  await quick.keyboard.press('Escape')
  await until(() => countOf(app, 'hide') === 1, 'the end of the lookup')
  await app.evaluate(({ electron }) => electron.clipboard.writeText('INC0010023'))
  await until(async () => {
    await app.evaluate(({ trays: [tray] }) =>
      tray
        ?.menu()
        ?.items.find(({ label }) => label === 'Look up ticket…')
        ?.press(),
    )
    return quick
      .getByRole('option', { name: 'Jane Doe', selected: true })
      .waitFor({ timeout: 500 })
      .then(
        () => true,
        () => false,
      )
  }, 'the session, once it is in the index')
  await field.press('Enter')
  await until(() => countOf(app, 'hide') === 2, 'the end of the lookup')
  const main = await app.page()
  await main.getByRole('heading', { name: 'Jane Doe' }).waitFor()
  assert.notEqual(main, quick)
  assert.deepEqual(app.leaks, [])
})

test('the window is rebuilt with nothing lost', async (t) => {
  const app = launch(t, { browser, policy: ME })
  const recipient = await app.recipient()
  const first = await app.page()
  await transferToMe(recipient, 'lsid-1', 'Jane Doe')
  await first.getByText('Jane Doe').first().waitFor()

  await first.evaluate(() => window.close())
  await until(() => countOf(app, 'hide') === 1, 'the hidden window')
  await until(() => app.evaluate(({ timers }) => timers.fire(60_000) === 1), 'the end of the window')
  await until(() => first.isClosed(), 'the end of the page')
  await transferToMe(recipient, 'lsid-2', 'John Roe')

  await openFromTray(app)
  await until(() => countOf(app, 'loadURL') === 2, 'a new window')
  const second = await app.page()
  await second.getByText('John Roe').first().waitFor()
  assert.match(await board(second), /Jane Doe/)
})

test('the page has the bridge, and nothing else of Electron', async (t) => {
  const app = launch(t, { browser })
  const page = await app.page()
  await page.waitForFunction(() => document.querySelector('main') !== null)
  const found = await page.evaluate(() => ({
    bridge: Object.keys(window.repTray ?? {}).toSorted(),
    frozen: Object.isFrozen(window.repTray),
    strange: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window),
  }))
  assert.deepEqual(found, { bridge: ['command', 'connect'], frozen: true, strange: [] })
})

test('the policy of the page holds: no network, nothing inline, no frames, no eval', async (t) => {
  const app = launch(t, { browser })
  const page = await app.page()
  await page.waitForFunction(() => document.querySelector('main') !== null)
  const violations = await page.evaluate(async () => {
    const blocked: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective))
    const add = (tag: string, properties: object) =>
      document.body.append(Object.assign(document.createElement(tag), properties))
    await fetch('https://example.com/').catch(() => {})
    await fetch('/index.html').catch(() => {})
    add('script', { textContent: 'window.inlineRan = true' })
    add('script', { src: 'https://example.com/evil.js' })
    add('style', { textContent: 'body { color: red }' })
    add('iframe', { src: 'https://example.com/' })
    add('img', { src: 'https://example.com/pixel.png' })
    // Later, since what the test itself runs may do this.
    setTimeout(() => {
      // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- that it fails is the point
      new Function('window.evalRan = true')()
    }, 0)
    const deadline = performance.now() + 5000
    while (new Set(blocked).size < 6 && performance.now() < deadline) await new Promise(requestAnimationFrame)
    return { blocked: [...new Set(blocked)].toSorted(), ran: 'inlineRan' in window || 'evalRan' in window }
  })
  assert.equal(violations.ran, false)
  assert.deepEqual(violations.blocked, [
    'connect-src',
    'frame-src',
    'img-src',
    'script-src',
    'script-src-elem',
    'style-src-elem',
  ])
  assert.deepEqual(app.leaks, [])
})

test('a setting that the rep changes in the window reaches the desktop, and is there after a new start', async (t) => {
  const app = launch(t, { browser })
  const page = await app.page()
  const reply = await page.evaluate(() =>
    window.repTray?.command({ type: 'settings.set', key: 'window.theme', value: 'dark' }),
  )
  assert.deepEqual(reply, { ok: true, value: null })
  await until(() => app.evaluate(({ electron }) => electron.nativeTheme.themeSource === 'dark'), 'the dark theme')
  await app.quit()

  const again = launch(t, { dataDir: app.dataDir, args: ['--hidden'] })
  await again.recipient()
  assert.equal(await again.evaluate(({ electron }) => electron.nativeTheme.themeSource), 'dark')
})

test('what the window paints first is what the page paints then', async (t) => {
  for (const theme of ['light', 'dark'] as const) {
    const app = launch(t, { browser, policy: { 'window.theme': theme } })
    const page = await app.page()
    await page.emulateMedia({ colorScheme: theme })
    await page.waitForFunction(() => document.querySelector('main') !== null)
    const painted = await page.evaluate(() => {
      const rgb = getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
      return `#${rgb.map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`
    })
    const background = await app.evaluate((world) => world.windows[0]?.options.backgroundColor)
    assert.equal(painted, background, theme)
  }
})
