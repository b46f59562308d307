/** Is what a window sent a command? One check for each; types end at the bridge. */
import {
  LIMITS,
  type Command,
  type ConnectorChoice,
  type ForgetTarget,
  type Place,
  type SessionKeyChoice,
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

function isOneOf(value: unknown, choices: readonly unknown[]): boolean {
  return choices.includes(value)
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= LIMITS.list && value.every(fits)
}

function isSettingValue(value: unknown): value is Settings[SettingKey] {
  return typeof value === 'boolean' || typeof value === 'number' || isText(value) || isListOf(value, isText)
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false
  const { view, lsid, purpose, query, ...rest } = value as Fields
  // It goes into State as it is.
  if (Object.keys(rest).length > 0) return false
  if (view === 'session') return isText(lsid) && query === undefined && isOneOf(purpose, [undefined, 'editKey', 'link'])
  if (lsid !== undefined || purpose !== undefined) return false
  if (view === 'lookup') return query === undefined || isText(query)
  return query === undefined && isOneOf(view, ['board', 'alerts', 'activity', 'settings', 'setup', 'quarantine'])
}

const CHOICE_FIELDS = ['issueId', 'customerName', 'company', 'companyCode', 'description', 'externalKey'] as const

/** Is this what a link is made of? */
export function isConnectorChoice(value: unknown): value is ConnectorChoice {
  if (typeof value !== 'object' || value === null) return false
  return CHOICE_FIELDS.every((field) => isText((value as Fields)[field]))
}

function isSessionKeyChoice(value: unknown): value is SessionKeyChoice {
  if (typeof value !== 'object' || value === null) return false
  const { queue, externalKey, minutes } = value as Fields
  return isText(queue) && isText(externalKey) && (minutes === null || (isId(minutes) && minutes > 0))
}

function isTarget(value: unknown): value is ForgetTarget {
  if (typeof value !== 'object' || value === null) return false
  const { kind, lsid, key, name } = value as Fields
  const said = kind === 'session' ? lsid : kind === 'key' ? key : kind === 'customer' ? name : undefined
  return isText(said) && said !== ''
}

/** An instance is that of a command shell, and of nothing else. */
function isRecording(kind: unknown, instance: unknown): boolean {
  return kind === 'commandShell' ? isId(instance) : kind === 'session' && instance === null
}

/** One check for each command: do these fields make it one? A new command does not compile without its check. */
const CHECKS: { readonly [Type in Command['type']]: (fields: Fields) => boolean } = {
  'session.get': ({ lsid }) => isText(lsid),
  'activity.list': ({ before }) => before === null || isId(before),
  'alerts.read': ({ ids }) => ids === 'all' || isListOf(ids, isId),
  'session.copy': ({ lsid, what }) => isText(lsid) && isOneOf(what, ['externalKey', 'lsid', 'summary']),
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
  'connector.build': ({ choice }) => isConnectorChoice(choice),
  'connector.copy': ({ choice, as }) => isConnectorChoice(choice) && isOneOf(as, ['url', 'mail']),
  'connector.last': ({ externalKey }) => isText(externalKey),
  'sessionKey.make': ({ choice }) => isSessionKeyChoice(choice),
  'sessionKey.copy': ({ id, what }) => isId(id) && isOneOf(what, ['url', 'shortKey', 'mail']),
  'lookup.quick': ({ query }) => query === null || isText(query),
  'lookup.closeQuick': () => true,
  'report.get': ({ lsid, fresh }) => isText(lsid) && typeof fresh === 'boolean',
  'report.open': ({ lsid, page, instance }) =>
    isText(lsid) && (isRecording(page, instance) || (isOneOf(page, ['report', 'chat']) && instance === null)),
  'recording.download': ({ lsid, kind, instance }) => isText(lsid) && isRecording(kind, instance),
  'download.cancel': ({ id }) => isId(id),
  'download.show': ({ id }) => isId(id),
  'download.dismiss': ({ id }) => isId(id),
  'ticket.open': ({ lsid }) => isText(lsid),
  'me.candidates': () => true,
  'me.choose': ({ id }) => isText(id),
  'recipient.form': () => true,
  'recipient.copyForm': ({ what }) => isOneOf(what, ['name', 'all']),
  'listener.test': () => true,
  'settings.export': () => true,
  'settings.import': ({ text }) => typeof text === 'string' && text.length <= LIMITS.file,
  'quarantine.list': ({ before }) => before === null || isId(before),
  'quarantine.get': ({ id }) => isId(id),
  'quarantine.reread': ({ ids }) => ids === 'all' || isListOf(ids, isId),
  'quarantine.save': ({ id }) => isId(id),
  'quarantine.delete': ({ ids }) => ids === 'all' || isListOf(ids, isId),
  'data.find': ({ target }) => isTarget(target),
  'data.forget': ({ target, deleteUnreadable }) => isTarget(target) && typeof deleteUnreadable === 'boolean',
  'journal.backup': () => true,
  'journal.backups': () => true,
  'journal.restore': ({ name }) => isText(name),
  'diagnostics.save': () => true,
  'certificate.save': () => true,
  'certificate.renew': () => true,
  'news.seen': () => true,
  'app.quit': () => true,
}

/** The command that this is, or null. */
export function parseCommand(input: unknown): Command | null {
  if (typeof input !== 'object' || input === null) return null
  const { type } = input as Fields
  if (typeof type !== 'string' || !Object.hasOwn(CHECKS, type)) return null
  return CHECKS[type as Command['type']](input as Fields) ? (input as Command) : null
}
