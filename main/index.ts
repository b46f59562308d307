/**
 * The desktop application: starts Electron in the order that it must be started in, and puts the parts together.
 * What precedes `ready` runs in this file's first turn, without an await.
 */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell as system,
  Tray,
} from 'electron'
import Store from 'electron-store'
import { announceListening } from './announce.ts'
import { HELP, readArguments, unknownLine } from './arguments.ts'
import { compose } from './compose.ts'
import { readLink, type LinkCommand } from './deep-link.ts'
import { lockFolder } from './lock.ts'
import { createLogbook } from './logbook.ts'
import { settingsDamaged } from './problems.ts'
import { describeFault } from './redact.ts'
import { takeEnvironment } from './settings/environment.ts'
import { openJsonFile, type RecordStoreOptions } from './settings/json-file.ts'
import type { Run } from './shell/electron/bus.ts'
import { guardSession } from './shell/electron/guards.ts'
import { createLog } from './shell/electron/log.ts'
import { claimLinks, prepare, setMacMenu } from './shell/electron/prepare.ts'
import { serveWindow } from './shell/electron/protocol.ts'
import { stopBeforeQuit } from './shell/electron/quit.ts'
import { createElectronShell, type ElectronShell } from './shell/electron/shell.ts'
import { updatesItself } from './shell/electron/updates.ts'
import { openElectronVault } from './shell/electron/vault.ts'
import { handOver, receiveStarts } from './starts.ts'

declare const __VERSION__: string

/** A hidden window is destroyed after a minute; stopping may take five seconds; a log file has at most a megabyte. */
const DESTROY_AFTER = 60_000
const STOP_WITHIN = 5000
const LOG_LIMIT = 1_000_000
/** How long the desktop may take to bring up its panel, in milliseconds. */
const PANEL_WITHIN = { asked: 2000, atLogin: 20_000 }

const electron = {
  app,
  BrowserWindow,
  clipboard,
  globalShortcut,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  shell: system,
  Tray,
}

const { platform, argv, execPath } = process
const env = takeEnvironment(process.env)
const given = readArguments(argv.slice(app.isPackaged ? 1 : 2), process.cwd())
let shell: ElectronShell | null = null
/** What the rep asked for from outside so far; the last one of them, if there was no shell yet. */
let asked = false
let early: LinkCommand | null = null
let started = false

/** By another start, by a link, or in Finder. What is no link only brings the window up. */
function ask(link: string | null): void {
  const command = readLink(link ?? '') ?? { type: 'window.show', place: null }
  asked = true
  if (shell === null) early = command
  else void shell.run(command)
}

const run: Run = (program, args) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: 3000, encoding: 'utf8' }, (error, output) =>
      resolve(error === null ? output : error.code === 'ENOENT' ? undefined : null),
    )
  })

