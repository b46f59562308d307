import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { SettingKey, Settings } from '../../preload/contract.ts'
import { NO_POLICY, type Policy } from '../../main/settings/policy.ts'
import { isNetwork } from '../../main/settings/kinds.ts'
import { createSettings, type UserSettings } from '../../main/settings/settings.ts'
import { isSettingKey, SETTING_KEYS, SETTINGS } from '../../main/settings/table.ts'
import { CASES } from './helpers/setting-cases.ts'

/** The user's file, in memory. */
function userFile(content: Record<string, unknown> = {}): UserSettings & { content: Record<string, unknown> } {
  return {
    content,
    read() {
      return this.content
    },
    write(all) {
      this.content = { ...all }
    },
  }
}

const policyWith = (own: Partial<Policy>): Policy => ({ ...NO_POLICY, ...own })
const errorOf = (key: SettingKey, value: unknown) => {
  const checked = SETTINGS[key].check(value)
  return 'error' in checked ? checked.error : null
}
const valueOf = (key: SettingKey, value: unknown) => {
  const checked = SETTINGS[key].check(value)
  assert.ok('value' in checked, `${key} takes ${JSON.stringify(value)}`)
  return checked.value
}

describe('each setting', () => {
  test('is described for the window, and its default passes its own check', () => {
    for (const key of SETTING_KEYS) {
      const { label, help, type, default: byDefault, choices } = SETTINGS[key]
      assert.deepEqual(valueOf(key, byDefault), byDefault, key)
      assert.ok(label.length > 2 && help.endsWith('.'), key)
      assert.match(key, /^[a-z]+\.[a-zA-Z]+$/)
      assert.equal(type === 'choice', choices !== undefined)
    }
  })

  test('takes what fits, in the form in which it is kept', () => {
    for (const key of SETTING_KEYS) {
      for (const each of CASES[key].good) {
        const [given, kept] = Array.isArray(each) ? each : [each, each]
        assert.deepEqual(valueOf(key, given), kept ?? given, key)
      }
    }
  })

  test('refuses what does not fit with a sentence', () => {
    for (const key of SETTING_KEYS) {
      for (const bad of CASES[key].bad) {
        const error = errorOf(key, bad)
        assert.ok(error !== null, `${key} takes ${JSON.stringify(bad)}`)
        assert.match(error, /^(This|Each|“).+\.$/, key)
      }
    }
  })

  test('never throws, and what it takes it takes again as the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_KEYS), fc.anything(), (key, value) => {
        const checked = SETTINGS[key].check(value)
        if ('value' in checked) assert.deepEqual(valueOf(key, checked.value), checked.value)
        else assert.ok(checked.error.length < 200)
      }),
      { numRuns: 1_000 },
    )
  })

  test('has a name of its own, and nothing else has one', () => {
    assert.ok(SETTING_KEYS.every(isSettingKey))
    for (const key of ['', 'me', '__proto__', 'constructor', 'toString', 'listener.token', 'me.repid'])
      assert.ok(!isSettingKey(key), key)
  })

  test('a network is an address, with or without the length of its prefix', () => {
    assert.ok(isNetwork('10.0.0.0/8') && isNetwork('::1/128') && isNetwork('10.1.2.3'))
    assert.ok(!isNetwork('') && !isNetwork('/8') && !isNetwork('10.0.0.0/-1') && !isNetwork('10.0.0.0/1e1'))
  })
})

describe('what holds', () => {
  const port = 'listener.port'

  test('is the default, then the administrator’s default, then the user’s own, then the lock', () => {
    const own = { [port]: 3 }
    assert.equal(createSettings(userFile(), NO_POLICY).get()[port], 8180)
    const defaults = policyWith({ defaults: { [port]: 2 } })
    assert.equal(createSettings(userFile(), defaults).get()[port], 2)
    assert.equal(createSettings(userFile(own), defaults).get()[port], 3)
    const locked = policyWith({ defaults: { [port]: 2 }, locked: { [port]: 4 } })
    assert.equal(createSettings(userFile(own), locked).get()[port], 4)
  })

  test('a lock may be the value that is the same as none: off, zero, empty', () => {
    const locked = { 'notify.ended': false, [port]: 0, 'me.teams': [], 'me.username': '' } as const
    const own = { 'notify.ended': true, [port]: 9, 'me.teams': ['5'], 'me.username': 'x' }
    const settings = createSettings(userFile(own), policyWith({ locked })).get()
    for (const [key, value] of Object.entries(locked)) assert.deepEqual(settings[key as SettingKey], value)
    const byDefault = createSettings(userFile(), policyWith({ defaults: { 'notify.ended': false, [port]: 0 } })).get()
    assert.deepEqual([byDefault['notify.ended'], byDefault[port]], [false, 0])
  })

  test('a user’s value that no longer fits counts as none, and hurts no other', () => {
    const content = { [port]: 'eighty', 'window.theme': 'pink', 'me.teams': 'x', 'me.repId': '12', unknown: 1 }
    const settings = createSettings(userFile(content), policyWith({ defaults: { [port]: 2 } })).get()
    assert.deepEqual(
      [settings[port], settings['window.theme'], settings['me.teams'], settings['me.repId']],
      [2, 'system', [], '12'],
    )
    assert.deepEqual(Object.keys(settings), SETTING_KEYS)
  })
})

