/**
 * A window: made when the rep asks for it, hidden when it is closed, destroyed a while later, since a hidden page costs
 * more than all the rest. Nothing is lost by that: the page holds no state of its own.
 */
import type { BrowserWindow } from 'electron'
import type { AppHandle } from '../port.ts'
import { addComforts } from './comforts.ts'
import type { Parts } from './electron.ts'
import type { WindowKind } from './window-kinds.ts'

/** What the page paints first, so that nothing flashes: `--paper` of renderer/styles/tokens.css. */
const BACKGROUND = { light: '#f5f6f4', dark: '#151918' } as const

export interface WindowOptions {
  readonly platform: NodeJS.Platform
  /** Absolute path of the preload script. */
  readonly preload: string
  /** Absolute path of the window's icon (Linux and Windows; macOS has none). */
  readonly icon: string
  /** How long a hidden window is kept, in milliseconds. */
  readonly destroyAfter: number
  /** How long a new window may take to paint before it is shown as it is, in milliseconds. */
  readonly paintWithin: number
  readonly report: AppHandle['report']
}

export interface WindowKeeper {
  /** Brings the window to the front; makes it if there is none. */
  readonly show: () => void
  /** Takes it off the screen, if it is there. */
  readonly hide: () => void
  /** The window of now, be it visible or not. */
  readonly current: () => BrowserWindow | null
  /** Ends the window for good: closing no longer hides. */
  readonly release: () => void
}

export function createWindowKeeper(
  electron: Parts<'app' | 'BrowserWindow' | 'Menu' | 'nativeTheme'>,
  kind: WindowKind,
  options: WindowOptions,
): WindowKeeper {
  let current: BrowserWindow | null = null
  let released = false
  let removal: NodeJS.Timeout | undefined

  const background = () => (electron.nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light)

  function present(window: BrowserWindow): void {
    if (window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  function hide(): void {
    if (current === null || current.isDestroyed() || !current.isVisible()) return
    kind.leave(current)
    current.hide()
  }

  function problem(id: string, title: string, detail: string): void {
    options.report(id, { severity: 'warning', title, detail, dismissible: true })
  }

  function build(): BrowserWindow {
    const window = new electron.BrowserWindow({
      ...kind.make(),
      icon: options.icon,
      show: false,
      backgroundColor: background(),
      // A full-screen window leaves a black screen behind when it is hidden (macOS), and this one is a small tool.
      fullscreenable: false,
      webPreferences: {
        preload: options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: !electron.app.isPackaged,
      },
    })

    window.on('close', (event) => {
      kind.leave(window)
      if (released) return
      event.preventDefault()
      window.hide()
    })
    // The system's shutdown must not be held up (Windows, which tells only windows).
    window.on('session-end', () => {
      released = true
    })
    window.on('hide', () => {
      clearTimeout(removal)
      removal = setTimeout(() => {
        if (!window.isDestroyed() && !window.isVisible()) window.destroy()
      }, options.destroyAfter)
    })
    window.on('show', () => clearTimeout(removal))
    if (kind.passing) window.on('blur', hide)
    // A late `closed` of an old window must not take the new one away.
    window.on('closed', () => {
      if (current !== window) return
      current = null
      clearTimeout(removal)
    })
    addComforts(electron, window.webContents, { platform: options.platform, developer: !electron.app.isPackaged })
    window.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit' || window.isDestroyed()) return
      problem('window.crashed', 'The window had to be closed', `Its process ended: ${details.reason}. Open it again.`)
      window.destroy()
    })
    window.loadURL(kind.url).then(
      () => options.report('window.load', null),
      () => {
        // One that was destroyed meanwhile has failed as well, but nobody misses it.
        if (window.isDestroyed()) return
        problem('window.load', 'The window could not be loaded', 'Install Rep Tray again if this persists.')
      },
    )
    return window
  }

  /** Makes the window; it comes up with its first picture, or without one if that takes too long. */
  function open(): void {
    const window = build()
    current = window
    const late = setTimeout(() => present(window), options.paintWithin)
    window.once('ready-to-show', () => {
      clearTimeout(late)
      present(window)
    })
    window.once('closed', () => clearTimeout(late))
  }

  electron.nativeTheme.on('updated', () => {
    if (current !== null && !current.isDestroyed()) current.setBackgroundColor(background())
  })

  return {
    show() {
      if (released) return
      if (current === null || current.isDestroyed()) {
        open()
        return
      }
      kind.arrange(current)
      present(current)
    },
    hide,
    current: () => current,
    release() {
      released = true
      clearTimeout(removal)
      if (current === null || current.isDestroyed()) return
      kind.leave(current)
      current.destroy()
    },
  }
}
