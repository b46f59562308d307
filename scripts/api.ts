/** `npm run api -- --host URL COMMAND [key=value …]`: one command or report of the appliance, its result as JSON. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Credentials } from '../main/appliance/auth.ts'
import { createTrustingFetch } from '../main/appliance/trust.ts'
import { createApplianceClient, type ApplianceClient } from '../main/appliance/client.ts'
import type { CallOptions } from '../main/appliance/connection.ts'
import { ApplianceError, invalid, isApplianceError } from '../main/appliance/errors.ts'
import type { RecordingKind } from '../main/appliance/files.ts'
import { treeOf } from '../main/appliance/value.ts'
import { FEATURES } from '../main/appliance/version.ts'
import { XmlElement } from '../main/appliance/xml.ts'

const HELP = `Asks the appliance for one thing and prints the answer as JSON.

  npm run api -- --host URL COMMAND [key=value …]

  --host URL     https://support.example.com, or its name alone; plain http to this computer only
  --limit MB     largest reply that is read (default: 256)
  --verbose      one line for each request, on standard error
  --help         print this

The account is taken from the environment: REP_TRAY_CLIENT_ID and REP_TRAY_CLIENT_SECRET (an API account, since 16.1),
or REP_TRAY_USERNAME and REP_TRAY_PASSWORD (older appliances).

Commands and reports have the names and parameters of the appliance's own API:

  ${['get_api_info', ...FEATURES].join('\n  ')}

  get_support_teams showmembers=1
  set_session_attributes lsid=LSID session.custom.external_key=INC0010023
  SupportSessionListing end_time=1574600000 duration=0
  SupportSessionRecording lsid=LSID file=recording.mp4
  backup file=appliance.nsb

Any other name that begins with a capital is asked for as a report, any other as a command; their replies are printed
as they are. "find_recordings lsid=LSID" tells what recordings there are. "can" tells what appliance and account allow.

What fails is printed as JSON too, {"error": {"kind", "message", "detail", …}}, and the exit status is 1.
`

/** Parameters as they were given, each to be used. */
type Given = Map<string, string>
type Run = (client: ApplianceClient, given: Given, options: CallOptions) => Promise<unknown>

/** Takes a parameter out, so that what is left over is known. */
function take(given: Given, name: string): string | undefined {
  const value = given.get(name)
  given.delete(name)
  return value
}

function need(given: Given, name: string): string {
  const value = take(given, name)
  if (value === undefined || value === '') throw invalid(`${name}=… is missing.`)
  return value
}

/** `session.custom.*` out of the parameters, by code name. */
function takeFields(given: Given): Record<string, string> {
  const prefix = 'session.custom.'
  const names = [...given.keys()].filter((name) => name.startsWith(prefix))
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), take(given, name) ?? '']))
}

function rep(given: Given): { readonly repId: string } | { readonly repUsername: string } {
  const repUsername = take(given, 'rep_username')
  return repUsername === undefined ? { repId: need(given, 'rep_id') } : { repUsername }
}

/** Calls with what was given, once nothing is left over. */
function typed<Request>(
  read: (given: Given) => Request,
  call: (client: ApplianceClient, request: Request, options: CallOptions) => Promise<unknown>,
): Run {
  return async (client, given, options) => {
    const request = read(given)
    const [left] = given.keys()
    if (left !== undefined) throw invalid(`There is no parameter ${left} here.`)
    return call(client, request, options)
  }
}

function recording(kind: RecordingKind): Run {
  return typed(
    (given) => {
      const instance = take(given, 'instance')
      return {
        file: resolve(need(given, 'file')),
        lsid: need(given, 'lsid'),
        instance: instance === undefined ? null : Number(instance),
      }
    },
    (client, { file, lsid, instance }, options) => client.downloadRecording({ kind, lsid, instance }, file, options),
  )
}

function sessionKey(given: Given): Parameters<ApplianceClient['generateSessionKey']>[0] {
  const { external_key: custom, ...customFields } = takeFields(given)
  const [type, ttl, plain] = ['type', 'ttl', 'external_key'].map((name) => take(given, name))
  const [priority, skills, urlHostname] = ['session.priority', 'session.skills', 'url_hostname'].map((name) =>
    take(given, name),
  )
  if (type !== undefined && type !== 'support') throw invalid('type can only be support.')
  if (priority !== undefined && !/^[123]$/.test(priority)) throw invalid('session.priority is 1, 2 or 3.')
  const externalKey = custom ?? plain
  return {
    queue: need(given, 'queue_id'),
    customFields,
    ...(externalKey === undefined ? {} : { externalKey }),
    ...(ttl === undefined ? {} : { ttl: Number(ttl) }),
    ...(priority === undefined ? {} : { priority: Number(priority) as 1 | 2 | 3 }),
    ...(skills === undefined ? {} : { skills: skills.split(',') }),
    ...(urlHostname === undefined ? {} : { urlHostname }),
  }
}

const none = () => undefined
const lsid = (given: Given) => ({ lsid: need(given, 'lsid') })

