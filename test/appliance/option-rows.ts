import { DEFAULT_CLIENT, DEFAULT_USER } from './api.ts'
import { RETENTION_DAYS } from './archive/past.ts'
import { DEFAULT_GENERATION, GENERATIONS } from './generation.ts'
import { DEFAULT_TIMES } from './recipient.ts'
import { SCENARIO_NAMES } from './scenario.ts'

/** One option of the command line. */
export interface OptionRow {
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
const API = 'The site: Command and Reporting API, backup, health check, start URLs'
const BOX = 'How the site is'
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

  'api-port': { group: API, value: 'N', help: 'Serve the site on this port (0: any); alone: until a signal or --for' },
  'api-address': { group: API, value: 'ADDR', help: 'On this address (127.0.0.1)' },
  'api-tls': {
    group: API,
    value: 'FILE',
    help: 'Over https, with a certificate made for the run and written to FILE (PEM)',
  },
  'public-url': { group: API, value: 'URL', help: 'Where links in replies lead (to where the site is served)' },
  username: { group: API, value: 'NAME', help: `User account (${DEFAULT_USER.id})` },
  password: { group: API, value: 'TEXT', help: `Its password (${DEFAULT_USER.secret})` },
  'client-id': { group: API, value: 'ID', help: `API account of /oauth2/token (${DEFAULT_CLIENT.id})` },
  'client-secret': { group: API, value: 'TEXT', help: `Its secret (${DEFAULT_CLIENT.secret})` },

  profile: {
    group: BOX,
    value: 'VERSION',
    help: `As which product: ${Object.keys(GENERATIONS).join(', ')} (${DEFAULT_GENERATION})`,
  },
  box: { group: BOX, value: 'VERSION', help: 'The same' },
  history: { group: BOX, value: 'N', help: `Reports know N ended sessions of the last ${RETENTION_DAYS} days` },
  permission: {
    group: BOX,
    value: 'NAME=VALUE',
    many: true,
    help: 'Permission of the account: command=read_only, reporting_support=0, backup=1, …',
  },
  'rate-limit': { group: BOX, value: 'N', help: 'Requests a second of the API account (20 on 24.x, else none)' },
  'hourly-limit': { group: BOX, value: 'N', help: 'Requests an hour of the API account (15000 on 24.x, else none)' },
  'report-lag': { group: BOX, value: 'S', help: 'Reports lag S seconds behind the events; 3x: for three calls' },
  'odd-replies': { group: BOX, value: 'P', help: 'Probability (0 to 1) of an odd reply: errors, HTML, cut, slow, …' },

  for: { group: RUN, value: 'S', help: 'Repeat the scenario, send random traffic, serve the API for S seconds' },
  quiet: { group: RUN, help: 'No line for each attempt; the summary alone' },
  json: { group: RUN, help: 'Lines of JSON: attempts, drops, and the summary' },
  help: { group: RUN, help: 'This text' },
} as const satisfies Record<string, OptionRow>

export type OptionName = keyof typeof OPTION_ROWS
