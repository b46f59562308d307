import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, constantFrom, oneof, property, string, tuple } from 'fast-check'
import { parseCommand } from '../../main/command-check.ts'
import { isLink, readLink } from '../../main/deep-link.ts'

const ticket = (query: string) => ({ type: 'lookup.quick', query })
const session = (lsid: string) => ({ type: 'window.show', place: { view: 'session', lsid } })

test('a link looks a ticket up, or shows a session', () => {
  assert.deepEqual(readLink('rep-tray://ticket/INC0010023'), ticket('INC0010023'))
  assert.deepEqual(readLink('REP-TRAY://Ticket/inc-1_2.3~4'), ticket('inc-1_2.3~4'))
  assert.deepEqual(readLink('rep-tray://ticket/REQ%2F2026%20%C3%84'), ticket('REQ/2026 Ä'))
  assert.deepEqual(readLink('rep-tray://ticket/a+b%26c'), ticket('a+b&c'))
  assert.deepEqual(readLink('rep-tray://session/0f3c5a7e9b1d'), session('0f3c5a7e9b1d'))
})

test('what is not exactly one is none', () => {
  for (const text of [
    '',
    'INC0010023',
    'rep-tray:',
    'rep-tray://',
    'rep-tray://ticket',
    'rep-tray://ticket/',
    'rep-tray://ticket//INC1',
    'rep-tray://ticket/INC1/',
    'rep-tray://ticket/INC1/more',
    'rep-tray://ticket/INC1?x=1',
    'rep-tray://ticket/INC1#x',
    'rep-tray:ticket/INC1',
    'rep-tray:///ticket/INC1',
    'rep-tray://ticket:80/INC1',
    'rep-tray://me@ticket/INC1',
    'rep-tray://ticket.example.com/INC1',
    'rep-tray://settings/x',
    'rep-tray://quit/now',
    'rep-tray://ticket/%',
    'rep-tray://ticket/%zz',
    'rep-tray://ticket/%ff',
    'rep-tray://ticket/%20%09',
    'rep-tray://ticket/a%00b',
    'rep-tray://ticket/a%0d%0ab',
    'rep-tray://ticket/%E2%80%AEb',
    'rep-tray://ticket/a\nb',
    'rep-tray://ticket/a b',
    'rep-tray://ticket/a"--policy=x',
    ' rep-tray://ticket/INC1',
    'rep-tray://ticket/INC1\n',
    `rep-tray://ticket/${'x'.repeat(201)}`,
    `rep-tray://ticket/${'%41'.repeat(1000)}`,
    'rep-tray-evil://ticket/INC1',
    'https://ticket/INC1',
    'javascript:alert(1)',
  ])
    assert.equal(readLink(text), null, text)
})

test('whatever is given, there is a command or none, and the command is one', () => {
  const text = oneof(
    string({ unit: 'binary', maxLength: 300 }),
    tuple(constantFrom('ticket', 'session', 'window'), string({ unit: 'grapheme', maxLength: 220 })).map(
      ([host, name]) => `rep-tray://${host}/${encodeURIComponent(name.toWellFormed())}`,
    ),
    tuple(constantFrom('ticket', 'session'), string({ maxLength: 50 })).map(
      ([host, name]) => `rep-tray://${host}/${name}`,
    ),
  )
  let read = 0
  check(
    property(text, (given) => {
      const command = readLink(given)
      if (command === null) return
      read += 1
      assert.deepEqual(parseCommand(command), command)
      assert.ok(isLink(given))
    }),
    { numRuns: 3000, seed: 7 },
  )
  assert.ok(read > 200, `only ${read} were links`)
})
