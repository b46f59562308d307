/** The relay's command line: runs it, checks it, sets it up, enrols workstations and takes them back. */
import { homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Credentials } from './appliance/auth.ts'
import { createApplianceClient, type ApplianceClient } from './appliance/client.ts'
import { isApplianceError } from './appliance/errors.ts'
import { createTrustingFetch } from './appliance/trust.ts'
import { tokenHash } from './events/listener.ts'
import { createLogbook } from './logbook.ts'
import { describeFault } from './redact.ts'
import { checkRelay } from './relay/check.ts'
import { readConfig, type RelayConfig } from './relay/config.ts'
import { startRelay, type RelayOptions } from './relay/relay.ts'
import { writeSetup } from './relay/setup-files.ts'
import { enrol, revoke, WORKSTATION_NAME } from './relay/workstations.ts'

declare const __VERSION__: string

const HELP = `Rep Tray, relay: takes the appliance's events once for a whole site

  --config FILE                 relay.json; runs the relay
  --config FILE --check         checks the configuration and every connection, and says what fails
  init --dir DIR [--site NAME] [--broker HOST …] [--port 4222] [--websocket 443] [--tls FOLDER] [--data FOLDER] [--gigabytes N]
                                writes keys, relay.json and the broker's configuration; three --broker make a cluster
  enrol --config FILE --rep ID --workstation NAME [--no-general] [--out FILE]
                                makes a workstation's credential, a file for its policy folder
  revoke --config FILE --workstation NAME
                                takes it back at once

Secrets come from the environment: REP_TRAY_LISTENER_TOKEN (at least 16 characters; to change it, the new one, a blank, and
the old one: that is void once the new one was used), REP_TRAY_LISTENER_PASSPHRASE of the certificate's key, and for the
appliance's API REP_TRAY_CLIENT_SECRET or REP_TRAY_PASSWORD.
`

const LOOPBACK = /\/\/(localhost|127\.|\[::1\])/

/** An error whose message is all that whoever started it needs. */
class UsageError extends Error {}

const SHORTEST_TOKEN = 16

function configFrom(file: string | undefined): RelayConfig {
  if (file === undefined) throw new UsageError('Name the configuration: --config relay.json')
  const read = readConfig(resolve(file))
  if (read.config === null) throw new UsageError(read.problems.map((problem) => `${file}: ${problem}`).join('\n'))
  return read.config
}

function clientFor({ appliance }: RelayConfig, log: (line: string) => void): ApplianceClient | null {
  if (appliance === null) return null
  const { host, clientId, username } = appliance
  const { REP_TRAY_CLIENT_SECRET: clientSecret, REP_TRAY_PASSWORD: password } = process.env
  const credentials = (): Credentials | null => {
    if (clientId !== '' && clientSecret !== undefined) return { clientId, clientSecret }
    return username !== '' && password !== undefined ? { username, password } : null
  }
  if (credentials() === null) {
    throw new UsageError('The appliance’s account is missing: set REP_TRAY_CLIENT_SECRET (or REP_TRAY_PASSWORD).')
  }
  return createApplianceClient({ host, credentials, fetch: createTrustingFetch(), log })
}

function optionsFor(config: RelayConfig): RelayOptions {
  const { REP_TRAY_LISTENER_TOKEN: given = '', REP_TRAY_LISTENER_PASSPHRASE: passphrase = null } = process.env
  const tokens = given.split(/\s+/).filter((token) => token !== '')
  if (tokens.length === 0 || tokens.some((token) => token.length < SHORTEST_TOKEN)) {
    throw new UsageError(`Set REP_TRAY_LISTENER_TOKEN to a secret of at least ${SHORTEST_TOKEN} characters.`)
  }
  const book = createLogbook((line) => console.error(`${new Date().toISOString()} ${line}`), homedir())
  book.conceal(() => tokens)
  const log = (line: string) => book.write(line)
  return {
    config,
    tokenHashes: tokens.map(tokenHash),
    computer: hostname(),
    passphrase,
    client: clientFor(config, (line) => log(`appliance: ${line}`)),
    now: Date.now,
    elapsed: () => performance.now(),
    log,
  }
}

