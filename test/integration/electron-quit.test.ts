import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { before, test } from 'node:test'
import { build, launch, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

const press = (app: Launched, label: string) =>
  app.evaluate(({ trays: [tray] }, wanted) => {
    const item = tray?.menu()?.items.find((each) => each.label === wanted)
    if (item === undefined) throw new Error(`There is no ${wanted}`)
    item.press()
  }, label)

async function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('quitting from the tray stops the listener and ends with 0, with a window open', async (t) => {
  const app = launch(t)
  const recipient = await app.recipient()
  await until(() => app.calls.some((call) => call.method === 'show'), 'the window')
  assert.equal(await isOpen(recipient), true)
  await press(app, 'Quit Rep Tray')
  assert.equal(await app.exitCode(), 0)
  assert.equal(await isOpen(recipient), false)
  const done = new Set(app.calls.map(({ object, method }) => `${object}.${method}`))
  assert.equal(done.has('app.quit vetoed by a window'), false)
  assert.ok(done.has('Tray#1.destroy'))
})

test('closing the only window does not quit', async (t) => {
  const app = launch(t)
  await until(() => app.calls.some((call) => call.method === 'show'), 'the window')
  await app.evaluate(({ windows: [window], electron }) => {
    window?.close()
    if (electron.app.listenerCount('window-all-closed') === 0) electron.app.quit()
  })
  await until(() => app.evaluate(({ timers }) => timers.fire(60_000) === 1), 'the end of the window')
  assert.equal(await app.evaluate(({ electron }) => electron.app.isReady()), true)
  assert.equal(await app.quit(), 0)
})

test('a connection that hangs does not keep it from quitting', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  const { hostname, port } = new URL(await app.recipient())
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.write('POST /events?token=x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf of it')
  await press(app, 'Quit Rep Tray')
  assert.equal(await app.exitCode(), 0)
})

test('stopping that takes too long is cut off', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  // A listener that never closes.
  await app.evaluate(async () => {
    const { Server } = await import('node:http')
    Server.prototype.close = function close() {
      return this
    }
  })
  await press(app, 'Quit Rep Tray')
  await until(() => app.evaluate(({ timers }) => timers.pending().includes(5000)), 'the limit')
  await app.evaluate(({ timers }) => void setImmediate(() => timers.fire(5000)))
  assert.equal(await app.exitCode(), 0)
  assert.match(app.output(), /quit: stopping took too long/)
})

test('the system’s shutdown is not held up', async (t) => {
  const app = launch(t)
  await app.recipient()
  const held = await app.evaluate(({ electron, createEvent }) => {
    const shutdown = createEvent()
    electron.powerMonitor.emit('shutdown', shutdown)
    const quit = createEvent()
    electron.app.emit('before-quit', quit)
    return shutdown.defaultPrevented || quit.defaultPrevented
  })
  assert.equal(held, false)
  await app.evaluate(({ electron }) => electron.app.quit())
  assert.equal(await app.exitCode(), 0)
})

for (const event of ['resume', 'unlock-screen']) {
  test(`it listens again at once on ${event}`, async (t) => {
    const taken = launch(t, { args: ['--hidden'] })
    const { port } = new URL(await taken.recipient())
    const app = launch(t, { args: ['--hidden'], policy: { 'listener.port': Number(port) } })
    const waits = () => app.evaluate(({ timers }) => timers.pending().some((delay) => delay < 60_000))
    await until(
      async () => app.output().includes('problem listener.listen') && (await waits()),
      'it to wait for the port',
    )
    // It would try again by itself.
    await app.evaluate(({ timers }) => timers.drop())
    await taken.quit()
    await app.evaluate(({ electron }, name) => void electron.powerMonitor.emit(name), event)
    await app.recipient()
  })
}
