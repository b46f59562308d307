/**
 * Opens the built window in Chromium under the production CSP, with a bridge that the test drives: it pushes States and
 * answers commands. A window that logs an error, breaks the CSP or throws fails its test when it is closed.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright'
import { build } from 'vite'
import { contentSecurityPolicy } from '../../main/shell/csp.ts'
import type { Command, Place, Reply, State } from '../../preload/contract.ts'
import { installBridge, type Permission } from './fake-bridge.ts'
import { NOW, state as emptyState } from './states.ts'

export const ORIGIN = 'http://rep-tray.test'

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

/** Answers a command; undefined: as a main would that agrees to everything. */
export type Answer = (command: Command) => Reply | undefined | Promise<Reply | undefined>

export interface WindowOptions extends Omit<BrowserContextOptions, 'viewport'> {
  /** The first State; null: none is sent. */
  readonly state?: State | null
  readonly answer?: Answer
  /** Browser mode: the browser's permission for notifications. */
  readonly permission?: Permission
  readonly viewport?: { readonly width: number; readonly height: number }
  /** The window for a quick lookup instead of the main one. */
  readonly quick?: boolean
  /** True: the clock runs, and `page.clock` can wind it on. Otherwise it stands at NOW. */
  readonly clockRuns?: boolean
}

export interface TestWindow {
  readonly page: Page
  /** All that the window has asked for, oldest first. */
  readonly commands: readonly Command[]
  /** Sends a State and waits until it has been drawn. */
  readonly push: (state: State) => Promise<void>
  readonly link: (up: boolean) => Promise<void>
  /** Replaces how commands are answered. */
  readonly answer: (answer: Answer) => void
  /** Commands of one type. */
  readonly asked: <Type extends Command['type']>(type: Type) => readonly Extract<Command, { type: Type }>[]
  /** Takes faults that match for what they are: provoked by the test. */
  readonly forgive: (fault: RegExp) => void
  /** Ends the window and fails if anything went wrong in it. */
  readonly close: () => Promise<void>
}

export interface Lab {
  /** The window's files as they are shipped. */
  readonly files: ReadonlyMap<string, string | Uint8Array>
  readonly open: (options?: WindowOptions) => Promise<TestWindow>
  /** Opens a window for `body` alone; fails if `body` does or if anything went wrong in the window. */
  readonly use: (options: WindowOptions, body: (window: TestWindow) => Promise<void>) => Promise<void>
  readonly close: () => Promise<void>
}

/** Builds the window and starts a browser; once for a file of tests. */
export async function createLab(): Promise<Lab> {
  const [files, browser] = await Promise.all([buildWindow(), launch()])
  // A new page costs more than most tests, so pages are used again; each window is loaded anew in one.
  const idle = new Map<string, Slot[]>()

  async function open(options: WindowOptions = {}): Promise<TestWindow> {
    const { state: _, answer: __, permission: ___, viewport: ____, quick: _____, ...kind } = options
    const slots = idle.get(JSON.stringify(kind)) ?? []
    idle.set(JSON.stringify(kind), slots)
    const slot = slots.pop() ?? (await openSlot(browser, files, kind))
    return openWindow(slot, options, () => slots.push(slot))
  }

  return {
    files,
    open,
    async use(options, body) {
      const window = await open(options)
      await body(window)
      await window.close()
    },
    close: () => browser.close(),
  }
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** The window's files, built as they are shipped but kept in memory. */
async function buildWindow(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const output = await build({
    configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
    logLevel: 'warn',
    build: { write: false },
  })
  assert.ok(!Array.isArray(output) && 'output' in output)
  return new Map(output.output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]))
}

/** A page, and what stands in for main behind it at the time. */
interface Slot {
  readonly page: Page
  main: {
    /** The script that puts the bridge into the page. */
    readonly bridge: string
    readonly command: (command: Command) => Promise<Reply>
    readonly fault: (fault: string) => void
  } | null
}

