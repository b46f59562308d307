/** What leads out of the application: the clipboard, pages of the two sites that it knows, files in their folder. */
import { LIMITS, type State } from '../../../preload/contract.ts'
import { openable } from '../openable.ts'
import type { Shell } from '../port.ts'
import type { Parts } from './electron.ts'

type Outside = Pick<Shell, 'copy' | 'readClipboard' | 'open' | 'reveal' | 'downloads'>

/** @param state that of now */
export function createOutside(
  electron: Parts<'app' | 'clipboard' | 'shell'>,
  state: () => Pick<State, 'settings' | 'appliance'>,
): Outside {
  const { app, clipboard, shell } = electron

  async function worked(act: Promise<unknown>): Promise<boolean> {
    try {
      await act
      return true
    } catch {
      return false
    }
  }

  return {
    copy: (text) => worked(clipboard.writeText(text)),
    readClipboard: async () => {
      try {
        // Whole books are copied, too; a ticket is short.
        return (await clipboard.readText()).slice(0, LIMITS.text)
      } catch {
        return null
      }
    },
    open: async (page) => {
      const url = openable(page, state())
      return url !== null && worked(shell.openExternal(url))
    },
    reveal: (file) => shell.showItemInFolder(file),
    downloads: () => app.getPath('downloads'),
  }
}
