/** Ticket work through the whole application, against the simulated appliance's API and its events. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CheckStep } from '../../preload/contract.ts'
import { DEFAULT_CLIENT } from '../appliance/api.ts'
import type { GenerationName } from '../appliance/generation.ts'
import { findRepresentative, representativeOwner } from '../appliance/world.ts'
import { startRun, until } from './helpers/application.ts'
import { mine, startSite } from './helpers/site.ts'

const CAN_EDIT: readonly GenerationName[] = ['14.1', '19.1', '24.x']
const CANNOT_EDIT: readonly GenerationName[] = ['2008', '10.6']

describe('external keys', () => {
  for (const generation of CAN_EDIT) {
    test(`${generation}: set here, it is on the board at once, at the appliance, and in the next event`, async (t) => {
      const site = await startSite(t, generation)
      const { run, appliance } = site
      const session = await mine(site)
      await run.run({ type: 'key.set', lsids: [session.lsid], key: 'INC0010023' })
      assert.equal(run.row(session.lsid)?.externalKey, 'INC0010023')
      assert.equal(run.state().keyEdits[0]?.status, 'set')
      assert.equal(session.externalKey, 'INC0010023')

      session.join(findRepresentative(appliance.world, 12))
      await appliance.idle()
      const [last] = run.state().activity
      assert.equal(last?.externalKey, 'INC0010023', 'the appliance sends it with its next event')
      const details = await run.run({ type: 'session.get', lsid: session.lsid })
      assert.deepEqual(
        details?.keys.map(({ key }) => key),
        ['INC0010023'],
        'which changes nothing more',
      )
    })
  }

  test('undone within ten seconds, each session has back what it had', async (t) => {
    const site = await startSite(t, '24.x')
    const { run } = site
    const [one, two] = [await mine(site), await mine(site)]
    await run.run({ type: 'key.set', lsids: [one.lsid], key: 'INC1' })
    await run.run({ type: 'key.set', lsids: [one.lsid, two.lsid], key: 'INC2' })
    assert.deepEqual([one.externalKey, two.externalKey], ['INC2', 'INC2'])
    const [edit] = run.state().keyEdits
    await run.run({ type: 'key.undo', id: edit?.id ?? 0 })
    assert.deepEqual([one.externalKey, two.externalKey ?? null], ['INC1', null])
    assert.deepEqual([run.row(one.lsid)?.externalKey, run.row(two.lsid)?.externalKey], ['INC1', null])
    const again = await run.app.run({ type: 'key.undo', id: edit?.id ?? 0 })
    assert.deepEqual(again, { ok: false, message: 'This can no longer be undone.' })
  })

  test('a way back that the appliance refuses is told as that', async (t) => {
    const site = await startSite(t, '24.x')
    const session = await mine(site)
    await site.run.run({ type: 'key.set', lsids: [session.lsid], key: 'INC1' })
    site.api.setPermissions({ perm_command: 'read_only' })
    await site.run.run({ type: 'key.undo', id: site.run.state().keyEdits[0]?.id ?? 0 })
    const [edit] = site.run.state().keyEdits
    assert.equal(edit?.status, 'notUndone')
    assert.equal(edit.failures[0]?.lsid, session.lsid)
    assert.equal(site.run.row(session.lsid)?.externalKey, 'INC1')
  })

  test('another key from the appliance wins', async (t) => {
    const site = await startSite(t, '24.x')
    const session = await mine(site)
    await site.run.run({ type: 'key.set', lsids: [session.lsid], key: 'INC1' })
    session.setExternalKey('INC9')
    session.join(findRepresentative(site.appliance.world, 12))
    await until(() => site.run.row(session.lsid)?.externalKey === 'INC9', 'the appliance has the last word')
  })

  for (const generation of CANNOT_EDIT) {
    test(`${generation}: cannot be set, and it is said why`, async (t) => {
      const site = await startSite(t, generation)
      const session = await mine(site)
      const reason = site.run.state().appliance.cannot.editKey
      assert.match(reason ?? '', /./)
      const reply = await site.run.app.run({ type: 'key.set', lsids: [session.lsid], key: 'INC1' })
      assert.deepEqual(reply, { ok: false, message: reason })
    })
  }

  test('not of an ended session, nor of somebody else’s, nor of one that nobody knows', async (t) => {
    const site = await startSite(t, '24.x')
    const { run, appliance, customer } = site
    const ended = await mine(site)
    ended.end()
    await until(() => run.row(ended.lsid)?.status === 'ended', 'it has ended')
    const foreign = appliance.startSession({
      queue: representativeOwner(findRepresentative(appliance.world, 14)),
      customer,
    })
    await until(() => run.row(foreign.lsid), 'it is on the board')
    const messages = await Promise.all(
      [ended.lsid, foreign.lsid, 'unknown'].map(async (lsid) => {
        const reply = await run.app.run({ type: 'key.set', lsids: [lsid], key: 'INC1' })
        return reply.ok ? 'set' : reply.message
      }),
    )
    assert.match(messages[0] ?? '', /has ended/)
    assert.match(messages[1] ?? '', /your own sessions/)
    assert.match(messages[2] ?? '', /not known/)
    assert.deepEqual(run.state().keyEdits, [])
  })

  test('what the appliance refuses is told', async (t) => {
    const site = await startSite(t, '24.x')
    const session = await mine(site)
    site.api.setPermissions({ perm_command: 'read_only' })
    const reply = await site.run.app.run({ type: 'key.set', lsids: [session.lsid], key: 'INC1' })
    const [edit] = site.run.state().keyEdits
    assert.equal(edit?.status, 'failed')
    assert.deepEqual(reply, { ok: false, message: edit.failures[0]?.message })
    assert.equal(edit.failures[0]?.lsid, session.lsid)
    assert.equal(site.run.row(session.lsid)?.externalKey, null)
  })
})

describe('lookup', () => {
  test('a session of last month is found at the appliance, and the second time here', async (t) => {
    const { run, appliance, api } = await startSite(t, '24.x', { past: 2_000 })
    const record = [...appliance.archive.records()].find((each) => each.externalKey !== null)
    const key = record?.externalKey ?? ''
    assert.deepEqual(await run.run({ type: 'lookup.search', query: key }), [])
    await run.run({ type: 'lookup.start', query: key })
    await until(() => run.state().lookup?.status === 'done', 'the lookup is done')
    const { hits = [], done, total } = run.state().lookup ?? {}
    assert.ok(hits.length > 0 && hits.every((hit) => hit.externalKey === key && hit.match === 'exact'))
    assert.ok(hits[0]?.customer !== null && hits[0]?.computer !== null && hits[0]?.startedAt !== null)
    assert.ok(total !== undefined && total > 1 && done === total)

    await run.run({ type: 'session.copy', lsid: hits[0]?.lsid ?? '', what: 'externalKey' })
    assert.deepEqual(run.desktop.copied, [key])

    const listings = () => api.requests.filter(({ name }) => name === 'SupportSessionListing').length
    const asked = listings()
    assert.equal((await run.run({ type: 'lookup.search', query: key })).length, hits.length)
    assert.equal((await run.run({ type: 'lookup.search', query: hits[0]?.customer ?? '' }))[0]?.match, 'words')
    await run.run({ type: 'lookup.start', query: 'INC-NOT-THERE' })
    await until(() => run.state().lookup?.query === 'INC-NOT-THERE' && run.state().lookup?.status === 'done', 'done')
    assert.equal(listings() - asked, 1, 'only what is new is asked for')
  })

  test('a live session is found by ticket, session ID and customer, at once', async (t) => {
    const site = await startSite(t, '24.x')
    const session = await mine(site)
    await site.run.run({ type: 'key.set', lsids: [session.lsid], key: 'INC0010023' })
    const find = (query: string) => site.run.run({ type: 'lookup.search', query })
    await until(async () => (await find('INC0010023')).length === 1, 'the index has it')
    assert.equal((await find('inc0010023'))[0]?.match, 'anyCase')
    assert.equal((await find('INC00'))[0]?.match, 'prefix')
    assert.equal((await find(session.lsid.slice(0, 6)))[0]?.lsid, session.lsid)
    assert.equal((await find(site.customer.name.split(' ')[0]?.toLowerCase() ?? ''))[0]?.lsid, session.lsid)
    assert.deepEqual(await find('nothing of the kind'), [])
  })

  test('it can be cancelled, and a failure is told', async (t) => {
    const site = await startSite(t, '24.x')
    site.api.next('hang', { times: 20 })
    await site.run.run({ type: 'lookup.start', query: 'INC1' })
    await site.run.run({ type: 'lookup.cancel' })
    await until(() => site.run.state().lookup?.status === 'cancelled', 'it is cancelled')
    site.api.clearNext()
    site.api.next('login-page', { times: 5 })
    await site.run.run({ type: 'lookup.start', query: 'INC2' })
    await until(() => site.run.state().lookup?.status === 'failed', 'it failed')
    assert.match(site.run.state().lookup?.message ?? '', /./)
  })
})

describe('the connection', () => {
  const failed = (steps: readonly CheckStep[]) => steps.find((each) => each.status === 'failed')?.step

  test('is tested step by step', async (t) => {
    const { run, api } = await startSite(t, '24.x')
    const good = await run.run({ type: 'appliance.check' })
    assert.ok(
      good.every((each) => each.status === 'ok'),
      JSON.stringify(good),
    )
    api.setClientSecret('another')
    const refused = await run.run({ type: 'appliance.check' })
    assert.equal(failed(refused), 'credentials')
    assert.equal(run.state().appliance.status, 'failed')
    await api.close()
    assert.equal(failed(await run.run({ type: 'appliance.check' })), 'port')
  })

  test('what is said step by step agrees with what is shown, and the appliance is asked once', async (t) => {
    const { run, api } = await startSite(t, '24.x')
    const asked = () => api.requests.length
    const before = asked()
    assert.equal(failed(await run.run({ type: 'appliance.check' })), undefined)
    assert.equal(asked() - before, 2, 'what it is, and its teams')
    api.next('login-page', { on: 'get_support_teams' })
    const steps = await run.run({ type: 'appliance.check' })
    const { status, problem } = run.state().appliance
    assert.equal(status, 'failed')
    assert.equal(steps.find((each) => each.status === 'failed')?.message, problem?.title)
  })

  test('a token is used again by the next run, and is only ever in the vault', async (t) => {
    const content = new Map<string, string>()
    const openVault = () =>
      Promise.resolve({
        read: (name: string) => Promise.resolve(content.get(name) ?? null),
        write: (name: string, value: string | null) => {
          if (value === null) content.delete(name)
          else content.set(name, value)
          return Promise.resolve()
        },
      })
    const { run, api, profile } = await startSite(t, '24.x')
    await run.stop()
    const env = { REP_TRAY_CLIENT_SECRET: DEFAULT_CLIENT.secret }
    const tokens = () => api.requests.filter(({ path }) => path === '/oauth2/token').length
    const ready = async () => {
      const next = await startRun(t, profile, { env, openVault })
      await until(() => next.state().appliance.status === 'ready', 'the appliance is reached')
      return next
    }
    const first = await ready()
    const asked = tokens()
    const { value } = JSON.parse(content.get('appliance.token') ?? '{}') as { value: string }
    assert.match(value, /./)
    await first.run({ type: 'appliance.check' })
    await first.stop()
    const second = await ready()
    assert.equal(tokens(), asked, 'neither a check nor a restart takes another token')
    for (const text of [JSON.stringify(second.state()), second.log.join(), JSON.stringify(profile.user.content)]) {
      assert.ok(!text.includes(value))
    }
    api.revokeTokens()
    await second.run({ type: 'appliance.check' })
    assert.equal(second.state().appliance.status, 'ready')
    assert.equal(tokens(), asked + 1, 'one that died is replaced')
    await second.run({ type: 'appliance.secret', name: 'appliance.clientSecret', value: null })
    await until(() => tokens() === asked + 2, 'with another secret, another token')
  })

  test('without credentials it is unset; entered, they work, and are nowhere to be seen', async (t) => {
    const { run, api } = await startSite(t, '24.x')
    await run.run({ type: 'settings.set', key: 'appliance.host', value: '' })
    await until(() => run.state().appliance.status === 'unset', 'unset')
    const secret = 'a-secret-that-was-entered'
    api.setClientSecret(secret)
    await run.run({ type: 'appliance.secret', name: 'appliance.password', value: secret })
    assert.deepEqual(run.state().appliance.secrets, {
      'appliance.clientSecret': 'environment',
      'appliance.password': 'session',
      'listener.passphrase': null,
    })
    for (const text of [JSON.stringify(run.state()), run.log.join('\n')]) {
      assert.ok(!text.includes(secret) && !text.includes(DEFAULT_CLIENT.secret))
    }
  })
})
