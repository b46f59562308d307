import { isOddKind, type OddKind } from './odd.ts'

/** A representative's id, or the one whom the scenario is played for. */
export type RepRef = number | 'you'

/** What a step does. Sessions are named by labels that hold for one round; queues are `general`, `team:5`, `team:you`, `rep:12`, `rep:you`. */
export type Action =
  /** `wait`: the customer has yet to join. */
  | {
      readonly do: 'start'
      readonly session: string
      readonly queue: string
      readonly customer: string
      readonly key?: string
      readonly wait?: boolean
    }
  | { readonly do: 'pickUp' | 'join' | 'leave'; readonly session: string; readonly rep: RepRef }
  /** `stay`: the owner who gives it away stays in it. */
  | { readonly do: 'transfer'; readonly session: string; readonly to: string; readonly stay?: boolean }
  | { readonly do: 'key'; readonly session: string; readonly key: string | null }
  | { readonly do: 'customerJoins' | 'customerLeaves' | 'end'; readonly session: string }
  | { readonly do: 'survey'; readonly session: string; readonly by: 'customer' | 'representative' }
  /** Any event, known or not; with the lsid and key of the session, if one is named. */
  | {
      readonly do: 'event'
      readonly event: string
      readonly session?: string
      readonly variables?: Readonly<Record<string, string>>
    }

export type Step = Action & {
  /** Seconds since the step before. */
  readonly after: number
  /** Seconds by which the timestamps lie back: it happened then, and is sent only now. */
  readonly ago?: number
  /** Sends the events of this step in an odd way, where it fits. */
  readonly odd?: OddKind
}

export interface Scenario {
  readonly name: string
  readonly about: string
  readonly steps: readonly Step[]
  /** Seconds between two rounds. */
  readonly rest: number
}

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string' && value !== ''
const flag: Check = (value) => typeof value === 'boolean'
const seconds: Check = (value) => typeof value === 'number' && value >= 0 && value <= 1e9
const rep: Check = (value) => value === 'you' || Number.isSafeInteger(value)
const queue: Check = (value) => typeof value === 'string' && /^(general|team:(\d+|you)|rep:(\d+|you))$/.test(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const COMMON: Readonly<Record<string, Check>> = {
  do: text,
  after: seconds,
  ago: optional(seconds),
  odd: optional((value) => typeof value === 'string' && isOddKind(value)),
}

const withSession = { session: text }
const withRep = { session: text, rep }

const FIELDS: Readonly<Record<Action['do'], Readonly<Record<string, Check>>>> = {
  start: { session: text, queue, customer: text, key: optional(text), wait: optional(flag) },
  pickUp: withRep,
  join: withRep,
  leave: withRep,
  transfer: { session: text, to: queue, stay: optional(flag) },
  key: { session: text, key: (value) => value === null || text(value) },
  customerJoins: withSession,
  customerLeaves: withSession,
  end: withSession,
  survey: { session: text, by: (value) => value === 'customer' || value === 'representative' },
  event: {
    event: text,
    session: optional(text),
    variables: optional((value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string')),
  },
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Checks what was read from a scenario file; throws with a sentence that says what is wrong. */
export function checkScenario(content: unknown, name: string): Scenario {
  const fail = (what: string): never => {
    throw new Error(`scenario ${name}: ${what}`)
  }
  if (!isRecord(content) || !Array.isArray(content['steps'])) return fail('is no object with a list of steps')
  const { about = '', rest = 0 } = content
  if (typeof about !== 'string') return fail('about is no text')
  if (typeof rest !== 'number' || !seconds(rest)) return fail('rest is no number of seconds')
  const steps = content['steps'].map((step: unknown, index) => {
    const problem = problemOf(step)
    return problem === null ? (step as Step) : fail(`step ${index + 1}: ${problem}`)
  })
  return { name, about, steps, rest }
}

function problemOf(step: unknown): string | null {
  if (!isRecord(step)) return 'is no object'
  const kind = step['do']
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) return `do: ${String(kind)} is unknown`
  const fields = { ...COMMON, ...FIELDS[kind as Action['do']] }
  const stranger = Object.keys(step).find((key) => !Object.hasOwn(fields, key))
  if (stranger !== undefined) return `${stranger} is unknown for ${kind}`
  const wrong = Object.entries(fields).find(([key, check]) => !check(step[key]))
  return wrong === undefined ? null : `${wrong[0]} is missing or wrong`
}
