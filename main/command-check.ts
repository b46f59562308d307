/** Is what a window sent a command? One check for each; types end at the bridge. */
import {
  LIMITS,
  type Command,
  type ConnectorChoice,
  type Place,
  type SettingKey,
  type Settings,
} from '../preload/contract.ts'
import { isSecretName } from './settings/secrets.ts'
import { isSettingKey } from './settings/table.ts'

type Fields = Readonly<Record<string, unknown>>

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.text
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= LIMITS.list && value.every(fits)
}

function isSettingValue(value: unknown): value is Settings[SettingKey] {
  return typeof value === 'boolean' || typeof value === 'number' || isText(value) || isListOf(value, isText)
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false
  const { view, lsid, ...rest } = value as Fields
  // It goes into State as it is.
  if (Object.keys(rest).length > 0) return false
  if (view === 'session') return isText(lsid)
  return lsid === undefined && ['board', 'alerts', 'activity', 'lookup', 'settings'].includes(view as string)
}

const CHOICE_FIELDS = ['issueId', 'customerName', 'company', 'companyCode', 'description', 'externalKey'] as const

function isChoice(value: unknown): value is ConnectorChoice {
  if (typeof value !== 'object' || value === null) return false
  return CHOICE_FIELDS.every((field) => isText((value as Fields)[field]))
}

/** One check for each command: do these fields make it one? A new command does not compile without its check. */
const CHECKS: { readonly [Type in Command['type']]: (fields: Fields) => boolean } = {
  'session.get': ({ lsid }) => isText(lsid),
  'activity.list': ({ before }) => before === null || isId(before),
  'alerts.read': ({ ids }) => ids === 'all' || isListOf(ids, isId),
  'session.copy': ({ lsid, what }) => isText(lsid) && (what === 'externalKey' || what === 'lsid'),
  'recipient.copy': () => true,
  'recipient.renew': () => true,
  'listener.retry': () => true,
  'settings.set': ({ key, value }) => isText(key) && isSettingKey(key) && isSettingValue(value),
  'settings.reset': ({ key }) => isText(key) && isSettingKey(key),
  'notification.test': () => true,
  'problem.dismiss': ({ id }) => isText(id),
  'window.show': ({ place }) => place === null || isPlace(place),
  'appliance.check': () => true,
  'appliance.secret': ({ name, value }) => isSecretName(name) && (value === null || (isText(value) && value !== '')),
  'key.set': ({ lsids, key }) => isListOf(lsids, isText) && (key === null || (isText(key) && key !== '')),
  'key.undo': ({ id }) => isId(id),
  'lookup.search': ({ query }) => isText(query),
  'lookup.start': ({ query }) => isText(query) && query.trim() !== '',
  'lookup.cancel': () => true,
  'connector.build': ({ choice }) => isChoice(choice),
  'connector.copy': ({ choice }) => isChoice(choice),
  'app.quit': () => true,
}

/** The command that this is, or null. */
export function parseCommand(input: unknown): Command | null {
  if (typeof input !== 'object' || input === null) return null
  const { type } = input as Fields
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type)) return null
  return CHECKS[type as Command['type']](input as Fields) ? (input as Command) : null
}
