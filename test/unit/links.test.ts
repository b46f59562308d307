import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApplianceClient } from '../../main/appliance/client.ts'
import type { Handlers } from '../../main/command.ts'
import type { NewSessionKey } from '../../main/appliance/command-api.ts'
import { createLinks, type LinkCommand } from '../../main/links.ts'
import { stateWith } from './helpers/state.ts'

const KEY: NewSessionKey = {
  type: 'support',
  expiresAt: null,
  queue: 'general',
  queueId: null,
  available: null,
  externalKey: null,
  externalKeyLost: false,
  shortKey: '1234567',
  url: null,
  mailSubject: null,
  mailBody: null,
}

function bench(key: Partial<NewSessionKey> = {}): Pick<Handlers, LinkCommand> {
  const client = { generateSessionKey: () => Promise.resolve({ ...KEY, ...key }) } as unknown as ApplianceClient
  return createLinks({
    store: { get: () => stateWith() },
    link: { client: () => client },
    choices: { remember: () => {}, last: () => null, count: () => 0 },
    now: () => 1_000,
    toClipboard: (text) => Promise.resolve({ text, copied: true }),
  })
}

const make = { type: 'sessionKey.make', choice: { queue: 'general', externalKey: '', minutes: null } } as const
const copy = (id: number, what: 'url' | 'shortKey' | 'mail') => ({ type: 'sessionKey.copy', id, what }) as const

test('keys that are made within a millisecond have numbers of their own, and none of an earlier run', async () => {
  const links = bench()
  const made = [await links['sessionKey.make'](make), await links['sessionKey.make'](make)]
  assert.deepEqual(
    made.map(({ id }) => id),
    [1_000, 1_001],
  )
  assert.equal((await links['sessionKey.copy'](copy(1_001, 'shortKey'))).text, '1234567')
  assert.throws(() => links['sessionKey.copy'](copy(1, 'shortKey')), /no longer kept/)
})

test('what the appliance left out cannot be copied', async () => {
  const links = bench({ mailSubject: 'Invitation' })
  const { id, qr } = await links['sessionKey.make'](make)
  assert.equal(qr, null)
  assert.throws(() => links['sessionKey.copy'](copy(id, 'url')), /gave none/)
  assert.equal((await links['sessionKey.copy'](copy(id, 'mail'))).text, 'Invitation')
})
