/** The command line, which is the same in every way to run. */
import { resolve } from 'node:path'
import { isLink } from './deep-link.ts'

/** What `--help` prints. */
export const HELP = `Rep Tray: rep-tray [OPTION…] [LINK]

  LINK            rep-tray://ticket/KEY or rep-tray://session/ID: what to show
  --hidden        show no window at the start, as at login
  --browser       run in browser mode: the window is a page on this computer
  --no-open       browser mode: do not open the browser
  --data DIR      keep everything in DIR (default: the folder that the system has for this)
  --policy FILE   JSON file with settings that hold, where this computer has no policy of its own
  --version       print the version
  --help          print this

If it runs already with this data, that one shows what is wanted, and this one ends.
Browser mode prints "window: URL" for the page, and "listening: URL" once events can come in.
The token may also come from the environment: REP_TRAY_LISTENER_TOKEN.
`

export interface Arguments {
  /** `--data DIR`: where everything is kept (absolute), instead of the folder that the system provides. */
  readonly data: string | null
  /** `--policy FILE`: the administrator's policy (absolute). */
  readonly policy: string | null
  /** `--hidden`: do not open the window at start (start at login). */
  readonly hidden: boolean
  /** `--browser`: without Electron's window. */
  readonly browser: boolean
  /** Not `--no-open`: browser mode opens the browser. */
  readonly open: boolean
  readonly version: boolean
  readonly help: boolean
  /** A link that was followed, as it was given; it may be anything. */
  readonly link: string | null
  /** What is none of all that, as far as it may be shown: names of options without their values. */
  readonly unknown: readonly string[]
}

const FLAGS = ['hidden', 'browser', 'no-open', 'version', 'help'] as const
const VALUES = ['data', 'policy'] as const

/**
 * Reads the known switches, written `--name value` or `--name=value`; the last of its kind holds. Everything else is
 * left alone: Chromium and the system add switches of their own. From a link on, and from `--` on, there are none: who
 * makes a link must not set switches by smuggling quotes into it.
 * @param args without the program
 */
export function readArguments(args: readonly string[], directory: string): Arguments {
  const end = args.findIndex((each) => each === '--' || isLink(each))
  const own = end < 0 ? args : args.slice(0, end)
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const unknown: string[] = []
  for (let at = 0; at < own.length; at += 1) {
    const [each = '', next] = own.slice(at, at + 2)
    const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(each) ?? []
    if (FLAGS.some((flag) => flag === name) && value === undefined) flags.add(name)
    else if (VALUES.some((key) => key === name)) {
      const follows = value === undefined && next !== undefined && !next.startsWith('--')
      if (follows) at += 1
      values.set(name, value ?? (follows ? next : ''))
    } else unknown.push(name === '' ? (each.startsWith('-') ? each.slice(0, 2) : 'something without --') : `--${name}`)
  }
  const path = (name: string) => {
    const value = values.get(name) ?? ''
    return value === '' ? null : resolve(directory, value)
  }
  return {
    data: path('data'),
    policy: path('policy'),
    hidden: flags.has('hidden'),
    browser: flags.has('browser'),
    open: !flags.has('no-open'),
    version: flags.has('version'),
    help: flags.has('help'),
    link: args.find(isLink) ?? null,
    unknown,
  }
}

/** The line for what nobody here knows; null if there is nothing of the kind. */
export function unknownLine({ unknown }: Arguments): string | null {
  return unknown.length === 0 ? null : `not known here, and ignored: ${[...new Set(unknown)].join(', ')}`
}
