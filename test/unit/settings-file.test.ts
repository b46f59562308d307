import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { SettingKey, Settings } from '../../preload/contract.ts'
import { LIMITS } from '../../preload/contract.ts'
import { NO_POLICY, parsePolicy } from '../../main/settings/policy.ts'
import { createSettings, type SettingsKeeper, type UserSettings } from '../../main/settings/settings.ts'
import { readSettingsFile, writeSettingsFile } from '../../main/settings/settings-file.ts'
import { SETTING_KEYS, SETTINGS } from '../../main/settings/table.ts'

function keeper(own: Record<string, unknown> = {}, policy = NO_POLICY): SettingsKeeper {
  let content: Readonly<Record<string, unknown>> = own
  const user: UserSettings = {
    read: () => content,
    // As a file does.
    write: (all) => (content = JSON.parse(JSON.stringify(all)) as Record<string, unknown>),
  }
  return createSettings(user, policy)
}

const exported = (settings: SettingsKeeper) =>
  JSON.parse(writeSettingsFile(settings, '1.2.3')) as Record<string, unknown>

/** Any values that one setting takes. */
function valuesOf(key: SettingKey): fc.Arbitrary<unknown> {
  const { type, choices = [], default: byDefault } = SETTINGS[key]
  const numbers = fc.integer({ min: 0, max: 100_000 })
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('12', '::1', '192.0.2.0/24', 'desk-17', 'https://tickets.example.com/{key}', 'Ctrl+L', '/a/b.pem'),
  )
  const any: Readonly<Record<typeof type, fc.Arbitrary<unknown>>> = {
    boolean: fc.boolean(),
    number: numbers,
    text: texts,
    lines: fc.string({ maxLength: 200 }),
    list: fc.array(texts, { maxLength: 4 }),
    choice: fc.constantFrom(...choices, ''),
  }
  return fc.oneof(any[type], fc.constant(byDefault)).filter((value) => 'value' in SETTINGS[key].check(value))
}

const anySettings: fc.Arbitrary<Partial<Settings>> = fc.record(
  Object.fromEntries(SETTING_KEYS.map((key) => [key, valuesOf(key)])),
  { requiredKeys: [] },
)

describe('a file of settings', () => {
  test('holds what the user set and what differs from the default, and nothing else that is kept beside it', () => {
    const policy = parsePolicy(
      JSON.stringify({
        'journal.days': 30,
        'appliance.password': 'of the policy',
        defaults: { 'listener.port': 9000 },
      }),
    )
    const settings = keeper(
      {
        'me.repId': '12',
        'journal.days': 7,
        'listener.port': 8180,
        'journal.megabytes': 1024,
        'notify.ended': 'no flag',
        'setup.done': true,
        'listener.tokenHashes': ['0'.repeat(64)],
        'window.bounds': { width: 420 },
      },
      policy,
    )
    const { $comment, ...rest } = exported(settings)
    assert.match(String($comment), /1\.2\.3.*without secrets/)
    assert.deepEqual(rest, { 'me.repId': '12', 'listener.port': 8180 })
  })

  test('read where nothing is set yet, makes the same settings', () => {
    fc.assert(
      fc.property(anySettings, (own) => {
        const from = keeper({ ...own })
        const text = writeSettingsFile(from, '1.2.3')
        assert.ok(text.length <= LIMITS.file)
        const { settings, refused } = readSettingsFile(text)
        assert.deepEqual(refused, [])
        const to = keeper()
        assert.deepEqual(to.setAll(settings), [])
        assert.deepEqual({ ...to.get(), 'setup.done': from.get()['setup.done'] }, from.get())
        assert.equal(writeSettingsFile(to, '1.2.3'), text)
      }),
      { numRuns: 300 },
    )
  })

  test('is a policy that an administrator can use', () => {
    fc.assert(
      fc.property(anySettings, (own) => {
        const from = keeper({ ...own })
        const policy = parsePolicy(writeSettingsFile(from, '1.2.3'))
        assert.deepEqual([policy.problems, policy.secrets, policy.defaults], [[], {}, {}])
        const under = keeper({}, policy)
        assert.deepEqual({ ...under.get(), 'setup.done': from.get()['setup.done'] }, from.get())
      }),
      { numRuns: 100 },
    )
  })

  test('may be written by hand; what is wrong is told entry by entry, and the rest is taken', () => {
    const { settings, refused } = readSettingsFile(
      JSON.stringify({
        $comment: 'mine',
        listener: { port: '8200', token: 'short', addresses: ['here'] },
        'me.teams': [5],
        nonsense: true,
        [`x${'y'.repeat(100)}`]: 1,
        'appliance.clientSecret': 'do not take this',
        'appliance.password': 7,
        defaults: { 'journal.days': 7 },
      }),
    )
    assert.deepEqual(settings, { 'listener.port': 8200, 'me.teams': ['5'] })
    assert.deepEqual(
      refused.map(({ key }) => key),
      [
        'listener.token',
        'appliance.clientSecret',
        'listener.addresses',
        'nonsense',
        `x${'y'.repeat(59)}`,
        'appliance.password',
        'defaults',
      ],
    )
    for (const { message } of refused) assert.match(message, /^(This|There|Only|“).+\.$/)
    assert.ok(!JSON.stringify(refused).includes('do not take this'))
  })

  test('that is none is refused as a whole, without quoting it', () => {
    for (const text of ['', '{', '[]', '"text"', 'null', '{"me.name": "secret" x}']) {
      assert.throws(
        () => readSettingsFile(text),
        ({ message }: Error) => message.startsWith('This is no file of settings. This ') && !message.includes('secret'),
      )
    }
  })

  test('whatever stands in it, is read or refused with a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          const { settings, refused } = readSettingsFile(text)
          assert.ok(refused.length <= LIMITS.list)
          assert.deepEqual(keeper().setAll(settings), [])
        } catch (error) {
          assert.match((error as Error).message, /^This is no file of settings\./)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('several settings at once', () => {
  test('are written once; those that are refused or locked stay, with the reason', () => {
    let writes = 0
    let content: Readonly<Record<string, unknown>> = { 'listener.tokenHashes': ['x'] }
    const user: UserSettings = {
      read: () => content,
      write: (all) => {
        writes += 1
        content = all
      },
    }
    const settings = createSettings(user, parsePolicy('{"journal.days": 30}'))
    const names = settings.get()['listener.names']
    const refused = settings.setAll({
      'me.repId': 12,
      'journal.days': 7,
      'listener.port': 'http',
      'listener.names': [],
    })
    assert.deepEqual(
      refused.map(({ key }) => key),
      ['journal.days', 'listener.port'],
    )
    assert.match(refused[0]?.message ?? '', /administrator/)
    assert.equal(writes, 1)
    assert.deepEqual(content, { 'listener.tokenHashes': ['x'], 'me.repId': '12', 'listener.names': [] })
    assert.equal(settings.get()['me.repId'], '12')
    assert.equal(settings.get()['listener.names'], names, 'what is the same is the same object')
    settings.setAll({ 'journal.days': 7 })
    assert.equal(writes, 1, 'nothing taken, nothing written')
  })

  test('that the disk refuses change nothing', () => {
    const full: UserSettings = {
      read: () => ({}),
      write: () => {
        throw new Error('ENOSPC')
      },
    }
    const settings = createSettings(full, NO_POLICY)
    assert.throws(() => settings.setAll({ 'me.repId': '12', 'me.name': 'John' }), /ENOSPC/)
    assert.deepEqual([settings.get()['me.repId'], settings.get()['me.name']], ['', ''])
  })
})
