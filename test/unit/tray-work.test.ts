/** What is done for tickets from the tray. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHORTCUT_REFUSED } from '../../main/attention/tray.ts'
import { deep, find, mine, modelOf, problem, waiting, type Situation } from './helpers/tray.ts'

test('looks up what was copied, and names the keys that do so, if they work', () => {
  const lookUp = (situation: Situation) => find(situation, 'Look up ticket…')
  assert.deepEqual(lookUp({})?.command, { type: 'lookup.quick', query: null })
  assert.equal(lookUp({})?.accelerator, undefined)
  const settings = { 'lookup.shortcut': 'CommandOrControl+Alt+L' }
  assert.equal(lookUp({ settings })?.accelerator, 'CommandOrControl+Alt+L')
  const refused = { ...problem('warning'), id: SHORTCUT_REFUSED }
  assert.equal(lookUp({ settings, problems: [refused] })?.accelerator, undefined)
})

test('opens the ticket of a session that has one, where it is known how', () => {
  const settings = { 'ticket.url': 'https://tickets.example.com/?n={key}' }
  const open = (situation: Situation) =>
    deep(modelOf(situation).menu).flatMap(({ label, command }) => (label === 'Open ticket' ? [command] : []))
  const [jane, tom] = [mine('Jane', 'INC1'), mine('Tom')]
  assert.deepEqual(open({ sessions: [jane, tom], settings }), [{ type: 'ticket.open', lsid: jane.lsid }])
  assert.deepEqual(open({ sessions: [jane] }), [])
})

test('says why a key cannot be edited', () => {
  const reasons: readonly (readonly [string, Situation['appliance'] & object])[] = [
    ['The appliance’s API is not set up.', { status: 'unset' }],
    ['Rep Tray is just reaching for the appliance.', { status: 'checking' }],
    ['It is closed.', { status: 'failed', problem: { title: 'It is closed.', detail: '' } }],
    ['Too old.', { status: 'ready', cannot: { editKey: 'Too old.' } }],
  ]
  for (const [reason, appliance] of reasons) {
    for (const session of [mine('Jane'), waiting]) {
      const all = deep(modelOf({ sessions: [session], appliance }).menu)
      const at = all.findIndex(({ label }) => label === 'Edit external key…')
      assert.deepEqual([all[at]?.enabled, all[at]?.command], [false, undefined])
      assert.deepEqual([all[at + 1]?.label, all[at + 1]?.enabled], [reason, false])
    }
  }
  const lookupOnly = { status: 'ready', cannot: { lookup: 'No.' } } as const
  assert.equal(
    deep(modelOf({ sessions: [mine('Jane')], appliance: lookupOnly }).menu).some(({ label }) => label === 'No.'),
    false,
  )
})
