import { parseArgs } from 'node:util'

import { OPTION_ROWS, type OptionName, type OptionRow } from './option-rows.ts'

/** What stands on the command line, checked as it is asked for: each throws an error whose message is one clear line. */
export interface OptionValues {
  readonly has: (name: OptionName) => boolean
  /** All values of an option that may be repeated. */
  readonly list: (name: OptionName) => readonly string[]
  /** Null: not given. */
  readonly text: (name: OptionName) => string | null
  readonly number: (name: OptionName, least: number, most: number, whole?: boolean) => number | null
  /** Seconds on the command line, milliseconds here. */
  readonly ms: (name: OptionName, least: number) => number | null
  /** Throws if the one was given without the other. */
  readonly needs: (name: OptionName, other: OptionName) => void
}

export function readValues(args: readonly string[]): OptionValues {
  const values = parse(args)
  const text = (name: OptionName) => values.get(name)?.at(-1) ?? null

  function number(name: OptionName, least: number, most: number, whole = false): number | null {
    const given = text(name)
    if (given === null) return null
    const value = given.trim() === '' ? Number.NaN : Number(given)
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    throw new Error(`--${name} wants a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not '${given}'`)
  }

  return {
    has: (name) => values.has(name),
    list: (name) => values.get(name) ?? [],
    text,
    number,
    ms: (name, least) => {
      const given = number(name, least, 1e9)
      return given === null ? null : given * 1000
    },
    needs: (name, other) => {
      if (values.has(name) && !values.has(other)) throw new Error(`--${name} needs --${other}`)
    },
  }
}

/** The values of each option that was given; of a switch: none. */
function parse(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const rows: readonly (readonly [string, OptionRow])[] = Object.entries(OPTION_ROWS)
  const options = Object.fromEntries(
    rows.map(([name, row]) => [
      name,
      { type: row.value === undefined ? 'boolean' : 'string', multiple: true } as const,
    ]),
  )
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return new Map(Object.entries(values).map(([name, list]) => [name, [list ?? []].flat().map(String)]))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [line = message] = message.split(/\. |\.?\n/)
    throw new Error(line.charAt(0).toLowerCase() + line.slice(1), { cause: error })
  }
}
