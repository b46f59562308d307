import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readArguments, unknownLine, type Arguments } from '../../main/arguments.ts'
import { isReachable, placeWindow } from '../../main/shell/electron/bounds.ts'
import { hasTrayHost, readsMarkup, type Run } from '../../main/shell/electron/bus.ts'
import { iconFile, type IconSurroundings } from '../../main/shell/electron/icon.ts'
import { createLog } from '../../main/shell/electron/log.ts'
import { escapeMarkup } from '../../main/shell/electron/notify.ts'
import { isOwnUrl } from '../../main/shell/electron/protocol.ts'
import type { Parts } from '../../main/shell/electron/electron.ts'
import { createTrayKeeper, menuTemplate } from '../../main/shell/electron/tray.ts'
import type { TrayModel } from '../../main/shell/port.ts'
import type { Command } from '../../preload/contract.ts'
import { temporaryFolder } from '../electron/harness.ts'

const nothing: Arguments = {
  data: null,
  policy: null,
  hidden: false,
  browser: false,
  open: true,
  version: false,
  help: false,
  link: null,
  unknown: [],
}

test('the command line: known switches in both forms, all else left alone', () => {
  const read = (...argv: string[]) => readArguments(argv, '/home/jane')
  assert.deepEqual(read(), nothing)
  assert.deepEqual(read('--data', 'x', '--hidden'), { ...nothing, data: '/home/jane/x', hidden: true })
  assert.deepEqual(read('--policy=/etc/p.json', '--inspect=0', '.'), {
    ...nothing,
    policy: '/etc/p.json',
    unknown: ['--inspect', 'something without --'],
  })
  assert.deepEqual(read('--browser', '--no-open', '--version', '--help'), {
    ...nothing,
    browser: true,
    open: false,
    version: true,
    help: true,
  })
  assert.deepEqual(read('--data', '--hidden'), { ...nothing, hidden: true })
  assert.deepEqual(read('--data=', '--data'), nothing)
  assert.equal(read('--data=a', '--data=b').data, '/home/jane/b')
  assert.equal(read('--hidden-things', '--database', 'x').hidden, false)
})

test('the command line: what is not known is told of without its value', () => {
  const line = (...argv: string[]) => unknownLine(readArguments(argv, '/'))
  assert.equal(line('--hidden', '--data', 'x', '--', 'y'), null)
  assert.equal(
    line('--token=secret', '-v', '--token', 'x'),
    'not known here, and ignored: --token, -v, something without --',
  )
})

test('the command line: what follows a link sets no switches', () => {
  const read = (...argv: string[]) => readArguments(argv, '/home/jane')
  const link = 'rep-tray://ticket/INC1'
  assert.deepEqual(read('--hidden', '--', link), { ...nothing, hidden: true, link })
  assert.deepEqual(read(link, '--policy=//evil/p.json', '--data', '/tmp/x', '--hidden'), { ...nothing, link })
  assert.deepEqual(read('--', '--policy=//evil/p.json'), nothing)
  assert.equal(read(link, 'rep-tray://ticket/INC2').link, link)
  assert.equal(read('REP-TRAY:anything').link, 'REP-TRAY:anything', 'whoever made it, it was a link')
})

const SCREEN = { x: 0, y: 0, width: 1920, height: 1040 }
const LEFT = { x: -1280, y: 0, width: 1280, height: 984 }

test('the window opens where it was, if that can be reached', () => {
  const inside = { x: 100, y: 100, width: 500, height: 700 }
  assert.deepEqual(placeWindow(inside, [SCREEN]), inside)
  assert.deepEqual(placeWindow({ ...inside, x: -1200 }, [SCREEN, LEFT]), { ...inside, x: -1200 })
  assert.deepEqual(placeWindow({ ...inside, x: -1200 }, [SCREEN]), { width: 500, height: 700 })
  assert.deepEqual(placeWindow({ ...inside, y: 1030 }, [SCREEN]), { width: 500, height: 700 })
  assert.deepEqual(placeWindow({ ...inside, y: -40 }, [SCREEN]), { width: 500, height: 700 })
  assert.deepEqual(placeWindow({ ...inside, width: 5000, height: 10 }, [SCREEN]), {
    x: 100,
    y: 100,
    width: 1920,
    height: 400,
  })
})