async function run(config: RelayConfig): Promise<void> {
  const options = optionsFor(config)
  process.on('uncaughtException', (error) => options.log(`internal error: ${describeFault(error)}`))
  const relay = await startRelay(options)
  console.log(`listening: ${relay.addresses().join(' ')}`)
  let ending = false
  async function end(): Promise<void> {
    if (ending) return
    ending = true
    await relay.stop()
    process.exit(0)
  }
  process.on('SIGINT', () => void end())
  process.on('SIGTERM', () => void end())
  // On Windows there is no such signal; all of it is looked at by itself, too.
  process.on('SIGHUP', () => void relay.refresh().catch((error: unknown) => options.log(`refresh: ${String(error)}`)))
}

interface Given {
  readonly config?: string
  readonly rep?: string
  readonly workstation?: string
  readonly general: boolean
  readonly out?: string
}

function runEnrol({ config: file, rep, workstation, general, out }: Given): void {
  const config = configFrom(file)
  if (rep === undefined || !/^\d{1,18}$/.test(rep)) throw new UsageError('Say who works there: --rep 12')
  if (workstation === undefined || !WORKSTATION_NAME.test(workstation)) {
    throw new UsageError('Name the workstation, in letters, digits, - and _: --workstation NAME')
  }
  const { caFile } = config.broker
  const servers = config.broker.workstationServers ?? config.broker.servers
  if (out !== undefined && existsSync(out)) throw new UsageError(`There is already ${out}; nobody was enrolled.`)
  if (servers.some((server) => LOOPBACK.test(server))) {
    console.error('These servers can be reached from this computer only: set broker.workstationServers in relay.json.')
  }
  const ca = caFile === null ? null : readFileSync(caFile, 'utf8')
  const who = { workstation, rep, general }
  const credential = enrol(config.workstationsFile, who, { site: config.site, servers, ca }, new Date())
  const target = resolve(out ?? `${credential.workstation}.rep-tray.json`)
  writeFileSync(target, `${JSON.stringify(credential, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  console.log(target)
}

function runRevoke({ config: file, workstation = '' }: Given): void {
  const config = configFrom(file)
  if (!revoke(config.workstationsFile, workstation))
    throw new UsageError(`No workstation “${workstation}” is enrolled.`)
  console.log(`${workstation} is taken back. A running relay cuts it off within a second.`)
}

const PORT = /^\d{1,5}$/

function whole(text: string, name: string): number {
  if (!PORT.test(text)) throw new UsageError(`--${name} must be a number.`)
  return Number(text)
}

/** The command line. */
export async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    allowNegative: true,
    options: {
      config: { type: 'string' },
      check: { type: 'boolean' },
      rep: { type: 'string' },
      workstation: { type: 'string' },
      general: { type: 'boolean', default: true },
      out: { type: 'string' },
      dir: { type: 'string' },
      site: { type: 'string', default: 'main' },
      broker: { type: 'string', multiple: true, default: ['127.0.0.1'] },
      port: { type: 'string', default: '4222' },
      websocket: { type: 'string' },
      tls: { type: 'string' },
      data: { type: 'string' },
      gigabytes: { type: 'string', default: '10' },
      version: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const [command] = positionals
  if (values.help || (command === undefined && values.config === undefined && !values.version)) {
    process.stdout.write(HELP)
    return
  }
  if (values.version) {
    console.log(__VERSION__)
    return
  }
  switch (command) {
    case 'enrol':
      return runEnrol(values)
    case 'revoke':
      return runRevoke(values)
    case 'init': {
      if (values.dir === undefined) throw new UsageError('Say where the files go: --dir DIR')
      const folder = resolve(values.dir)
      const files = writeSetup({
        folder,
        site: values.site,
        hosts: values.broker,
        port: whole(values.port, 'port'),
        webSocketPort: values.websocket === undefined ? null : whole(values.websocket, 'websocket'),
        tlsFolder: values.tls ?? null,
        dataFolder: values.data ?? join(folder, 'jetstream'),
        gigabytes: whole(values.gigabytes, 'gigabytes'),
      })
      console.log(files.join('\n'))
      return
    }
    case undefined: {
      const config = configFrom(values.config)
      if (!values.check) return run(config)
      const lines = await checkRelay(optionsFor(config))
      for (const { what, problem } of lines)
        console.log(`${problem === null ? 'ok    ' : 'FAILED'} ${what}${problem === null ? '' : `: ${problem}`}`)
      if (lines.some(({ problem }) => problem !== null)) process.exitCode = 1
      return
    }
    default:
      throw new UsageError(`There is no command “${command}”. See --help.`)
  }
}

if (import.meta.main) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(isApplianceError(error) || error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
}
