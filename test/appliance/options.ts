import { readApiOptions, type ApiProgramOptions } from './api-options.ts'
import { readValues } from './option-values.ts'
import type { QueueTimes } from './queue.ts'
import { LARGEST_SEED } from './random.ts'
import { DEFAULT_TIMES } from './recipient.ts'

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
  /** Null: the site is not served. */
  readonly api: ApiProgramOptions | null
  readonly forMs: number | null
  readonly quiet: boolean
  readonly json: boolean
}

/** Reads the command line; throws an error whose message is one clear line. `help`: nothing else counts. */
export function parseOptions(args: readonly string[]): ProgramOptions | 'help' {
  const values = readValues(args)
  if (values.has('help')) return 'help'
  const { number, ms, text, needs } = values

  const recipients = values.list('recipient')
  const bad = recipients.find((url) => !/^https?:\/\//i.test(url) || !URL.canParse(url))
  if (bad !== undefined) throw new Error(`--recipient wants an http or https URL, not '${bad}'`)
  const sends = (['scenario', 'random', 'backlog'] as const).some((name) => values.has(name))
  const serves = values.has('api-port')
  if (!sends && !serves) throw new Error('nothing to do: give --scenario, --random, --backlog or --api-port')
  if (sends && !serves && recipients.length === 0) throw new Error('nobody to send to: give --recipient URL')
  needs('age', 'backlog')
  needs('speed', 'scenario')
  for (const name of ['rate', 'sessions', 'events'] as const) needs(name, 'random')

  return {
    recipients,
    only: values.list('only'),
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
    api: readApiOptions(values),
    forMs: ms('for', 0),
    quiet: values.has('quiet'),
    json: values.has('json'),
  }
}
