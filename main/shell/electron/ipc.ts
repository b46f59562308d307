/** The three channels between main and the window. Only the main frame of our own window, on our own page, is heard. */
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { CHANNELS, type Reply } from '../../../preload/contract.ts'
import type { AppHandle } from '../port.ts'
import { createRateLimit } from '../rate.ts'
import type { Parts } from './electron.ts'
import { isOwnUrl } from './protocol.ts'

export interface IpcOptions {
  /** The window of now. */
  readonly window: () => BrowserWindow | null
  /** Milliseconds, rising. */
  readonly now: () => number
  readonly log: (line: string) => void
}

/**
 * True if the main frame of `window`, showing our page, sent this. A sub-frame has the same `sender`, so the frame
 * itself is looked at; it is null after a navigation, and one that is gone throws when it is asked.
 */
export function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  try {
    const frame = event.senderFrame
    if (window === null || window.isDestroyed() || frame === null || event.sender !== window.webContents) return false
    const isMain = frame.parent === null && frame.frameTreeNodeId === window.webContents.mainFrame.frameTreeNodeId
    return isMain && isOwnUrl(frame.url)
  } catch {
    return false
  }
}

const refuse = (message: string): Reply => ({ ok: false, message })

/** Registers the channels, and tells the connected window each change. */
export function connectWindow(electron: Parts<'ipcMain'>, app: AppHandle, options: IpcOptions): void {
  const allowed = createRateLimit(options.now)
  let connected: WebContents | null = null

  // What was sent is not logged: it may name customers.
  const trusted = (event: IpcMainEvent | IpcMainInvokeEvent, channel: string): boolean => {
    const ok = isTrusted(event, options.window())
    if (!ok) options.log(`window: refused a message on ${channel} from a frame that is not ours`)
    return ok
  }

  electron.ipcMain.on(CHANNELS.connect, (event) => {
    if (!trusted(event, CHANNELS.connect)) return
    connected = event.sender
    connected.send(CHANNELS.state, app.getState())
  })

  electron.ipcMain.handle(CHANNELS.command, async (event, input: unknown): Promise<Reply> => {
    if (!trusted(event, CHANNELS.command)) return refuse('Refused.')
    if (!allowed()) return refuse('Too much at once. Try again in a moment.')
    return app.runUnchecked(input)
  })

  app.subscribe((state) => {
    const contents = options.window()?.webContents
    if (contents === undefined || contents !== connected || contents.isDestroyed()) return
    contents.send(CHANNELS.state, state)
  })
}
