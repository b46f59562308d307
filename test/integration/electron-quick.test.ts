import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Command, Reply } from '../../preload/contract.ts'
import { ME, transferToMe } from '../electron/events.ts'
import { build, launch, type Launched } from '../electron/harness.ts'
import { stateOf } from '../electron/state.ts'
import { until } from '../electron/until.ts'

before(build)

const KEYS = 'CommandOrControl+Alt+Shift+L'
const SHOWN = { args: ['--hidden'], policy: { 'lookup.shortcut': KEYS } } as const

const of = (app: Launched, object: string, method: string) =>
  app.calls.filter((call) => call.object === object && call.method === method)
const shown = (app: Launched, window: number, times = 1) =>
  until(() => of(app, `BrowserWindow#${window}`, 'show').length >= times, `window ${window}, shown ${times} times`)
const press = (app: Launched, keys: string = KEYS) =>
  app.evaluate(({ electron }, given) => electron.globalShortcut.press(given), keys)
const copied = (app: Launched, text: string) =>
  app.evaluate(({ electron }, given) => electron.clipboard.writeText(given), text)

/** Sends a command as the page of a window does. */
function command(app: Launched, window: number, given: Command): Promise<Reply> {
  return app.evaluate(
    async ({ windows, electron }, arg) => {
      const sender = windows[arg.window - 1]?.webContents
      if (sender === undefined) throw new Error('There is no such window')
      return (await electron.ipcMain.deliver('invoke', { sender, senderFrame: sender.mainFrame }, 'command', [
        arg.given,
      ])) as Reply
    },
    { window, given },
  )
}

async function start(
  t: Parameters<typeof launch>[0],
  options: Parameters<typeof launch>[1] = SHOWN,
): Promise<Launched> {
  const app = launch(t, options)
  await app.recipient()
  return app
}

test('the shortcut opens a small window on the screen of the pointer, with what was copied if that is a ticket', async (t) => {
  const app = await start(t)
  await app.evaluate(({ electron }) => {
    electron.screen.rearrange([
      { x: 0, y: 0, width: 1920, height: 1040 },
      { x: 1920, y: 0, width: 1280, height: 984 },
    ])
    electron.screen.pointAt({ x: 2000, y: 500 })
  })
  await copied(app, '  INC0010023 ')
  assert.equal(await press(app), true)
  await shown(app, 1)
  const options = of(app, 'BrowserWindow#1', 'new')[0]?.args[0] as Record<string, unknown>
  const { x, y, width, height, alwaysOnTop, skipTaskbar, resizable, show, webPreferences } = options
  assert.deepEqual({ x, y, width, height }, { x: 2300, y: 282, width: 520, height: 420 })
  assert.deepEqual([alwaysOnTop, skipTaskbar, resizable, show], [true, true, false, false])
  assert.deepEqual(of(app, 'BrowserWindow#1', 'loadURL')[0]?.args, ['app://rep-tray/index.html#quick'])
  assert.deepEqual((await stateOf(app, 1)).quick?.query, 'INC0010023')

  await app.evaluate(({ trays }) => void trays[0]?.emit('click'))
  await shown(app, 2)
  const main = of(app, 'BrowserWindow#2', 'new')[0]?.args[0] as Record<string, unknown>
  assert.deepEqual(webPreferences, main['webPreferences'], 'locked up as the main one')

  // The rep went to another, smaller screen.
  await app.evaluate(({ electron }) => {
    electron.screen.rearrange([{ x: 0, y: 0, width: 400, height: 300 }])
    electron.screen.pointAt({ x: 10, y: 10 })
  })
  await copied(app, 'a text of many words')
  await press(app)
  await shown(app, 1, 2)
  assert.deepEqual(of(app, 'BrowserWindow#1', 'setBounds')[0]?.args, [{ x: 0, y: 0, width: 400, height: 300 }])
  assert.equal((await stateOf(app, 1)).quick?.query, '')
})

test('it goes when it is closed, by its page or by turning to something else; a minute later it is gone', async (t) => {
  const app = await start(t)
  const hidden = (times: number) => until(() => of(app, 'BrowserWindow#1', 'hide').length === times, 'it to go')
  await press(app)
  await shown(app, 1)
  assert.deepEqual(await command(app, 1, { type: 'lookup.closeQuick' }), { ok: true, value: null })
  await hidden(1)
  await press(app)
  await shown(app, 1, 2)
  await app.evaluate(({ windows: [window] }) => window?.leave())
  await hidden(2)
  await app.evaluate(({ windows: [window] }) => window?.leave())
  await command(app, 1, { type: 'lookup.closeQuick' })
  await press(app)
  await shown(app, 1, 3)
  await app.evaluate(({ windows: [window] }) => window?.close())
  await hidden(3)
  await until(() => app.evaluate(({ timers }) => timers.fire(60_000) === 1), 'the minute')
  await until(() => of(app, 'BrowserWindow#1', 'destroy').length === 1, 'its end')
  await command(app, 1, { type: 'lookup.closeQuick' })
  await press(app)
  await shown(app, 2)
  assert.equal(await app.quit(), 0, 'it does not keep the application from ending')
})

test('the main window stays where it is when the rep turns to something else', async (t) => {
  const app = launch(t)
  await shown(app, 1)
  await app.evaluate(({ windows: [window] }) => window?.leave())
  await app.evaluate(async () => {
    await new Promise(setImmediate)
  })
  assert.equal(of(app, 'BrowserWindow#1', 'hide').length, 0)
})

