import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { before, test } from 'node:test'
import { ME, post, transferToMe } from '../electron/events.ts'
import { build, launch, type Launched } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

/** Labels of the menu; those of a submenu behind their entry. */
const menu = (app: Launched) =>
  app.evaluate(({ trays: [tray] }) =>
    (tray?.menu()?.items ?? []).flatMap((item) => [
      item.label,
      ...(item.submenu?.items ?? []).map((inner) => `${item.label} › ${inner.label}`),
    ]),
  )

const icon = async (app: Launched) => basename(await app.evaluate(({ trays }) => trays[0]?.image() ?? ''))

/** Presses an entry, given by what its label begins with; or one within it. */
const press = (app: Launched, ...path: readonly string[]) =>
  app.evaluate(({ trays: [tray] }, labels) => {
    let items = tray?.menu()?.items ?? []
    for (const [depth, label] of labels.entries()) {
      const item = items.find((each) => each.label.startsWith(label))
      if (item === undefined)
        throw new Error(`There is no “${label}” among: ${items.map((each) => each.label).join(', ')}`)
      if (depth === labels.length - 1) item.press()
      else items = item.submenu?.items ?? []
    }
  }, path)

const read = (app: Launched) => app.evaluate(({ electron }) => electron.clipboard.readText())

test('a session comes: icon, tooltip and menu say so, and the entries work', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  const recipient = await app.recipient()
  await until(async () => (await icon(app)) === 'idle-dark-24.png', 'the idle icon')

  await transferToMe(recipient, 'lsid-1', 'Fish & Chips')
  await until(async () => (await icon(app)) === 'attention-dark-24.png', 'the icon that wants attention')
  const tooltip = await app.evaluate(({ trays }) => trays[0]?.toolTip())
  assert.match(tooltip ?? '', /1 session of yours/)
  const labels = await until(async () => {
    const all = await menu(app)
    return all.some((label) => label.startsWith('Fish && Chips')) && all
  }, 'the session in the menu, its & kept')
  assert.equal(labels[0], 'Open Rep Tray')

  await press(app, 'Fish && Chips', 'Copy session ID')
  await until(async () => (await read(app)) === 'lsid-1', 'the session ID on the clipboard')
  await post(recipient, 'support_conference_member_added', {
    lsid: 'lsid-1',
    external_key: 'INC0010023',
    type: 'representative',
    display_name: 'John Smith',
    user_id: '12',
    username: 'jsmith',
  })
  await until(async () => (await menu(app)).includes('Fish && Chips · INC0010023'), 'the ticket in the menu')
  await press(app, 'Fish && Chips', 'Copy external key')
  await until(async () => (await read(app)) === 'INC0010023', 'the ticket on the clipboard')

  await press(app, 'Fish && Chips', 'Show session')
  await until(() => app.calls.some((call) => call.object === 'BrowserWindow#1' && call.method === 'show'), 'the window')
})

test('a queue that waits, and a listener that fails, each have their icon', async (t) => {
  const policy = { ...ME, 'me.teams': ['5'], 'notify.teamQueue': false }
  const app = launch(t, { policy, args: ['--hidden'] })
  const recipient = await app.recipient()
  await post(recipient, 'support_conference_begin', { lsid: 'lsid-2' })
  const owner = { conference_id: 'team:5', conference_name: 'Troubleshooting' }
  await post(recipient, 'support_conference_owner_changed', { lsid: 'lsid-2', ...owner })
  await until(async () => (await icon(app)) === 'waiting-dark-24.png', 'the waiting icon')

  const { port } = new URL(recipient)
  const second = launch(t, { policy: { ...ME, 'listener.port': Number(port) }, args: ['--hidden'] })
  await until(async () => (await icon(second)) === 'offline-dark-24.png', 'the offline icon')
})

test('a check box shows what is true, also when the system flips it by itself', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  await app.recipient()
  const quiet = () =>
    app.evaluate(({ trays: [tray] }) => tray?.menu()?.items.find((item) => item.label === 'Quiet')?.checked)
  await until(async () => (await quiet()) === false, 'the menu')
  await press(app, 'Quiet')
  await until(async () => (await quiet()) === true, 'quiet')
  await press(app, 'Quiet')
  await until(async () => (await quiet()) === false, 'no longer quiet')
})

test('the icon suits the panel: theme, the rep’s choice, scale', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  await app.recipient()
  await until(async () => (await icon(app)) === 'idle-dark-24.png', 'the icon for a light panel')
  await app.evaluate(({ electron }) => electron.nativeTheme.setSystemDark(true))
  await until(async () => (await icon(app)) === 'idle-light-24.png', 'the icon for a dark panel')
  await app.evaluate(({ electron }) => electron.screen.rearrange([{ x: 0, y: 0, width: 3840, height: 2160, scale: 2 }]))
  await until(async () => (await icon(app)) === 'idle-light-48.png', 'the icon for a fine screen')

  const gnome = launch(t, { policy: ME, args: ['--hidden'], env: { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' } })
  await gnome.recipient()
  await until(async () => (await icon(gnome)) === 'idle-light-24.png', 'the icon for GNOME’s dark bar')

  const chosen = launch(t, { policy: { ...ME, 'tray.icon': 'dark' }, args: ['--hidden'], surroundings: { dark: true } })
  await chosen.recipient()
  await until(async () => (await icon(chosen)) === 'idle-dark-24.png', 'the icon that the rep chose')
})
