import assert from 'node:assert/strict'
import { test } from 'node:test'
import { looksLikeTicket } from '../../main/quick.ts'

test('a ticket is one word of the site’s pattern; without a pattern, one word with a digit that is no address', () => {
  for (const word of ['INC0010023', ' INC0010023\n', 'CS-17', '4711']) assert.ok(looksLikeTicket(word, ''), word)
  for (const text of ['', 'hello', 'INC1 INC2', 'https://x/1', 'a@b1', 'C:\\1', '1'.repeat(65)])
    assert.ok(!looksLikeTicket(text, ''), text)
  assert.ok(looksLikeTicket('INC0010023', 'INC\\d{7}'))
  assert.ok(!looksLikeTicket('INC00100234', 'INC\\d{7}'), 'the whole of it has to fit')
  assert.ok(!looksLikeTicket('x', '('), 'a pattern that is none fits nothing')
})

test('a pattern that would take for ever takes a moment', () => {
  const from = performance.now()
  assert.equal(looksLikeTicket(`${'a'.repeat(60)}1!`, '(a+)+\\d$'), false)
  assert.ok(performance.now() - from < 2_000)
})
