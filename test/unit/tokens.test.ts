import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenHash } from '../../main/events/listener.ts'
import type { UserSettings } from '../../main/settings/settings.ts'
import { createTokens, type Tokens } from '../../main/settings/tokens.ts'

type Stored = Readonly<Record<string, unknown>>

/** The user's settings in memory; `isFull` makes the disk refuse. */
function memory(stored: Stored = {}): UserSettings & { stored: Stored; isFull: boolean } {
  const user = {
    stored,
    isFull: false,
    read: () => user.stored,
    write: (all: Stored) => {
      if (user.isFull) throw new Error('ENOSPC')
      user.stored = all
    },
  }
  return user
}

const isValid = (tokens: Tokens, token: string) =>
  tokens.hashes().some((hash) => Buffer.compare(hash, tokenHash(token)) === 0)

test('the first start makes a token, keeps its hash alone, and shows it in that run only', () => {
  const user = memory({ 'me.name': 'John' })
  const tokens = createTokens(user, null)
  const token = tokens.current() ?? ''
  assert.match(token, /^[\w-]{32}$/)
  assert.ok(isValid(tokens, token))
  assert.equal(user.stored['me.name'], 'John')
  assert.equal(JSON.stringify(user.stored).includes(token), false)

  const later = createTokens(user, null)
  assert.equal(later.current(), null)
  assert.ok(isValid(later, token))
})

test('two starts make two tokens', () => {
  assert.notEqual(createTokens(memory(), null).current(), createTokens(memory(), null).current())
})

test('a new token is valid beside the old one until it is used', () => {
  const user = memory()
  const tokens = createTokens(user, null)
  const old = tokens.current() ?? ''
  const fresh = tokens.renew()
  assert.equal(tokens.current(), fresh)
  tokens.used(tokenHash(old))
  assert.ok(isValid(tokens, old) && isValid(tokens, fresh))
  assert.ok(isValid(createTokens(user, null), old), 'also after a restart')
  tokens.used(tokenHash(fresh))
  assert.ok(!isValid(tokens, old) && isValid(tokens, fresh))
  assert.ok(!isValid(createTokens(user, null), old), 'also after a restart')
})

test('renewing again and again never shuts out the appliance, which still has the old one', () => {
  const user = memory()
  const tokens = createTokens(user, null)
  const old = tokens.current() ?? ''
  const made = Array.from({ length: 10 }, () => tokens.renew())
  assert.ok(isValid(tokens, old))
  assert.ok(isValid(tokens, made.at(-1) ?? ''))
  assert.ok(isValid(tokens, made.at(-2) ?? ''), 'it may be the one that was entered at the appliance')
  assert.ok(tokens.hashes().length <= 4)
  assert.ok(isValid(createTokens(user, null), old), 'also after a restart')

  tokens.used(tokenHash(made.at(-2) ?? ''))
  assert.ok(!isValid(tokens, old), 'an older one is void once a newer one was used')
  assert.ok(isValid(tokens, made.at(-1) ?? ''), 'the newest one has not been used yet')
  tokens.used(tokenHash(made.at(-1) ?? ''))
  assert.equal(tokens.hashes().length, 1)
})

test('using an unknown token changes nothing', () => {
  const user = memory()
  const tokens = createTokens(user, null)
  tokens.renew()
  const before = user.stored
  tokens.used(tokenHash('something else'))
  assert.equal(user.stored, before)
})

test('a token that cannot be kept is not given out, and the old one stays', () => {
  const user = memory()
  const tokens = createTokens(user, null)
  const old = tokens.current() ?? ''
  user.isFull = true
  assert.throws(() => tokens.renew(), /ENOSPC/)
  assert.equal(tokens.current(), old)
  assert.deepEqual(tokens.hashes(), [tokenHash(old)])

  user.isFull = false
  const fresh = tokens.renew()
  user.isFull = true
  assert.throws(() => tokens.used(tokenHash(fresh)), /ENOSPC/)
  assert.ok(isValid(tokens, old), 'what a restart would bring back is valid now')
})

test('a token from outside is fixed; an empty one is none', () => {
  const user = memory()
  const tokens = createTokens(user, 'from-the-policy')
  assert.equal(tokens.fixed, true)
  assert.equal(tokens.current(), 'from-the-policy')
  assert.deepEqual(tokens.hashes(), [tokenHash('from-the-policy')])
  assert.equal(tokens.renew(), 'from-the-policy')
  tokens.used(tokenHash('from-the-policy'))
  assert.deepEqual(user.stored, {})

  const empty = createTokens(user, '')
  assert.equal(empty.fixed, false)
  assert.equal(isValid(empty, ''), false)
})

test('what is no hash among the settings is passed over; if none is left a token is made', () => {
  const good = Buffer.from(tokenHash('good')).toString('hex')
  for (const stored of [null, 'text', 7, {}, [], [null, 7, '', 'zz', good.slice(1), good.toUpperCase(), [good]]]) {
    const tokens = createTokens(memory({ 'listener.tokenHashes': stored }), null)
    assert.equal(tokens.hashes().length, 1, JSON.stringify(stored))
    assert.notEqual(tokens.current(), null)
  }
  const mixed = createTokens(memory({ 'listener.tokenHashes': ['zz', good] }), null)
  assert.deepEqual(mixed.hashes(), [Buffer.from(tokenHash('good'))])
  const many = createTokens(memory({ 'listener.tokenHashes': Array(1_000).fill(good) }), null)
  assert.ok(many.hashes().length <= 4)
})
