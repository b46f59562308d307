import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { NO_POLICY, parsePolicy, readPolicy } from '../../main/settings/policy.ts'
import { SETTINGS } from '../../main/settings/table.ts'

const parse = (policy: unknown) => parsePolicy(JSON.stringify(policy))
const TOKEN = 'a-token-that-is-long-enough'

describe('a policy', () => {
  test('locks what stands at its top level, and starts the user with what stands under defaults', () => {
    const policy = parse({ 'listener.port': 8180, 'me.teams': [5], defaults: { 'notify.ended': false } })
    assert.deepEqual(policy, {
      locked: { 'listener.port': 8180, 'me.teams': ['5'] },
      defaults: { 'notify.ended': false },
      secrets: {},
      problems: [],
    })
  })

  test('may be nested, flat, or both', () => {
    const nested = parse({ listener: { port: 1, addresses: ['::1'] }, defaults: { notify: { ended: false } } })
    const flat = parse({ 'listener.port': 1, 'listener.addresses': ['::1'], defaults: { 'notify.ended': false } })
    assert.deepEqual(nested, flat)
    assert.deepEqual(parse({ listener: { port: 1 }, 'listener.addresses': ['::1'] }).locked, flat.locked)
  })

  test('may carry the token, which never becomes a setting', () => {
    for (const given of [
      { listener: { token: TOKEN } },
      { 'listener.token': TOKEN },
      { defaults: { 'listener.token': TOKEN } },
    ]) {
      const policy = parse(given)
      assert.deepEqual(policy.secrets, { 'listener.token': TOKEN })
      assert.deepEqual([policy.locked, policy.defaults, policy.problems], [{}, {}, []])
    }
    const both = parse({ defaults: { 'listener.token': `${TOKEN}-other` }, 'listener.token': TOKEN })
    assert.equal(both.secrets['listener.token'], TOKEN, 'what is locked wins')
  })

  test('may have a byte order mark, a schema and comments, or nothing in it', () => {
    assert.deepEqual(parsePolicy('\uFEFF{}'), NO_POLICY)
    assert.deepEqual(parse({ $schema: 'x', $comment: 'y', $more: { z: 1 }, listener: { $comment: 'z' } }), NO_POLICY)
    assert.deepEqual(parse({ defaults: {} }), NO_POLICY)
  })
})

