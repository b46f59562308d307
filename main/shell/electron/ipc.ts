/** The three channels between main and the windows. Only the main frame of an own window, on our own page, is heard. */
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { CHANNELS, type Reply } from '../../../preload/contract.ts'
import type { AppHandle } from '../port.ts'
import { createRateLimit } from '../rate.ts'
import type { Parts } from './electron.ts'
import { isOwnUrl } from './protocol.ts'

export interface IpcOptions {
  /** The windows of now. */
  readonly windows: () => readonly BrowserWindow[]
  /** Milliseconds, rising. */
  readonly now: () => number
  readonly log: (line: string) => void
}

/**
 * True if the main frame of one of the windows, showing our page, sent this. A sub-frame has the same `sender`, so the
 * frame itself is looked at; it is null after a navigation, and one that is gone throws when it is asked.
 */
export function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent, windows: readonly BrowserWindow[]): boolean {
  try {
    const frame = event.senderFrame
    const window = windows.find((each) => !each.isDestroyed() && each.webContents === event.sender)
    if (window === undefined || frame === null) return false
    const isMain = frame.parent === null && frame.frameTreeNodeId === window.webContents.mainFrame.frameTreeNodeId
    return isMain && isOwnUrl(frame.url)
  } catch {
    return false
  }
}

const refuse = (message: string): Reply => ({ ok: false, message })

/** Registers the channels, and tells the connected windows each change. */
export function connectWindows(electron: Parts<'ipcMain'>, app: AppHandle, options: IpcOptions): void {
  const connected = new WeakSet<WebContents>()
  const limits = new WeakMap<WebContents, () => boolean>()

  function allowed(contents: WebContents): boolean {
    const limit = limits.get(contents) ?? createRateLimit(options.now)
    limits.set(contents, limit)
    return limit()
  }

  // What was sent is not logged: it may name customers.
  const trusted = (event: IpcMainEvent | IpcMainInvokeEvent, channel: string): boolean => {
    const ok = isTrusted(event, options.windows())
    if (!ok) options.log(`window: refused a message on ${channel} from a frame that is not ours`)
    return ok
  }

  electron.ipcMain.on(CHANNELS.connect, (event) => {
    if (!trusted(event, CHANNELS.connect)) return
    connected.add(event.sender)
    event.sender.send(CHANNELS.state, app.getState())
  })

  electron.ipcMain.handle(CHANNELS.command, async (event, input: unknown): Promise<Reply> => {
    if (!trusted(event, CHANNELS.command)) return refuse('Refused.')
    if (!allowed(event.sender)) return refuse('Too much at once. Try again in a moment.')
    return app.runUnchecked(input)
  })

  app.subscribe((state) => {
    for (const { webContents } of options.windows().filter((window) => !window.isDestroyed())) {
      if (connected.has(webContents) && !webContents.isDestroyed()) webContents.send(CHANNELS.state, state)
    }
  })
}
