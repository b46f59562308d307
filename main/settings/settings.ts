/**
 * All settings in one table: type, default, check, and the words that the window shows. What holds is the default, or
 * the administrator's default, or the user's own value, or the administrator's locked value: the last that there is.
 */
import { isIP } from 'node:net'
import type { SettingInfo, SettingKey, Settings } from '../../preload/contract.ts'
import type { Policy } from './policy.ts'

/** A value that fits, or a sentence that says why it does not. */
export type Checked<Value> = { readonly value: Value } | { readonly error: string }

interface Definition<Value> extends Omit<SettingInfo, 'key' | 'default' | 'locked'> {
  readonly default: Value
  readonly check: (value: unknown) => Checked<Value>
}

type Words = Pick<SettingInfo, 'label' | 'help'>

/** Characters of a text, and of an entry of a list. */
const LONGEST = 200

function text(
  words: Words,
  options: { fits?: (given: string) => boolean; shape?: string; default?: string } = {},
): Definition<string> {
  const { fits = () => true, shape = '', default: byDefault = '' } = options
  const check = (value: unknown): Checked<string> => {
    const given = typeof value === 'number' ? String(value) : value
    if (typeof given !== 'string') return { error: 'This must be text.' }
    const trimmed = given.trim()
    if (trimmed.length > LONGEST) return { error: `This can have at most ${LONGEST} characters.` }
    // Empty means none; where there is a default, there has to be something.
    const isNone = trimmed === '' && byDefault === ''
    return isNone || fits(trimmed) ? { value: trimmed } : { error: `This must be ${shape}.` }
  }
  return { ...words, type: 'text', default: byDefault, check }
}

function whole(words: Words, min: number, max: number, byDefault: number): Definition<number> {
  const check = (value: unknown): Checked<number> => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max)
      return { value: number }
    return { error: `This must be a whole number from ${min} to ${max}.` }
  }
  return { ...words, type: 'number', default: byDefault, check }
}

function flag(words: Words, byDefault: boolean): Definition<boolean> {
  const check = (value: unknown): Checked<boolean> =>
    typeof value === 'boolean' ? { value } : { error: 'This must be on or off (true or false).' }
  return { ...words, type: 'boolean', default: byDefault, check }
}

function choice<const Choice extends string>(
  words: Words,
  choices: readonly [Choice, ...Choice[]],
): Definition<Choice> {
  const check = (value: unknown): Checked<Choice> => {
    const found = choices.find((each) => each === value)
    return found === undefined ? { error: `This must be one of: ${choices.join(', ')}.` } : { value: found }
  }
  return { ...words, type: 'choice', choices, default: choices[0], check }
}

function list(words: Words, fits: (item: string) => boolean, shape: string): Definition<readonly string[]> {
  const check = (value: unknown): Checked<readonly string[]> => {
    if (!Array.isArray(value) || value.length > 100) return { error: 'This must be a list of at most 100 entries.' }
    const items: string[] = []
    for (const each of value as unknown[]) {
      if (typeof each !== 'number' && typeof each !== 'string') return { error: 'Each entry must be text.' }
      const item = String(each).trim()
      if (item === '') continue
      if (item.length > LONGEST || !fits(item)) return { error: `“${item.slice(0, 60)}” is not ${shape}.` }
      if (!items.includes(item)) items.push(item)
    }
    return { value: items }
  }
  return { ...words, type: 'list', default: [], check }
}

/** An address (`192.0.2.7`, `2001:db8::1`) or a network (`192.0.2.0/24`). */
export function isNetwork(network: string): boolean {
  const [address = '', prefix, ...rest] = network.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}

/** Names as DNS has them; also what a single label looks like. */
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i
const DIGITS = /^\d{1,18}$/

