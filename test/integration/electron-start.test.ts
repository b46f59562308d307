import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { build, launch, temporaryFolder, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'
import { lockFolder } from '../../main/lock.ts'

before(build)

const indexOf = (app: Launched, object: string, method: string) =>
  app.calls.findIndex((call) => call.object === object && call.method === method)
const called = (app: Launched, object: string, method: string) => indexOf(app, object, method) >= 0
const hasWindow = (app: Launched) => called(app, 'BrowserWindow#1', 'new')

/** A desktop whose bus says that there is a tray. Linux alone is asked. */
function desktopWithTray(t: TestContext) {
  const folder = temporaryFolder(t)
  const log = join(folder, 'asked')
  const script = `#!/bin/sh\necho "$@" >> '${log}'\necho '   variant       boolean true'\n`
  writeFileSync(join(folder, 'dbus-send'), script, { mode: 0o755 })
  const asked = () => {
    if (process.platform !== 'linux') return 'IsStatusNotifierHostRegistered'
    return existsSync(log) ? readFileSync(log, 'utf8') : ''
  }
  return { asked, env: { PATH: `${folder}:${process.env['PATH']}`, XDG_SESSION_TYPE: 'wayland' } }
}

test('what must precede ready does, the lock first of all', async (t) => {
  const app = launch(t)
  await until(() => hasWindow(app), 'the window of the first run')
  const order = app.calls.map(({ object, method }) => `${object}.${method}`)
  const beforeReady = order.slice(0, order.indexOf('app.ready'))
  assert.deepEqual(beforeReady, [
    'app.setPath',
    'app.requestSingleInstanceLock',
    'app.enableSandbox',
    'protocol.registerSchemesAsPrivileged',
    ...(process.platform === 'linux' ? ['app.appendSwitch'] : []),
    'Menu.setApplicationMenu',
  ])
  const scheme = app.calls.find((call) => call.method === 'registerSchemesAsPrivileged')
  const privileges = { standard: true, secure: true, supportFetchAPI: true }
  assert.deepEqual(scheme?.args, [[{ scheme: 'app', privileges }]])
  assert.ok(order.indexOf('Tray#1.new') < order.indexOf('BrowserWindow#1.new'), 'the tray comes before the window')
})

test('a second start shows the window of the first, and ends', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const first = launch(t, { dataDir, args: ['--hidden'] })
  await first.recipient()
  assert.equal(hasWindow(first), false)

  const quiet = launch(t, { dataDir, args: ['--hidden'] })
  assert.equal(await quiet.exitCode(), 0)
  await until(() => !existsSync(join(dataDir, 'double.second.json')), 'the first to have heard of it')
  const second = launch(t, { dataDir })
  assert.equal(await second.exitCode(), 0)
  assert.deepEqual(
    second.calls.map((call) => call.method),
    ['setPath', 'requestSingleInstanceLock', 'exit', 'ended'],
  )
  await until(() => called(first, 'BrowserWindow#1', 'show'), 'the window of the first')
  assert.equal(first.calls.filter((call) => call.method === 'show').length, 1, '--hidden shows nothing')
})

test('the first run opens the window, later ones stay in the tray', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const first = launch(t, { dataDir })
  await until(() => called(first, 'BrowserWindow#1', 'show'), 'the window')
  assert.equal(await first.quit(), 0)

  const { env, asked } = desktopWithTray(t)
  const later = launch(t, { dataDir, env })
  await later.recipient()
  await until(() => asked().includes('IsStatusNotifierHostRegistered'), 'the desktop to be asked for its tray')
  const isAsking = () => later.evaluate(() => process.getActiveResourcesInfo().includes('ProcessWrap'))
  await until(async () => !(await isAsking()), 'its answer')
  assert.equal(await later.quit(), 0)
  assert.equal(hasWindow(later), false)
})

test('--hidden opens no window, not even at the first run', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  await until(() => called(app, 'Tray#1', 'setContextMenu'), 'the tray')
  assert.equal(await app.quit(), 0)
  assert.equal(hasWindow(app), false)
})

