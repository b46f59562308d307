import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright'
import { rolldown } from 'rolldown'
import type { Bridge, Reply, State } from '../../preload/contract.ts'
import { launchChromium } from '../electron/browser.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { ask, temporaryFolder } from './support.ts'
import { makeWindow, start, type StartedWeb } from './web-support.ts'

/** What the window of these tests keeps of what its bridge says, and what it was given instead of the browser's own. */
declare global {
  interface Window {
    readonly repTray: Bridge
    readonly states: State[]
    readonly links: boolean[]
    readonly sockets: WebSocket[]
    readonly notes: { title: string; tag: string; silent: boolean; closed: boolean; click: () => void }[]
  }
}

const INDEX = `
  Object.assign(window, { states: [], links: [] })
  window.repTray.connect((state) => window.states.push(state), (up) => window.links.push(up))`

let browser: Browser
let bridge: string

before(async () => {
  const bundle = await rolldown({ input: join(import.meta.dirname, '../../preload/web.ts'), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'iife', codeSplitting: false })
  bridge = output[0].code
  await bundle.close()
  browser = await launchChromium()
})
after(() => browser.close())

/** Runs before the page's scripts: connections can be cut, notifications are noted. */
function prepare(): void {
  const sockets: WebSocket[] = []
  const notes: Window['notes'][number][] = []
  Object.assign(window, { sockets, notes })
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      sockets.push(this)
    }
  }
  class Noted extends EventTarget {
    static readonly permission = 'granted'
    readonly note: Window['notes'][number]
    constructor(title: string, { tag = '', silent = false }: NotificationOptions) {
      super()
      this.note = {
        title,
        tag,
        silent: silent === true,
        closed: false,
        click: () => this.dispatchEvent(new Event('click')),
      }
      notes.push(this.note)
    }
    close() {
      this.note.closed = true
    }
  }
  Object.assign(window, { Notification: Noted })
}

interface Opened {
  readonly web: StartedWeb
  readonly context: BrowserContext
  readonly page: Page
  /** The newest State that the window has. */
  readonly latest: () => Promise<State | undefined>
  readonly post: (event: string, own: Readonly<Record<string, string>>) => Promise<void>
  /** What went wrong in the page. The test fails if there is anything left in it. */
  readonly faults: string[]
}

/** Starts browser mode with the real bridge, and follows its link in Chromium. */
async function open(t: TestContext): Promise<Opened> {
  const rendererDir = makeWindow(temporaryFolder(t), { 'bridge.js': bridge, 'index.js': INDEX })
  const policy = { 'me.repId': '12', 'ticket.url': 'https://tickets.example.com/find?n={key}' }
  const web = await start(t, { rendererDir, policy })
  const context = await browser.newContext()
  atEnd(t, () => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('WebSocket')) faults.push(message.text())
  })
  atEnd(t, () => assert.deepEqual(faults, []))
  await page.addInitScript(prepare)
  await page.goto(web.link)
  const latest = () => page.evaluate(() => window.states.at(-1))
  await until(latest, 'the State in the page')
  const post: Opened['post'] = async (event, own) => {
    const url = new URL(web.app.recipientUrl() ?? '')
    const body = new URLSearchParams({ event, ...own }).toString()
    const path = `${url.pathname}${url.search}`
    assert.equal((await ask({ port: Number(url.port), path, method: 'POST', body })).status, 200)
  }
  return { web, context, page, latest, post, faults }
}

test('the link opens the window, and leaves no trace of its token in the page', async (t) => {
  const { web, page, context, latest, post } = await open(t)
  assert.equal(page.url(), `http://127.0.0.1:${web.port}/`)
  const visible = await page.evaluate(() =>
    [document.cookie, document.referrer, location.href, document.documentElement.outerHTML].join(' '),
  )
  assert.equal(visible.includes(web.token), false)
  assert.equal(visible.includes('rep-tray-'), false, 'no script sees the cookie')
  const [cookie, ...others] = await context.cookies()
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.expires, others.length], [true, 'Strict', -1, 0])
  await page.goBack()
  assert.equal(page.url().includes(web.token), false)
  await page.goto(`http://127.0.0.1:${web.port}/`)
  await post('support_conference_begin', { lsid: 'session-1' })
  await until(async () => (await latest())?.sessions.length === 1, 'the session in the page')
})

