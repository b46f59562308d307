/** The command line of the desktop application. */
import { resolve } from 'node:path'

export interface Arguments {
  /** `--data DIR`: where everything is kept (absolute), instead of the folder that the system provides. */
  readonly data: string | null
  /** `--policy FILE`: the administrator's policy (absolute). */
  readonly policy: string | null
  /** `--hidden`: do not open the window at start (start at login). */
  readonly hidden: boolean
}

/**
 * Reads the known switches, written `--name value` or `--name=value`; the last of its kind holds. Everything else is
 * left alone: Chromium and the system add switches of their own.
 */
export function readArguments(argv: readonly string[], directory: string): Arguments {
  const valueOf = (name: string): string | null => {
    const values = argv.flatMap((each, index) => {
      if (each.startsWith(`--${name}=`)) return [each.slice(name.length + 3)]
      const next = argv[index + 1]
      return each === `--${name}` && next !== undefined && !next.startsWith('--') ? [next] : []
    })
    const value = values.at(-1)
    return value === undefined || value === '' ? null : resolve(directory, value)
  }
  return { data: valueOf('data'), policy: valueOf('policy'), hidden: argv.includes('--hidden') }
}
