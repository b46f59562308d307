import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { build, launch, temporaryFolder, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

const count = (app: Launched, method: string) => app.calls.filter((call) => call.method === method).length
const windows = (app: Launched) =>
  app.calls.filter((call) => call.object.startsWith('BrowserWindow') && call.method === 'new').length
const openFromTray = (app: Launched) => app.evaluate(({ trays }) => void trays[0]?.emit('click'))

async function shown(app: Launched, times = 1): Promise<void> {
  await until(() => count(app, 'show') === times, `the window, shown ${times} times`)
}

test('the window is locked up', async (t) => {
  const app = launch(t)
  await shown(app)
  const options = app.calls.find((call) => call.object === 'BrowserWindow#1')?.args[0] as Record<string, unknown>
  const { preload, ...preferences } = options['webPreferences'] as Record<string, unknown>
  assert.deepEqual(preferences, {
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: true,
  })
  assert.match(String(preload), /dist\/preload\/index\.cjs$/)
  const { width, height, minWidth, minHeight, show, backgroundColor, fullscreenable } = options
  assert.deepEqual(
    { width, height, minWidth, minHeight, show, fullscreenable },
    { width: 420, height: 640, minWidth: 320, minHeight: 400, show: false, fullscreenable: false },
  )
  assert.match(String(backgroundColor), /^#[0-9a-f]{6}$/)
  assert.deepEqual(app.calls.find((call) => call.method === 'loadURL')?.args, ['app://rep-tray/index.html'])
})

test('developer tools are for development', async (t) => {
  const app = launch(t, { surroundings: { packaged: true } })
  await shown(app)
  const devTools = await app.evaluate((world) => world.windows[0]?.options.webPreferences?.devTools)
  assert.equal(devTools, false)
})

test('the page can go nowhere and open nothing', async (t) => {
  const app = launch(t)
  await shown(app)
  const prevented = await app.evaluate(({ windows: [window], createEvent }) => {
    const events = ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']
    return events.filter((name) => {
      const event = createEvent()
      window?.webContents.emit(name, event)
      return event.defaultPrevented
    })
  })
  assert.deepEqual(prevented, ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])
  const answer = await app.evaluate(({ windows: [window] }) => window?.webContents.askToOpen('https://example.com/'))
  assert.equal(answer, 'deny')
})

test('every permission is refused, and every request to a network', async (t) => {
  const app = launch(t)
  await shown(app)
  const answers = await app.evaluate(({ electron, createEvent }) => {
    const session = electron.session.defaultSession
    const { set } = session
    let requested: boolean | null = null
    let media: unknown = 'unanswered'
    set.permissionRequest?.(null as never, 'notifications', (granted) => (requested = granted), {} as never)
    set.displayMedia?.({} as never, (streams) => (media = streams))
    const download = createEvent()
    session.emit('will-download', download)
    return {
      requested,
      media,
      checked: set.permissionCheck?.(null, 'media', 'app://rep-tray', {} as never),
      device: set.devicePermission?.({} as never),
      downloads: !download.defaultPrevented,
      network: set.beforeRequest,
      spellChecker: set.spellChecker,
    }
  })
  assert.deepEqual(answers, {
    requested: false,
    media: null,
    checked: false,
    device: false,
    downloads: false,
    network: { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'], cancel: true },
    spellChecker: false,
  })
})

test('closing hides; a minute later the window is gone; asked for again, there is a new one', async (t) => {
  const app = launch(t)
  await shown(app)
  await app.evaluate(({ windows: [window] }) => window?.close())
  await until(() => app.evaluate(({ timers }) => timers.pending().includes(60_000)), 'the minute')
  assert.equal(await app.evaluate(({ windows: [window] }) => window?.isVisible()), false)
  assert.equal(count(app, 'destroy'), 0)

  await openFromTray(app)
  await shown(app, 2)
  await until(() => app.evaluate(({ timers }) => !timers.pending().includes(60_000)), 'the end of the minute')
  assert.equal(windows(app), 1, 'within the minute it is the same window')

  await app.evaluate(({ windows: [window] }) => window?.close())
  await until(() => app.evaluate(({ timers }) => timers.pending().includes(60_000)), 'the minute')
  const destroyed = await app.evaluate(({ timers, trays, windows: [window] }) => {
    timers.fire(60_000)
    // At once, before the old one has told that it is closed: that must not take the new one away.
    trays[0]?.emit('click')
    return window?.isDestroyed()
  })
  assert.equal(destroyed, true)
  await shown(app, 3)
  assert.equal(windows(app), 2)
  await openFromTray(app)
  await shown(app, 4)
  assert.equal(windows(app), 2)
})

test('a minimized window comes back', async (t) => {
  const app = launch(t)
  await shown(app)
  await app.evaluate(({ windows: [window] }) => window?.minimize())
  await openFromTray(app)
  await until(() => count(app, 'restore') === 1, 'the restored window')
  assert.equal(await app.evaluate(({ windows: [window] }) => window?.isFocused()), true)
})

test('a click at the tray shows, and never hides', async (t) => {
  const app = launch(t)
  await shown(app)
  await openFromTray(app)
  await shown(app, 2)
  assert.equal(count(app, 'hide'), 0)
})

test('a page that does not paint in time is shown all the same', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  await app.evaluate((world) => {
    // The page never gets there.
    world.electron.app.on('web-contents-created', () => {
      setImmediate(() => world.windows[0]?.removeAllListeners('ready-to-show'))
    })
    world.trays[0]?.emit('click')
  })
  // Others wait as long for something else.
  await until(async () => {
    await app.evaluate(({ timers }) => timers.fire(3000))
    return count(app, 'show') === 1
  }, 'the window, after its time')
})

test('the window opens where it was, unless that is off the screen', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const first = launch(t, { dataDir })
  await shown(first)
  const bounds = { x: 700, y: 90, width: 500, height: 700 }
  await first.evaluate(({ windows: [window] }, to) => window?.move(to), bounds)
  await first.quit()

  const second = launch(t, { dataDir })
  await second.recipient()
  await openFromTray(second)
  await shown(second)
  const { x, y, width, height } = await second.evaluate((world) => world.windows[0]?.options ?? {})
  assert.deepEqual({ x, y, width, height }, bounds)

  // The screen with the window is unplugged while it is hidden.
  await second.evaluate(({ windows: [window], electron }) => {
    window?.close()
    electron.screen.rearrange([{ x: 0, y: 0, width: 640, height: 480 }])
  })
  await openFromTray(second)
  await until(() => count(second, 'center') === 1, 'the window in the middle')
})

