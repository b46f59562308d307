/**
 * Secrets and names are planted in the whole application, which is then driven through all that it does and all that can
 * fail. None of them may show up where it does not belong: log, settings, State, exports, diagnostics.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import type { Command } from '../../preload/contract.ts'
import { CASES } from '../unit/helpers/command-cases.ts'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'

const secretText = () => `s3cret-${randomBytes(9).toString('base64url')}`

/** What nobody but the appliance and the vault may ever see. */
function plantSecrets() {
  return { token: secretText(), clientSecret: secretText(), password: secretText(), passphrase: secretText() }
}

interface Person {
  readonly name: string
  readonly key: string
  readonly lsid: string
}

const person: fc.Arbitrary<Person> = fc.record({
  // A name that could be a word of ours proves nothing.
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `Zyx${text.trim()}qua`),
  key: fc.integer({ min: 1_000_000, max: 9_999_999 }).map((number) => `INCZ${number}`),
  lsid: fc.integer({ min: 1, max: 2 ** 31 }).map((number) => number.toString(16).padStart(32, 'e')),
})

const textsOf = ({ name, key, lsid }: Person) => [name, key, lsid]

/** The JSON of a text is looked for, too. */
function assertFree(where: string, content: string, texts: readonly string[]): void {
  for (const text of texts)
    for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)])
      assert.equal(
        content.includes(form),
        false,
        `${where} has ${form}: ${content.slice(Math.max(0, content.indexOf(form) - 200), content.indexOf(form) + 200)}`,
      )
}

async function livesOf(run: Run, people: readonly Person[]): Promise<void> {
  for (const { name, key, lsid } of people) {
    const customer = { event: 'support_conference_member_added', type: 'customer', display_name: name }
    await run.happen(
      [
        { event: 'support_conference_begin', external_key: key },
        { ...customer, external_key: key, [`custom ${name}`]: name },
        { event: 'support_conference_owner_changed', conference_id: 'rep:12', external_key: key },
        { event: `unknown_${key}`, who: name },
      ],
      lsid,
    )
    for (const body of [`hello=${name}`, `event=support_conference_begin&who=${encodeURIComponent(name)}`, `{"${name}`])
      await fetch(run.app.recipientUrl() ?? '', { method: 'POST', body }).then((response) => response.arrayBuffer())
  }
}

/** Somebody without the token, who is cut off at some point. */
async function stranger(run: Run, people: readonly Person[]): Promise<void> {
  for (const { name } of people) {
    const url = new URL(run.app.recipientUrl() ?? '')
    url.searchParams.set('token', `wrong-${name}`)
    await fetch(url, { method: 'POST', body: `who=${name}` }).catch(() => null)
  }
}

/** Every command there is, with people in the place of texts; what quits or deletes them is left for later. */
async function everyCommand(run: Run, people: readonly Person[]): Promise<void> {
  const [first] = people
  assert.ok(first !== undefined)
  for (const [type, { good }] of Object.entries(CASES)) {
    if (['app.quit', 'recipient.renew', 'data.forget', 'settings.import', 'appliance.secret'].includes(type)) continue
    for (const command of good as readonly Command[]) {
      const [word] = [first.name]
      const filled = JSON.parse(
        JSON.stringify(command, (name, value: unknown) => {
          if (name === 'lsid') return first.lsid
          if (name === 'key' && type === 'key.set') return first.key
          if (['query', 'name', 'customerName', 'description'].includes(name) && type !== 'journal.restore') return word
          return value
        }),
      ) as Command
      await run.app.runUnchecked(filled)
    }
  }
  await run.app.runUnchecked({ type: first.name, lsid: first.lsid })
  await run.app.runUnchecked({ type: 'session.get', lsid: [first.name] })
}

/** The disk, the desktop and the network fail with messages that quote what they were given. */
async function everyFailure(run: Run, people: readonly Person[]): Promise<void> {
  const [first] = people
  run.desktop.failure = new Error(`cannot show "${first?.name ?? ''}" of ${first?.lsid ?? ''}`)
  await run.happen([{ event: 'support_conference_owner_changed', conference_id: 'team:5' }], first?.lsid ?? '')
  await run.happen([{ event: 'support_conference_owner_changed', conference_id: 'rep:12' }], first?.lsid ?? '')
  await until(() => run.problem('notification.failed'), 'the desktop failed')
  run.desktop.failure = null
}

