import type { Spelling } from '../generation.ts'
import type { World } from '../world.ts'

/** What the parameters of a command or of a start URL say about a session's fields. */
export interface GivenAttributes {
  /** Undefined: not given; empty: to be cleared. */
  readonly externalKey: string | undefined
  /** Custom fields by code name. */
  readonly fields: ReadonlyMap<string, string>
}

/** Characters that a value may have. */
const VALUE_LIMIT = 1024
/** Bytes that all values together may have. */
const TOTAL_LIMIT = 10 * 1024

/**
 * Reads the external key and the custom fields in the spelling of a generation; other spellings are ignored, as unknown
 * parameters are. Throws on a custom field that is not configured, and on values that are too long.
 */
export function readAttributes(parameters: URLSearchParams, spelling: Spelling, world: World): GivenAttributes {
  const fields = new Map<string, string>()
  const prefix = spelling.customField
  for (const [name, value] of parameters) {
    if (prefix === null || !name.startsWith(prefix) || name === spelling.externalKey) continue
    const codeName = name.slice(prefix.length)
    if (!world.customFields.some((field) => field.codeName === codeName)) {
      throw new Error(`Unknown custom field: ${codeName}`)
    }
    fields.set(codeName, value)
  }
  const externalKey = parameters.get(spelling.externalKey) ?? undefined
  const values = [...fields.values(), externalKey ?? '']
  if (values.some((value) => Array.from(value).length > VALUE_LIMIT)) {
    throw new Error(`A value is longer than ${VALUE_LIMIT} characters`)
  }
  if (values.reduce((sum, value) => sum + Buffer.byteLength(value), 0) > TOTAL_LIMIT) {
    throw new Error('The attributes are larger than 10 KB')
  }
  return { externalKey, fields }
}
