import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ME, giveToMe, post, transferToMe } from '../electron/events.ts'
import { build, launch, type Launched } from '../electron/harness.ts'
import { stateOf } from '../electron/state.ts'
import { until } from '../electron/until.ts'
import { CLIENT } from './appliance-client-support.ts'
import { startBox } from './appliance-support.ts'

before(build)

const all = (app: Launched) =>
  app.evaluate(({ notifications }) =>
    notifications.map(({ options: { title, body, silent }, isShown }) => ({ title, body, silent, shown: isShown() })),
  )

const TRANSFERRED = { title: 'Session transferred to you', silent: false }

test('a real event becomes a notification', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  await transferToMe(await app.recipient(), 'lsid-1', 'Jane Doe')
  await until(() => app.calls.some((call) => call.object === 'Notification#1' && call.method === 'show'), 'it')
  assert.deepEqual(await all(app), [{ ...TRANSFERRED, body: 'Jane Doe · no ticket', shown: true }])
})

test('a customer’s name is text and no markup, wherever the server would read markup', async (t) => {
  const name = '<a href="http://x">Fish & Chips</a>'
  const linux = launch(t, { policy: ME, args: ['--hidden'] })
  await transferToMe(await linux.recipient(), 'lsid-1', name)
  const [shown] = await until(async () => ((await all(linux)).length === 1 ? all(linux) : null), 'the notification')
  assert.equal(shown?.body, '&lt;a href="http://x"&gt;Fish &amp; Chips&lt;/a&gt; · no ticket')

  const windows = launch(t, { policy: ME, args: ['--hidden'], surroundings: { platform: 'win32' } })
  await transferToMe(await windows.recipient(), 'lsid-1', name)
  const [plain] = await until(async () => ((await all(windows)).length === 1 ? all(windows) : null), 'the notification')
  assert.equal(plain?.body, `${name} · no ticket`)
})

test('a later alert of the same session takes the place of the earlier', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  const recipient = await app.recipient()
  await transferToMe(recipient, 'lsid-1', 'Jane Doe')
  await until(async () => (await all(app)).length === 1, 'the first')
  await transferToMe(recipient, 'lsid-2', 'John Roe')
  await until(async () => (await all(app)).length === 2, 'that of another session')
  const customer = { type: 'customer', display_name: 'Jane Doe' }
  await post(recipient, 'support_conference_member_departed', { lsid: 'lsid-1', ...customer })
  await until(async () => (await all(app)).length === 3, 'the later one')
  assert.deepEqual(
    (await all(app)).map(({ title, shown }) => [title, shown]),
    [
      ['Session transferred to you', false],
      ['Session transferred to you', true],
      ['Customer left your session', true],
    ],
  )
})

test('a name that becomes known refreshes in silence what is still there', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  const recipient = await app.recipient()
  await giveToMe(recipient, 'lsid-1')
  await until(async () => (await all(app)).length === 1, 'the notification without a name')
  await post(recipient, 'support_conference_member_added', {
    lsid: 'lsid-1',
    type: 'customer',
    display_name: 'Jane Doe',
  })
  await until(async () => (await all(app)).length === 2, 'the one with the name')
  assert.deepEqual((await all(app))[1], { ...TRANSFERRED, body: 'Jane Doe · no ticket', silent: true, shown: true })

  // What the rep has put away stays away.
  await giveToMe(recipient, 'lsid-2')
  await until(async () => (await all(app)).length === 3, 'the next')
  await app.evaluate(({ notifications }) => notifications[2]?.leave('userCanceled'))
  await post(recipient, 'support_conference_member_added', {
    lsid: 'lsid-2',
    type: 'customer',
    display_name: 'John Roe',
  })
  await transferToMe(recipient, 'lsid-3', 'Any One')
  await until(async () => (await all(app)).some(({ body }) => body?.startsWith('Any One')), 'one after it')
  assert.equal(
    (await all(app)).some(({ body }) => body?.startsWith('John Roe')),
    false,
  )
})

test('a click shows that session, also long after it left the screen, and takes it as read', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'] })
  await transferToMe(await app.recipient(), 'lsid-1', 'Jane Doe')
  await until(async () => (await all(app)).length === 1, 'the notification')
  await app.evaluate(({ notifications: [notification] }) => {
    notification?.leave('timedOut')
    setImmediate(() => notification?.click())
  })
  await until(() => app.calls.some((call) => call.object === 'BrowserWindow#1' && call.method === 'show'), 'the window')
  const tooltip = () => app.evaluate(({ trays }) => trays[0]?.toolTip() ?? '')
  await until(async () => !(await tooltip()).includes('unread'), 'the alert to be read')
})

