import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { createLogin, type LoginItem } from '../../main/login.ts'
import { createLoginItem, execLine } from '../../main/shell/electron/login.ts'
import type { Parts } from '../../main/shell/electron/electron.ts'
import { NO_POLICY, parsePolicy } from '../../main/settings/policy.ts'
import { createSettings } from '../../main/settings/settings.ts'

const KEY = 'window.startAtLogin'

/** The setting and a system that has it on or off. */
function make(system: { on: boolean; refuses?: boolean }, user: Record<string, unknown> = {}, policy: object = {}) {
  let own: Readonly<Record<string, unknown>> = user
  const store = { read: () => own, write: (all: Readonly<Record<string, unknown>>) => (own = all) }
  const settings = createSettings(store, { ...NO_POLICY, ...parsePolicy(JSON.stringify(policy)) })
  const reports: string[] = []
  const item: LoginItem = {
    read: () => system.on,
    write: (on) => {
      if (!system.refuses) system.on = on
    },
  }
  const login = createLogin({
    item,
    settings,
    keep: (on) => assert.equal(settings.set(KEY, on), null),
    report: ({ title }) => reports.push(title),
    solve: () => {},
  })
  return { login, settings, reports, shown: () => settings.get()[KEY] }
}

describe('start at login', () => {
  test('is shown as the system has it', () => {
    for (const [on, own] of [
      [true, {}],
      [true, { [KEY]: false }],
      [false, { [KEY]: true }],
      [false, {}],
    ] as const) {
      const system = { on }
      const { login, shown, reports } = make(system, own)
      login.look()
      assert.equal(shown(), on)
      assert.equal(system.on, on, 'nothing is changed behind the user’s back')
      assert.deepEqual(reports, [])
    }
  })

  test('follows the setting', () => {
    const system = { on: false }
    const { login, settings } = make(system)
    for (const on of [true, false]) {
      settings.set(KEY, on)
      login.changed()
      assert.equal(system.on, on)
    }
  })

  test('by the administrator’s lock is arranged again, whatever the user did', () => {
    for (const on of [true, false]) {
      const system = { on: !on }
      const { login, shown } = make(system, {}, { [KEY]: on })
      login.look()
      assert.equal(system.on, on)
      assert.equal(shown(), on)
    }
  })

  test('by the administrator’s default is arranged once, and then the user’s', () => {
    const system = { on: false }
    const { login, shown } = make(system, {}, { defaults: { [KEY]: true } })
    login.look()
    assert.equal(system.on, true)
    system.on = false
    login.look()
    assert.deepEqual([system.on, shown()], [false, false])
  })

  test('that the system does not take is said, and shown as it is', () => {
    const system = { on: false, refuses: true }
    const { login, settings, shown, reports } = make(system)
    settings.set(KEY, true)
    login.changed()
    assert.deepEqual(reports, ['Rep Tray will not start at login'])
    login.look()
    assert.equal(shown(), false)
  })
})

function linux(t: TestContext, env: Record<string, string> = {}, execPath = '/opt/Rep Tray/rep-tray') {
  const home = mkdtempSync(join(tmpdir(), 'rep-tray-login-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const electron = { app: { isPackaged: true } } as unknown as Parts<'app'>
  const item = createLoginItem(electron, { platform: 'linux', env, home, execPath })
  assert.ok(item)
  return { item, file: join(home, '.config/autostart/net.reptray.RepTray.desktop'), home }
}

describe('on Linux', () => {
  test('it is an entry of the desktop, which goes again', (t) => {
    const { item, file } = linux(t)
    assert.equal(item.read(), false)
    item.write(true)
    assert.equal(item.read(), true)
    assert.match(readFileSync(file, 'utf8'), /^Exec="\/opt\/Rep Tray\/rep-tray" --hidden$/m)
    assert.match(readFileSync(file, 'utf8'), /^TryExec=\/opt\/Rep Tray\/rep-tray$/m)
    item.write(false)
    item.write(false)
    assert.equal(item.read(), false)
  })

  test('an AppImage is started where it is, not where it was mounted', (t) => {
    const { item, file } = linux(t, { APPIMAGE: '/home/jane/Apps/Rep $Tray 100%.AppImage' }, '/tmp/.mount_x/rep-tray')
    item.write(true)
    assert.match(readFileSync(file, 'utf8'), /^Exec="\/home\/jane\/Apps\/Rep \\\\\$Tray 100%%.AppImage" --hidden$/m)
  })

  test('what the desktop has switched off is off', (t) => {
    const { item, file } = linux(t)
    mkdirSync(dirname(file), { recursive: true })
    for (const line of ['Hidden=true', 'X-GNOME-Autostart-enabled=false', 'Hidden = True']) {
      writeFileSync(file, `[Desktop Entry]\nType=Application\n${line}\nExec=x\n`)
      assert.equal(item.read(), false, line)
    }
    writeFileSync(file, '[Desktop Entry]\nHidden=false\nExec=x\n')
    assert.equal(item.read(), true)
  })

  test('the folder is the one that the desktop has', (t) => {
    const other = mkdtempSync(join(tmpdir(), 'rep-tray-config-'))
    t.after(() => rmSync(other, { recursive: true, force: true }))
    linux(t, { XDG_CONFIG_HOME: other }).item.write(true)
    assert.match(readFileSync(join(other, 'autostart/net.reptray.RepTray.desktop'), 'utf8'), /Exec=/)
  })

  test('quotes and backslashes survive', () => {
    assert.equal(execLine('/a"b'), String.raw`"/a\\"b" --hidden`)
    assert.equal(execLine('/a\\b'), String.raw`"/a\\\\b" --hidden`)
  })
})

test('a development build is started by nobody', () => {
  const electron = { app: { isPackaged: false } } as unknown as Parts<'app'>
  assert.equal(createLoginItem(electron, { platform: 'darwin', env: {}, home: '/', execPath: '/x' }), null)
})
