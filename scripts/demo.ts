/**
 * `npm run demo`: the simulated appliance and the application against it, in a throw-away profile. Sessions start, wait,
 * are transferred to you, get their ticket and end. `--for SECONDS` needs no display, says what happens and ends.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLogbook } from '../main/logbook.ts'
import { hasDesktop } from '../main/shell/web/desktop.ts'
import { startWeb } from '../main/web.ts'
import type { State } from '../preload/contract.ts'
import { createApi, DEFAULT_CLIENT } from '../test/appliance/api.ts'
import { createAppliance, type Appliance } from '../test/appliance/appliance.ts'
import { loadScenario, runScenario } from '../test/appliance/scenario.ts'
import { findRepresentative, teamsOf } from '../test/appliance/world.ts'
import { freePort } from './broker.ts'
import { ensureBuilt } from './built.ts'
import { demoFleet } from './demo-fleet.ts'
import { findElectron } from './electron.ts'
import { endWithNpm } from './parent.ts'

const HELP = `Shows Rep Tray at work with a simulated appliance. Nothing that it does stays.

  --for SECONDS   no window: print what happens, end after SECONDS
  --fleet N       a site with broker, relay and N workstations
  --browser       browser mode, also where Electron is there
  --no-open       do not open the browser
  --help          print this
`

/** The representative that you are in the demo. */
const YOU = 12
/** Sessions of the last 90 days, for the lookup. */
const PAST_SESSIONS = 2_000

const root = resolve(import.meta.dirname, '..')

const { values } = parseArgs({
  options: {
    for: { type: 'string' },
    fleet: { type: 'string' },
    browser: { type: 'boolean' },
    open: { type: 'boolean', default: true },
    help: { type: 'boolean' },
  },
  allowNegative: true,
})

/** The policy of the throw-away profile: who you are, and where the appliance is. */
function writePolicy(folder: string, appliance: Appliance, token: string, port: number, host: string): string {
  const { username, name } = findRepresentative(appliance.world, YOU)
  const teams = teamsOf(appliance.world, YOU).map((team) => String(team.id))
  const policyFile = join(folder, 'policy.json')
  const policy = {
    me: { repId: String(YOU), username, name, teams },
    listener: { addresses: ['127.0.0.1'], port, token },
    browser: { port: 0 },
    appliance: { host, clientId: DEFAULT_CLIENT.id, clientSecret: DEFAULT_CLIENT.secret },
    setup: { done: true },
  }
  writeFileSync(policyFile, JSON.stringify(policy, null, 2), { mode: 0o600 })
  return policyFile
}

/** Prints each event and each notification once, as State tells of them. Returns how many notifications there were. */
function createNarrator(print: (line: string) => void): { tell(state: State): void; notified(): number } {
  let lastEvent = 0
  let lastAlert = 0
  let notified = 0
  /** The kind of the last notification of each tag: a refresh of one that was never printed is the first of it. */
  const printed = new Map<string, string>()
  return {
    notified: () => notified,
    tell: (state) => {
      for (const entry of state.activity.toReversed()) {
        if (entry.seq <= lastEvent) continue
        lastEvent = entry.seq
        const words = [entry.event, entry.lsid?.slice(0, 8), entry.subject, entry.externalKey].filter(Boolean)
        print(`event: ${words.join(' · ')}`)
      }
      for (const alert of state.alerts.toReversed()) {
        if (alert.id <= lastAlert) continue
        lastAlert = alert.id
        if (!alert.popup) continue
        const isUpdate = alert.refresh && printed.get(alert.tag) === alert.kind
        printed.set(alert.tag, alert.kind)
        if (!isUpdate) notified += 1
        print(`notification: ${alert.title} — ${alert.body}${isUpdate ? ' (updated)' : ''}`)
      }
    },
  }
}

/** Plays the scenario until the signal aborts, and waits a little for what is still in the queue. */
async function play(appliance: Appliance, recipient: string, signal: AbortSignal): Promise<void> {
  appliance.addRecipient(recipient, { retryIntervalMs: 500 })
  await runScenario(appliance, loadScenario('demo'), { you: YOU, repeat: true, signal })
  await Promise.race([appliance.idle(), new Promise((done) => setTimeout(done, 3000))])
}