test('bounds that are none are not used', () => {
  for (const stored of [undefined, null, 'x', {}, { x: 1, y: 2 }, { x: 0, y: 0, width: Number.NaN, height: 1e9 }]) {
    assert.deepEqual(placeWindow(stored, [SCREEN]), { width: 420, height: 640 })
  }
  assert.equal(isReachable({ x: 1900, y: 0, width: 500, height: 500 }, [SCREEN]), false)
})

const LINUX: IconSurroundings = { platform: 'linux', choice: 'system', dark: false, desktop: 'KDE', scale: 1 }

test('each system gets the picture that it can use', () => {
  assert.equal(iconFile('idle', LINUX), 'idle-dark-24.png')
  assert.equal(iconFile('idle', { ...LINUX, dark: true }), 'idle-light-24.png')
  assert.equal(iconFile('idle', { ...LINUX, desktop: 'ubuntu:GNOME' }), 'idle-light-24.png')
  assert.equal(iconFile('idle', { ...LINUX, desktop: 'ubuntu:GNOME', choice: 'dark' }), 'idle-dark-24.png')
  assert.equal(iconFile('idle', { ...LINUX, scale: 1.25 }), 'idle-dark-32.png')
  assert.equal(iconFile('idle', { ...LINUX, scale: 5 }), 'idle-dark-64.png')
  assert.equal(iconFile('waiting', { ...LINUX, platform: 'win32', desktop: 'GNOME' }), 'waiting-dark.ico')
  assert.equal(iconFile('offline', { ...LINUX, platform: 'win32', dark: true }), 'offline-light.ico')
  assert.equal(iconFile('attention', { ...LINUX, platform: 'darwin', choice: 'light' }), 'attentionTemplate.png')
})

test('every picture that can be asked for is there, and no two states look the same', () => {
  const assets = join(import.meta.dirname, '../../assets/tray')
  const contents = new Map<string, string>()
  for (const icon of ['idle', 'waiting', 'attention', 'offline'] as const) {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      for (const choice of ['light', 'dark'] as const) {
        for (const scale of [1, 1.25, 1.5, 2, 3]) {
          const file = iconFile(icon, { ...LINUX, platform, choice, scale })
          const bytes = readFileSync(join(assets, file)).toString('base64')
          assert.ok((contents.get(bytes) ?? file) === file, `${file} looks like ${contents.get(bytes)}`)
          contents.set(bytes, file)
        }
      }
    }
    assert.ok(existsSync(join(assets, `${icon}Template@2x.png`)))
  }
  assert.equal(globSync('*.svg', { cwd: assets }).length, 4)
})

/** A bus that answers with these texts. */
const answering =
  (answers: Readonly<Record<string, string | null | undefined>>): Run =>
  async (program) =>
    answers[program]

test('the desktop is asked for its tray', async () => {
  const yes = answering({ 'dbus-send': '   variant       boolean true\n' })
  const no = answering({ 'dbus-send': '   variant       boolean false\n' })
  const absent = answering({ 'dbus-send': null })
  assert.equal(await hasTrayHost(yes, { XDG_SESSION_TYPE: 'wayland' }), true)
  assert.equal(await hasTrayHost(answering({ gdbus: '(<true>,)\n' }), {}), true)
  assert.equal(await hasTrayHost(no, { XDG_CURRENT_DESKTOP: 'GNOME' }), false)
  assert.equal(await hasTrayHost(absent, { XDG_SESSION_TYPE: 'wayland' }), false)
  assert.equal(await hasTrayHost(absent, { XDG_SESSION_TYPE: 'x11', XDG_CURRENT_DESKTOP: 'i3' }), null, 'an old tray?')
  assert.equal(await hasTrayHost(answering({}), { XDG_SESSION_TYPE: 'wayland' }), null, 'nothing to ask with')
})

test('the notification server is asked for markup', async () => {
  assert.equal(await readsMarkup(answering({ 'dbus-send': '   array [\n      actions      body-markup   ]\n' })), true)
  assert.equal(await readsMarkup(answering({ 'dbus-send': '   array [\n      actions      body   ]\n' })), false)
  assert.equal(await readsMarkup(answering({ gdbus: "(['body', 'body-markup'],)\n" })), true)
  assert.equal(await readsMarkup(answering({ 'dbus-send': null })), true)
  assert.equal(escapeMarkup('<b>R&D</b>'), '&lt;b&gt;R&amp;D&lt;/b&gt;')
})

