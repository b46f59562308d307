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
    return { usable: false, problem: 'This must be 1 to 256 characters without blanks.' }
  }
  const problem = value.length < SHORT_TOKEN ? `Fewer than ${SHORT_TOKEN} characters can be guessed.` : null
  return { usable: true, problem }
}

/** Where JSON ends to be JSON. The rest of the engine's message quotes the file, and that may be the token. */
function placeOf(error: unknown): string {
  const [place] = /line \d+ column \d+(?=\)$)/.exec((error as Error).message) ?? []
  return place === undefined ? '' : ` at ${place}`
}

/** The object that a JSON text holds, or a sentence that says why it holds none. Never throws. */
export function parseObject(text: string): { readonly object: Record<string, unknown> } | { readonly error: string } {
  try {
    const object: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return isRecord(object) ? { object } : { error: 'This must be a JSON object.' }
  } catch (error) {
    return { error: `This is no JSON${placeOf(error)}.` }
  }
}

/** What an object says of settings: those that fit, the secrets in it, and what is wrong with the rest. */
export interface Said {
  readonly settings: Partial<Settings>
  readonly secrets: PolicySecrets
  /** A sentence each. */
  readonly problems: readonly { readonly key: string; readonly message: string }[]
}

/** Reads settings entry by entry, nested or flat; what begins with `$` is a comment. */
export function readSettings(object: Record<string, unknown>): Said {
  const settings: Record<string, unknown> = {}
  const secrets: Partial<Record<'listener.token' | SecretName, string>> = {}
  const problems: { key: string; message: string }[] = []
  for (const [key, value] of flatten(object)) {
    if (key === 'listener.token') {
      const { usable, problem } = judgeToken(value)
      if (usable) secrets['listener.token'] = value as string
      if (problem !== null) problems.push({ key, message: problem })
    } else if (isSecretName(key)) {
      if (typeof value === 'string' && value !== '') secrets[key] = value
      else problems.push({ key, message: 'This must be text.' })
    } else if (isSettingKey(key)) {
      const checked = SETTINGS[key].check(value)
      if ('value' in checked) settings[key] = checked.value
      else problems.push({ key, message: checked.error })
    } else if (!/(^|\.)\$/.test(key)) {
      problems.push({ key, message: 'There is no such setting.' })
    }
  }
  return { settings, secrets, problems }
}

/** Reads the text of a policy file. Never throws. */
export function parsePolicy(text: string): Policy {
  const parsed = parseObject(text)
  if ('error' in parsed) return { ...NO_POLICY, problems: [parsed.error] }
  const { defaults, ...locked } = parsed.object
  const [below, top] = [readSettings(isRecord(defaults) ? defaults : {}), readSettings(locked)]
  return {
    defaults: below.settings,
    locked: top.settings,
    secrets: { ...below.secrets, ...top.secrets },
    problems: [
      ...(defaults === undefined || isRecord(defaults) ? [] : ['defaults: This must be a JSON object.']),
      ...below.problems.map(({ key, message }) => `defaults › ${key}: ${message}`),
      ...top.problems.map(({ key, message }) => `${key}: ${message}`),
    ],
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
