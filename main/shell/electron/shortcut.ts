/** The global shortcut: follows its setting, and says so when the system refuses it. */
import { SHORTCUT_REFUSED } from '../../attention/tray.ts'
import type { AppHandle } from '../port.ts'
import type { Parts } from './electron.ts'

export interface Shortcut {
  /** Makes these the keys, as Electron writes them; empty: none. After `ready`. Never throws. */
  readonly set: (keys: string) => void
  readonly release: () => void
}

export function createShortcut(
  electron: Parts<'globalShortcut'>,
  options: { readonly press: () => void; readonly report: AppHandle['report'] },
): Shortcut {
  const { globalShortcut } = electron
  let wanted = ''

  function register(keys: string): boolean {
    try {
      return globalShortcut.register(keys, options.press)
    } catch {
      return false
    }
  }

  return {
    set(keys) {
      if (keys === wanted) return
      wanted = keys
      globalShortcut.unregisterAll()
      const works = keys === '' || register(keys)
      options.report(
        SHORTCUT_REFUSED,
        works
          ? null
          : {
              severity: 'warning',
              title: `The shortcut ${keys} does not work`,
              detail: 'Another program has it, or this desktop gives none away. Choose another in the settings.',
              dismissible: true,
            },
      )
    },
    release() {
      wanted = ''
      globalShortcut.unregisterAll()
    },
  }
}