test('only app://rep-tray is our own', () => {
  for (const url of ['app://rep-tray/', 'app://rep-tray/index.html#x', 'APP://rep-tray/x'])
    assert.equal(isOwnUrl(url), true, url)
  for (const url of [
    '',
    'rep-tray',
    'app://rep-tray.example.com/',
    'app://rep-tray:1/',
    'app://x@rep-tray/',
    'https://rep-tray/',
    'file:///rep-tray/index.html',
    'app:rep-tray',
    'blob:app://rep-tray/1234',
  ]) {
    assert.equal(isOwnUrl(url), false, url)
  }
})

test('the menu is drawn as the model says', () => {
  const clicked: Command[] = []
  const template = menuTemplate(
    [
      {
        type: 'item',
        label: 'R&D',
        enabled: true,
        submenu: [{ type: 'item', label: 'Quit', enabled: true, command: { type: 'app.quit' } }],
      },
      { type: 'separator' },
      { type: 'item', label: 'Quiet', enabled: false, checked: true, command: { type: 'listener.retry' } },
      { type: 'item', label: 'Just text', enabled: true },
    ],
    (command) => clicked.push(command),
  )
  const [group, separator, box, line] = template
  assert.deepEqual(separator, { type: 'separator' })
  assert.equal(group?.label, 'R&&D')
  assert.equal(group?.type, 'submenu')
  assert.deepEqual([box?.type, box?.checked, box?.enabled], ['checkbox', true, false])
  assert.equal(line?.enabled, false)
  const [quit] = Array.isArray(group?.submenu) ? group.submenu : []
  quit?.click?.({} as never, undefined, {})
  assert.deepEqual(clicked, [{ type: 'app.quit' }])
})

test('menu, tooltip and picture are set again only when they say something new', () => {
  const done: string[] = []
  const tray = {
    on: () => tray,
    setContextMenu: () => done.push('menu'),
    setToolTip: () => done.push('tooltip'),
    setImage: () => done.push('image'),
  }
  const electron = {
    Tray: function construct() {
      return tray
    },
    Menu: { buildFromTemplate: () => null },
    nativeImage: { createFromPath: () => null },
  } as unknown as Parts<'Tray' | 'Menu' | 'nativeImage'>
  let theme = 'light'
  const keeper = createTrayKeeper(electron, {
    platform: 'linux',
    imagePath: (icon) => `${icon}-${theme}`,
    run: async () => {},
    activate: () => {},
    report: () => {},
  })
  const doneBy = (act: () => void) => {
    done.length = 0
    act()
    return [...done]
  }
  const model: TrayModel = { icon: 'idle', tooltip: 'Rep Tray', menu: [{ type: 'separator' }] }
  assert.deepEqual(
    doneBy(() => keeper.draw(model)),
    ['tooltip', 'menu'],
  )
  assert.deepEqual(
    doneBy(() => keeper.draw({ ...model, menu: [{ type: 'separator' }] })),
    [],
  )
  assert.deepEqual(
    doneBy(() => keeper.draw({ ...model, tooltip: 'Other' })),
    ['tooltip'],
  )
  assert.deepEqual(
    doneBy(() => keeper.draw({ ...model, tooltip: 'Other', icon: 'waiting' })),
    ['image'],
  )
  assert.deepEqual(
    doneBy(() => keeper.draw({ ...model, tooltip: 'Other', icon: 'waiting', menu: [] })),
    ['menu'],
  )
  assert.deepEqual(doneBy(keeper.redraw), [])
  theme = 'dark'
  assert.deepEqual(doneBy(keeper.redraw), ['image'])
})

test('the log stays small, one line for each entry, and never throws', (t) => {
  const file = join(temporaryFolder(t), 'log')
  const log = createLog(file, 200, () => 0)
  log('one\ntwo')
  assert.equal(readFileSync(file, 'utf8'), '1970-01-01T00:00:00.000Z one two\n')
  for (let index = 0; index < 50; index++) log(`line ${index}`)
  assert.ok(statSync(file).size < 300)
  assert.ok(statSync(`${file}.1`).size < 300)
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600)
  writeFileSync(`${file}-no-folder`, '')
  createLog(join(`${file}-no-folder`, 'log'), 200, () => 0)('nowhere to go')
})
