/** Whether this installation updates itself: those by a package manager, an MSI or for all users are IT's to update. */
import { win32 } from 'node:path'

export interface Installation {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly execPath: string
  readonly isPackaged: boolean
}

/** True for an AppImage, an installation of this user alone (Windows), and on macOS. */
export function updatesItself({ platform, env, execPath, isPackaged }: Installation): boolean {
  if (!isPackaged) return false
  if (platform === 'darwin') return true
  if (platform === 'linux') return (env['APPIMAGE'] ?? '') !== ''
  if (platform !== 'win32') return false
  const shared = ['ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432'].map((name) => env[name] ?? '')
  const folder = win32.normalize(execPath).toLowerCase()
  return !shared.some((each) => each !== '' && folder.startsWith(`${win32.normalize(each).toLowerCase()}\\`))
}
