/** What concerns the installed program itself: start at login, and updates. */
import type { Settings, State } from '../preload/contract.ts'
import { createLogin } from './login.ts'
import type { Handlers } from './command.ts'
import type { Words } from './problems.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { createUpdates, type UpdatePort } from './updates.ts'

export interface InstalledOptions {
  readonly store: Store
  readonly shell: Shell
  readonly settings: SettingsKeeper
  readonly changeSettings: (change: () => string | null) => void
  readonly updates: UpdatePort | null
  readonly version: string
  readonly getState: () => State
  readonly report: (problem: Words) => void
  readonly solve: (id: string) => void
  readonly log: (line: string) => void
}

export interface Installed {
  /** The shell for commands: what the system has may have changed whenever the window is shown. */
  readonly shell: Shell
  readonly handlers: Pick<Handlers, 'news.seen'>
  changed(before: Settings, after: Settings): void
  start(): void
  stop(): void
}

export function createInstalled(options: InstalledOptions): Installed {
  const { store, shell, settings, report, solve, log } = options

  const login = createLogin({
    item: shell.login,
    settings,
    keep: (on) => {
      try {
        options.changeSettings(() => settings.set('window.startAtLogin', on))
      } catch {
        log('what the system starts at login could not be kept')
      }
    },
    report,
    solve,
  })

  const updates = createUpdates({
    port: options.updates,
    version: options.version,
    url: () => settings.get()['update.url'],
    isBusy: () => options.getState().sessions.some((row) => row.status === 'active' && row.relation === 'mine'),
    change: (update) => store.change({ type: 'update', update }),
    report,
    solve,
    log,
  })

  return {
    shell: {
      ...shell,
      showWindow: () => {
        login.look()
        shell.showWindow()
      },
    },
    handlers: {
      'news.seen': () => {
        updates.seen()
        return null
      },
    },
    changed: (before, after) => {
      if (before['window.startAtLogin'] !== after['window.startAtLogin']) login.changed()
    },
    start: () => {
      login.look()
      updates.start()
    },
    stop: () => updates.stop(),
  }
}