async function openSlot(
  browser: Browser,
  files: ReadonlyMap<string, string | Uint8Array>,
  { clockRuns = false, ...contextOptions }: WindowOptions,
): Promise<Slot> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...contextOptions })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  const slot: Slot = { page, main: null }
  const fault = (text: string): void => slot.main?.fault(text)

  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') fault(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => fault(`exception: ${error.message}`))
  await page.exposeFunction('fakeMain', (command: Command) => slot.main?.command(command))
  await page.exposeFunction('fakeFault', fault)
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url())
    const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1)
    const body = name === 'bridge.js' ? slot.main?.bridge : files.get(name)
    if (url.origin !== ORIGIN || body === undefined) {
      fault(`request: ${url.href}`)
      await route.fulfill({ status: 404 })
      return
    }
    await route.fulfill({
      // The bridge's script comes first, as browser mode has it.
      body:
        typeof body === 'string'
          ? body.replace('<script ', '<script src="./bridge.js"></script><script ')
          : Buffer.from(body),
      contentType: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      headers: { 'content-security-policy': contentSecurityPolicy() },
    })
  })
  await (clockRuns ? page.clock.install({ time: NOW }) : page.clock.setFixedTime(NOW))
  return slot
}

async function openWindow(slot: Slot, options: WindowOptions, release: () => void): Promise<TestWindow> {
  const { state = emptyState(), permission = null, quick = false } = options
  const { viewport = quick ? { width: 520, height: 420 } : { width: 420, height: 640 } } = options
  const { page } = slot
  const commands: Command[] = []
  const faults: string[] = []
  const forgiven: RegExp[] = []
  let answer: Answer = options.answer ?? (() => undefined)

  slot.main = {
    bridge: `(${installBridge.toString()})(${JSON.stringify({ state, permission })})`,
    command: async (command) => {
      commands.push(command)
      return (await answer(command)) ?? agree(command)
    },
    fault: (fault) => faults.push(fault),
  }
  if (options.clockRuns !== true) await page.clock.setFixedTime(NOW)
  await page.mouse.move(0, 0)
  await page.setViewportSize(viewport)
  await page.goto(`${ORIGIN}/${quick ? '#quick' : ''}`)
  if (state !== null) await page.getByRole(quick ? 'combobox' : 'navigation').waitFor()

  return {
    page,
    commands,
    async push(next) {
      await page.evaluate(async (value) => {
        window.fake.push(value)
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
      }, next)
    },
    link: (up) => page.evaluate((value) => window.fake.link(value), up),
    answer(next) {
      answer = next
    },
    asked: <Type extends Command['type']>(type: Type) =>
      commands.filter((command): command is Extract<Command, { type: Type }> => command.type === type),
    forgive(fault) {
      forgiven.push(fault)
    },
    async close() {
      await page.evaluate(() => localStorage.clear())
      await page.goto('about:blank')
      slot.main = null
      assert.deepEqual(
        faults.filter((fault) => !forgiven.some((one) => one.test(fault))),
        [],
      )
      release()
    },
  }
}

/** What main answers when nothing stands against it. */
function agree(command: Command): Reply {
  if (command.type === 'session.copy' || command.type === 'recipient.copy' || command.type === 'recipient.renew')
    return { ok: true, value: { text: 'copied text', copied: true } }
  if (command.type === 'report.open' || command.type === 'ticket.open')
    return { ok: true, value: { url: 'https://support.example.com/', opened: true } }
  return { ok: true, value: LISTS.has(command.type) ? [] : null }
}

/** Commands that are answered with a list. */
const LISTS: ReadonlySet<Command['type']> = new Set([
  'activity.list',
  'lookup.search',
  'quarantine.list',
  'journal.backups',
  'me.candidates',
  'listener.test',
  'appliance.check',
])

/** Waits until `condition` holds; fails with `what` after five seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 5000
  while (!(await condition())) {
    if (Date.now() > deadline) assert.fail(`waited in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 15))
  }
}

/** What axe finds wrong in what is shown now, a line each: the rule and where. */
export async function flaws(page: Page): Promise<readonly string[]> {
  // What is scrolled out of sight is hidden to axe, so the window is made as high as its contents.
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 420, height: 6000 })
  // Without its frames: there are none, and looking into them would take a page of their own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  )
}

/** The place of a session. */
export function at(lsid: string): Place {
  return { view: 'session', lsid }
}