async function start(): Promise<void> {
  const dataDir = app.getPath('userData')
  const toFile = createLog(join(dataDir, 'rep-tray.log'), LOG_LIMIT, Date.now)
  const log = createLogbook((line) => {
    toFile(line)
    console.error(line)
  }, homedir())
  // Without a terminal there is nobody to write to; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('uncaughtException', (error) => log.write(`internal error: ${describeFault(error)}`))

  const ignored = unknownLine(given)
  if (ignored !== null) log.write(ignored)

  const unlock = lockFolder(dataDir)
  if (unlock === null) {
    if (await handOver(dataDir, given.link ?? '')) return app.exit(0)
    throw new Error(`It is running already in browser mode, with the folder ${dataDir}.`)
  }

  const makeStore = (options: RecordStoreOptions, name: string) => new Store({ ...options, name })
  const userSettings = openJsonFile(makeStore, dataDir, 'settings')
  const windowState = openJsonFile(makeStore, dataDir, 'window')
  const secretsFile = openJsonFile(makeStore, dataDir, 'secrets')
  // electron-store opens a channel for stores in renderers. Ours have none, and three channels are all there are.
  ipcMain.removeAllListeners('electron-store-get-data')

  guardSession(session.defaultSession)
  serveWindow(electron, join(import.meta.dirname, '../renderer'))
  if (platform === 'darwin') setMacMenu(electron)
  claimLinks(electron, platform, execPath)

  const application = compose(
    {
      dataDir,
      policyFile: given.policy,
      userSettings,
      env,
      version: __VERSION__,
      log,
      openVault: () => openElectronVault(electron, { platform, file: secretsFile }),
      updates: updatesItself({ platform, env, execPath, isPackaged: app.isPackaged })
        ? {
            file: openJsonFile(makeStore, dataDir, 'update'),
            load: async (mayInstall) =>
              (await import('./shell/electron/updater.ts')).createUpdater({ platform, mayInstall }),
          }
        : null,
      // Neither cookies nor a cache; by the system's proxy and certificates.
      fetch: (url, init) => session.fromPartition('appliance', { cache: false }).fetch(url, init),
      // The same for the site's relay over wss; asked for only where there is one.
      makeSocket: (url) => new net.WebSocket(url, { session: session.fromPartition('appliance', { cache: false }) }),
    },
    (handle) => {
      shell = createElectronShell(electron, handle, {
        platform,
        env,
        home: homedir(),
        execPath,
        assets: join(import.meta.dirname, '../assets'),
        preload: join(import.meta.dirname, '../preload/index.cjs'),
        destroyAfter: DESTROY_AFTER,
        bounds: { read: () => windowState.read()['bounds'], write: (bounds) => windowState.write({ bounds }) },
        run,
        now: () => performance.now(),
        log: (line) => log.write(line),
      })
      return shell
    },
  )
  const made = shell
  if (made === null) throw new Error('No shell was made.')
  made.begin()
  if (early !== null) void made.run(early)
  const endStarts = receiveStarts(dataDir, ask)
  stopBeforeQuit(electron, {
    release: made.release,
    stop: async () => {
      endStarts()
      await application.stop()
      unlock()
    },
    within: STOP_WITHIN,
    log: (line) => log.write(line),
  })

  if (userSettings.damaged !== null) application.report('settings.damaged', settingsDamaged(userSettings.damaged))
  await application.start()
  // Started from a desktop, what is printed goes to the system's log.
  announceListening(application, (line) => console.log(line), !app.isPackaged)

  const isFirstRun = userSettings.isNew && windowState.isNew
  if (windowState.isNew) windowState.write({})
  // Who asked for something has it by now.
  const open = !asked && !given.hidden && (isFirstRun || !(await made.hasTray(PANEL_WITHIN.asked)))
  if (open) made.showWindow()
  else if (given.hidden) void made.hasTray(PANEL_WITHIN.atLogin)
  started = true
}

/** The whole application in the browser, by Electron's own Node. */
async function startInBrowser(): Promise<void> {
  const { main } = await import('./web.ts')
  app.on('before-quit', (event) => {
    event.preventDefault()
    // Stops as it does when the system asks for it.
    process.emit('SIGTERM')
  })
  await main(argv.slice(app.isPackaged ? 1 : 2))
}

function startOnDesktop(): void {
  if (given.data !== null) {
    // Electron refuses a folder that does not exist. The lock is the folder's, so this comes first of all.
    mkdirSync(given.data, { recursive: true, mode: 0o700 })
    app.setPath('userData', given.data)
  }
  const isFirst = prepare(electron, {
    platform,
    execPath,
    argv,
    onSecondInstance: (other) => {
      const { hidden, link } = readArguments(other, process.cwd())
      if (!hidden || link !== null) ask(link)
    },
    // macOS may tell of this also when the application is started, which asks for nothing.
    onActivate: () => {
      if (started) ask(null)
    },
    onLink: ask,
  })
  if (isFirst) {
    if (given.link !== null) ask(given.link)
    app
      .whenReady()
      .then(start)
      .catch((error: unknown) => {
        dialog.showErrorBox('Rep Tray cannot start', error instanceof Error ? error.message : String(error))
        app.exit(1)
      })
  } else {
    app.exit(0)
  }
}

if (given.help || given.version) {
  process.stdout.write(given.help ? HELP : `${__VERSION__}\n`)
  app.exit(0)
} else if (given.browser) {
  startInBrowser().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    app.exit(1)
  })
} else startOnDesktop()
