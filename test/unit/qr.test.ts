import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from 'uqr'
import { qrOf } from '../../main/appliance/qr.ts'

test('a code is square, without its quiet zone, and what the library makes of the text', () => {
  const url = 'https://support.example.com/?ak=00112233445566778899aabbccddeeff'
  const code = qrOf(url) ?? []
  assert.ok(code.length >= 21 && code.every((row) => row.length === code.length && /^[01]+$/.test(row)))
  // Finder patterns: three corners have their seven dark modules, the fourth has not.
  assert.match(code[0] ?? '', /^1{7}0.*01{7}$/)
  assert.match(code.at(-1) ?? '', /^1{7}0/)
  assert.doesNotMatch(code.at(-1) ?? '', /1{7}$/)
  const { data } = encode(url, { ecc: 'L', boostEcc: true, border: 0 })
  assert.deepEqual(
    code.map((row) => Array.from(row, (module) => module === '1')),
    data,
  )
})

test('no larger than need be: more error correction only where it costs no module', () => {
  const size = (text: string) => qrOf(text)?.length
  for (const length of [10, 60, 300, 1_000]) {
    assert.equal(size('x'.repeat(length)), encode('x'.repeat(length), { ecc: 'L', border: 0 }).size)
  }
  // Twenty bytes need the second size in any case, which takes them with the third degree of correction.
  const rows = encode('x'.repeat(20), { ecc: 'Q', border: 0 }).data.map((row) => row.map(Number).join(''))
  assert.deepEqual(qrOf('x'.repeat(20)), rows)
})

test('what is too long for any has none', () => {
  assert.equal(qrOf('x'.repeat(2_953))?.length, 177)
  assert.equal(qrOf('x'.repeat(2_954)), null)
})
