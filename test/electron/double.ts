/**
 * The double of Electron, for a machine that cannot run it: the parts that the application uses, each checked against
 * Electron's own declarations, recording what is done to them. It knows what must come before `ready` and what after,
 * and throws as Electron does.
 */
import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import type { ElectronParts } from '../../main/shell/electron/electron.ts'
import { createApp, type DoubleApp } from './app.ts'
import { createFrame } from './contents.ts'
import { createEvent, type Context, type Surroundings } from './context.ts'
import {
  createImages,
  createMenus,
  createNotificationClass,
  createTrayClass,
  type DoubleNotification,
  type DoubleTray,
} from './desktop.ts'
import { createMessages } from './messages.ts'
import { createRecorder } from './record.ts'
import {
  createClipboard,
  createDialog,
  createProtocol,
  createSafeStorage,
  createScreen,
  createSession,
  createShell,
  createShortcuts,
  createTheme,
} from './system.ts'
import { watchTimers, type Timers } from './timers.ts'
import { createWindowClass, type DoubleWindow } from './window.ts'
import type { FromDouble } from './wire.ts'

/** Names that the application may import from `electron`; a missing one does not compile. */
type Names = keyof ElectronParts | 'dialog' | 'safeStorage' | 'session'
type Everything = Record<Names & keyof typeof Electron, unknown>

export function createDouble(surroundings: Surroundings, tell: (message: FromDouble) => void) {
  const recorder = createRecorder(tell)
  const ready = { value: false }
  const context: Context = {
    surroundings,
    recorder,
    tell,
    isReady: () => ready.value,
    needReady(what) {
      if (!ready.value) throw new Error(`${what} cannot be used before the app is ready`)
    },
    needUnready(what) {
      if (ready.value) throw new Error(`${what} must be called before the app is ready`)
    },
  }
  const windows: DoubleWindow[] = []
  const trays: DoubleTray[] = []
  const notifications: DoubleNotification[] = []
  const timers: Timers = watchTimers(globalThis)
  const app: DoubleApp = recorder.strict('app', createApp(context, ready, windows))
  const electron = {
    app,
    BrowserWindow: createWindowClass(context, windows, () => app),
    clipboard: recorder.strict('clipboard', createClipboard()),
    globalShortcut: recorder.strict('globalShortcut', createShortcuts(context)),
    dialog: recorder.strict('dialog', createDialog(context)),
    ipcMain: recorder.strict('ipcMain', createMessages()),
    Menu: recorder.strict('Menu', createMenus(context)),
    nativeImage: recorder.strict('nativeImage', createImages()),
    // Where there is no relay nobody asks for it, and the double has none.
    net: recorder.strict('net', {}),
    nativeTheme: recorder.strict('nativeTheme', createTheme(context)),
    Notification: createNotificationClass(context, notifications),
    powerMonitor: new EventEmitter(),
    protocol: recorder.strict('protocol', createProtocol(context)),
    safeStorage: recorder.strict('safeStorage', createSafeStorage(context)),
    screen: recorder.strict('screen', createScreen(context)),
    session: createSession(context),
    shell: recorder.strict('shell', createShell(context)),
    Tray: createTrayClass(context, trays),
  } satisfies Everything & Record<string, unknown>
  return { electron, windows, trays, notifications, timers, calls: recorder.calls, createFrame, createEvent }
}

/** All that a test can reach in the application's process. */
export type World = ReturnType<typeof createDouble>
