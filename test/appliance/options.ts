import { parseArgs } from 'node:util'

import { DEFAULT_CLIENT, DEFAULT_USER } from './api.ts'
import { DEFAULT_GENERATION, GENERATIONS, isGeneration, type GenerationName } from './generation.ts'
import type { Account } from './oauth.ts'
import type { QueueTimes } from './queue.ts'
import { LARGEST_SEED } from './random.ts'
import { DEFAULT_TIMES } from './recipient.ts'
import { SCENARIO_NAMES } from './scenario.ts'

interface OptionRow {
  readonly group: string
  /** What stands behind the option in the help; left out: it is a switch. */
  readonly value?: string
  readonly many?: true
  readonly help: string
}

const seconds = (ms: number) => String(ms / 1000)

const TO = 'Where to'
const WHAT = 'What to send (one of these at least, or the API)'
const HOW = 'How it is sent'
const ODD = 'What a recipient must bear'
const API = 'Command API (plain HTTP)'
const RUN = 'The run'

/** Every option, in the order of the help. */
export const OPTION_ROWS = {
  recipient: { group: TO, value: 'URL', many: true, help: 'Send each event to this URL; any number of them' },
  only: { group: TO, value: 'EVENT', many: true, help: 'Send only events of this name ("Events to Send"); repeatable' },
  ca: { group: TO, value: 'FILE', help: 'Certificate authority (PEM) to trust for https recipients' },
  'keep-alive': { group: TO, help: 'Keep the connection; by default each event has a new one' },

  scenario: {
    group: WHAT,
    value: 'NAME',
    help: `Play a scenario: ${SCENARIO_NAMES.join(', ')}, or a file of your own`,
  },
  random: { group: WHAT, help: "A site's random traffic; without --for, --sessions or --events it goes on for ever" },
  backlog: { group: WHAT, value: 'N', help: 'First, all at once, N events of the time before (an outage)' },

  age: { group: HOW, value: 'S', help: 'How far back the timestamps of the backlog begin (3600 s)' },
  speed: { group: HOW, value: 'X', help: 'Play the scenario X times as fast (1)' },
  you: {
    group: HOW,
    value: 'ID',
    help: 'The representative whom the scenario calls "you" (12); more random traffic for them',
  },
  rate: { group: HOW, value: 'N', help: 'Random traffic: events a second, on average (2)' },
  live: { group: HOW, value: 'N', help: 'Random traffic: sessions at the same time, about (12)' },
  sessions: { group: HOW, value: 'N', help: 'Random traffic: stop when N sessions have ended' },
  events: { group: HOW, value: 'N', help: 'Random traffic: stop after exactly N events' },
  seed: { group: HOW, value: 'N', help: 'Same seed, same sessions and lsids; printed at the start (drawn by lot)' },
  'custom-fields': { group: HOW, help: 'Add custom fields to each event' },
  'retry-interval': {
    group: HOW,
    value: 'S',
    help: `Wait after a failed attempt (${seconds(DEFAULT_TIMES.retryIntervalMs)} s)`,
  },
  'retry-duration': {
    group: HOW,
    value: 'S',
    help: `Then the event is dropped (${seconds(DEFAULT_TIMES.retryDurationMs)} s)`,
  },
  timeout: {
    group: HOW,
    value: 'S',
    help: `For one attempt, to the end of the reply (${seconds(DEFAULT_TIMES.timeoutMs)} s)`,
  },

  'lost-reply': { group: ODD, value: 'P', help: 'Probability (0 to 1) that a 200 is lost and the event sent again' },
  odd: { group: ODD, value: 'P', help: 'Probability (0 to 1) that an event is odd: unknown names, encodings, …' },

  'api-port': { group: API, value: 'N', help: 'Serve the API on this port (0: any); alone: until a signal or --for' },
  'api-address': { group: API, value: 'ADDR', help: 'On this address (127.0.0.1)' },
  box: {
    group: API,
    value: 'VERSION',
    help: `As which product: ${Object.keys(GENERATIONS).join(', ')} (${DEFAULT_GENERATION})`,
  },
  username: { group: API, value: 'NAME', help: `User account (${DEFAULT_USER.id})` },
  password: { group: API, value: 'TEXT', help: `Its password (${DEFAULT_USER.secret})` },
  'client-id': { group: API, value: 'ID', help: `API account of /oauth2/token (${DEFAULT_CLIENT.id})` },
  'client-secret': { group: API, value: 'TEXT', help: `Its secret (${DEFAULT_CLIENT.secret})` },

  for: { group: RUN, value: 'S', help: 'Repeat the scenario, send random traffic, serve the API for S seconds' },
  quiet: { group: RUN, help: 'No line for each attempt; the summary alone' },
  json: { group: RUN, help: 'Lines of JSON: attempts, drops, and the summary' },
  help: { group: RUN, help: 'This text' },
} as const satisfies Record<string, OptionRow>