test('the bridge cannot be replaced, and its page can load nothing else', async (t) => {
  const { page, faults } = await open(t)
  const tried = await page.evaluate(async () => {
    const fails = async (work: () => unknown) => {
      try {
        await work()
        return false
      } catch {
        return true
      }
    }
    const image = (src: string) =>
      new Promise((resolve, reject) => {
        const made = Object.assign(new Image(), { src })
        made.addEventListener('load', resolve)
        made.addEventListener('error', reject)
      })
    return {
      replaced: await fails(() => Object.defineProperty(window, 'repTray', { value: 1 })),
      fetched: await fails(() => fetch('/index.js')),
      elsewhere: await fails(() => fetch('http://127.0.0.1:1/')),
      inline: await fails(() => {
        document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.inline = true' }))
        if (!('inline' in window)) throw new Error('It did not run.')
      }),
      pictured: await fails(() => image('http://127.0.0.1:1/x.png')),
    }
  })
  assert.deepEqual(tried, { replaced: true, fetched: true, elsewhere: true, inline: true, pictured: true })
  assert.ok(faults.some((fault) => fault.includes('Content Security Policy')))
  faults.length = 0
})

test('a page of another origin on this computer gets nothing, though the browser sends it the cookie', async (t) => {
  const { web, context } = await open(t)
  const foreign = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<html>'))
  await new Promise<void>((resolve) => void foreign.listen(0, '127.0.0.1', resolve))
  atEnd(t, () => foreign.close().closeAllConnections())
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
  const found = await page.evaluate(async (target) => {
    const ends = (url: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url)
        socket.addEventListener('open', () => resolve('open'))
        socket.addEventListener('close', () => resolve('closed'))
      })
    const loads = (tag: 'script' | 'img', src: string) =>
      new Promise<string>((resolve) => {
        const element = Object.assign(document.createElement(tag), { src })
        element.addEventListener('load', () => resolve('loaded'))
        element.addEventListener('error', () => resolve('failed'))
        document.documentElement.append(element)
      })
    const fetches = (init: RequestInit) =>
      fetch(`http://${target}/`, { credentials: 'include', ...init }).then(
        () => 'fetched',
        () => 'failed',
      )
    return {
      socket: await ends(`ws://${target}/bridge`),
      script: await loads('script', `http://${target}/index.js`),
      picture: await loads('img', `http://${target}/icon.svg`),
      cors: await fetches({}),
      opaque: await fetches({ mode: 'no-cors' }),
    }
  }, `127.0.0.1:${web.port}`)
  assert.deepEqual(found, { socket: 'closed', script: 'failed', picture: 'failed', cors: 'failed', opaque: 'failed' })
})

test('a connection that is lost is told, answered for, and made again by itself', async (t) => {
  const { page, latest, post } = await open(t)
  const seen = await page.evaluate(async () => {
    // Already under way when the connection goes, and asked while there is none.
    const cut = window.sockets.at(-1)
    cut?.close()
    const underWay = window.repTray.command({ type: 'notification.test' })
    await new Promise<void>((resolve) => {
      cut?.addEventListener('close', () => resolve())
    })
    return [await underWay, await window.repTray.command({ type: 'notification.test' })] as Reply[]
  })
  for (const reply of seen)
    assert.deepEqual(reply, { ok: false, message: 'Rep Tray cannot be reached. Is it still running?' })
  // The first connection may be there before anybody listens.
  await until(() => page.evaluate(() => window.links.join().endsWith('false,true')), 'the connection to be back')
  await post('support_conference_begin', { lsid: 'meanwhile' })
  await until(async () => (await latest())?.sessions.some(({ lsid }) => lsid === 'meanwhile'), 'the session')
  const { ok } = await page.evaluate(() => window.repTray.command({ type: 'session.get', lsid: 'meanwhile' }))
  assert.ok(ok)
})

