/**
 * What holds of each setting: the default, or the administrator's default, or the user's own value, or the
 * administrator's locked value; the last that there is.
 */
import { isDeepStrictEqual } from 'node:util'
import type { SettingInfo, SettingKey, Settings } from '../../preload/contract.ts'
import type { Definition } from './kinds.ts'
import type { Policy } from './policy.ts'
import { SETTING_KEYS, SETTINGS } from './table.ts'

/** Where the user's own values are kept: all of them in one record, together with other small things of the application. */
export interface UserSettings {
  read(): Readonly<Record<string, unknown>>
  write(all: Readonly<Record<string, unknown>>): void
}

/** A value that was not taken, and a sentence that says why. */
export interface Refusal {
  readonly key: SettingKey
  readonly message: string
}

export interface SettingsKeeper {
  get(): Settings
  info(): readonly SettingInfo[]
  /** The user's own values that count: not locked, and not what holds without them. */
  own(): Partial<Settings>
  /** Sets the user's value; null, or a sentence that says why not. */
  set(key: SettingKey, value: unknown): string | null
  /** Sets several at once. What is refused changes nothing of the others. */
  setAll(values: Partial<Readonly<Record<SettingKey, unknown>>>): readonly Refusal[]
  isLocked(key: SettingKey): boolean
  /** Has the user a value of their own, even if it is the default's? */
  isOwn(key: SettingKey): boolean
  /** Takes the user's value away. */
  reset(key: SettingKey): string | null
}

const LOCKED = 'Your administrator has set this; it cannot be changed here.'

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

  /** A value that stays what it was keeps its identity, by which others see whether it changed. */
  function write(keys: readonly SettingKey[], own: Readonly<Record<string, unknown>>): void {
    user.write(own)
    const resolved = keys.map((key) => [key, resolve(key, own)] as const)
    const changed = resolved.filter(([key, value]) => !isDeepStrictEqual(value, current[key]))
    current = { ...current, ...Object.fromEntries(changed) }
  }

  function setAll(values: Partial<Readonly<Record<SettingKey, unknown>>>): readonly Refusal[] {
    const own = { ...user.read() }
    const taken: SettingKey[] = []
    const refused: Refusal[] = []
    for (const [key, value] of Object.entries(values) as [SettingKey, unknown][]) {
      const checked = locked(key) ? { error: LOCKED } : SETTINGS[key].check(value)
      if ('error' in checked) {
        refused.push({ key, message: checked.error })
      } else {
        own[key] = checked.value
        taken.push(key)
      }
    }
    if (taken.length > 0) write(taken, own)
    return refused
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
    own: () => {
      const own = user.read()
      const counts = (key: SettingKey) =>
        Object.hasOwn(own, key) && !locked(key) && !isDeepStrictEqual(current[key], defaultOf(key))
      return Object.fromEntries(SETTING_KEYS.filter(counts).map((key) => [key, current[key]]))
    },
    isLocked: locked,
    isOwn: (key) => Object.hasOwn(user.read(), key),
    set: (key, value) => setAll({ [key]: value })[0]?.message ?? null,
    setAll,
    reset: (key) => {
      if (locked(key)) return LOCKED
      const { [key]: _, ...others } = user.read()
      write([key], others)
      return null
    },
  }
}