test('no icon, no way in: then the window opens, and says why', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(join(dataDir, 'window.json'), '{}')

  const refused = launch(t, { dataDir, surroundings: { noTray: true } })
  await until(() => called(refused, 'BrowserWindow#1', 'show'), 'the window, since the tray was refused')
  assert.match(refused.output(), /problem tray\.failed/)
  await refused.quit()

  const wayland = { XDG_SESSION_TYPE: 'wayland' }
  const missing = launch(t, { dataDir, env: wayland })
  await until(() => called(missing, 'BrowserWindow#1', 'show'), 'the window, since the desktop shows no icons')
  assert.match(missing.output(), /problem tray\.missing/)
  await missing.quit()

  const hidden = launch(t, { dataDir, env: wayland, args: ['--hidden'], surroundings: { noTray: true } })
  await until(() => hidden.output().includes('problem tray.failed'), 'the problem')
  await hidden.quit()
  assert.equal(hasWindow(hidden), false)
})

test('damaged settings are kept beside, and reported', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(join(dataDir, 'settings.json'), '{"notify.quiet": tr')
  const app = launch(t, { dataDir })
  await app.recipient()
  assert.equal(readFileSync(join(dataDir, 'settings.json.bad'), 'utf8'), '{"notify.quiet": tr')
  assert.match(app.output(), /problem settings\.damaged/)
})

test('a folder that browser mode uses is not touched', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const unlock = lockFolder(dataDir)
  assert.ok(unlock)
  t.after(unlock)
  const app = launch(t, { dataDir })
  assert.equal(await app.exitCode(), 1)
  const box = app.calls.find((call) => call.method === 'showErrorBox')
  assert.match(String(box?.args[1]), /running already in browser mode/)
  assert.equal(existsSync(join(dataDir, 'journal.db')), false)
})

test('Windows is told the identity, macOS gets the menu that its shortcuts need', async (t) => {
  const windows = launch(t, { surroundings: { platform: 'win32', packaged: true }, args: ['--hidden'] })
  await windows.recipient()
  const identity = windows.calls.find((call) => call.method === 'setAppUserModelId')
  const appId = /^appId: (.+)$/m.exec(readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8'))
  assert.deepEqual(identity?.args, [appId?.[1]])
  assert.match(await windows.evaluate(({ trays }) => trays[0]?.image() ?? ''), /-dark\.ico$/)

  const mac = launch(t, { surroundings: { platform: 'darwin' }, args: ['--hidden'] })
  await mac.recipient()
  const menu = mac.calls.find((call) => call.method === 'setApplicationMenu')
  assert.deepEqual(menu?.args, [['appMenu', 'editMenu', 'windowMenu']])
  assert.ok(indexOf(mac, 'Menu', 'setApplicationMenu') > indexOf(mac, 'app', 'ready'))
  assert.match(await mac.evaluate(({ trays }) => trays[0]?.image() ?? ''), /Template\.png$/)
  assert.equal(hasWindow(mac), false, 'that it became active at its start is nobody’s wish for a window')
  await until(async () => {
    await mac.evaluate(({ electron }) => void electron.app.emit('activate', {}, false))
    return hasWindow(mac)
  }, 'the window, chosen in Finder')
})

test('it keeps a log beside the journal, without the token', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  const log = readFileSync(join(app.dataDir, 'rep-tray.log'), 'utf8')
  assert.match(log, /^\d{4}-\d\d-\d\dT[\d:.]+Z problem me\.unknown/)
  assert.doesNotMatch(log, /token-of-the-test/)
})

test('--help and --version print and end, before anything else', async (t) => {
  for (const [option, words] of [
    ['--help', /--policy FILE/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ] as const) {
    const app = launch(t, { args: [option] })
    assert.equal(await app.exitCode(), 0)
    assert.match(app.output(), words)
    assert.equal(existsSync(app.dataDir), false)
  }
})

test('--browser runs browser mode, which ends as the system asks it to', async (t) => {
  const app = launch(t, { args: ['--browser', '--no-open', '--ozone-platform=headless'] })
  await app.recipient()
  assert.match(app.output(), /^window: http:\/\/127\.0\.0\.1:/m)
  assert.match(app.output(), /ignored: --ozone-platform/)
  assert.equal(
    app.calls.some(({ object }) => object.startsWith('Tray')),
    false,
  )
  await app.evaluate(({ electron }) => electron.app.quit())
  assert.equal(await app.exitCode(), 0)
})