test('of a session of mine, a button leads to its ticket, where that can be edited', async (t) => {
  const { url } = await startBox(t, { generation: '24.x', rateLimits: null })
  const { clientId, clientSecret } = CLIENT
  const api = { 'appliance.host': url, 'appliance.clientId': clientId, 'appliance.clientSecret': clientSecret }
  const app = launch(t, { policy: { ...ME, ...api, 'notify.generalQueue': true }, args: ['--hidden'] })
  const recipient = await app.recipient()
  const buttons = () =>
    app.evaluate(({ notifications }) =>
      notifications.map(({ options: { actions = [] } }) => actions.map(({ type, text }) => `${type}: ${text}`)),
    )
  await transferToMe(recipient, 'lsid-0', 'Any One')
  const canEdit = () =>
    app.evaluate(({ trays: [tray] }) =>
      tray
        ?.menu()
        ?.items.some(({ submenu }) =>
          submenu?.items.some((item) => item.label === 'Edit external key…' && item.enabled),
        ),
    )
  await until(canEdit, 'the appliance to be known')
  const earlier = (await buttons()).length
  await transferToMe(recipient, 'lsid-1', 'Jane <b>Doe</b>')
  await until(async () => (await buttons()).length > earlier, 'the notification')
  assert.deepEqual((await buttons()).at(-1), ['button: Edit ticket'])
  assert.equal((await all(app)).at(-1)?.body, 'Jane &lt;b&gt;Doe&lt;/b&gt; · no ticket')

  await app.evaluate(({ notifications }) => notifications.at(-1)?.press('Edit ticket'))
  await until(() => app.calls.some((call) => call.object === 'BrowserWindow#1' && call.method === 'show'), 'the window')
  assert.deepEqual((await stateOf(app)).goTo?.place, { view: 'session', lsid: 'lsid-1', purpose: 'editKey' })

  // Neither of somebody else's, nor of one that has ended.
  await post(recipient, 'support_conference_begin', { lsid: 'lsid-2' })
  const general = { conference_id: 'general', conference_name: 'General' }
  await post(recipient, 'support_conference_owner_changed', { lsid: 'lsid-2', ...general })
  await post(recipient, 'support_conference_end', { lsid: 'lsid-1' })
  await until(async () => (await all(app)).some(({ title }) => title === 'Your session has ended'), 'the end')
  await until(async () => (await all(app)).some(({ title }) => /general queue/i.test(title ?? '')), 'the queue')
  const titles = await all(app)
  const offered = await buttons()
  for (const [index, { title = '' }] of titles.entries())
    if (!title.startsWith('Session transferred')) assert.deepEqual(offered[index], [], title)
})

test('no event ever shows a window, or takes the focus', async (t) => {
  const app = launch(t, { policy: { ...ME, 'me.teams': ['5'], 'notify.generalQueue': true }, args: ['--hidden'] })
  const recipient = await app.recipient()
  const customer = { type: 'customer', display_name: 'Jane Doe' }
  const lsid = 'lsid-1'
  const everything = async () => {
    await transferToMe(recipient, lsid, 'Jane Doe')
    for (const conference of ['team:5', 'general', 'rep:12']) {
      await post(recipient, 'support_conference_owner_changed', {
        lsid,
        conference_id: conference,
        conference_name: conference,
      })
    }
    await post(recipient, 'support_conference_member_departed', { lsid, ...customer })
    await post(recipient, 'support_conference_member_added', { lsid, ...customer })
    await post(recipient, 'support_conference_customer_exit_survey_completed', { lsid })
    await post(recipient, 'support_conference_end', { lsid })
    await post(recipient, 'something_unknown', { lsid })
    await fetch(recipient, { method: 'POST', body: 'no event at all' })
  }
  await everything()
  await until(async () => (await all(app)).some(({ title }) => title === 'Your session has ended'), 'the last one')
  assert.equal(
    app.calls.some((call) => call.object.startsWith('BrowserWindow')),
    false,
  )

  // Nor one that is there, but hidden.
  await app.evaluate(({ trays }) => void trays[0]?.emit('click'))
  await until(() => app.calls.some((call) => call.method === 'show' && call.object === 'BrowserWindow#1'), 'the window')
  await app.evaluate(({ windows: [window] }) => window?.close())
  const earlier = (await all(app)).length
  await transferToMe(recipient, 'lsid-2', 'John Roe')
  await until(async () => (await all(app)).length > earlier, 'one more')
  const state = await app.evaluate(({ windows: [window] }) => [window?.isVisible(), window?.isFocused()])
  assert.deepEqual(state, [false, false])
})

test('what the system cannot show is a problem that goes when it can', async (t) => {
  const app = launch(t, { policy: ME, args: ['--hidden'], surroundings: { platform: 'win32' } })
  const recipient = await app.recipient()
  const health = () =>
    app.evaluate(
      ({ trays: [tray] }) =>
        tray
          ?.menu()
          ?.items.map((item) => item.label)
          .join('\n') ?? '',
    )
  await transferToMe(recipient, 'lsid-1', 'Jane Doe')
  await until(async () => (await all(app)).length === 1, 'the notification')
  await app.evaluate(({ notifications }) => notifications[0]?.failWith('Failed with HRESULT -2143420143'))
  await until(async () => (await health()).includes('⚠ Notifications cannot be shown'), 'the problem')
  await transferToMe(recipient, 'lsid-2', 'John Roe')
  await until(async () => !(await health()).includes('Notifications cannot be shown'), 'its end')

  const without = launch(t, { policy: ME, args: ['--hidden'], surroundings: { notifications: false } })
  await transferToMe(await without.recipient(), 'lsid-1', 'Jane Doe')
  await until(() => without.output().includes('problem notification.failed'), 'the problem')
  assert.deepEqual(await all(without), [])
})
