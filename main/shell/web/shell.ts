/** Browser mode's shell: pages, bridge, and notifications by the browser that has the page open. */
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import open from 'open'
import type { Alert } from '../../../preload/contract.ts'
import { openable } from '../openable.ts'
import type { AppHandle, Shell } from '../port.ts'
import { createWebBridge } from './bridge.ts'
import { downloadsFolder } from './downloads.ts'
import { createPages } from './pages.ts'

export interface WebShellOptions {
  /** The built window. */
  readonly rendererDir: string
  /** There is a desktop with a browser, and it is wanted. */
  readonly canOpen: boolean
  readonly onQuit: () => void
}

export interface WebShell extends Shell {
  /** Serves the page; if the port is taken, on any free one. Resolves with the link. */
  start(port: number): Promise<string>
  stop(): Promise<void>
}

/** @see WebShell */
export function createWebShell(app: AppHandle, options: WebShellOptions): WebShell {
  const pages = createPages(options.rendererDir)
  const bridge = createWebBridge(pages.server, pages, app, (count) => {
    if (count > 0) app.report('window.closed', null)
  })

  /** In the desktop's browser, or its program for folders. */
  async function show(target: string): Promise<boolean> {
    if (!options.canOpen) return false
    try {
      await open(target)
      return true
    } catch {
      return false
    }
  }

  return {
    kind: 'browser',
    // The page finds new alerts in State and shows them itself (preload/web.ts). It only has to be open.
    notify: (_alert: Alert) => {
      if (bridge.count() > 0) return
      app.report('window.closed', {
        severity: 'warning',
        title: 'A notification could not be shown',
        detail: 'In browser mode notifications come from the Rep Tray page: keep it open.',
        dismissible: true,
      })
    },
    dismiss: () => {},
    drawTray: () => {},
    showWindow: () => {
      if (bridge.count() === 0) void show(pages.onceLink())
    },
    // There is one window, the page; its lookup does the same.
    showQuick: () => false,
    hideQuick: () => {},
    copy: () => Promise.resolve(false),
    // A page may read the clipboard only when its user allows that each time.
    readClipboard: () => Promise.resolve(null),
    open: async (page) => {
      const url = openable(page, app.getState())
      return url !== null && show(url)
    },
    reveal: (file) => void show(dirname(file)),
    downloads: () => downloadsFolder(process.platform, homedir(), process.env),
    login: null,
    quit: options.onQuit,
    start: async (port) => {
      try {
        await pages.listen(port)
      } catch {
        // The page's port matters to nobody but a bookmark.
        await pages.listen(0)
      }
      return pages.link()
    },
    stop: async () => {
      bridge.close()
      await pages.close()
    },
  }
}
