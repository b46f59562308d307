/** Setting up, as main does it: who the user is, what is entered at the appliance, settings from and to a file. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { DEFAULT_CLIENT } from '../appliance/api.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { isLoggedIn } from '../appliance/world.ts'
import { createProfile, startRun, TOKEN, until, type Run } from './helpers/application.ts'
import { mine, startSite } from './helpers/site.ts'

const GENERATION_NAMES = Object.keys(GENERATIONS) as readonly GenerationName[]

/** Who the settings say the user is. */
function me(run: Run): readonly unknown[] {
  const { settings } = run.state()
  return [settings['me.repId'], settings['me.name'], settings['me.username'], settings['me.teams']]
}

const refusal = async (run: Run, id: string) => {
  const reply = await run.app.run({ type: 'me.choose', id })
  return reply.ok ? null : reply.message
}

describe('who the user is', () => {
  for (const generation of GENERATION_NAMES) {
    test(`${generation}: chosen from who is logged in, with their teams`, async (t) => {
      const site = await startSite(t, generation)
      const { run, appliance } = site
      const candidates = await run.run({ type: 'me.candidates' })
      const there = appliance.world.representatives.filter(isLoggedIn)
      assert.deepEqual(
        candidates.map(({ id, name }) => [id, name]),
        there
          .map(({ id, name }) => [String(id), name])
          .toSorted(([, one = ''], [, other = '']) => one.localeCompare(other)),
      )
      await run.run({ type: 'me.choose', id: '14' })
      assert.deepEqual(me(run), ['14', 'Miriam Okafor', '', ['5', '10']])
      await run.run({ type: 'me.choose', id: '12' })
      assert.deepEqual(me(run), ['12', 'John Smith', '', ['5', '7']])
      await mine(site)
    })
  }

  test('the same one again keeps the username that the appliance does not tell', async (t) => {
    const { run } = await startSite(t, '24.x')
    await run.run({ type: 'me.choose', id: '12' })
    assert.deepEqual(me(run), ['12', 'John Smith', 'jsmith', ['5', '7']])
  })

  test('the sessions of whoever it is now are mine at once', async (t) => {
    const site = await startSite(t, '24.x')
    const { lsid } = await mine(site)
    await site.run.run({ type: 'me.choose', id: '18' })
    assert.notEqual(site.run.row(lsid)?.relation, 'mine')
    await site.run.run({ type: 'me.choose', id: '12' })
    assert.equal(site.run.row(lsid)?.relation, 'mine')
  })

  test('who is not logged in is found among the members of the teams, or not at all', async (t) => {
    const { run } = await startSite(t, '24.x')
    await run.run({ type: 'me.choose', id: '25' })
    assert.deepEqual(me(run), ['25', 'Odile Moreau', '', ['10']])
    for (const id of ['999', '', 'rep:12']) assert.match((await refusal(run, id)) ?? '', /not logged in/)
    assert.equal(run.state().settings['me.repId'], '25')
  })

  test('an account that may not ask is told so', async (t) => {
    const { run, api } = await startSite(t, '24.x')
    api.setPermissions({ perm_command: 'deny' })
    await run.run({ type: 'appliance.check' })
    const reply = await run.app.run({ type: 'me.candidates' })
    assert.deepEqual(reply, { ok: false, message: 'The account that is set up for the appliance may not do this.' })
    assert.match((await refusal(run, '12')) ?? '', /may not do this/)
  })

  test('an appliance that fails, or is away, is told of, and nothing is half chosen', async (t) => {
    const { run, api } = await startSite(t, '24.x')
    const before = me(run)
    api.next('login-page', { times: 3 })
    assert.match((await refusal(run, '14')) ?? '', /appliance/)
    api.clearNext()
    await api.close()
    const reply = await run.app.run({ type: 'me.candidates' })
    assert.ok(!reply.ok && reply.message !== '')
    assert.notEqual(await refusal(run, '14'), null)
    assert.deepEqual(me(run), before)
  })

  test('without an appliance there is nobody to choose, and it is said where to set it up', async (t) => {
    const run = await startRun(t)
    for (const command of [{ type: 'me.candidates' }, { type: 'me.choose', id: '12' }] as const) {
      const reply = await run.app.run(command)
      assert.ok(!reply.ok)
      assert.match(reply.message, /not set up yet/)
    }
  })

  test('what the administrator has set stays; somebody else cannot be chosen', async (t) => {
    const site = await startSite(t, '24.x')
    site.profile.setPolicy({ 'listener.token': TOKEN, 'me.repId': '12', 'me.teams': ['9'] })
    const run = await site.restart()
    await until(() => run.state().appliance.status === 'ready', 'the appliance is reached')
    assert.match((await refusal(run, '14')) ?? '', /administrator/)
    assert.equal(await refusal(run, '12'), null)
    assert.deepEqual(me(run), ['12', 'John Smith', 'jsmith', ['9']])
  })
})

describe('the connection', () => {
  test('is tested with the secret that was entered a moment before', async (t) => {
    const { profile, run: first } = await startSite(t, '24.x')
    await first.stop()
    const run = await startRun(t, profile)
    assert.equal(run.state().appliance.status, 'unset')
    const name = 'appliance.clientSecret'
    const [, steps] = await Promise.all([
      run.run({ type: 'appliance.secret', name, value: DEFAULT_CLIENT.secret }),
      run.run({ type: 'appliance.check' }),
    ])
    assert.deepEqual(new Set(steps.map(({ status }) => status)), new Set(['ok']))
    assert.equal(run.state().appliance.secrets[name], 'session')
  })
})

