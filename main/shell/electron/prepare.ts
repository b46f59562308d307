/** What has to be settled before Electron is ready, in its order. */
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
  if (options.platform === 'win32') app.setAppUserModelId(app.isPackaged ? APP_ID : options.execPath)
  // macOS finds copy, paste and the like by the menu's entries; the others have them in the page.
  if (options.platform !== 'darwin') Menu.setApplicationMenu(null)
  return true
}

/** The least menu that macOS needs; after `ready`. */
export function setMacMenu(electron: Parts<'Menu'>): void {
  const { Menu } = electron
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]))
}
