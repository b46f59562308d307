/** Start at login: the setting, and what the system really has. The user may change that in the system, too. */
import type { SettingsKeeper } from './settings/settings.ts'
import * as problems from './problems.ts'

/** Where the system keeps what it starts at login. */
export interface LoginItem {
  /** Will the system start this at the next login? */
  read(): boolean
  /** @throws if the system refuses */
  write(on: boolean): void
}

export interface LoginOptions {
  /** null: this way to run has none. */
  readonly item: LoginItem | null
  readonly settings: Pick<SettingsKeeper, 'get' | 'isLocked' | 'isOwn'>
  /** Makes this the user's own value. */
  readonly keep: (on: boolean) => void
  readonly report: (problem: ReturnType<typeof problems.loginRefused>) => void
  readonly solve: (id: string) => void
}

export interface Login {
  /** Compares the setting with the system: a lock of the administrator holds, else the system is right. */
  look(): void
  /** The setting was changed. */
  changed(): void
}

const KEY = 'window.startAtLogin'

export function createLogin(options: LoginOptions): Login {
  const { item, settings } = options

  function apply(to: LoginItem, on: boolean): void {
    try {
      to.write(on)
      if (to.read() !== on) throw new Error('The system has not taken it.')
      options.solve('login')
    } catch (error) {
      options.report(problems.loginRefused(on, error))
    }
  }

  return {
    look() {
      if (item === null) return
      const wanted = settings.get()[KEY]
      const real = item.read()
      // A start at login that is the administrator's default is arranged once; from then on it is the user's.
      const isNew = wanted && !settings.isOwn(KEY)
      // What is on is arranged again, since the program may have moved.
      if (settings.isLocked(KEY) || isNew || (wanted && real)) apply(item, wanted)
      if (settings.isLocked(KEY)) return
      if (isNew) options.keep(true)
      else if (real !== wanted) options.keep(real)
    },
    changed() {
      if (item !== null && item.read() !== settings.get()[KEY]) apply(item, settings.get()[KEY])
    },
  }
}