describe('the form for the recipient', () => {
  test('says what to enter, and keeps the token out of sight', async (t) => {
    const run = await startRun(t)
    const form = await run.run({ type: 'recipient.form' })
    const url = form.fields.find(({ label }) => label === 'URL')?.value
    assert.equal(url, (run.app.recipientUrl() ?? '').replace(TOKEN, '…'))
    assert.deepEqual([form.copyable, form.fixed], [true, true])
    assert.ok(!JSON.stringify(form).includes(TOKEN))
    assert.ok(form.addresses.every(({ address }) => !/^(127\.|::1$|fe80)/.test(address)))
  })

  test('says so when the appliance has to trust a certificate', async (t) => {
    const run = await startRun(t)
    await run.run({ type: 'settings.set', key: 'listener.https', value: 'own' })
    await until(
      () => run.state().health.listener.status === 'listening' && run.state().health.listener.certificate !== null,
      'it listens with its own certificate',
    )
    const { fields } = await run.run({ type: 'recipient.form' })
    assert.match(fields.find(({ label }) => label === 'URL')?.value ?? '', /^https:.*token=…$/)
    assert.equal(fields.find(({ label }) => label === 'Use a CA certificate')?.value, 'yes')
  })

  test('is copied as a whole with the URL, or the name alone', async (t) => {
    const run = await startRun(t)
    const { text } = await run.run({ type: 'recipient.copyForm', what: 'all' })
    assert.ok(text.includes(`URL: ${run.app.recipientUrl() ?? 'none'}\n`))
    const name = await run.run({ type: 'recipient.copyForm', what: 'name' })
    assert.deepEqual(name, { text: `Rep Tray on ${hostname()}`, copied: true })
    assert.deepEqual(run.desktop.copied, [text, name.text])
  })

  test('whose token is known as a fingerprint alone, is copied after a new URL was made', async (t) => {
    const profile = createProfile(t)
    profile.setPolicy({})
    const first = await startRun(t, profile)
    assert.equal((await first.run({ type: 'recipient.form' })).copyable, true, 'it was just made')
    await first.stop()
    const run = await startRun(t, profile)
    const { copyable, fixed } = await run.run({ type: 'recipient.form' })
    assert.deepEqual([copyable, fixed], [false, false])
    const refused = await run.app.run({ type: 'recipient.copyForm', what: 'all' })
    assert.match(refused.ok ? '' : refused.message, /new one first/)
    await run.run({ type: 'recipient.renew' })
    assert.equal((await run.run({ type: 'recipient.form' })).copyable, true)
    await run.run({ type: 'recipient.copyForm', what: 'all' })
  })
})

describe('settings in a file', () => {
  test('go to the folder for downloads and from there into another profile, and take effect', async (t) => {
    const from = await startRun(t, createProfile(t, { 'me.name': 'John Smith', 'window.theme': 'dark' }))
    await from.run({ type: 'settings.set', key: 'listener.names', value: ['desk-17.example.net'] })
    const { file } = await from.run({ type: 'settings.export' })
    assert.match(basename(file), /^rep-tray-settings-\d{4}-\d\d-\d\d\.json$/)
    assert.deepEqual(from.desktop.revealed, [file])
    const text = readFileSync(file, 'utf8')
    assert.ok(!text.includes(TOKEN) && !text.includes('tokenHashes'))

    const profile = createProfile(t)
    profile.user.content = { 'listener.port': 0 }
    profile.setPolicy({ 'listener.token': TOKEN, 'window.theme': 'light' })
    const to = await startRun(t, profile)
    assert.ok(to.problem('me.unknown'))
    const result = await to.run({ type: 'settings.import', text })
    assert.deepEqual(result.changed.toSorted(), ['listener.names', 'me.name', 'me.repId', 'me.teams', 'me.username'])
    assert.deepEqual(
      result.refused.map(({ key }) => key),
      ['window.theme'],
    )
    assert.equal(to.state().settings['me.name'], 'John Smith')
    assert.equal(to.problem('me.unknown'), undefined, 'they take effect')
    assert.deepEqual((await to.run({ type: 'settings.import', text })).changed, [], 'the second time nothing is new')
  })

  test('that are none, or too long, change nothing', async (t) => {
    const run = await startRun(t)
    const before = run.state().settings
    const refused = await run.app.run({ type: 'settings.import', text: 'me.name=John' })
    assert.match(refused.ok ? '' : refused.message, /no file of settings.*no JSON/)
    const long = await run.app.runUnchecked({ type: 'settings.import', text: ' '.repeat(40_000) })
    assert.equal(long.ok, false)
    assert.deepEqual(run.state().settings, before)
  })

  test('do not overwrite the file of the same day', async (t) => {
    const run = await startRun(t)
    const first = await run.run({ type: 'settings.export' })
    const second = await run.run({ type: 'settings.export' })
    assert.notEqual(first.file, second.file)
    assert.match(second.file, / \(2\)\.json$/)
  })
})
