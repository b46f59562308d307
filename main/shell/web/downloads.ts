/** The folder for the user's own files, by the rules of the system. */
import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** `XDG_DOWNLOAD_DIR="$HOME/Downloads"`, as xdg-user-dirs writes it: in the home folder, or absolute. */
function xdgFolder(home: string, env: Readonly<Record<string, string | undefined>>): string | null {
  try {
    const config = env['XDG_CONFIG_HOME'] || join(home, '.config')
    const lines = readFileSync(join(config, 'user-dirs.dirs'), 'utf8')
    const value = /^\s*XDG_DOWNLOAD_DIR="((?:[^"\\]|\\.)*)"/m.exec(lines)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? ''
    const folder = value.startsWith('$HOME/') ? join(home, value.slice(6)) : value
    return isAbsolute(folder) ? folder : null
  } catch {
    return null
  }
}

/** Absolute; it may not be there yet. https://www.freedesktop.org/wiki/Software/xdg-user-dirs/ */
export function downloadsFolder(
  platform: NodeJS.Platform,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return (platform === 'linux' ? xdgFolder(home, env) : null) ?? join(home, 'Downloads')
}
