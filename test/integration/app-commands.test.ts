/** What the window, the tray and notifications ask of the application. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command } from '../../preload/contract.ts'
import { openJournal } from '../../main/events/journal.ts'
import { parseCommand } from '../../main/command-check.ts'
import { begin, end, JANE, joins, MIRIAM, TO_ME, TO_MIRIAM } from '../unit/helpers/events.ts'
import { createProfile, startRun, TOKEN, until, type Run } from './helpers/application.ts'

const KEY = { external_key: 'INC0010023' }
const GIVEN_TO_ME = [begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM), { ...TO_ME, ...KEY }]
const TRANSFERRED = 'Session transferred to you — Jane Doe · INC0010023'

/** What a command that is refused says. */
async function refusal(run: Run, command: Command): Promise<string> {
  const reply = await run.app.run(command)
  return reply.ok ? assert.fail(`${command.type} was carried out`) : reply.message
}

describe('sessions and activity', { concurrency: true }, () => {
  test('details come from memory, or from the journal when the session has left the board', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.happen([begin(), end()], 'old', { ago: 7_200 })
    await until(() => run.row('old') === undefined, 'it has left the board')
    const details = await run.run({ type: 'session.get', lsid: 'one' })
    const { owners, keys, members, timeline, timelineDropped, variables, ...row } = details ?? assert.fail()
    assert.deepEqual(row, run.row('one'))
    assert.deepEqual(
      owners.map(({ owner }) => owner.id),
      ['rep:14', 'rep:12'],
    )
    assert.deepEqual(
      keys.map(({ key }) => key),
      ['INC0010023'],
    )
    assert.deepEqual([members.length, timeline.length, timelineDropped, variables], [2, 6, 0, {}])
    assert.equal((await run.run({ type: 'session.get', lsid: 'old' }))?.status, 'ended')
    assert.equal(await run.run({ type: 'session.get', lsid: 'never heard of' }), null)
  })

  test('the activity log goes on in the journal', async (t) => {
    const run = await startRun(t)
    await run.happen(
      Array.from({ length: 230 }, (_, index) => ({ event: `event_${index}` })),
      'x',
    )
    const { activity } = run.state()
    const last = activity.at(-1)
    assert.deepEqual([activity.length, last?.event], [200, 'event_30'])
    const before = last?.seq ?? 0
    const older = await run.run({ type: 'activity.list', before })
    assert.deepEqual([older.length, older[0]?.seq, older.at(-1)?.event], [30, before - 1, 'event_0'])
    assert.deepEqual((await run.run({ type: 'activity.list', before: null }))[0], activity[0])
    assert.deepEqual(await run.run({ type: 'activity.list', before: 1 }), [])
  })

  test('key and session ID go to the clipboard, or to the window if the shell has none', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    const key = await run.run({ type: 'session.copy', lsid: 'one', what: 'externalKey' })
    assert.deepEqual(key, { text: 'INC0010023', copied: true })
    run.desktop.canCopy = false
    const id = await run.run({ type: 'session.copy', lsid: 'one', what: 'lsid' })
    assert.deepEqual(id, { text: 'one', copied: false })
    assert.deepEqual(run.desktop.copied, ['INC0010023'])
    await run.happen([begin()], 'two')
    for (const lsid of ['two', 'never heard of'])
      assert.match(await refusal(run, { type: 'session.copy', lsid, what: 'externalKey' }), /no external key/)
  })
})

