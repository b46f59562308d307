import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { State } from '../../preload/contract.ts'
import { updatesItself } from '../../main/shell/electron/updates.ts'
import { createUpdates, type Release } from '../../main/updates.ts'

const URL_OF_SITE = 'https://updates.example.com/'
const MINUTE = 60_000

function make(t: TestContext, kept: Readonly<Record<string, unknown>> = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const world = {
    url: URL_OF_SITE,
    busy: false,
    fetched: 0,
    loaded: 0,
    file: kept,
    reports: [] as string[],
    update: { ready: null, news: null } as State['update'],
    answer: (): Promise<Release | null> => Promise.resolve(null),
    mayInstall: (): boolean => false,
    updates: null as unknown as ReturnType<typeof createUpdates>,
    async pass(minutes: number): Promise<void> {
      t.mock.timers.tick(minutes * MINUTE)
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    },
  }
  world.updates = createUpdates({
    port: {
      file: { read: () => world.file, write: (all) => (world.file = all) },
      load: (mayInstall) => {
        world.loaded += 1
        world.mayInstall = mayInstall
        return Promise.resolve({
          fetch: () => {
            world.fetched += 1
            return world.answer()
          },
        })
      },
    },
    version: '1.0.0',
    url: () => world.url,
    isBusy: () => world.busy,
    change: (update) => (world.update = { ...world.update, ...update }),
    report: ({ title }) => world.reports.push(title),
    solve: () => {},
    log: () => {},
  })
  t.after(() => world.updates.stop())
  return world
}

describe('updates', () => {
  test('are looked for after a minute, then four times a day, by one updater', async (t) => {
    const world = make(t)
    world.updates.start()
    await world.pass(0.9)
    assert.deepEqual([world.loaded, world.fetched], [0, 0], 'nothing is loaded at the start')
    await world.pass(0.2)
    assert.equal(world.fetched, 1)
    await world.pass(6 * 60)
    assert.deepEqual([world.loaded, world.fetched], [1, 2])
  })

  test('are off without a server, and nothing is loaded then', async (t) => {
    const world = make(t)
    world.url = ''
    world.updates.start()
    await world.pass(2)
    assert.equal(world.loaded, 0)
    world.url = URL_OF_SITE
    await world.pass(6 * 60)
    assert.equal(world.fetched, 1)
  })

  test('wait until a session of the rep is over, and are not installed during one', async (t) => {
    const world = make(t)
    world.busy = true
    world.updates.start()
    await world.pass(1)
    for (let turn = 0; turn < 3; turn += 1) await world.pass(5)
    assert.equal(world.fetched, 0)
    world.busy = false
    await world.pass(5)
    assert.equal(world.fetched, 1)
    assert.equal(world.mayInstall(), true)
    world.busy = true
    assert.equal(world.mayInstall(), false)
    world.busy = false
    world.url = ''
    assert.equal(world.mayInstall(), false, 'switched off meanwhile')
  })

  test('tell what is new once, in the version that it is new in', async (t) => {
    const world = make(t)
    world.answer = () => Promise.resolve({ version: '1.1.0', notes: 'Faster.' })
    world.updates.start()
    await world.pass(1)
    assert.deepEqual(world.update, { ready: '1.1.0', news: null })
    assert.deepEqual(world.file, { version: '1.1.0', notes: 'Faster.' })
    world.updates.seen()
    assert.deepEqual(world.update, { ready: null, news: null })
    assert.deepEqual(world.file, { version: '1.1.0', notes: 'Faster.' }, 'it is told when it runs')
    await world.pass(6 * 60)
    assert.deepEqual(world.update, { ready: null, news: null }, 'once is enough')

    const kept = { version: '1.0.0', notes: 'Better.' }
    t.mock.timers.reset()
    const next = make(t, kept)
    next.updates.start()
    assert.deepEqual(next.update.news, kept)
    next.updates.seen()
    assert.deepEqual([next.update.news, next.file], [null, {}])
  })

  test('that fail are told of, and tried again', async (t) => {
    const world = make(t)
    world.answer = () => Promise.reject(new Error('No route.'))
    world.updates.start()
    await world.pass(1)
    assert.deepEqual(world.reports, ['Updates cannot be looked for'])
    await world.pass(6 * 60)
    assert.equal(world.fetched, 2)
  })
})

test('an installation updates itself unless it is IT’s to update', () => {
  const win = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
  for (const [expected, platform, env, execPath] of [
    [true, 'linux', { APPIMAGE: '/home/jane/Rep Tray.AppImage' }, '/tmp/.mount/rep-tray'],
    [false, 'linux', {}, '/opt/Rep Tray/rep-tray'],
    [true, 'darwin', {}, '/Applications/Rep Tray.app/Contents/MacOS/Rep Tray'],
    [true, 'win32', win, 'C:\\Users\\jane\\AppData\\Local\\Programs\\rep-tray\\Rep Tray.exe'],
    [false, 'win32', win, 'C:\\Program Files\\Rep Tray\\Rep Tray.exe'],
    [false, 'win32', win, 'c:\\program files (x86)\\Rep Tray\\Rep Tray.exe'],
    [false, 'freebsd', {}, '/x'],
  ] as const) {
    assert.equal(updatesItself({ platform, env, execPath, isPackaged: true }), expected, execPath)
    assert.equal(updatesItself({ platform, env, execPath, isPackaged: false }), false)
  }
})