async function demoInElectron(binary: string, folder: string, appliance: Appliance, host: string, signal: AbortSignal) {
  // Electron cannot tell which port it took.
  const [port, token] = [await freePort(), randomBytes(16).toString('base64url')]
  const policyFile = writePolicy(folder, appliance, token, port, host)
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const child = spawn(binary, [root, '--data', join(folder, 'data'), '--policy', policyFile], { stdio: 'inherit', env })
  const ended = new AbortController()
  child.on('exit', () => ended.abort())
  signal.addEventListener('abort', () => child.kill())
  console.log('The demo runs in the tray. Quit it there, or press Ctrl+C here.')
  await play(appliance, `http://127.0.0.1:${port}/events?token=${token}`, AbortSignal.any([signal, ended.signal]))
}

async function demoInBrowser(
  folder: string,
  appliance: Appliance,
  host: string,
  signal: AbortSignal,
  isHeadless: boolean,
) {
  const token = randomBytes(16).toString('base64url')
  const quit = new AbortController()
  const web = await startWeb({
    dataDir: join(folder, 'data'),
    policyFile: writePolicy(folder, appliance, token, 0, host),
    env: {},
    version: 'demo',
    rendererDir: join(root, 'dist/renderer'),
    canOpen: values.open && hasDesktop() && !isHeadless,
    // Without a window no notification can be shown; here they are printed.
    log: createLogbook((line) => line.startsWith('problem window.closed') || console.error(line), homedir()),
    onQuit: () => quit.abort(),
  })
  const narrator = createNarrator((line) => console.log(line))
  web.app.subscribe((state) => narrator.tell(state))
  if (!isHeadless) {
    console.log(`window: ${web.link}`)
    console.log('Open it in a browser and allow notifications. Ctrl+C ends the demo.')
    await web.show('')
  }
  await play(appliance, web.app.recipientUrl() ?? '', AbortSignal.any([signal, quit.signal]))
  const state = web.app.getState()
  narrator.tell(state)
  await web.stop()
  const { stored, repeated, quarantined } = state.health
  const received = stored + repeated + quarantined
  console.log(
    `summary: ${appliance.posted} sent, ${received} received, ${stored} stored, ${narrator.notified()} notified`,
  )
  if (received < appliance.posted || narrator.notified() === 0) process.exitCode = 1
}

async function demo(): Promise<void> {
  const seconds = values.for === undefined ? null : Number(values.for)
  if (seconds !== null && !(seconds > 0)) throw new Error('--for takes a number of seconds.')
  const count = values.fleet === undefined ? null : Number(values.fleet)
  if (count !== null && !(Number.isInteger(count) && count > 0))
    throw new Error('--fleet takes a number of workstations.')
  ensureBuilt(root)

  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-demo-'))
  const appliance = createAppliance({ pastSessions: PAST_SESSIONS })
  const api = createApi({ appliance })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  try {
    const host = await api.listen(0)
    const signal = seconds === null ? stop.signal : AbortSignal.any([stop.signal, AbortSignal.timeout(seconds * 1000)])
    if (count !== null) {
      const rendererDir = join(root, 'dist/renderer')
      const print = (line: string) => console.log(line)
      if (!(await demoFleet({ folder, rendererDir, appliance, host, count, signal, print }))) process.exitCode = 1
      return
    }
    const electron = seconds !== null || values.browser ? null : await findElectron(root)
    if (electron !== null && 'binary' in electron) {
      await demoInElectron(electron.binary, folder, appliance, host, signal)
    } else {
      if (electron !== null)
        console.log(`Electron is not available (${electron.reason}); the demo runs in browser mode.`)
      await demoInBrowser(folder, appliance, host, signal, seconds !== null)
    }
  } finally {
    await appliance.close()
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (values.help) {
  process.stdout.write(HELP)
} else {
  try {
    endWithNpm()
    await demo()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