/** The table. A new setting is one line here and one in the contract. */
export const SETTINGS: { readonly [Key in SettingKey]: Definition<Settings[Key]> } = {
  'me.repId': text(
    {
      label: 'Representative ID',
      help: 'Your number on the appliance: the 12 in rep:12. Sessions of this owner are yours.',
    },
    { fits: (given) => DIGITS.test(given), shape: 'a number' },
  ),
  'me.username': text({
    label: 'Username',
    help: 'Your username on the appliance. Your representative ID is learned from it when you join a session.',
  }),
  'me.name': text({ label: 'Name', help: 'How you are called here. For display only.' }),
  'me.teams': list(
    { label: 'Teams', help: 'IDs of your support teams: the 5 in team:5. Their queues are watched for you.' },
    (item) => DIGITS.test(item),
    'the number of a team',
  ),
  'notify.transferred': flag(
    { label: 'Session transferred to me', help: 'A session of a queue or of someone else became yours.' },
    true,
  ),
  'notify.started': flag({ label: 'Session started with me', help: 'A customer came straight to you.' }, true),
  'notify.teamQueue': flag(
    { label: 'Customer waits in my team’s queue', help: 'A session came into the queue of one of your teams.' },
    true,
  ),
  'notify.generalQueue': flag(
    { label: 'Customer waits in the general queue', help: 'A session came into the queue that everybody shares.' },
    false,
  ),
  'notify.customerJoined': flag(
    { label: 'Customer joined', help: 'The customer of a session of yours came late, or came back.' },
    true,
  ),
  'notify.customerLeft': flag({ label: 'Customer left', help: 'The customer of a session of yours went away.' }, true),
  'notify.ended': flag({ label: 'Session ended', help: 'A session of yours came to its end.' }, true),
  'notify.survey': flag(
    { label: 'Survey arrived', help: 'The customer of a session of yours answered the exit survey.' },
    true,
  ),
  'notify.details': flag(
    {
      label: 'Show customer and ticket',
      help: 'Off: notifications name neither the customer nor the ticket, for shared or locked screens.',
    },
    true,
  ),
  'notify.quiet': flag({ label: 'Quiet', help: 'Nothing pops up; alerts are still collected in the window.' }, false),
  'window.theme': choice({ label: 'Theme', help: 'Colours of the window.' }, ['system', 'light', 'dark']),
  'tray.icon': choice(
    { label: 'Tray icon', help: 'Light or dark icon, if the system’s choice cannot be seen on your panel.' },
    ['system', 'light', 'dark'],
  ),
  'listener.address': text(
    {
      label: 'Listen on',
      help: 'Address of this computer at which the appliance’s events come in. 127.0.0.1 is reached from this computer only, 0.0.0.0 and :: from everywhere.',
    },
    {
      fits: (given) => isIP(given) !== 0,
      shape: 'an address such as 127.0.0.1, 0.0.0.0 or ::',
      default: '127.0.0.1',
    },
  ),
  'listener.port': whole(
    { label: 'Port', help: 'TCP port for the appliance’s events. 0 takes any free one.' },
    0,
    65535,
    8180,
  ),
  'listener.names': list(
    {
      label: 'Names of this computer',
      help: 'Host names by which the appliance calls this computer, besides its own name and its addresses.',
    },
    (item) => HOST_NAME.test(item),
    'a host name',
  ),
  'listener.allow': list(
    {
      label: 'Allowed senders',
      help: 'Addresses or networks that may send events (192.0.2.10, 2001:db8::/64). Empty: any, the token decides.',
    },
    isNetwork,
    'an address or a network',
  ),
  'browser.port': whole(
    {
      label: 'Port of the window',
      help: 'Browser mode only: port of the window’s page on this computer. 0 takes any free one.',
    },
    0,
    65535,
    8182,
  ),
  'journal.days': whole({ label: 'Keep events for days', help: 'Older events are deleted.' }, 1, 3650, 90),
  'journal.megabytes': whole(
    { label: 'Keep at most megabytes', help: 'Beyond this size the oldest events are deleted.' },
    16,
    100_000,
    1024,
  ),
  'appliance.host': text(
    { label: 'Appliance', help: 'Host name of the support site, for example support.example.com.' },
    { fits: (given) => /^[^\s/@]+$/.test(given), shape: 'a host name' },
  ),
}

/** Keys of the table, in its order. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]

/** Is this text the key of a setting? */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key)
}

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
