/** The kinds of settings that there are, and how each checks a value. */
import { isIP } from 'node:net'
import { isAbsolute } from 'node:path'
import { LIMITS, type SettingInfo } from '../../preload/contract.ts'

/** A value that fits, or a sentence that says why it does not. */
export type Checked<Value> = { readonly value: Value } | { readonly error: string }

/** A setting: its words, its default, and what fits. */
export interface Definition<Value> extends Omit<SettingInfo, 'key' | 'default' | 'locked'> {
  readonly default: Value
  /** What fits, as far as JSON Schema can say it; for docs/policy.schema.json. `check` decides. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly check: (value: unknown) => Checked<Value>
}

type Words = Pick<SettingInfo, 'label' | 'help'>

/** Characters of a text, and of an entry of a list. */
const LONGEST = 200

/** A line of text. */
export function text(
  words: Words,
  options: { fits?: (given: string) => boolean; shape?: string; default?: string; longest?: number } = {},
): Definition<string> {
  const { fits = () => true, shape = '', default: byDefault = '', longest = LONGEST } = options
  const check = (value: unknown): Checked<string> => {
    const given = typeof value === 'number' ? String(value) : value
    if (typeof given !== 'string') return { error: 'This must be text.' }
    const trimmed = given.trim()
    if (trimmed.length > longest) return { error: `This can have at most ${longest} characters.` }
    // Empty means none; where there is a default, there has to be something.
    const isNone = trimmed === '' && byDefault === ''
    return isNone || fits(trimmed) ? { value: trimmed } : { error: `This must be ${shape}.` }
  }
  const schema = { type: ['string', 'number'], maxLength: longest, ...(shape === '' ? {} : { $comment: shape }) }
  return { ...words, type: 'text', default: byDefault, schema, check }
}

/** The whole path of a file of this computer; whether it is there shows when it is read. */
export function file(words: Words): Definition<string> {
  return text(words, { fits: isAbsolute, shape: 'the whole path of a file', longest: LIMITS.text })
}

/** Text of several lines, at most as long as a window can send. */
export function lines(words: Words, byDefault: string): Definition<string> {
  const check = (value: unknown): Checked<string> => {
    if (typeof value !== 'string') return { error: 'This must be text.' }
    if (value.length > LIMITS.text) return { error: `This can have at most ${LIMITS.text} characters.` }
    return { value: value.replaceAll('\r\n', '\n') }
  }
  return { ...words, type: 'lines', default: byDefault, schema: { type: 'string', maxLength: LIMITS.text }, check }
}

/** A whole number within bounds. */
export function whole(words: Words, min: number, max: number, byDefault: number): Definition<number> {
  const check = (value: unknown): Checked<number> => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max)
      return { value: number }
    return { error: `This must be a whole number from ${min} to ${max}.` }
  }
  const schema = { type: 'integer', minimum: min, maximum: max }
  return { ...words, type: 'number', default: byDefault, schema, check }
}

/** On or off. */
export function flag(words: Words, byDefault: boolean): Definition<boolean> {
  const check = (value: unknown): Checked<boolean> =>
    typeof value === 'boolean' ? { value } : { error: 'This must be on or off (true or false).' }
  return { ...words, type: 'boolean', default: byDefault, schema: { type: 'boolean' }, check }
}

/** One of a few words; the first is the default. */
export function choice<const Choice extends string>(
  words: Words,
  choices: readonly [Choice, ...Choice[]],
): Definition<Choice> {
  const check = (value: unknown): Checked<Choice> => {
    const found = choices.find((each) => each === value)
    return found === undefined ? { error: `This must be one of: ${choices.join(', ')}.` } : { value: found }
  }
  return { ...words, type: 'choice', choices, default: choices[0], schema: { enum: choices }, check }
}

/** A list of short texts, each of which has to fit; doubles and empty ones are left out. With a default it is never empty. */
export function list(
  words: Words,
  fits: (item: string) => boolean,
  shape: string,
  byDefault: readonly string[] = [],
): Definition<readonly string[]> {
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
    if (items.length === 0 && byDefault.length > 0) return { error: `This must have at least one entry: ${shape}.` }
    return { value: items }
  }
  const items = { type: ['string', 'number'], maxLength: LONGEST, $comment: shape }
  const schema = { type: 'array', items, maxItems: 100, ...(byDefault.length > 0 ? { minItems: 1 } : {}) }
  return { ...words, type: 'list', default: byDefault, schema, check }
}

/** An address (`192.0.2.7`, `2001:db8::1`) or a network (`192.0.2.0/24`). */
export function isNetwork(network: string): boolean {
  const [address = '', prefix, ...rest] = network.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}
