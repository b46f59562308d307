import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { build, launch, temporaryFolder, type Launched } from '../electron/harness.ts'
import { stateOf } from '../electron/state.ts'
import { until } from '../electron/until.ts'
import { start as startWeb } from './web-support.ts'

before(build)

const TICKET = 'rep-tray://ticket/INC0010023'

const shown = (app: Launched, window: number) =>
  until(() => app.calls.some((call) => call.object === `BrowserWindow#${window}` && call.method === 'show'), 'a window')
const urls = (app: Launched) => app.calls.filter((call) => call.method === 'loadURL').map(({ args }) => args[0])

/** Nothing of a link is kept where others read. */
function assertSilent(app: Launched): void {
  assert.doesNotMatch(app.output(), /INC0010023|rep-tray:/)
  assert.doesNotMatch(readFileSync(join(app.dataDir, 'rep-tray.log'), 'utf8'), /INC0010023|rep-tray:/)
}

test('started for a link, it looks that up, also at its first run and hidden', async (t) => {
  for (const args of [[TICKET], ['--hidden', '--', TICKET]]) {
    const app = launch(t, { args })
    await app.recipient()
    await shown(app, 1)
    assert.deepEqual(urls(app), ['app://rep-tray/index.html#quick'])
    assert.equal((await stateOf(app)).quick?.query, 'INC0010023')
    assertSilent(app)
    await app.quit()
  }
})

test('a second start hands its link to the first, and ends', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const first = launch(t, { dataDir, args: ['--hidden'] })
  await first.recipient()
  const second = launch(t, { dataDir, args: ['--hidden', TICKET] })
  assert.equal(await second.exitCode(), 0)
  await shown(first, 1)
  assert.equal((await stateOf(first)).quick?.query, 'INC0010023')

  const third = launch(t, { dataDir, args: ['rep-tray://session/0f3c5a7e9b1d'] })
  assert.equal(await third.exitCode(), 0)
  await shown(first, 2)
  assert.deepEqual((await stateOf(first)).goTo?.place, { view: 'session', lsid: '0f3c5a7e9b1d' })
  assert.deepEqual(urls(first), ['app://rep-tray/index.html#quick', 'app://rep-tray/index.html'])
  assertSilent(first)
})

test('macOS: a link is heard before ready, and later', async (t) => {
  const surroundings = { platform: 'darwin', openUrl: TICKET } as const
  const app = launch(t, { surroundings, args: ['--hidden'] })
  await app.recipient()
  await shown(app, 1)
  assert.equal((await stateOf(app)).quick?.query, 'INC0010023')
  const prevented = await app.evaluate(({ electron, createEvent }) => {
    const event = createEvent()
    electron.app.emit('open-url', event, 'rep-tray://ticket/INC2')
    return event.defaultPrevented
  })
  assert.equal(prevented, true)
  await until(async () => (await stateOf(app)).quick?.query === 'INC2', 'the second')
  assertSilent(app)
})

test('what is no good link only brings the window up', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const app = launch(t, { dataDir, args: ['--hidden'] })
  await app.recipient()
  const evil = ['rep-tray://quit/now', '--data', '/nonexistent', '--policy=//evil/policy.json', '--hidden']
  const second = launch(t, { dataDir, args: evil })
  assert.equal(await second.exitCode(), 0)
  await shown(app, 1)
  const state = await stateOf(app)
  assert.deepEqual([state.quick, state.goTo, urls(app)], [null, null, ['app://rep-tray/index.html']])
  assertSilent(app)
})

test('while browser mode has the folder, that one is given the link', async (t) => {
  const web = await startWeb(t)
  const app = launch(t, { dataDir: web.dataDir, args: [TICKET] })
  assert.equal(await app.exitCode(), 0)
  assert.deepEqual(web.app.getState().goTo?.place, { view: 'lookup', query: 'INC0010023' })
  assert.equal(
    app.calls.some((call) => call.method === 'showErrorBox'),
    false,
  )
  assert.doesNotMatch(web.logged.join('\n'), /INC0010023/)
})
