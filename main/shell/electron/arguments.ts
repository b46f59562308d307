/** The command line of the desktop application. */
import { resolve } from 'node:path'
import { isLink } from '../../deep-link.ts'

export interface Arguments {
  /** `--data DIR`: where everything is kept (absolute), instead of the folder that the system provides. */
  readonly data: string | null
  /** `--policy FILE`: the administrator's policy (absolute). */
  readonly policy: string | null
  /** `--hidden`: do not open the window at start (start at login). */
  readonly hidden: boolean
  /** A link that was followed, as it was given; it may be anything. */
  readonly link: string | null
}

/**
 * Reads the known switches, written `--name value` or `--name=value`; the last of its kind holds. Everything else is
 * left alone: Chromium and the system add switches of their own. From a link on, and from `--` on, there are none: who
 * makes a link must not set switches by smuggling quotes into it.
 */
export function readArguments(argv: readonly string[], directory: string): Arguments {
  const end = argv.findIndex((each) => each === '--' || isLink(each))
  const own = end < 0 ? argv : argv.slice(0, end)
  const valueOf = (name: string): string | null => {
    const values = own.flatMap((each, index) => {
      if (each.startsWith(`--${name}=`)) return [each.slice(name.length + 3)]
      const next = own[index + 1]
      return each === `--${name}` && next !== undefined && !next.startsWith('--') ? [next] : []
    })
    const value = values.at(-1)
    return value === undefined || value === '' ? null : resolve(directory, value)
  }
  return {
    data: valueOf('data'),
    policy: valueOf('policy'),
    hidden: own.includes('--hidden'),
    link: argv.find(isLink) ?? null,
  }
}