function settingsOf(run: Run, content: unknown): string {
  assert.ok(run.journal.length > 0)
  return JSON.stringify(content)
}

async function check(t: TestContext, people: readonly Person[]): Promise<void> {
  const secrets = plantSecrets()
  const profile = createProfile(t, { 'appliance.host': 'appliance.invalid', 'appliance.clientId': 'id' })
  profile.setPolicy({ 'listener.token': secrets.token })
  const run = await startRun(t, profile, { env: { REP_TRAY_CLIENT_SECRET: secrets.clientSecret } })
  await run.run({ type: 'appliance.secret', name: 'appliance.password', value: secrets.password })
  await run.run({ type: 'appliance.secret', name: 'listener.passphrase', value: secrets.passphrase })
  await livesOf(run, people)
  await everyFailure(run, people)
  await stranger(run, people)
  await everyCommand(run, people)

  const names = people.flatMap(textsOf)
  const hidden = [...Object.values(secrets), ...names]
  const { file: diagnostics } = await run.run({ type: 'diagnostics.save' })
  const { file: settings } = await run.run({ type: 'settings.export' })
  const text = readFileSync(diagnostics, 'utf8')
  assertFree('the diagnostics', text, hidden)
  assert.ok((JSON.parse(text) as { log: unknown[] }).log.length > 3, 'the log is in it')
  assertFree('the exported settings', readFileSync(settings, 'utf8'), hidden)
  assertFree('the settings', settingsOf(run, profile.user.content), hidden)
  assertFree('State', JSON.stringify(run.state()), Object.values(secrets))
  await run.stop()
  assertFree('the log', run.log.join('\n'), hidden)
  // Names belong into the journal, and nowhere else; secrets into no file at all.
  for (const entry of readdirSync(profile.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'policy.json') continue
    const content = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    assertFree(entry.name, content, Object.values(secrets))
    const isJournal = /\.db/.test(entry.name) || entry.name.includes('quarantine')
    if (!isJournal) assertFree(entry.name, content, names)
  }
}

test('no secret and no name gets where it does not belong', async (t) => {
  const drawn = fc.sample(fc.array(person, { minLength: 1, maxLength: 3 }), { numRuns: 3, seed: 8180 })
  for (const people of drawn) await check(t, people)
})

test('a journal that cannot be opened, and one that is full of nonsense, tell nothing either', async (t) => {
  const profile = createProfile(t)
  const [people = []] = fc.sample(fc.array(person, { minLength: 1, maxLength: 1 }), { numRuns: 1, seed: 1 })
  const first = await startRun(t, profile)
  await livesOf(first, people)
  await first.stop()
  const run = await startRun(t, profile)
  const journal = run.journal
  rmSync(journal)
  mkdirSync(journal)
  const response = await fetch(run.app.recipientUrl() ?? '', { method: 'POST', body: 'event=x' })
  assert.equal(response.status, 503)
  await everyCommand(run, people)
  rmSync(journal, { recursive: true })
  assertFree('the log', run.log.join('\n'), people.flatMap(textsOf))
})

test('diagnostics say what helps, and reduce what is somebody’s own', async (t) => {
  const profile = createProfile(t, { 'me.name': 'Johanna Smithers', 'ticket.url': 'https://t.example/?k=abc&n={key}' })
  const run = await startRun(t, profile)
  await run.happen([{ event: 'support_conference_begin' }], 'x')
  const { file } = await run.run({ type: 'diagnostics.save' })
  assert.match(file, /rep-tray-diagnostics-[\dT-]+\.json$/)
  assert.deepEqual(run.desktop.revealed, [file])
  const text = readFileSync(file, 'utf8')
  const made = JSON.parse(text) as {
    system: { versions: Record<string, string> }
    journal: { rows: Record<string, number> }
    files: Record<string, number>
    settings: Record<string, unknown>
  }
  assert.equal(made.system.versions['sqlite'], process.versions['sqlite'])
  assert.deepEqual(made.journal.rows['events'], 1)
  assert.ok('journal.db' in made.files)
  const { settings } = made
  assert.deepEqual(
    ['me.repId', 'me.name', 'me.teams', 'ticket.url', 'appliance.clientId', 'link.mail', 'listener.port'].map(
      (key) => settings[key],
    ),
    ['set', 'set', '1 entries', 'set', 'not set', 'default', 0],
  )
  for (const hidden of ['Johanna', 't.example', 'jsmith', 'a-token-for-this-test'])
    assert.equal(text.includes(hidden), false)
})
