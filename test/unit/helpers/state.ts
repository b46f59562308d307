/** Settings, State and alerts for tests. */
import type { Alert, Settings } from '../../../preload/contract.ts'
import { SETTING_KEYS, SETTINGS } from '../../../main/settings/table.ts'
import { initialState, type AppState } from '../../../main/state.ts'

/** All settings at their defaults, but these. The rep is number 12, in team 5. */
export function settingsWith(own: Partial<Settings> = {}): Settings {
  const defaults = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as unknown as Settings
  return { ...defaults, 'me.repId': '12', 'me.username': 'jsmith', 'me.teams': ['5'], ...own }
}

/** A State in which nothing has happened. */
export function stateWith(own: Partial<AppState> = {}): AppState {
  return {
    ...initialState({ version: '0.0.0', shell: 'electron', settings: settingsWith(), settingInfo: [] }),
    ...own,
  }
}

export function alertWith(own: Partial<Alert> = {}): Alert {
  return {
    id: 1,
    tag: 's1',
    kind: 'transferred',
    lsid: 'lsid-1',
    title: 'Session transferred to you',
    body: 'Jane Doe · no ticket',
    at: 1_000,
    read: false,
    popup: true,
    refresh: false,
    ...own,
  }
}
