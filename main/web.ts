/** Browser mode: the application under plain Node, with its window in the browser. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import Conf from 'conf'
import { announceListening } from './announce.ts'
import { HELP, readArguments, unknownLine } from './arguments.ts'
import { createTrustingFetch } from './appliance/trust.ts'
import { compose, type App } from './compose.ts'
import { readLink } from './deep-link.ts'
import { lockFolder } from './lock.ts'
import { createLogbook, type Logbook } from './logbook.ts'
import { settingsDamaged } from './problems.ts'
import { describeFault } from './redact.ts'
import { defaultDataFolder } from './settings/data-folder.ts'
import { takeEnvironment } from './settings/environment.ts'
import { openJsonFile } from './settings/json-file.ts'
import { openSystemVault, runWithInput } from './shell/web/vault.ts'
import { hasDesktop } from './shell/web/desktop.ts'
import { createWebShell, type WebShell } from './shell/web/shell.ts'
import { handOver, receiveStarts } from './starts.ts'
import { beThrifty } from './thrift.ts'

declare const __VERSION__: string

export interface WebOptions {
  readonly dataDir: string
  readonly policyFile: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** The built window. */
  readonly rendererDir: string
  readonly canOpen: boolean
  /** Keeps secrets with the system; false: they last until the end. */
  readonly useVault?: boolean
  readonly log: Logbook
  readonly onQuit: () => void
}

export interface Web {
  readonly app: App
  /** The link to the window. */
  readonly link: string
  /** Shows what this link asks for, or the window as it is, in the desktop's browser, if there is one. */
  show(link: string): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts browser mode.
 * @throws if another process uses the data folder
 */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { dataDir } = options
  const unlock = lockFolder(dataDir)
  if (unlock === null) throw new Error(`Rep Tray is running already with the data folder ${dataDir}.`)
  try {
    return await startLocked(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function startLocked(options: WebOptions, unlock: () => void): Promise<Web> {
  const { dataDir } = options
  const userSettings = openJsonFile((given, configName) => new Conf({ ...given, configName }), dataDir, 'settings')
  let shell: WebShell | undefined
  const secretsFile = openJsonFile((given, configName) => new Conf({ ...given, configName }), dataDir, 'secrets')
  const openVault = () => openSystemVault({ platform: process.platform, run: runWithInput, file: secretsFile })
  const app = compose(
    { ...options, userSettings, fetch: createTrustingFetch(), ...(options.useVault ? { openVault } : {}) },
    (handle) => {
      shell = createWebShell(handle, options)
      return shell
    },
  )
  if (shell === undefined) throw new Error('No shell was made.')
  const made = shell
  const link = await made.start(app.getState().settings['browser.port'])
  if (userSettings.damaged !== null) app.report('settings.damaged', settingsDamaged(userSettings.damaged))
  await app.start()
  const show = async (given: string) => void (await app.run(readLink(given) ?? { type: 'window.show', place: null }))
  const endStarts = receiveStarts(dataDir, (given) => void show(given))
  return {
    app,
    link,
    show,
    stop: async () => {
      endStarts()
      try {
        await app.stop()
      } finally {
        await made.stop()
        unlock()
      }
    },
  }
}

function isTaken(dataDir: string): boolean {
  const unlock = lockFolder(dataDir)
  unlock?.()
  return unlock === null
}

/** The command line: starts, says where, and ends with the process's signals. */
export async function main(argv: readonly string[]): Promise<void> {
  const given = readArguments(argv, process.cwd())
  if (given.help) return void process.stdout.write(HELP)
  if (given.version) return console.log(__VERSION__)

  const env = takeEnvironment(process.env)
  beThrifty()
  const print = (line: string) => console.log(line)
  const log = createLogbook((line) => console.error(line), homedir())
  process.on('uncaughtException', (error) => log.write(`internal error: ${describeFault(error)}`))
  const ignored = unknownLine(given)
  if (ignored !== null) log.write(ignored)
  const link = given.link ?? ''
  if (link !== '' && readLink(link) === null) throw new Error(`This is no link of Rep Tray.\n\n${HELP}`)
  const dataDir = given.data ?? defaultDataFolder(process.platform, env, homedir())
  if (isTaken(dataDir) && (await handOver(dataDir, link))) return print('Rep Tray is running already, and was told.')
  const web = await startWeb({
    dataDir,
    policyFile: given.policy,
    env,
    version: __VERSION__,
    rendererDir: join(import.meta.dirname, '../renderer'),
    canOpen: given.open && hasDesktop(),
    useVault: true,
    log,
    onQuit: () => void end(),
  })

  let ending = false
  async function end(): Promise<void> {
    if (ending) return
    ending = true
    await web.stop()
    process.exit(0)
  }
  process.on('SIGINT', () => void end())
  process.on('SIGTERM', () => void end())

  print(`window: ${web.link}`)
  announceListening(web.app, print)
  if (!given.hidden || link !== '') await web.show(link)
}

if (import.meta.main) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
}
