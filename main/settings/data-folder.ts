/** The folder that holds everything, where none is named. */
import { join } from 'node:path'

/** As Electron names it after the product, so that both ways to run see the same settings and journal. */
const NAME = 'Rep Tray'

/** The folder for this user, by the rules of the system (as Electron's `userData`). */
export function defaultDataFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), NAME)
}
