/**
 * A window of the double in a real Chromium: the application's own page, preload and headers. What Chromium cannot do
 * outside Electron is replaced: app:// becomes an https origin whose requests the application's protocol handler
 * answers, and `require('electron')` in the preload gives a small contextBridge and ipcRenderer.
 */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright'
import { APP_ORIGIN } from '../../preload/contract.ts'
import type { Answered } from './wire.ts'

/** Where Chromium finds what Electron has under app://. Nothing of it is ever asked of a network. */
const PAGE_ORIGIN = 'https://rep-tray.test'

export interface PageLinks {
  /** Asks the application for a file of the page. */
  readonly request: (url: string, method: string) => Promise<Answered>
  /** The preload sent something. */
  readonly ipc: (kind: 'send' | 'invoke', channel: string, args: readonly unknown[]) => Promise<unknown>
  /** The page closed itself. */
  readonly closed: () => void
  /** The page asked for something that is not its own. */
  readonly leak: (url: string) => void
}

declare global {
  interface Window {
    doubleToMain: (kind: string, channel: string, args: readonly unknown[]) => Promise<unknown>
    doubleFromMain: (channel: string, args: readonly unknown[]) => void
  }
}

/** Runs in the page, before its scripts: what Electron puts around a sandboxed preload. Returns its `require`. */
function electronInPage(): (name: string) => unknown {
  const { doubleToMain } = window
  const listeners = new Map<string, Set<(event: object, ...args: readonly unknown[]) => void>>()
  type Any = (...args: readonly unknown[]) => unknown

  /** Values cross the bridge as copies, functions as proxies. */
  const cross = (value: unknown): unknown => {
    if (typeof value === 'function') return (...args: readonly unknown[]) => cross((value as Any)(...args.map(cross)))
    if (value instanceof Promise) return value.then(cross)
    if (typeof value !== 'object' || value === null) return value
    if (Object.values(value).some((inner) => typeof inner === 'function')) {
      return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cross(inner)])))
    }
    return structuredClone(value)
  }

  const contextBridge = {
    exposeInMainWorld: (name: string, api: unknown) =>
      void Object.defineProperty(window, name, { value: cross(api), enumerable: true }),
  }
  const ipcRenderer = {
    on: (channel: string, listener: Any) =>
      void listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    off: (channel: string, listener: Any) => void listeners.get(channel)?.delete(listener),
    send: (channel: string, ...args: readonly unknown[]) => void doubleToMain('send', channel, structuredClone(args)),
    invoke: (channel: string, ...args: readonly unknown[]) => doubleToMain('invoke', channel, structuredClone(args)),
  }
  window.doubleFromMain = (channel, args) => {
    for (const listener of listeners.get(channel) ?? []) listener({ sender: ipcRenderer }, ...args)
  }
  // In Electron this closes the BrowserWindow.
  window.close = () => void doubleToMain('close', '', [])
  return (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`)
    return { contextBridge, ipcRenderer }
  }
}

/** Only the main frame has the preload. */
function preloadSource(file: string): string {
  const body = `(function (require, module, exports) { ${readFileSync(file, 'utf8')}\n })`
  return `if (window === window.top) { ${body}((${electronInPage.toString()})(), { exports: {} }, {}) }`
}

/** Opens `url` as a window of Electron would. Rejects if the page cannot be loaded. */
export async function openPage(browser: Browser, url: string, preload: string, links: PageLinks): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 420, height: 640 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await context.route('**/*', async (route) => {
    const request = route.request()
    if (!request.url().startsWith(`${PAGE_ORIGIN}/`)) {
      links.leak(request.url())
      await route.abort()
      return
    }
    const answered = await links.request(request.url().replace(PAGE_ORIGIN, APP_ORIGIN), request.method())
    await route.fulfill({ status: answered.status, headers: { ...answered.headers }, body: Buffer.from(answered.body) })
  })
  await page.exposeBinding('doubleToMain', async (source, kind: string, channel: string, args: readonly unknown[]) => {
    if (source.frame !== page.mainFrame()) throw new Error('Only the main frame has a preload')
    if (kind === 'close') return links.closed()
    return links.ipc(kind === 'invoke' ? 'invoke' : 'send', channel, args)
  })
  await page.addInitScript(preloadSource(preload))
  const response = await page.goto(url.replace(APP_ORIGIN, PAGE_ORIGIN))
  if (response?.ok() !== true) throw new Error(`${url}: ${response?.status()}`)
  return page
}