test('the rep’s theme is the system’s for this application, at once', async (t) => {
  const app = launch(t, { policy: { 'window.theme': 'dark' } })
  await shown(app)
  const theme = await app.evaluate(({ electron }) => electron.nativeTheme.themeSource)
  assert.equal(theme, 'dark')
  const background = await app.evaluate((world) => world.windows[0]?.options.backgroundColor)
  assert.equal(background, '#151918')
})

test('a page that dies is taken away and reported; the next click makes a new one', async (t) => {
  const app = launch(t)
  await shown(app)
  await app.evaluate(
    ({ windows: [window] }) => void window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  )
  await until(() => count(app, 'destroy') === 1, 'the end of the window')
  assert.match(app.output(), /problem window\.crashed/)
  await openFromTray(app)
  await shown(app, 2)
  assert.equal(windows(app), 2)
})

test('zoom by keyboard, as in a browser', async (t) => {
  const app = launch(t)
  await shown(app)
  const press = (key: string, modifiers: object = { control: true }) =>
    app.evaluate(
      ({ windows: [window], createEvent }, input) => {
        const event = createEvent()
        window?.webContents.emit('before-input-event', event, input)
        return [window?.webContents.getZoomLevel(), event.defaultPrevented]
      },
      { type: 'keyDown', key, control: false, meta: false, alt: false, ...modifiers },
    )
  assert.deepEqual(await press('+'), [0.5, true])
  assert.deepEqual(await press('='), [1, true])
  assert.deepEqual(await press('-'), [0.5, true])
  assert.deepEqual(await press('-', {}), [0.5, false])
  assert.deepEqual(await press('+', { control: true, type: 'keyUp' }), [0.5, false])
  for (let times = 0; times < 20; times++) await press('+')
  assert.deepEqual(await press('+'), [5, true])
  assert.deepEqual(await press('0'), [0, true])
  await press('F12', {})
  assert.equal(count(app, 'toggleDevTools'), 1)
})

test('text has its context menu', async (t) => {
  const app = launch(t)
  await shown(app)
  await app.evaluate(({ windows: [window] }) => {
    const editFlags = { canCut: true, canCopy: true, canPaste: true, canSelectAll: true }
    const ask = (params: object) => window?.webContents.emit('context-menu', {}, { editFlags, ...params })
    ask({ isEditable: false, selectionText: '' })
    ask({ isEditable: false, selectionText: 'lsid-1' })
    ask({ isEditable: true, selectionText: '' })
  })
  const menus = app.calls.filter((call) => call.method === 'popup').map((call) => call.args)
  assert.deepEqual(menus, [['copy'], ['cut', 'copy', 'paste', '', 'selectAll']])
})
