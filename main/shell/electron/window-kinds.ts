/** The two windows: the main one, where it was before, and the small one for a quick lookup, where the rep is now. */
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { isReachable, placeWindow, QUICK, WINDOW } from './bounds.ts'
import type { Parts } from './electron.ts'
import { START_URL } from './protocol.ts'

/** What distinguishes a window. */
export interface WindowKind {
  readonly url: string
  /** Place and look of a new one. */
  readonly make: () => BrowserWindowConstructorOptions
  /** It is about to be shown again: screens may have gone, and the rep elsewhere. */
  readonly arrange: (window: BrowserWindow) => void
  /** It is about to go. */
  readonly leave: (window: BrowserWindow) => void
  /** It goes when the rep turns to something else. */
  readonly passing: boolean
}

/** @param bounds where its bounds are remembered */
export function mainWindow(
  electron: Parts<'screen'>,
  bounds: { read(): unknown; write(bounds: unknown): void },
): WindowKind {
  function screens() {
    const primary = electron.screen.getPrimaryDisplay()
    const others = electron.screen.getAllDisplays().filter((display) => display.id !== primary.id)
    return [primary, ...others].map((display) => display.workArea)
  }

  return {
    url: START_URL,
    passing: false,
    make: () => ({
      ...placeWindow(bounds.read(), screens()),
      minWidth: WINDOW.minWidth,
      minHeight: WINDOW.minHeight,
      title: 'Rep Tray',
    }),
    arrange: (window) => {
      if (isReachable(window.getNormalBounds(), screens())) return
      window.setSize(WINDOW.width, WINDOW.height)
      window.center()
    },
    leave: (window) => {
      try {
        bounds.write(window.getNormalBounds())
      } catch {
        // A full disk must not keep a window from closing. It opens where it was before.
      }
    },
  }
}

export function quickWindow(electron: Parts<'screen'>): WindowKind {
  const { screen } = electron

  /** In the middle of the screen that the rep points at. Wayland tells nobody where that is, and places it itself. */
  function place(): Rectangle {
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
    const width = Math.min(QUICK.width, workArea.width)
    const height = Math.min(QUICK.height, workArea.height)
    return {
      x: Math.round(workArea.x + (workArea.width - width) / 2),
      y: Math.round(workArea.y + (workArea.height - height) / 2),
      width,
      height,
    }
  }

  return {
    url: `${START_URL}#quick`,
    passing: true,
    make: () => ({
      ...place(),
      title: 'Look up',
      resizable: false,
      minimizable: false,
      maximizable: false,
      alwaysOnTop: true,
      skipTaskbar: true,
    }),
    arrange: (window) => window.setBounds(place()),
    leave: () => {},
  }
}
