/** The part of Electron that the shell uses, as a type: the objects themselves are given to each part as an argument. */
import type * as Electron from 'electron'

/** What main/index.ts takes from the module `electron` and hands on. */
export type ElectronParts = Pick<
  typeof Electron,
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
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
>

/** Some of those parts. */
export type Parts<Name extends keyof ElectronParts> = Pick<ElectronParts, Name>
