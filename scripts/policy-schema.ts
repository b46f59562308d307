/**
 * `npm run policy-schema`: writes docs/policy.schema.json, by which editors help with a policy file and IT can check one,
 * from the table of settings. `--check` only says whether it is current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SECRET_NAMES } from '../main/settings/secrets.ts'
import { SETTING_KEYS, SETTINGS } from '../main/settings/table.ts'

type Schema = Readonly<Record<string, unknown>>

const FILE = resolve(import.meta.dirname, '../docs/policy.schema.json')
/** What may stand anywhere, and means nothing. */
const COMMENTS: Schema = { '^\\$': {} }

/** Each key with what fits; the secrets, which are no settings, among them. */
function keys(): Record<string, Schema> {
  const secret = (description: string): Schema => ({ type: 'string', minLength: 1, writeOnly: true, description })
  return {
    ...Object.fromEntries(
      SETTING_KEYS.map((key) => {
        const { label, help, schema, default: byDefault } = SETTINGS[key]
        return [key, { title: label, description: help, ...schema, default: byDefault }]
      }),
    ),
    'listener.token': {
      ...secret('The token of the recipient URL, in clear text: keep the file from others.'),
      maxLength: 256,
      pattern: '^[\\x21-\\x7e]+$',
    },
    ...Object.fromEntries(
      SECRET_NAMES.map((name) => [name, secret('A secret, in clear text: keep the file from others.')]),
    ),
  }
}

/** `a.b` under `a` as well: both ways to write a policy. */
function settings(all: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const groups = Object.groupBy(Object.entries(all), ([key]) => key.split('.')[0] ?? '')
  const nested = Object.entries(groups).map(([group, entries = []]) => [
    group,
    {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key]) => [key.slice(group.length + 1), { $ref: ref(key) }])),
      patternProperties: COMMENTS,
      additionalProperties: false,
    },
  ])
  return {
    ...Object.fromEntries(nested),
    ...Object.fromEntries(Object.keys(all).map((key) => [key, { $ref: ref(key) }])),
  }
}

const ref = (key: string) => `#/$defs/${key}`

/** The schema as a text. */
export function policySchema(): string {
  const all = keys()
  const properties = settings(all)
  const object = { type: 'object', patternProperties: COMMENTS, additionalProperties: false }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Policy of Rep Tray',
    description:
      'Settings at the top level are locked; those under defaults are where the user starts. Nested and flat keys mean the same.',
    ...object,
    properties: {
      ...properties,
      defaults: { description: 'Where the user starts, who may change it.', ...object, properties },
    },
    $defs: all,
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

if (import.meta.main) {
  const isCurrent = readFileSync(FILE, { encoding: 'utf8', flag: 'a+' }) === policySchema()
  if (process.argv.includes('--check')) {
    if (!isCurrent) console.error('docs/policy.schema.json is not current: npm run policy-schema')
    process.exitCode = isCurrent ? 0 : 1
  } else writeFileSync(join(FILE), policySchema())
}
