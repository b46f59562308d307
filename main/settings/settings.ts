/**
 * What holds of each setting: the default, or the administrator's default, or the user's own value, or the
 * administrator's locked value; the last that there is.
 */
import type { SettingInfo, SettingKey, Settings } from '../../preload/contract.ts'
import type { Definition } from './kinds.ts'
import type { Policy } from './policy.ts'
import { SETTING_KEYS, SETTINGS } from './table.ts'

/** Where the user's own values are kept: all of them in one record, together with other small things of the application. */
export interface UserSettings {
  read(): Readonly<Record<string, unknown>>
  write(all: Readonly<Record<string, unknown>>): void
}

export interface SettingsKeeper {
  get(): Settings
  info(): readonly SettingInfo[]
  /** Sets the user's value; null, or a sentence that says why not. */
  set(key: SettingKey, value: unknown): string | null
  /** Takes the user's value away. */
  reset(key: SettingKey): string | null
}

/** Defaults ← administrator's defaults ← user ← administrator's locks. A value of the user that no longer fits counts as none. */
export function createSettings(user: UserSettings, policy: Policy): SettingsKeeper {
  const locked = (key: SettingKey) => Object.hasOwn(policy.locked, key)

  function resolve<Key extends SettingKey>(key: Key, own: Readonly<Record<string, unknown>>): Settings[Key] {
    const definition: Definition<Settings[Key]> = SETTINGS[key]
    if (locked(key)) return policy.locked[key] as Settings[Key]
    const checked = Object.hasOwn(own, key) ? definition.check(own[key]) : null
    if (checked !== null && 'value' in checked) return checked.value
    return defaultOf(key)
  }

  function defaultOf<Key extends SettingKey>(key: Key): Settings[Key] {
    const definition: Definition<Settings[Key]> = SETTINGS[key]
    return (policy.defaults[key] as Settings[Key] | undefined) ?? definition.default
  }

  function all(): Settings {
    const own = user.read()
    return Object.fromEntries(SETTING_KEYS.map((key) => [key, resolve(key, own)])) as unknown as Settings
  }

  let current = all()

  function write(key: SettingKey, change: (own: Record<string, unknown>) => void): null {
    const own = { ...user.read() }
    change(own)
    user.write(own)
    current = { ...current, [key]: resolve(key, own) }
    return null
  }

  return {
    get: () => current,
    info: () =>
      SETTING_KEYS.map((key) => {
        const { label, help, type, choices } = SETTINGS[key]
        const isLocked = locked(key)
        const byDefault = isLocked ? SETTINGS[key].default : defaultOf(key)
        return {
          key,
          label,
          help,
          type,
          ...(choices === undefined ? {} : { choices }),
          default: byDefault,
          locked: isLocked,
        }
      }),
    set: (key, value) => {
      if (locked(key)) return 'Your administrator has set this; it cannot be changed here.'
      const checked = SETTINGS[key].check(value)
      if ('error' in checked) return checked.error
      return write(key, (own) => {
        own[key] = checked.value
      })
    },
    reset: (key) =>
      locked(key)
        ? 'Your administrator has set this; it cannot be changed here.'
        : write(key, (own) => {
            delete own[key]
          }),
  }
}