describe('changing', () => {
  test('keeps the checked value, and whatever else the file has', () => {
    const user = userFile({ 'listener.tokenHashes': ['x'] })
    const settings = createSettings(user, NO_POLICY)
    assert.equal(settings.set('listener.port', '9000'), null)
    assert.equal(settings.get()['listener.port'], 9000)
    assert.deepEqual(user.content, { 'listener.tokenHashes': ['x'], 'listener.port': 9000 })
    assert.equal(createSettings(user, NO_POLICY).get()['listener.port'], 9000)
  })

  test('to what does not fit changes nothing, and says why', () => {
    const user = userFile({ 'me.repId': '12' })
    const settings = createSettings(user, NO_POLICY)
    const before = settings.get()
    assert.equal(settings.set('me.repId', 'rep:12'), 'This must be a number.')
    assert.equal(settings.get(), before)
    assert.deepEqual(user.content, { 'me.repId': '12' })
  })

  test('back to the default takes the user’s value away', () => {
    const user = userFile({ 'listener.port': 9000 })
    const settings = createSettings(user, policyWith({ defaults: { 'listener.port': 2 } }))
    assert.equal(settings.reset('listener.port'), null)
    assert.equal(settings.get()['listener.port'], 2)
    assert.deepEqual(user.content, {})
  })

  test('what is locked is refused, in words for a rep', () => {
    const user = userFile({ 'listener.port': 9000 })
    const settings = createSettings(user, policyWith({ locked: { 'listener.port': 4 } }))
    for (const refusal of [settings.set('listener.port', 5), settings.reset('listener.port')])
      assert.match(refusal ?? '', /administrator.*cannot be changed here\.$/)
    assert.equal(settings.get()['listener.port'], 4)
    assert.deepEqual(user.content, { 'listener.port': 9000 })
  })

  test('that the disk refuses has not happened', () => {
    const user = {
      ...userFile(),
      write: () => {
        throw new Error('ENOSPC')
      },
    }
    const settings = createSettings(user, NO_POLICY)
    assert.throws(() => settings.set('listener.port', 9000), /ENOSPC/)
    assert.equal(settings.get()['listener.port'], 8180)
  })

  test('one setting leaves the objects of the others as they were', () => {
    const settings = createSettings(userFile({ 'me.teams': ['5'] }), NO_POLICY)
    const before = settings.get()
    settings.set('listener.port', 9000)
    assert.equal(settings.get()['me.teams'], before['me.teams'])
  })
})

test('the window is told what it needs to show them, and what is locked', () => {
  const policy = policyWith({ defaults: { 'listener.port': 2 }, locked: { 'me.repId': '12' } })
  const info = createSettings(userFile({ 'listener.port': 3 }), policy).info()
  assert.deepEqual(
    info.map((each) => each.key),
    SETTING_KEYS,
  )
  const of = (key: SettingKey) => info.find((each) => each.key === key)
  assert.deepEqual([of('listener.port')?.default, of('listener.port')?.locked], [2, false])
  assert.deepEqual([of('me.repId')?.default, of('me.repId')?.locked], ['', true])
  assert.deepEqual(of('window.theme')?.choices, ['system', 'light', 'dark'])
  assert.ok(!('choices' in (of('me.repId') ?? {})))
  assert.deepEqual(JSON.parse(JSON.stringify(info)), info)
})

test('every kind of alert has its switch in the table', () => {
  const kinds = [
    'transferred',
    'started',
    'teamQueue',
    'generalQueue',
    'customerJoined',
    'customerLeft',
    'ended',
    'survey',
  ]
  const settings: Settings = createSettings(userFile(), NO_POLICY).get()
  assert.deepEqual([settings['notify.details'], settings['notify.quiet']], [true, false])
  for (const kind of kinds) assert.equal(settings[`notify.${kind}` as SettingKey], kind !== 'generalQueue', kind)
})
