/** What the system starts at login: its own list on Windows and macOS, a desktop entry on Linux. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LoginItem } from '../../login.ts'
import type { Parts } from './electron.ts'
import { APP_ID } from './prepare.ts'

const ARGS = ['--hidden']

export interface LoginItemOptions {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly execPath: string
}

/** Quoted as desktop entries have it. https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
export function execLine(program: string): string {
  const quoted = program.replaceAll(/["`$\\]/g, String.raw`\$&`).replaceAll('%', '%%')
  // The entry is a text with escapes of its own, and the quoted program stands in it.
  return [`"${quoted}"`, ...ARGS].join(' ').replaceAll('\\', '\\\\')
}

function entry(program: string): string {
  return `[Desktop Entry]
Type=Application
Name=Rep Tray
Exec=${execLine(program)}
TryExec=${program.replaceAll('\\', '\\\\')}
Icon=rep-tray
Terminal=false
X-GNOME-Autostart-enabled=true
`
}

/** Linux. An AppImage runs from a place that goes with it; where it really is, $APPIMAGE says. */
function desktopEntry({ env, home, execPath }: LoginItemOptions): LoginItem {
  const config = env['XDG_CONFIG_HOME'] || join(home, '.config')
  const file = join(config, 'autostart', `${APP_ID}.desktop`)
  return {
    read: () => {
      try {
        // Desktops switch an entry off in one of these two ways.
        return !/^\s*(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(readFileSync(file, 'utf8'))
      } catch {
        return false
      }
    },
    write: (on) => {
      if (!on) return rmSync(file, { force: true })
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(file, entry(env['APPIMAGE'] || execPath))
    },
  }
}

/** The system's own list; null for a development build, which would put bare Electron into it. */
export function createLoginItem(electron: Parts<'app'>, options: LoginItemOptions): LoginItem | null {
  const { app } = electron
  const { platform, execPath } = options
  if (!app.isPackaged) return null
  if (platform === 'linux') return desktopEntry(options)
  const which = platform === 'win32' ? { path: execPath, args: ARGS } : {}
  return {
    read: () => {
      const { openAtLogin, executableWillLaunchAtLogin, status } = app.getLoginItemSettings(which)
      if (platform === 'win32') return openAtLogin && executableWillLaunchAtLogin
      return openAtLogin && status !== 'requires-approval'
    },
    write: (on) => app.setLoginItemSettings({ openAtLogin: on, ...which }),
  }
}