type OptionName = keyof typeof OPTION_ROWS

/** What the command line asks for. Times in milliseconds. */
export interface ProgramOptions {
  readonly recipients: readonly string[]
  readonly only: readonly string[]
  readonly caFile: string | null
  readonly keepAlive: boolean
  readonly scenario: string | null
  readonly random: boolean
  readonly backlog: number
  readonly ageMs: number
  readonly speed: number
  readonly you: number | null
  readonly rate: number
  readonly live: number
  readonly sessions: number | null
  readonly events: number | null
  readonly seed: number | null
  readonly customFields: boolean
  readonly times: QueueTimes
  readonly lostReply: number
  readonly odd: number
  readonly api: {
    readonly port: number
    readonly address: string
    readonly generation: GenerationName
    readonly user: Account
    readonly client: Account
  } | null
  readonly forMs: number | null
  readonly quiet: boolean
  readonly json: boolean
}

/** Reads the command line; throws an error whose message is one clear line. `help`: nothing else counts. */
export function parseOptions(args: readonly string[]): ProgramOptions | 'help' {
  const values = parse(args)
  if (values.has('help')) return 'help'

  const text = (name: OptionName) => values.get(name)?.at(-1) ?? null
  const number = (name: OptionName, least: number, most: number, whole = false): number | null => {
    const given = text(name)
    if (given === null) return null
    const value = given.trim() === '' ? Number.NaN : Number(given)
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    throw new Error(`--${name} wants a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not '${given}'`)
  }
  const ms = (name: OptionName, least: number) => {
    const given = number(name, least, 1e9)
    return given === null ? null : given * 1000
  }
  const needs = (name: OptionName, other: OptionName) => {
    if (values.has(name) && !values.has(other)) throw new Error(`--${name} needs --${other}`)
  }

  const box = text('box') ?? DEFAULT_GENERATION
  if (!isGeneration(box)) throw new Error(`--box wants one of ${Object.keys(GENERATIONS).join(', ')}, not '${box}'`)
  const recipients = values.get('recipient') ?? []
  const bad = recipients.find((url) => !/^https?:\/\//i.test(url) || !URL.canParse(url))
  if (bad !== undefined) throw new Error(`--recipient wants an http or https URL, not '${bad}'`)
  const sends = (['scenario', 'random', 'backlog'] as const).some((name) => values.has(name))
  if (!sends && !values.has('api-port'))
    throw new Error('nothing to do: give --scenario, --random, --backlog or --api-port')
  if (sends && recipients.length === 0) throw new Error('nobody to send to: give --recipient URL')
  needs('age', 'backlog')
  needs('speed', 'scenario')
  for (const name of ['rate', 'sessions', 'events'] as const) needs(name, 'random')
  for (const name of ['api-address', 'box', 'username', 'password', 'client-id', 'client-secret'] as const) {
    needs(name, 'api-port')
  }

  const port = number('api-port', 0, 65_535, true)
  return {
    recipients,
    only: values.get('only') ?? [],
    caFile: text('ca'),
    keepAlive: values.has('keep-alive'),
    scenario: text('scenario'),
    random: values.has('random'),
    backlog: number('backlog', 1, 1e7, true) ?? 0,
    ageMs: ms('age', 0) ?? 3_600_000,
    speed: number('speed', 0.001, 1e6) ?? 1,
    you: number('you', 0, 1e9, true),
    rate: number('rate', 0.001, 1e6) ?? 2,
    live: number('live', 1, 1e5, true) ?? 12,
    sessions: number('sessions', 1, 1e7, true),
    events: number('events', 1, 1e9, true),
    seed: number('seed', 0, LARGEST_SEED, true),
    customFields: values.has('custom-fields'),
    times: {
      retryIntervalMs: ms('retry-interval', 0.001) ?? DEFAULT_TIMES.retryIntervalMs,
      retryDurationMs: ms('retry-duration', 0) ?? DEFAULT_TIMES.retryDurationMs,
      timeoutMs: ms('timeout', 0.001) ?? DEFAULT_TIMES.timeoutMs,
    },
    lostReply: number('lost-reply', 0, 1) ?? 0,
    odd: number('odd', 0, 1) ?? 0,
    api:
      port === null
        ? null
        : {
            port,
            address: text('api-address') ?? '127.0.0.1',
            generation: box,
            user: { id: text('username') ?? DEFAULT_USER.id, secret: text('password') ?? DEFAULT_USER.secret },
            client: {
              id: text('client-id') ?? DEFAULT_CLIENT.id,
              secret: text('client-secret') ?? DEFAULT_CLIENT.secret,
            },
          },
    forMs: ms('for', 0),
    quiet: values.has('quiet'),
    json: values.has('json'),
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
