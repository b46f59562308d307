import { DEFAULT_CLIENT, DEFAULT_USER, type ApiOptions } from './api.ts'
import type { ReportLag } from './api/horizon.ts'
import { parsePermission } from './api/permissions.ts'
import { DEFAULT_GENERATION, generationNamed, GENERATIONS, type GenerationName } from './generation.ts'
import type { OptionName } from './option-rows.ts'
import type { OptionValues } from './option-values.ts'

/** How the program serves the site. */
export interface ApiProgramOptions {
  readonly port: number
  readonly address: string
  /** Where the certificate is to be written; null: plain HTTP. */
  readonly certificateFile: string | null
  /** Ended sessions that reports know from the start. */
  readonly history: number
  readonly settings: Omit<ApiOptions, 'appliance'>
}

/** Options that say nothing without a port. */
const OTHERS: readonly OptionName[] = [
  'api-address',
  'api-tls',
  'public-url',
  'username',
  'password',
  'client-id',
  'client-secret',
  'profile',
  'box',
  'history',
  'permission',
  'rate-limit',
  'hourly-limit',
  'report-lag',
  'odd-replies',
]

/** Reads what concerns the site; null: it is not to be served. Throws as `parseOptions` does. */
export function readApiOptions(values: OptionValues): ApiProgramOptions | null {
  for (const name of OTHERS) values.needs(name, 'api-port')
  const { text, number } = values
  const generation = readGeneration(values)
  const reportLag = readLag(text('report-lag'))
  const rateLimits = readLimits(values, generation)
  const settings = {
    generation,
    user: { id: text('username') ?? DEFAULT_USER.id, secret: text('password') ?? DEFAULT_USER.secret },
    client: { id: text('client-id') ?? DEFAULT_CLIENT.id, secret: text('client-secret') ?? DEFAULT_CLIENT.secret },
    permissions: values.list('permission').reduce((all, one) => ({ ...all, ...parsePermission(one) }), {}),
    publicUrl: readUrl(text('public-url')),
    oddReplies: number('odd-replies', 0, 1) ?? 0,
    ...(rateLimits === undefined ? {} : { rateLimits }),
    ...(reportLag === undefined ? {} : { reportLag }),
  }
  const history = number('history', 0, 1e6, true) ?? 0
  const port = number('api-port', 0, 65_535, true)
  const address = text('api-address') ?? '127.0.0.1'
  return port === null ? null : { port, address, certificateFile: text('api-tls'), history, settings }
}

function readGeneration({ text, has }: OptionValues): GenerationName {
  const option = has('profile') ? 'profile' : 'box'
  const given = text(option) ?? DEFAULT_GENERATION
  const generation = generationNamed(given)
  if (generation !== undefined) return generation
  throw new Error(`--${option} wants one of ${Object.keys(GENERATIONS).join(', ')}, not '${given}'`)
}

/** Seconds, or a number of calls with an x behind it. */
function readLag(text: string | null): ReportLag | undefined {
  if (text === null) return undefined
  const [, amount = '', unit] = /^(\d+(?:\.\d+)?)(x?)$/.exec(text) ?? []
  if (amount === '' || (unit === 'x' && amount.includes('.'))) {
    throw new Error(`--report-lag wants seconds or a number of calls (3x), not '${text}'`)
  }
  return unit === 'x' ? { calls: Number(amount) } : { ms: Number(amount) * 1000 }
}

/** One limit may be given without the other; then there is none, or the generation's. */
function readLimits({ number }: OptionValues, generation: GenerationName) {
  const perSecond = number('rate-limit', 1, 1e6, true)
  const perHour = number('hourly-limit', 1, 1e9, true)
  if (perSecond === null && perHour === null) return undefined
  const usual = GENERATIONS[generation].rateLimits ?? { perSecond: 1e6, perHour: 1e9 }
  return { perSecond: perSecond ?? usual.perSecond, perHour: perHour ?? usual.perHour }
}

function readUrl(text: string | null): string {
  if (text === null) return 'served'
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  throw new Error(`--public-url wants an http or https URL, not '${text}'`)
}
