import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Parts } from '../../main/shell/electron/electron.ts'
import { createOutside } from '../../main/shell/electron/outside.ts'
import { createShortcut } from '../../main/shell/electron/shortcut.ts'
import { ME, post, transferToMe } from '../electron/events.ts'
import { build, launch } from '../electron/harness.ts'
import { until } from '../electron/until.ts'
import { settingsWith, stateWith } from '../unit/helpers/state.ts'

before(build)

/** What leads outside, on a system that does as told, or refuses everything. */
function outside(refuses: boolean) {
  const opened: string[] = []
  const act = async (what: string) => {
    if (refuses) throw new Error('0x80004005')
    opened.push(what)
  }
  const electron = {
    app: { getPath: (name: string) => `/home/jane/${name}` },
    clipboard: {
      writeText: (text: string) => act(`copied ${text}`),
      readText: async () => {
        await act('read')
        return 'x'.repeat(5000)
      },
    },
    shell: { openExternal: act, showItemInFolder: (file: string) => opened.push(`shown ${file}`) },
  } as unknown as Parts<'app' | 'clipboard' | 'shell'>
  let settings = settingsWith({ 'appliance.host': 'support.example.com' })
  const parts = createOutside(electron, () => stateWith({ settings }))
  return { ...parts, opened, change: (own: Parameters<typeof settingsWith>[0]) => (settings = settingsWith(own)) }
}

test('only pages of the two sites of the settings, as they are now, reach the system’s browser', async () => {
  const { open, opened, change } = outside(false)
  assert.equal(await open('https://support.example.com/login'), true)
  for (const page of ['https://evil.example.com/', 'http://support.example.com/', 'file:///etc/passwd', 'calc.exe', ''])
    assert.equal(await open(page), false, page)
  change({ 'ticket.url': 'https://tickets.example.com/{key}' })
  assert.equal(await open('https://support.example.com/login'), false, 'it is another appliance now')
  assert.equal(await open('https://tickets.example.com/INC1'), true)
  assert.deepEqual(opened, ['https://support.example.com/login', 'https://tickets.example.com/INC1'])
})

test('a system that refuses makes nothing throw', async () => {
  const refusing = outside(true)
  assert.equal(await refusing.open('https://support.example.com/'), false)
  assert.equal(await refusing.copy('text'), false)
  assert.equal(await refusing.readClipboard(), null)
  const willing = outside(false)
  assert.equal(await willing.copy('text'), true)
  assert.equal((await willing.readClipboard())?.length, 1024, 'never more than a command may have')
  willing.reveal('/home/jane/downloads/report.txt')
  assert.equal(willing.downloads(), '/home/jane/downloads')
  assert.deepEqual(willing.opened, ['copied text', 'read', 'shown /home/jane/downloads/report.txt'])
})

test('keys that Electron cannot read are refused as taken ones are', () => {
  const told: (string | null)[] = []
  const shortcut = createShortcut(
    {
      globalShortcut: {
        register: () => {
          throw new TypeError('Error processing argument at index 0')
        },
        unregisterAll: () => {},
      } as unknown as Parts<'globalShortcut'>['globalShortcut'],
    },
    { press: () => {}, report: (_id, problem) => told.push(problem?.title ?? null) },
  )
  shortcut.set('')
  shortcut.set('Ctrl+Ö')
  shortcut.set('Ctrl+Ö')
  shortcut.set('')
  assert.deepEqual(told, ['The shortcut Ctrl+Ö does not work', null])
})

test('the tray opens a session’s ticket in the system’s browser, and says if that fails', async (t) => {
  const policy = { ...ME, 'ticket.url': 'https://tickets.example.com/find?n={key}' }
  const app = launch(t, { policy, args: ['--hidden'] })
  const recipient = await app.recipient()
  await transferToMe(recipient, 'lsid-1', 'Jane Doe')
  const chat = { lsid: 'lsid-1', type: 'customer', display_name: 'Jane Doe', external_key: 'INC 1&x=2' }
  await post(recipient, 'support_conference_member_added', chat)
  const press = () =>
    app.evaluate(({ trays: [tray] }) => {
      const session = tray?.menu()?.items.find(({ label }) => label.startsWith('Jane Doe'))
      const entry = session?.submenu?.items.find(({ label }) => label === 'Open ticket')
      entry?.press()
      return entry !== undefined
    })
  await until(press, 'the entry')
  const opened = () => app.calls.filter((call) => call.method === 'openExternal').map(({ args }) => args[0])
  await until(() => opened().length > 0, 'the page')
  assert.deepEqual(opened(), ['https://tickets.example.com/find?n=INC%201%26x%3D2'])
  assert.doesNotMatch(app.output(), /INC/, 'nothing of it is logged')

  await app.evaluate(({ electron }) => {
    electron.shell.openExternal = () => Promise.reject(new Error('0x483'))
  })
  await press()
  await until(() => app.output().includes('problem shell.command'), 'the problem')
})

test('Rep Tray is the program for its links where it is installed, and Chromium reads no switches out of them', async (t) => {
  const claims = async (surroundings: NonNullable<Parameters<typeof launch>[1]>['surroundings'] & object) => {
    const app = launch(t, { surroundings, args: ['--hidden'] })
    await app.recipient()
    return app.calls.filter((call) => call.method === 'setAsDefaultProtocolClient').map(({ args }) => args)
  }
  const claim = [['rep-tray', process.execPath, ['--']]]
  assert.deepEqual(await claims({ platform: 'win32', packaged: true }), claim)
  assert.deepEqual(await claims({ platform: 'darwin', packaged: true }), claim)
  assert.deepEqual(await claims({ platform: 'win32' }), [], 'not in development')
  assert.deepEqual(await claims({ platform: 'linux', packaged: true }), [], 'the desktop entry says so')
})