const COMMANDS: Readonly<Record<string, Run>> = {
  get_api_info: typed(none, (client, _none, options) => client.getApiInfo(options)),
  get_logged_in_reps: typed(none, (client, _none, options) => client.getLoggedInReps(options)),
  get_support_teams: typed(
    (given) => ({ members: take(given, 'showmembers') === '1' }),
    (client, request, options) => client.getSupportTeams(request, options),
  ),
  generate_session_key: typed(sessionKey, (client, request, options) => client.generateSessionKey(request, options)),
  transfer_session: typed(
    (given) => ({ ...lsid(given), to: need(given, 'queue_id') }),
    (client, request, options) => client.transferSession(request, options),
  ),
  join_session: typed(
    (given) => ({ ...lsid(given), ...rep(given) }),
    (client, request, options) => client.joinSession(request, options),
  ),
  leave_session: typed(
    (given) => ({ ...lsid(given), ...(take(given, 'customer') === '1' ? ({ customer: true } as const) : rep(given)) }),
    (client, request, options) => client.leaveSession(request, options),
  ),
  set_session_attributes: typed(
    (given) => ({ ...lsid(given), customFields: takeFields(given) }),
    (client, request, options) => client.setSessionAttributes(request, options),
  ),
  get_session_attributes: typed(lsid, (client, request, options) => client.getSessionAttributes(request, options)),
  terminate_session: typed(lsid, (client, request, options) => client.terminateSession(request, options)),
  check_health: typed(none, (client, _none, options) => client.checkHealth(options)),
  get_connected_client_list: typed(
    (given) => {
      const summaryOnly = take(given, 'summary_only') === '1'
      return { types: take(given, 'type')?.split(',') ?? [], summaryOnly }
    },
    (client, request, options) => client.getConnectedClients(request, options),
  ),
  SupportSessionRecording: recording('session'),
  CommandShellRecording: recording('commandShell'),
  ShowMyScreenRecording: recording('showMyScreen'),
  PresentationRecording: recording('presentation'),
  PresentationSessionRecording: recording('presentation'),
  find_recordings: typed(lsid, (client, request, options) => client.findRecordings(request.lsid, options)),
  backup: typed(
    (given) => resolve(need(given, 'file')),
    (client, file, options) => client.backup(file, options),
  ),
  can: typed(none, async (client, _none, options) => {
    const answers: [string, unknown][] = []
    for (const feature of FEATURES) answers.push([feature, await client.can(feature, options)])
    return Object.fromEntries(answers)
  }),
}

const other =
  (name: string): Run =>
  (client, given, options) =>
    /^[A-Z]/.test(name) ? client.report(name, [...given], options) : client.command(name, [...given], options)

function parameters(words: readonly string[]): Given {
  const given: Given = new Map()
  for (const word of words) {
    const at = word.indexOf('=')
    const name = word.slice(0, at)
    if (at < 1) throw invalid(`This is no parameter: it must be key=value.`)
    if (/^(username|password|client_id|client_secret)$/.test(name)) {
      throw invalid('Credentials are taken from the environment, since a command line can be seen by others.')
    }
    given.set(name, word.slice(at + 1))
  }
  return given
}

function credentials(): Credentials {
  const [clientId, clientSecret, username, password] = ['CLIENT_ID', 'CLIENT_SECRET', 'USERNAME', 'PASSWORD'].map(
    (name) => process.env[`REP_TRAY_${name}`] ?? '',
  )
  if (clientId && clientSecret) return { clientId, clientSecret }
  if (username && password) return { username, password }
  throw new ApplianceError('refused', 'No account is set in the environment.', {
    detail: 'REP_TRAY_CLIENT_ID and REP_TRAY_CLIENT_SECRET, or REP_TRAY_USERNAME and REP_TRAY_PASSWORD.',
    code: 'no-credentials',
  })
}

async function run(
  words: readonly string[],
  host: string | undefined,
  limit: number,
  verbose: boolean,
): Promise<unknown> {
  const [name, ...rest] = words
  if (host === undefined) throw invalid('--host is missing.')
  if (name === undefined) throw invalid('A command or a report is missing; --help names them.')
  if (!(limit > 0)) throw invalid('--limit is a number of megabytes.')
  const given = parameters(rest)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  const client = createApplianceClient({
    host,
    credentials,
    fetch: createTrustingFetch(),
    replyLimit: limit * 1024 * 1024,
    ...(verbose ? { log: (line) => console.error(line) } : {}),
  })
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  return (command ?? other(name))(client, given, { signal: stop.signal })
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      host: { type: 'string' },
      limit: { type: 'string', default: '256' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    process.stdout.write(HELP)
    return
  }
  const result = await run(positionals, values.host, Number(values.limit), values.verbose)
  const printed = result instanceof XmlElement ? treeOf(result) : (result ?? { success: true })
  process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`)
}

// Whoever reads the answer may go away (`| head`): then there is nobody left to tell.
process.stdout.on('error', () => process.exit(1))
try {
  await main()
} catch (error) {
  const known = isApplianceError(error)
    ? error
    : new ApplianceError('invalid', 'This could not be understood; --help says how to ask.', {
        // parseArgs says here what is wrong with the options.
        detail: error instanceof Error ? error.message : String(error),
      })
  process.stdout.write(`${JSON.stringify({ error: known }, null, 2)}\n`)
  process.exitCode = 1
}