test('new alerts are shown once, and taken away when they are read', async (t) => {
  const { page, post, web } = await open(t)
  const notes = () => page.evaluate(() => window.notes.map(({ title, silent, closed }) => ({ title, silent, closed })))
  const mine = { conference_id: 'rep:12', conference_name: 'John Smith' }
  await post('support_conference_begin', { lsid: 's' })
  await post('support_conference_owner_changed', { lsid: 's', conference_id: 'rep:7', conference_name: 'Ann' })
  await post('support_conference_owner_changed', { lsid: 's', ...mine })
  await until(async () => (await notes()).length === 1, 'the notification')
  assert.equal((await notes())[0]?.closed, false)

  // After a reload what was there before is only in the list.
  await page.reload()
  await until(() => page.evaluate(() => window.states.length > 0), 'the State')
  await post('support_conference_begin', { lsid: 'other' })
  await post('support_conference_owner_changed', { lsid: 'other', conference_id: 'rep:7', conference_name: 'Ann' })
  await post('support_conference_owner_changed', { lsid: 'other', ...mine })
  await until(async () => (await notes()).length > 0, 'the second notification')
  assert.equal((await notes()).length, 1)

  await page.evaluate(() => window.notes[0]?.click())
  await until(async () => (await notes())[0]?.closed === true, 'it to be taken away')
  const { goTo, alerts } = web.app.getState()
  assert.deepEqual(goTo?.place, { view: 'session', lsid: 'other' })
  assert.equal(alerts.find(({ lsid }) => lsid === 'other')?.read, true)
})

test('text is put on the clipboard by the page, or handed to the window to be copied by hand', async (t) => {
  const { page, context, web } = await open(t)
  const copy = () => page.evaluate(() => window.repTray.command({ type: 'recipient.copy' }))
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://127.0.0.1:${web.port}` })
  await page.bringToFront()
  const reply = await copy()
  assert.deepEqual(reply, { ok: true, value: { text: web.app.recipientUrl(), copied: true } })
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), web.app.recipientUrl())
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'))
  })
  assert.deepEqual(await copy(), { ok: true, value: { text: web.app.recipientUrl(), copied: false } })
})

test('a page is opened by the page, apart from it, or handed to the window to be opened by hand', async (t) => {
  const { page, latest, post } = await open(t)
  await post('support_conference_begin', { lsid: 's', external_key: 'INC 1' })
  await until(async () => (await latest())?.sessions[0]?.externalKey, 'the key')
  const url = 'https://tickets.example.com/find?n=INC%201'
  await page.evaluate(() => {
    const opened: unknown[] = []
    Object.assign(window, { opened, open: (...args: unknown[]) => void opened.push(args) })
  })
  const openTicket = () => page.evaluate(() => window.repTray.command({ type: 'ticket.open', lsid: 's' }))
  const opened = () => page.evaluate(() => (window as unknown as { opened: unknown[] }).opened)
  assert.deepEqual(await openTicket(), { ok: true, value: { url, opened: true } })
  assert.deepEqual(await opened(), [[url, '_blank', 'noopener,noreferrer']])

  // What nobody clicked for, the browser would block.
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'userActivation', { value: { isActive: false }, configurable: true }),
  )
  assert.deepEqual(await openTicket(), { ok: true, value: { url, opened: false } })
  await page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: true } }))

  // Whatever came over the connection.
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://example.com/', 'x', '']) {
    const answer = await page.evaluate(async (given) => {
      const socket = window.sockets.at(-1)
      if (socket === undefined) throw new Error('There is no connection')
      socket.send = (data) => {
        const { id } = JSON.parse(data as string) as { id: number }
        const message = { id, reply: { ok: true, value: { url: given, opened: false } } }
        socket.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }))
      }
      return window.repTray.command({ type: 'ticket.open', lsid: 's' })
    }, bad)
    assert.deepEqual(answer, { ok: true, value: { url: bad, opened: false } })
  }
  assert.equal((await opened()).length, 1)
})

test('an old link, or none, opens nothing', async (t) => {
  const { context, web } = await open(t)
  const stranger = await browser.newContext()
  atEnd(t, () => stranger.close())
  const page = await stranger.newPage()
  for (const path of ['/', '/?token=of-yesterday']) {
    const response = await page.goto(`http://127.0.0.1:${web.port}${path}`)
    assert.equal(response?.status(), 403)
    assert.match(await page.content(), /This link does not open Rep Tray/)
  }
  assert.equal((await stranger.cookies()).length, 0)
  assert.equal((await context.cookies()).length, 1)
})
