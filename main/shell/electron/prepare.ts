/** What has to be settled before Electron is ready, in its order. */
import { LINK_SCHEME } from '../../deep-link.ts'
import type { Parts } from './electron.ts'
import { guardContents } from './guards.ts'
import { PRIVILEGED_SCHEME } from './protocol.ts'

/** The application's identity for Windows: the installer's shortcut has it too (`appId` of electron-builder.yml). */
export const APP_ID = 'net.reptray.RepTray'

export interface Preparation {
  readonly platform: NodeJS.Platform
  /** Path of this program; Windows knows a development build by it. */
  readonly execPath: string
  /** This program's own command line, for the instance that runs already. */
  readonly argv: readonly string[]
  /** Another one was started; its command line. */
  readonly onSecondInstance: (argv: readonly string[]) => void
  /** macOS: the application was chosen in Finder or Launchpad. */
  readonly onActivate: () => void
  /** macOS: a link was followed, perhaps to start the application; it may be anything. */
  readonly onLink: (link: string) => void
}

/** The command line that the other instance passed on; Electron's own copy is reordered and added to. */
function argvOf(additional: unknown, argv: readonly string[]): readonly string[] {
  const given: unknown =
    typeof additional === 'object' && additional !== null && 'argv' in additional && additional.argv
  return Array.isArray(given) && given.every((each) => typeof each === 'string') ? given : argv
}

/**
 * Takes the lock for this data folder, and sets up what must precede `ready`. False: another instance has the lock and
 * was told; this one has to end.
 */
export function prepare(electron: Parts<'app' | 'Menu' | 'protocol'>, options: Preparation): boolean {
  const { app, Menu, protocol } = electron
  if (!app.requestSingleInstanceLock({ argv: options.argv })) return false
  app.on('second-instance', (_event, argv, _directory, additional) =>
    options.onSecondInstance(argvOf(additional, argv)),
  )
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([PRIVILEGED_SCHEME])
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
  // Without a listener the application would end with its window.
  app.on('window-all-closed', () => {})
  app.on('activate', options.onActivate)
  app.on('open-url', (event, link) => {
    event.preventDefault()
    options.onLink(link)
  })
  // Wayland gives shortcuts away through its portal alone. https://www.electronjs.org/docs/latest/api/global-shortcut
  if (options.platform === 'linux') app.commandLine.appendSwitch('enable-features', 'GlobalShortcutsPortal')
  if (options.platform === 'win32') app.setAppUserModelId(app.isPackaged ? APP_ID : options.execPath)
  // macOS finds copy, paste and the like by the menu's entries; the others have them in the page.
  if (options.platform !== 'darwin') Menu.setApplicationMenu(null)
  return true
}

/**
 * Makes this program the one for our links, where no file of the installer says so (Linux: the desktop entry does). After
 * `ready`. The `--` keeps Chromium from reading switches out of a link.
 */
export function claimLinks(electron: Parts<'app'>, platform: NodeJS.Platform, execPath: string): void {
  if (platform === 'linux' || !electron.app.isPackaged) return
  electron.app.setAsDefaultProtocolClient(LINK_SCHEME, execPath, ['--'])
}

/** The least menu that macOS needs; after `ready`. */
export function setMacMenu(electron: Parts<'Menu'>): void {
  const { Menu } = electron
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]))
}
