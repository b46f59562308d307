import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { build, launch, temporaryFolder } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

const KEY = 'window.startAtLogin'

for (const [platform, which] of [
  ['win32', { path: process.execPath, args: ['--hidden'] }],
  ['darwin', {}],
] as const)
  test(`${platform}: the policy’s start at login is arranged with the system, and a refusal is told`, async (t) => {
    const surroundings = { platform, packaged: true }
    const app = launch(t, { surroundings, args: ['--hidden'], policy: { [KEY]: true } })
    const call = await until(() => app.calls.find(({ method }) => method === 'setLoginItemSettings'), 'the login item')
    assert.deepEqual(call.args, [true, which])
    await app.evaluate(({ electron }) => {
      electron.app.atLogin.allowed = false
      electron.app.emit('second-instance', {}, [], '', { argv: [] })
    })
    await until(() => app.output().includes('Rep Tray will not start at login'), 'the refusal')
    assert.equal(await app.quit(), 0)
  })

test('Linux: it is an entry in the user’s folder', async (t) => {
  const config = temporaryFolder(t)
  const surroundings = { platform: 'linux', packaged: true } as const
  const env = { XDG_CONFIG_HOME: config }
  const app = launch(t, { surroundings, env, args: ['--hidden'], policy: { [KEY]: true } })
  const file = join(config, 'autostart/net.reptray.RepTray.desktop')
  await until(() => existsSync(file), 'the entry')
  assert.match(readFileSync(file, 'utf8'), /^Exec=".*" --hidden$/m)
  assert.equal(await app.quit(), 0)
})

test('the end of the session is not held up by a window (Windows)', async (t) => {
  const app = launch(t)
  await until(
    () => app.calls.some(({ object, method }) => object === 'BrowserWindow#1' && method === 'show'),
    'the window',
  )
  const gone = await app.evaluate(({ windows: [window] }) => {
    window?.emit('session-end', {})
    window?.close()
    return window?.isDestroyed()
  })
  assert.equal(gone, true)
  assert.equal(await app.quit(), 0)
})
