/** The Electron shell: puts its parts together behind the seam of shell/port.ts. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Alert, Command, Place, State } from '../../../preload/contract.ts'
import type { AppHandle, Shell } from '../port.ts'
import { whyNoEdit } from '../../attention/able.ts'
import { hasTrayHost, readsMarkup, type Run } from './bus.ts'
import type { Parts } from './electron.ts'
import { iconFile } from './icon.ts'
import { connectWindows } from './ipc.ts'
import { createLoginItem } from './login.ts'
import { createNotifier } from './notify.ts'
import { createOutside } from './outside.ts'
import { createShortcut } from './shortcut.ts'
import { createTrayKeeper } from './tray.ts'
import { createWindowKeeper } from './window.ts'
import { mainWindow, quickWindow } from './window-kinds.ts'

export interface ShellOptions {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Path of this program. */
  readonly execPath: string
  /** Folder of the built pictures, and the preload script; absolute. */
  readonly assets: string
  readonly preload: string
  /** How long a hidden window is kept, in milliseconds. */
  readonly destroyAfter: number
  readonly bounds: { read(): unknown; write(bounds: unknown): void }
  readonly run: Run
  /** Milliseconds, rising. */
  readonly now: () => number
  readonly log: (line: string) => void
}

export interface ElectronShell extends Shell {
  /** Carries out what the rep asked for from outside: by another start, or by a link. */
  readonly run: (command: Command) => Promise<void>
  /** Starts to listen to the application and the system; once the application can be asked for its State. */
  readonly begin: () => void
  /**
   * False if the desktop shows no icon, so that there is no way to the window. At login a panel may be late (Linux):
   * it is waited for as long as `patience` says, in milliseconds.
   */
  readonly hasTray: (patience: number) => Promise<boolean>
  /** Takes windows, tray and shortcut away, for good. */
  readonly release: () => void
}

type Needed = Parts<
  | 'app'
  | 'BrowserWindow'
  | 'clipboard'
  | 'globalShortcut'
  | 'ipcMain'
  | 'Menu'
  | 'nativeImage'
  | 'nativeTheme'
  | 'Notification'
  | 'powerMonitor'
  | 'screen'
  | 'shell'
  | 'Tray'
>

/** How long a window may take to paint before it is shown as it is, in milliseconds. */
const PAINT_WITHIN = 3000
/** How long to wait before asking again for a panel, in milliseconds. */
const TRAY_PAUSE = 500

/** Where a window would show the text or the address, there is none here to show it. */
function undoneIn(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null
  if ('copied' in answer && answer.copied === false) return 'The clipboard did not take it.'
  return 'opened' in answer && answer.opened === false ? 'The page could not be opened.' : null
}