describe('alerts', { concurrency: true }, () => {
  test('are read, and leave the desktop', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.happen(GIVEN_TO_ME, 'two')
    await run.shows(TRANSFERRED, TRANSFERRED)
    await run.run({ type: 'alerts.read', ids: [run.state().alerts[0]?.id ?? 0] })
    assert.deepEqual(
      run.state().alerts.map((alert) => alert.read),
      [true, false],
    )
    await run.run({ type: 'alerts.read', ids: 'all' })
    await run.shows('dismiss: Session transferred to you', 'dismiss: Session transferred to you')
  })

  test('that were read stay read if the process dies', async (t) => {
    const profile = createProfile(t)
    const run = await startRun(t, profile)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.run({ type: 'alerts.read', ids: 'all' })
    const other = await until(() => {
      // Another process looks into the journal, as after a crash.
      const journal = openJournal(run.journal)
      const alerts = journal.note('alerts') ?? '[]'
      journal.close()
      return alerts.includes('"read":true') ? alerts : null
    }, 'it is on disk')
    assert.match(other, /"kind":"transferred"/)
  })

  test('can be tried out, in quiet too', async (t) => {
    const run = await startRun(t, createProfile(t, { 'notify.quiet': true }))
    await run.run({ type: 'notification.test' })
    await run.shows('Rep Tray can reach you — This is what a notification looks like.')
    assert.deepEqual(
      run.state().alerts.map((alert) => alert.kind),
      ['test'],
    )
  })

  test('a shell that fails is a problem, and costs neither the event nor its answer', async (t) => {
    const run = await startRun(t)
    run.desktop.failure = new Error('no notification daemon')
    await run.happen(GIVEN_TO_ME, 'one')
    assert.equal(run.state().alerts.length, 1)
    assert.match(run.problem('notification.failed')?.detail ?? '', /no notification daemon/)
    await run.run({ type: 'problem.dismiss', id: 'notification.failed' })
    assert.equal(run.problem('notification.failed'), undefined)
  })
})

describe('settings', { concurrency: true }, () => {
  test('are set, kept and put back', async (t) => {
    const profile = createProfile(t)
    const run = await startRun(t, profile)
    await run.run({ type: 'settings.set', key: 'me.teams', value: ['7', ' 5 '] })
    assert.deepEqual(run.state().settings['me.teams'], ['7', '5'])
    assert.deepEqual(profile.user.content['me.teams'], ['7', '5'])
    await run.run({ type: 'settings.reset', key: 'me.teams' })
    assert.deepEqual(run.state().settings['me.teams'], [])
  })

  test('change whose a session is at once', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.run({ type: 'settings.set', key: 'me.repId', value: '14' })
    assert.equal(run.row('one')?.relation, 'team')
    await run.run({ type: 'settings.set', key: 'me.repId', value: '99' })
    assert.equal(run.row('one')?.relation, 'other')
  })

  test('that do not fit or are locked are refused in words, and hold as they were', async (t) => {
    const profile = createProfile(t)
    profile.setPolicy({ 'listener.token': TOKEN, 'me.repId': 12, defaults: { 'notify.ended': false } })
    const run = await startRun(t, profile)
    const set = (key: 'listener.port' | 'me.repId', value: string) => refusal(run, { type: 'settings.set', key, value })
    assert.match(await set('listener.port', 'eighty'), /whole number from 0 to 65535/)
    assert.match(await set('me.repId', '99'), /administrator/)
    assert.match(await refusal(run, { type: 'settings.reset', key: 'me.repId' }), /administrator/)
    assert.match(await refusal(run, { type: 'recipient.renew' }), /administrator has set the token/)
    assert.deepEqual([run.state().settings['me.repId'], run.state().settings['notify.ended']], ['12', false])
    const locked = run
      .state()
      .settingInfo.filter((info) => info.locked)
      .map((info) => info.key)
    assert.deepEqual(locked, ['me.repId'])
  })

  test('of the listener move it', async (t) => {
    const run = await startRun(t)
    const before = run.app.recipientUrl() ?? ''
    await run.run({ type: 'settings.set', key: 'listener.addresses', value: ['127.0.0.2'] })
    const moved = () => run.app.recipientUrl()?.includes('127.0.0.2:')
    await until(moved, 'it listens on the other address')
    const after = run.app.recipientUrl() ?? ''
    assert.equal(await run.post(begin({ lsid: 'one' }), { url: after }), 200)
    await assert.rejects(run.post(begin({ lsid: 'two' }), { url: before }))
  })

  test('a policy with mistakes is a problem, and what is right in it holds', async (t) => {
    const profile = createProfile(t)
    profile.setPolicy({ 'listener.token': TOKEN, 'me.repId': '14', colour: 'blue' })
    const run = await startRun(t, profile)
    assert.match(run.problem('policy')?.detail ?? '', /colour: There is no such setting\.$/)
    assert.equal(run.state().settings['me.repId'], '14')
  })

  test('that the disk refuses are refused, and the reason stays out of the log', async (t) => {
    const profile = createProfile(t)
    const run = await startRun(t, profile)
    profile.user.write = () => {
      throw new Error(`ENOSPC ${profile.folder}`)
    }
    assert.match(await refusal(run, { type: 'settings.set', key: 'me.name', value: 'x' }), /did not work/)
    assert.equal(run.state().settings['me.name'], '')
    assert.ok(!run.log.join().includes(profile.folder))
  })
})