describe('a mistake', () => {
  test('is reported with its place, and the rest holds', () => {
    const policy = parse({
      listener: { port: 'eighty', addresses: ['::1'], colour: 'blue' },
      'me.repId': 'rep:12',
      'me.teams': ['5', { id: 7 }],
      'window.theme': 'pink',
      'notify.ended': 'yes',
      nonsense: true,
      deep: { deeper: { deepest: 1 } },
      'journal.days': {},
      defaults: { 'journal.days': 0, 'journal.megabytes': 64, more: 1 },
    })
    assert.deepEqual(policy.locked, { 'listener.addresses': ['::1'] })
    assert.deepEqual(policy.defaults, { 'journal.megabytes': 64 })
    assert.deepEqual(policy.problems, [
      'defaults › journal.days: This must be a whole number from 1 to 3650.',
      'defaults › more: There is no such setting.',
      'listener.port: This must be a whole number from 0 to 65535.',
      'listener.colour: There is no such setting.',
      'me.repId: This must be a number.',
      'me.teams: Each entry must be text.',
      'window.theme: This must be one of: system, light, dark.',
      'notify.ended: This must be on or off (true or false).',
      'nonsense: There is no such setting.',
      'deep.deeper: There is no such setting.',
      'journal.days: This must be a whole number from 1 to 3650.',
    ])
  })

  test('in the form of the file leaves no policy at all', () => {
    for (const text of ['', ' ', '{', '{"a": 1,}', 'port=1', '{"listener.port": 1} x'])
      assert.match(parsePolicy(text).problems.join(), /^This is no JSON.*\.$/, text)
    for (const text of ['[]', '1', 'null', '"x"', 'true'])
      assert.deepEqual(parsePolicy(text).problems, ['This must be a JSON object.'], text)
    assert.deepEqual(parse({ defaults: [1], 'listener.port': 1 }), {
      locked: { 'listener.port': 1 },
      defaults: {},
      secrets: {},
      problems: ['defaults: This must be a JSON object.'],
    })
  })

  test('says where the file is broken, and quotes nothing of it', () => {
    assert.deepEqual(parsePolicy('{\n  "listener.port": 1\n  "me.repId": 12\n}').problems, [
      'This is no JSON at line 3 column 3.',
    ])
    for (const text of [
      `{"listener.token": ${TOKEN}}`,
      `{"listener.token": "${TOKEN}" "x": 1}`,
      `{"listener.token": "${TOKEN}`,
      `{"listener": {"token": "${TOKEN}"}, x}`,
    ])
      for (let at = 0; at + 6 < TOKEN.length; at += 1)
        assert.ok(!JSON.stringify(parsePolicy(text)).includes(TOKEN.slice(at, at + 6)), text)
  })

  test('in the token is reported, and its text is not', () => {
    for (const token of ['', 'with blank', 'ümlaut', 'x'.repeat(257), 12, null, { value: TOKEN }, [TOKEN], 'tab\t']) {
      const policy = parse({ 'listener.token': token })
      assert.deepEqual(policy.secrets, {}, JSON.stringify(token))
      assert.deepEqual(policy.problems, ['listener.token: This must be 1 to 256 characters without blanks.'])
    }
  })

  test('of a short token is one to be told of; it holds all the same', () => {
    const policy = parse({ 'listener.token': 'short' })
    assert.deepEqual(policy.secrets, { 'listener.token': 'short' })
    assert.deepEqual(policy.problems, ['listener.token: Fewer than 16 characters can be guessed.'])
    assert.deepEqual(parse({ 'listener.token': 'x'.repeat(16) }).problems, [])
    assert.deepEqual(parse({ 'listener.token': 'x'.repeat(256) }).problems, [])
  })
})

describe('a policy from somebody who means ill', () => {
  test('cannot reach what objects are made of', () => {
    const text =
      '{"__proto__": {"listener.port": 1, "polluted": 1}, "constructor": {"prototype": 1}, "listener": {"__proto__": {"port": 2}}, "toString": 1, "defaults": {"__proto__": 1}}'
    const policy = parsePolicy(text)
    assert.deepEqual([policy.locked, policy.defaults], [{}, {}])
    assert.equal(policy.problems.length, 6)
    for (const problem of policy.problems) assert.match(problem, /There is no such setting\.$/)
    assert.equal(Object.getPrototypeOf(policy.locked), Object.prototype)
    assert.ok(!('polluted' in {}))
  })

  test('cannot make reading fail, nor get a value past its check', () => {
    const some = fc.dictionary(fc.constantFrom(...Object.keys(SETTINGS), 'listener', 'defaults', 'x'), fc.jsonValue())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          some.map((value) => JSON.stringify(value)),
          fc.json(),
        ),
        (text) => {
          const { locked, defaults, problems } = parsePolicy(text)
          for (const [key, value] of [...Object.entries(locked), ...Object.entries(defaults)])
            assert.deepEqual(SETTINGS[key as keyof typeof SETTINGS].check(value), { value })
          for (const problem of problems) assert.ok(problem.endsWith('.'))
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('a file that is not there or cannot be read is a policy with a problem; no file is none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-policy-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'policy.json')
  assert.equal(readPolicy(null), NO_POLICY)
  assert.match(readPolicy(file).problems.join(), /^It cannot be read: ENOENT/)
  assert.match(readPolicy(folder).problems.join(), /^It cannot be read: EISDIR/)
  writeFileSync(file, '\uFEFF{"listener": {"port": 1}}')
  assert.deepEqual(readPolicy(file).locked, { 'listener.port': 1 })
})
