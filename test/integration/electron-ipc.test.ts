import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Reply } from '../../preload/contract.ts'
import { post } from '../electron/events.ts'
import { build, launch, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

/** Who a message pretends to be from. */
type From =
  | 'main frame'
  | 'sub-frame'
  | 'foreign page'
  | 'similar host'
  | 'gone frame'
  | 'disposed frame'
  | 'other contents'

/** Delivers a message to the application, from a frame of this kind of its window. */
function deliver(
  app: Launched,
  from: From,
  kind: 'send' | 'invoke',
  channel: string,
  input: unknown,
): Promise<unknown> {
  return app.evaluate(
    ({ windows, electron, createFrame }, arg) => {
      const contents = windows.at(-1)?.webContents
      if (contents === undefined) throw new Error('There is no window')
      const main = contents.mainFrame
      const disposed = Object.defineProperty({ ...main }, 'url', {
        get: () => {
          throw new Error('Render frame was disposed before WebFrameMain could be accessed')
        },
      })
      const frames = {
        'main frame': main,
        'sub-frame': createFrame('app://rep-tray/index.html', main),
        'foreign page': { ...main, url: 'https://example.com/' },
        'similar host': { ...main, url: 'app://rep-tray.example.com/' },
        'gone frame': null,
        'disposed frame': disposed,
        'other contents': main,
      }
      const sender = arg.from === 'other contents' ? (Object.create(contents) as typeof contents) : contents
      return electron.ipcMain.deliver(arg.kind, { sender, senderFrame: frames[arg.from] }, arg.channel, [arg.input])
    },
    { from, kind, channel, input },
  )
}

const sent = (app: Launched) =>
  app.calls.filter((call) => call.object.startsWith('WebContents') && call.method === 'send')

async function opened(app: Launched): Promise<void> {
  await until(() => app.calls.some((call) => call.method === 'show'), 'the window')
}

const FOREIGN: readonly From[] = [
  'sub-frame',
  'foreign page',
  'similar host',
  'gone frame',
  'disposed frame',
  'other contents',
]

test('three channels, and no more', async (t) => {
  const app = launch(t)
  await opened(app)
  // The state is pushed; the other two are heard.
  assert.deepEqual(await app.evaluate(({ electron }) => electron.ipcMain.channels()), ['command', 'connect'])
})

test('the window’s own main frame is heard', async (t) => {
  const app = launch(t)
  await opened(app)
  await deliver(app, 'main frame', 'send', 'connect', undefined)
  await until(() => sent(app).length === 1, 'the State')
  const reply = await deliver(app, 'main frame', 'invoke', 'command', { type: 'activity.list', before: null })
  assert.deepEqual(reply, { ok: true, value: [] })
})

for (const from of FOREIGN) {
  test(`a message from a ${from} is refused`, async (t) => {
    const app = launch(t)
    await opened(app)
    await deliver(app, from, 'send', 'connect', undefined)
    const command = { type: 'settings.set', key: 'notify.quiet', value: true }
    assert.deepEqual(await deliver(app, from, 'invoke', 'command', command), { ok: false, message: 'Refused.' })
    await deliver(app, 'main frame', 'invoke', 'command', { type: 'activity.list', before: null })
    assert.equal(sent(app).length, 0, 'no State for it')
    assert.equal(app.output().match(/refused a message on (connect|command)/g)?.length, 2)
    assert.doesNotMatch(app.output(), /notify\.quiet/)
  })
}

test('what is no command is refused', async (t) => {
  const app = launch(t)
  await opened(app)
  const strange: readonly unknown[] = [
    undefined,
    null,
    'app.quit',
    42,
    [],
    {},
    { type: 'no.such.command' },
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'session.get' },
    { type: 'session.get', lsid: 7 },
    { type: 'session.get', lsid: 'x'.repeat(5000) },
    { type: 'settings.set', key: 'no.such.key', value: 1 },
    { type: 'window.show', place: { view: 'elsewhere' } },
    { type: 'alerts.read', ids: Array.from({ length: 5000 }, (_, index) => index) },
  ]
  for (const input of strange) {
    const reply = (await deliver(app, 'main frame', 'invoke', 'command', input)) as Reply
    assert.equal(reply.ok, false, JSON.stringify(input))
  }
})

test('too many commands at once are refused', async (t) => {
  const app = launch(t)
  await opened(app)
  const replies = await app.evaluate(({ windows: [window], electron }) => {
    const sender = window?.webContents
    if (sender === undefined) throw new Error('There is no window')
    const from = { sender, senderFrame: sender.mainFrame }
    const command = { type: 'activity.list', before: null }
    const all = Array.from({ length: 200 }, () => electron.ipcMain.deliver('invoke', from, 'command', [command]))
    return Promise.all(all) as Promise<Reply[]>
  })
  const carriedOut = replies.filter((reply) => reply.ok).length
  assert.ok(carriedOut >= 60 && carriedOut < 120, `${carriedOut} of 200 were carried out`)
})

test('State goes to the connected window alone, at most once a frame', async (t) => {
  const app = launch(t)
  const recipient = await app.recipient()
  await opened(app)
  await post(recipient, 'support_conference_begin', { lsid: 'before-it-connected' })
  assert.equal(sent(app).length, 0, 'nothing before the window asked')

  await deliver(app, 'main frame', 'send', 'connect', undefined)
  await until(() => sent(app).length === 1, 'the first State')
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: 60 }, (_, index) => post(recipient, 'support_conference_begin', { lsid: `burst-${index}` })),
  )
  await deliver(app, 'main frame', 'send', 'connect', undefined)
  const frames = Math.ceil((performance.now() - startedAt) / 16) + 2
  assert.ok(sent(app).length <= frames, `${sent(app).length} pushes in ${frames} frames`)

  await app.evaluate(({ windows: [window] }) => window?.destroy())
  const pushed = sent(app).length
  await post(recipient, 'support_conference_begin', { lsid: 'after-it-closed' })
  await app.evaluate(({ trays }) => void trays[0]?.emit('click'))
  await until(() => app.calls.filter((call) => call.method === 'show').length === 2, 'a new window')
  assert.equal(sent(app).length, pushed, 'a new window is told when it asks')
})