describe('the recipient URL', { concurrency: true }, () => {
  const noToken = { 'listener.names': [] }

  test('is copied while it is known, and only made anew after that', async (t) => {
    const profile = createProfile(t)
    profile.setPolicy(noToken)
    const first = await startRun(t, profile)
    const copied = await first.run({ type: 'recipient.copy' })
    assert.equal(copied.text, first.app.recipientUrl())
    assert.equal(await first.post(begin({ lsid: 'one' }), { url: copied.text }), 200)
    assert.ok(!JSON.stringify(profile.user.content).includes(new URL(copied.text).searchParams.get('token') ?? ''))
    await first.stop()
    const second = await startRun(t, profile)
    assert.equal(second.app.recipientUrl(), null)
    assert.match(await refusal(second, { type: 'recipient.copy' }), /cannot be shown again/)
    const port = second.state().health.listener.addresses[0]?.split(':').at(-1)
    const again = new URL(copied.text)
    again.port = port ?? ''
    assert.equal(await second.post(begin({ lsid: 'two' }), { url: again.href }), 200, 'it is valid all the same')
  })

  test('the old one is valid until the new one is used', async (t) => {
    const profile = createProfile(t)
    profile.setPolicy(noToken)
    const run = await startRun(t, profile)
    const { text: old } = await run.run({ type: 'recipient.copy' })
    const { text: renewed } = await run.run({ type: 'recipient.renew' })
    assert.notEqual(renewed, old)
    assert.equal(await run.post(begin({ lsid: 'one' }), { url: old }), 200)
    assert.equal(await run.post(begin({ lsid: 'two' }), { url: renewed }), 200)
    assert.equal(await run.post(begin({ lsid: 'three' }), { url: old }), 404)
    assert.equal(await run.post(begin({ lsid: 'four' }), { url: renewed }), 200)
    assert.deepEqual(run.desktop.copied, [old, renewed])
  })
})

describe('the window', { concurrency: true }, () => {
  test('is shown, and told where to go', async (t) => {
    const run = await startRun(t)
    await run.run({ type: 'window.show', place: null })
    assert.equal(run.state().goTo, null)
    await run.run({ type: 'window.show', place: { view: 'session', lsid: 'one' } })
    const { seq, place } = run.state().goTo ?? assert.fail()
    assert.deepEqual(place, { view: 'session', lsid: 'one' })
    await run.run({ type: 'window.show', place: { view: 'session', lsid: 'one' } })
    assert.ok((run.state().goTo?.seq ?? 0) > seq, 'again is news')
    await run.run({ type: 'app.quit' })
    await run.shows('window', 'window', 'window', 'quit')
  })

  test('is refused what is no command, whatever it is', async (t) => {
    const run = await startRun(t)
    for (const input of [null, 1, {}, { type: 'window.show' }, { type: 'settings.set', key: 'x', value: 1 }]) {
      const reply = await run.app.runUnchecked(input)
      assert.deepEqual(reply, { ok: false, message: 'Rep Tray does not know this command.' })
    }
    assert.deepEqual(await run.app.runUnchecked({ type: 'problem.dismiss', id: 'nothing' }), { ok: true, value: null })
  })

  test('may put away only what may be put away', async (t) => {
    const run = await startRun(t, createProfile(t, { 'me.repId': '', 'me.username': '' }))
    await run.run({ type: 'problem.dismiss', id: 'me.unknown' })
    assert.ok(run.problem('me.unknown'))
    assert.equal(await run.post({ no: 'event' }), 200)
    await run.run({ type: 'problem.dismiss', id: 'quarantine' })
    assert.equal(run.problem('quarantine'), undefined)
  })

  test('and the tray ask for commands that are commands, through a whole day', async (t) => {
    const run = await startRun(t)
    await run.happen(GIVEN_TO_ME, 'one')
    await run.shows(TRANSFERRED)
    await until(() => run.desktop.trays.some((model) => JSON.stringify(model).includes('Jane Doe')), 'the tray')
    const commands = JSON.stringify(run.desktop.trays).matchAll(/"command":(\{[^{}]*(?:\{[^{}]*\})?[^{}]*\})/g)
    let count = 0
    for (const [, command = ''] of commands) {
      assert.ok(parseCommand(JSON.parse(command)) !== null, command)
      count += 1
    }
    assert.ok(count > 5)
  })
})
