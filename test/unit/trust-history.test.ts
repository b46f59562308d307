import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventDigest, parseEvent } from '../../main/events/event.ts'
import type { Alert } from '../../preload/contract.ts'
import { compare, failuresOf, toldTwice } from '../trust/support/history.ts'
import { createSender, transfers, type Sent } from '../trust/support/sender.ts'

/** A sender of whose events the first four were answered, and the fifth is under way. */
async function sent() {
  const sender = createSender('a', transfers('a'))
  await sender.run(
    (body) => Promise.resolve(body.includes('rep%3A12') ? null : 200),
    () => false,
  )
  assert.equal(sender.acknowledged.length, 4)
  return sender
}

function digestOf({ body }: Sent): string {
  const event = parseEvent(Object.fromEntries(new URLSearchParams(body)))
  assert.ok(!('malformed' in event))
  return Buffer.from(eventDigest(event.variables)).toString('hex')
}

const stored = (digests: readonly string[]) => ({
  integrity: 'ok',
  rows: digests.map((digest, index) => ({ seq: index + 1, digest, lsid: null })),
})

test('the history checker sees what is lost, stored twice, out of order, and sent by nobody', async () => {
  const sender = await sent()
  const [a = '', b = '', c = '', d = ''] = sender.acknowledged.map(digestOf)
  const pending = sender.pending()
  const e = pending === null ? '' : digestOf(pending)
  const none = { lost: 0, double: 0, disordered: 0, strange: 0 }
  const verdict = (...digests: string[]) => compare(stored(digests), [sender])
  assert.deepEqual(verdict(a, b, c, d), none)
  assert.deepEqual(verdict(a, b, c, d, e), none, 'what is under way may be stored')
  assert.deepEqual(verdict(a, c, d), { ...none, lost: 1 })
  assert.deepEqual(verdict(a, b, c, d, b), { ...none, double: 1 })
  assert.deepEqual(verdict(a, c, b, d), { ...none, disordered: 1 })
  assert.deepEqual(verdict(a, b, c, d, 'ff'), { ...none, strange: 1 })
  assert.deepEqual(failuresOf(none), [])
  assert.equal(failuresOf({ lost: 1, double: 1, disordered: 1, strange: 1 }, 'row missing').length, 5)
})

test('and what the rep was told twice', () => {
  const alert = (kind: Alert['kind'], lsid: string | null) => ({ kind, lsid }) as Alert
  const told = [alert('transferred', 'a'), alert('ended', 'a'), alert('transferred', 'b'), alert('digest', null)]
  assert.deepEqual(toldTwice(told), [])
  assert.deepEqual(toldTwice([...told, alert('digest', null), alert('ended', 'a')]), ['ended a'])
})
