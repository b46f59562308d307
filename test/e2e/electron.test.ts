/**
 * The main path on a real Electron, where its binary is installed: an event, its notification, the window, the locks,
 * quitting. Elsewhere the same entry runs against the double (test/integration/electron-*.test.ts).
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { _electron, type ElectronApplication } from 'playwright'
import { installedElectron } from '../../scripts/electron.ts'
import { startDesktop, type Desktop } from '../desktop/desktop.ts'
import { ME, transferToMe } from '../electron/events.ts'
import { build, TOKEN } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

const root = resolve(import.meta.dirname, '../..')
const binary = installedElectron(root)
const reason =
  binary === null
    ? 'no Electron binary here (npx install-electron gets it); its entry ran against the double in test/electron'
    : false

test(
  'an event on a real Electron: notification, window, locks, quit',
  { skip: reason, timeout: 120_000 },
  async (t) => {
    build()
    const folder = mkdtempSync(join(tmpdir(), 'rep-tray-e2e-'))
    t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, JSON.stringify({ ...ME, 'setup.done': true, 'listener.port': 0, 'listener.token': TOKEN }))

    const desktop: Desktop | null = process.platform === 'linux' ? await startDesktop() : null
    t.after(() => desktop?.close())
    const app = await start(desktop, ['--data', join(folder, 'data'), '--policy', policy])
    const child = app.process()
    t.after(() => child.exitCode === null && child.kill('SIGKILL'))
    const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)))

    // The first run opens the window.
    const page = await app.firstWindow()
    assert.equal(page.url(), 'app://rep-tray/index.html')
    const address = await until(() => page.evaluate(listeningAt), 'listening', 30_000)
    const recipient = `http://${address}/events?token=${TOKEN}`
    await transferToMe(recipient, 'lsid-1', 'Jane Doe')
    await page.getByText('Jane Doe').first().waitFor()
    if (desktop !== null) {
      await until(() => desktop.notifications().includes('Session transferred to you'), 'the notification', 20_000)
    }

    const found = await page.evaluate(async () => {
      const allowed = async (request: Promise<unknown>) =>
        request.then(
          () => true,
          () => false,
        )
      const permission = await navigator.permissions.query({ name: 'notifications' })
      return {
        node: 'process' in window || 'require' in window,
        network: await allowed(fetch('https://example.com/')),
        camera: await allowed(navigator.mediaDevices.getUserMedia({ video: true })),
        notifications: permission.state,
        opened: window.open('https://example.com/') !== null,
      }
    })
    assert.deepEqual(found, { node: false, network: false, camera: false, notifications: 'denied', opened: false })

    // Closing hides; a second start brings it back.
    const isVisible = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((each) => each.isVisible()))
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await until(async () => !(await isVisible()), 'the hidden window')
    await app.evaluate(({ app: main }) => main.emit('second-instance', {}, [], '', { argv: [] }))
    await until(isVisible, 'the window')

    await app.evaluate(({ app: main }) => main.quit())
    assert.equal(await ended, 0)
  },
)

/** Runs in the page: `address:port` of the listener, as State has it. */
function listeningAt(): Promise<string | null> {
  return new Promise((told) => {
    const stop = window.repTray?.connect(
      (state) => {
        told(state.health.listener.addresses[0] ?? null)
        setTimeout(() => stop?.())
      },
      () => {},
    )
  })
}

function start(desktop: Desktop | null, args: readonly string[]): Promise<ElectronApplication> {
  const environment = { ...process.env, ...desktop?.env } as Record<string, string>
  // With it, Electron is a plain Node.
  delete environment['ELECTRON_RUN_AS_NODE']
  // Chromium does not run as root with its sandbox.
  const unsandboxed = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return _electron.launch({
    executablePath: binary ?? '',
    args: [root, ...args, ...unsandboxed],
    env: environment,
  })
}