export function createElectronShell(electron: Needed, app: AppHandle, options: ShellOptions): ElectronShell {
  const { platform, env } = options
  const linux = platform === 'linux'
  const { nativeTheme, screen } = electron
  // Not the large one: on Linux its pixels go to the display and, with each notification, over the bus.
  const picture = join(options.assets, 'icon-128.png')
  let settings: State['settings'] | null = null
  // As the desktop has it: once the rep chose a theme for the window, Electron answers with that (Linux).
  let dark = nativeTheme.shouldUseDarkColors
  let markup = linux
  let refused = false

  /** On behalf of the rep, who has to hear if it did not work. */
  async function run(command: Command): Promise<void> {
    const reply = await app.run(command)
    const failure = reply.ok ? undoneIn(reply.value) : reply.message
    if (failure === null && !refused) return
    refused = failure !== null
    app.report(
      'shell.command',
      failure === null
        ? null
        : { severity: 'warning', title: 'What you chose did not work', detail: failure, dismissible: true },
    )
  }

  const report: AppHandle['report'] = (id, problem) => app.report(id, problem)

  async function askServer(): Promise<void> {
    markup = await readsMarkup(options.run)
  }

  const show = (place: Place | null) => void run({ type: 'window.show', place })
  const wake = () => void app.run({ type: 'listener.retry' })

  const windowOptions = {
    preload: options.preload,
    platform,
    icon: picture,
    destroyAfter: options.destroyAfter,
    paintWithin: PAINT_WITHIN,
    report,
  }
  const window = createWindowKeeper(electron, mainWindow(electron, options.bounds), windowOptions)
  const quick = createWindowKeeper(electron, quickWindow(electron), windowOptions)

  const shortcut = createShortcut(electron, {
    press: () => void run({ type: 'lookup.quick', query: null }),
    report,
  })

  const tray = createTrayKeeper(electron, {
    platform,
    imagePath: (icon) => {
      const file = iconFile(icon, {
        platform,
        choice: settings?.['tray.icon'] ?? 'system',
        dark: linux ? dark : nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
        desktop: env['XDG_CURRENT_DESKTOP'] ?? '',
        scale: Math.max(1, ...screen.getAllDisplays().map((display) => display.scaleFactor)),
      })
      return join(options.assets, 'tray', file)
    },
    run,
    activate: () => show(null),
    report,
  })

  function answer(alert: Alert, place: Place): void {
    show(place)
    void run({ type: 'alerts.read', ids: [alert.id] })
  }

  const notifier = createNotifier(electron, {
    icon: linux ? picture : null,
    markup: () => markup,
    click: (alert) => answer(alert, alert.lsid === null ? { view: 'alerts' } : { view: 'session', lsid: alert.lsid }),
    canEdit: ({ lsid }) => {
      const { sessions, appliance } = app.getState()
      return sessions.some((row) => row.lsid === lsid && row.relation === 'mine' && whyNoEdit(row, appliance) === null)
    },
    edit: (alert) => {
      if (alert.lsid !== null) answer(alert, { view: 'session', lsid: alert.lsid, purpose: 'editKey' })
    },
    report,
  })

  function follow(state: State): void {
    const before = settings
    settings = state.settings
    if (before?.['window.theme'] !== settings['window.theme']) nativeTheme.themeSource = settings['window.theme']
    if (before?.['tray.icon'] !== settings['tray.icon']) tray.redraw()
    shortcut.set(settings['lookup.shortcut'])
  }

  return {
    kind: 'electron',
    ...createOutside(electron, () => app.getState()),
    run,
    notify: notifier.notify,
    dismiss: notifier.dismiss,
    drawTray: tray.draw,
    showWindow: window.show,
    showQuick: () => {
      quick.show()
      return true
    },
    hideQuick: quick.hide,
    login: createLoginItem(electron, options),
    quit: () => electron.app.quit(),
    begin() {
      follow(app.getState())
      app.subscribe(follow)
      const windows = () => [window.current(), quick.current()].filter((each) => each !== null)
      connectWindows(electron, app, { windows, now: options.now, log: options.log })
      nativeTheme.on('updated', () => {
        if (nativeTheme.themeSource === 'system') dark = nativeTheme.shouldUseDarkColors
        tray.redraw()
      })
      screen.on('display-added', tray.redraw)
      screen.on('display-removed', tray.redraw)
      screen.on('display-metrics-changed', tray.redraw)
      // What was bound to the network may be dead after sleep; the other does no harm.
      electron.powerMonitor.on('resume', wake)
      electron.powerMonitor.on('unlock-screen', wake)
      if (linux) {
        void askServer()
      }
    },
    async hasTray(patience) {
      const until = options.now() + patience
      for (;;) {
        if (!tray.works()) return false
        if (!linux || (await hasTrayHost(options.run, env)) !== false) return true
        if (options.now() >= until) break
        await setTimeout(TRAY_PAUSE)
      }
      app.report('tray.missing', {
        severity: 'warning',
        title: 'This desktop shows no tray icons',
        detail:
          'Rep Tray goes on when this window is closed; start it again to bring the window back. On GNOME, the extension AppIndicator brings the icon.',
        dismissible: true,
      })
      return false
    },
    release() {
      window.release()
      quick.release()
      shortcut.release()
      tray.destroy()
    },
  }
}
