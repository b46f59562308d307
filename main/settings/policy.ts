/**
 * The administrator's policy: a JSON file with any settings. What stands at its top level is locked; what stands under
 * `defaults` is where the user starts. Both take `{"listener": {"port": 8180}}` as well as `{"listener.port": 8180}`.
 * Whatever is wrong in it is reported line by line, and the rest holds.
 */
import { readFileSync } from 'node:fs'
import type { SecretName, Settings } from '../../preload/contract.ts'
import { isSecretName } from './secrets.ts'
import { isSettingKey, SETTINGS } from './table.ts'

/** Secrets that a policy may carry; they never become settings. */
export type PolicySecrets = Readonly<Partial<Record<'listener.token' | SecretName, string>>>

export interface Policy {
  readonly locked: Partial<Settings>
  readonly defaults: Partial<Settings>
  readonly secrets: PolicySecrets
  /** What is wrong in it, a sentence each. */
  readonly problems: readonly string[]
}

export const NO_POLICY: Policy = { locked: {}, defaults: {}, secrets: {}, problems: [] }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `{a: {b: 1}}` → `a.b`: 1. Two levels, as the keys of settings have; what stands under a whole key is its value. */
function flatten(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).flatMap(([key, value]) =>
    isRecord(value) && !key.includes('.')
      ? Object.entries(value).map(([rest, inner]): [string, unknown] => [`${key}.${rest}`, inner])
      : [[key, value]],
  )
}

const SHORT_TOKEN = 16

/** What is wrong with a token; `usable` tells whether it counts all the same. */
function judgeToken(value: unknown): { usable: boolean; problem: string | null } {
  if (typeof value !== 'string' || value === '' || value.length > 256 || /[^\x21-\x7e]/.test(value)) {
    return { usable: false, problem: 'listener.token: This must be 1 to 256 characters without blanks.' }
  }
  const problem =
    value.length < SHORT_TOKEN ? `listener.token: Fewer than ${SHORT_TOKEN} characters can be guessed.` : null
  return { usable: true, problem }
}

/** Where JSON ends to be JSON. The rest of the engine's message quotes the file, and that may be the token. */
function placeOf(error: unknown): string {
  const [place] = /line \d+ column \d+(?=\)$)/.exec((error as Error).message) ?? []
  return place === undefined ? '' : ` at ${place}`
}

/** Reads the text of a policy file. Never throws. */
export function parsePolicy(text: string): Policy {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return { ...NO_POLICY, problems: [`This is no JSON${placeOf(error)}.`] }
  }
  if (!isRecord(parsed)) return { ...NO_POLICY, problems: ['This must be a JSON object.'] }

  const problems: string[] = []
  const secrets: Partial<Record<'listener.token' | SecretName, string>> = {}
  const read = (record: Record<string, unknown>, where: string): Partial<Settings> => {
    const settings: Record<string, unknown> = {}
    for (const [key, value] of flatten(record)) {
      if (key === 'listener.token') {
        const { usable, problem } = judgeToken(value)
        if (usable) secrets['listener.token'] = value as string
        if (problem !== null) problems.push(`${where}${problem}`)
      } else if (isSecretName(key)) {
        if (typeof value === 'string' && value !== '') secrets[key] = value
        else problems.push(`${where}${key}: This must be text.`)
      } else if (isSettingKey(key)) {
        const checked = SETTINGS[key].check(value)
        if ('value' in checked) settings[key] = checked.value
        else problems.push(`${where}${key}: ${checked.error}`)
      } else if (!/(^|\.)\$/.test(key)) {
        problems.push(`${where}${key}: There is no such setting.`)
      }
    }
    return settings
  }

  const { defaults, ...locked } = parsed
  if (defaults !== undefined && !isRecord(defaults)) problems.push('defaults: This must be a JSON object.')
  return {
    defaults: isRecord(defaults) ? read(defaults, 'defaults › ') : {},
    locked: read(locked, ''),
    secrets,
    problems,
  }
}

/** Reads a policy file; a file that cannot be read is a policy with a problem. */
export function readPolicy(file: string | null): Policy {
  if (file === null) return NO_POLICY
  try {
    return parsePolicy(readFileSync(file, 'utf8'))
  } catch (error) {
    return { ...NO_POLICY, problems: [`It cannot be read: ${(error as Error).message}`] }
  }
}