test('both windows are heard and told, and nobody else', async (t) => {
  const app = launch(t, { policy: { ...ME, ...SHOWN.policy } })
  const recipient = await app.recipient()
  await shown(app, 1)
  await press(app)
  await shown(app, 2)
  for (const window of [1, 2]) {
    await stateOf(app, window)
    assert.equal((await command(app, window, { type: 'activity.list', before: null })).ok, true)
  }
  await transferToMe(recipient, 'lsid-1', 'Jane Doe')
  const pushes = (window: number) => of(app, `WebContents#${window}`, 'send').length
  await until(() => pushes(1) > 0 && pushes(2) > 0, 'a push to each')

  const refused = await app.evaluate(async ({ windows, electron, createFrame }) => {
    const [main, quick] = windows.map((window) => window.webContents)
    if (main === undefined || quick === undefined) throw new Error('There are no two windows')
    const invoke = (from: { sender: typeof main; senderFrame: typeof main.mainFrame | null }) =>
      electron.ipcMain.deliver('invoke', from, 'command', [{ type: 'app.quit' }]) as Promise<Reply>
    return Promise.all([
      invoke({ sender: quick, senderFrame: createFrame('app://rep-tray/index.html#quick', quick.mainFrame) }),
      invoke({ sender: quick, senderFrame: main.mainFrame }),
      invoke({ sender: main, senderFrame: quick.mainFrame }),
      invoke({ sender: quick, senderFrame: { ...quick.mainFrame, url: 'https://example.com/#quick' } }),
      invoke({ sender: quick, senderFrame: null }),
      invoke({ sender: Object.create(quick) as typeof quick, senderFrame: quick.mainFrame }),
    ])
  })
  assert.deepEqual(
    refused.map((reply) => reply.ok),
    [false, false, false, false, false, false],
  )
  const gone = await app.evaluate(({ windows: [, quick], electron }) => {
    quick?.destroy()
    const sender = quick?.webContents
    if (sender === undefined) throw new Error('There is no quick window')
    return electron.ipcMain.deliver('invoke', { sender, senderFrame: sender.mainFrame }, 'command', [
      { type: 'listener.retry' },
    ]) as Promise<Reply>
  })
  assert.deepEqual(gone, { ok: false, message: 'Refused.' })
  const earlier = pushes(1)
  await transferToMe(recipient, 'lsid-2', 'John Roe')
  await until(() => pushes(1) > earlier, 'the main window to be told on')
})

test('the quick window’s page can go nowhere and open nothing, either', async (t) => {
  const app = await start(t)
  await press(app)
  await shown(app, 1)
  const found = await app.evaluate(({ windows: [window], createEvent }) => {
    const prevented = ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'].filter(
      (name) => {
        const event = createEvent()
        window?.webContents.emit(name, event)
        return event.defaultPrevented
      },
    )
    return { prevented: prevented.length, open: window?.webContents.askToOpen('https://example.com/') }
  })
  assert.deepEqual(found, { prevented: 4, open: 'deny' })
})

test('the shortcut follows its setting; one that is refused is a problem that names it, until it is mended', async (t) => {
  const taken = 'CommandOrControl+Alt+T'
  const app = launch(t, { surroundings: { takenShortcuts: [taken] } })
  await app.recipient()
  await shown(app, 1)
  const set = (value: string) => command(app, 1, { type: 'settings.set', key: 'lookup.shortcut', value })
  const problem = async () => (await stateOf(app, 1)).problems.find(({ id }) => id === 'shortcut.refused')
  const registered = () => of(app, 'globalShortcut', 'register').map(({ args }) => args[0])
  assert.deepEqual(registered(), [], 'none by itself')

  assert.equal((await set(KEYS)).ok, true)
  await until(() => registered().length === 1, 'the first')
  assert.equal(await problem(), undefined)
  await set(taken)
  await until(async () => (await problem())?.title.includes(taken), 'the problem')
  assert.equal(await press(app, KEYS), false, 'the old one is given back')
  const item = () =>
    app.evaluate(
      ({ trays: [tray] }) => tray?.menu()?.items.find(({ label }) => label === 'Look up ticket…')?.accelerator,
    )
  await until(async () => (await item()) === '', 'the menu not to promise it')
  await set(KEYS)
  await until(async () => (await problem()) === undefined, 'its end')
  await until(async () => (await item()) === KEYS, 'the menu to name it')
  await set(taken)
  await until(async () => (await problem()) !== undefined, 'the problem again')
  await set('')
  await until(async () => (await problem()) === undefined, 'its end, since none is wanted')
  assert.equal((await set('L')).ok, false, 'a key without a modifier would be taken from all programs')
  assert.deepEqual(registered(), [KEYS, taken, KEYS, taken])
})

test('the tray’s entry does the same', async (t) => {
  const app = await start(t)
  await copied(app, 'INC0010023')
  await app.evaluate(({ trays: [tray] }) =>
    tray
      ?.menu()
      ?.items.find(({ label }) => label === 'Look up ticket…')
      ?.press(),
  )
  await shown(app, 1)
  assert.equal((await stateOf(app, 1)).quick?.query, 'INC0010023')
})

test('a clipboard full of text, or one that refuses, is no ticket', async (t) => {
  const app = await start(t)
  await copied(app, 'INC0010023'.repeat(1_000_000))
  await press(app)
  await shown(app, 1)
  assert.equal((await stateOf(app, 1)).quick?.query, '')
  await app.evaluate(({ electron }) => {
    electron.clipboard.readText = () => Promise.reject(new Error('NotAllowedError'))
  })
  await press(app)
  await shown(app, 1, 2)
  assert.equal((await stateOf(app, 1)).quick?.query, '')
})
