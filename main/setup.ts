/** Setting Rep Tray up: who the user is, what is entered at the appliance, settings from and to a file. */
import { hostname, networkInterfaces } from 'node:os'
import type { Copied, ImportResult, SetupCommand } from '../preload/contract.ts'
import type { ApplianceLink } from './appliance/link.ts'
import type { Handlers } from './command.ts'
import { createMe } from './me.ts'
import { addressesOf, recipientFields, recipientName, recipientText } from './recipient-form.ts'
import { dated, save } from './saved.ts'
import { readSettingsFile, writeSettingsFile } from './settings/settings-file.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import { SETTING_KEYS } from './settings/table.ts'
import type { Tokens } from './settings/tokens.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

export interface SetupOptions {
  readonly store: Pick<Store, 'get'>
  readonly link: Pick<ApplianceLink, 'client'>
  readonly settings: SettingsKeeper
  readonly changeSettings: (change: () => string | null) => void
  readonly tokens: Tokens
  /** The recipient URL with this token. */
  readonly recipientUrl: (token: string) => string
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
  readonly toClipboard: (text: string) => Promise<Copied>
  readonly version: string
  readonly now: () => number
}

/** Stands for the token where it must not be seen. */
const HIDDEN = 'token=TOKEN'

export function createSetup(options: SetupOptions): Pick<Handlers, Exclude<SetupCommand['type'], 'listener.test'>> {
  const { store, settings, changeSettings, tokens, shell, toClipboard } = options

  function fields(token: string | null) {
    const url = options.recipientUrl(token ?? 'TOKEN')
    return recipientFields({
      computer: hostname(),
      url: token === null ? url.replace(HIDDEN, 'token=…') : url,
      certificate: store.get().health.listener.certificate,
    })
  }

  return {
    ...createMe(options),
    'recipient.form': () => ({
      fields: fields(null),
      copyable: tokens.current() !== null,
      fixed: tokens.fixed,
      addresses: addressesOf(networkInterfaces()),
    }),
    'recipient.copyForm': ({ what }) => {
      if (what === 'name') return toClipboard(recipientName(hostname()))
      const token = tokens.current()
      if (token === null) throw new Unable('The URL cannot be shown again. Make a new one first.')
      return toClipboard(recipientText(fields(token)))
    },
    'settings.export': () =>
      save(shell, dated('rep-tray-settings', options.now(), '.json'), writeSettingsFile(settings, options.version)),
    'settings.import': ({ text }) => {
      const file = readSettingsFile(text)
      const before = settings.get()
      let refused: ImportResult['refused'] = []
      changeSettings(() => {
        refused = settings.setAll(file.settings)
        return null
      })
      const after = settings.get()
      return {
        changed: SETTING_KEYS.filter((key) => before[key] !== after[key]),
        refused: [...refused, ...file.refused],
      }
    },
  }
}
