/**
 * The user's own settings as a file, for another computer or for an administrator: the form is that of a policy's top
 * level. It holds whatever is a setting, who the user is included, and never a secret.
 */
import { LIMITS, type ImportResult, type SettingKey, type Settings } from '../../preload/contract.ts'
import { Unable } from '../unable.ts'
import { parseObject, readSettings } from './policy.ts'
import type { SettingsKeeper } from './settings.ts'

/** How far somebody has come on this computer is no setting for another one. */
const STAYS_HERE: ReadonlySet<SettingKey> = new Set(['setup.done'])

/** Characters that are kept of a key that is none of ours. */
const LONGEST = 60

/** The text of the file. */
export function writeSettingsFile(settings: Pick<SettingsKeeper, 'own'>, version: string): string {
  const own = Object.entries(settings.own()).filter(([key]) => !STAYS_HERE.has(key as SettingKey))
  const $comment =
    `Settings of Rep Tray ${version} that differ from the defaults, without secrets; me.* says who the user is. ` +
    'Rep Tray reads it under Settings › Set-up, and takes it as a policy file.'
  return `${JSON.stringify({ $comment, ...Object.fromEntries(own) }, null, 2)}\n`
}

/** What a file says, and what of it cannot be taken over. @throws an {@link Unable} if it is no such file */
export function readSettingsFile(text: string): {
  readonly settings: Partial<Settings>
  readonly refused: ImportResult['refused']
} {
  const parsed = parseObject(text)
  if ('error' in parsed) throw new Unable(`This is no file of settings. ${parsed.error}`)
  const { defaults, ...top } = parsed.object
  const said = readSettings(top)
  const secrets = Object.keys(said.secrets)
  const refused = [
    ...secrets.map((key) => ({ key, message: 'This is a secret; secrets are not read from a file.' })),
    ...said.problems.filter(({ key }) => !secrets.includes(key)),
    ...(defaults === undefined ? [] : [{ key: 'defaults', message: 'Only an administrator’s policy has defaults.' }]),
  ]
  return {
    settings: said.settings,
    refused: refused.slice(0, LIMITS.list).map(({ key, message }) => ({ key: key.slice(0, LONGEST), message })),
  }
}
