import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  decodeBody,
  decodeForm,
  EVENT_NAMES,
  eventDigest,
  parseEvent,
  type Variables,
} from '../../main/events/event.ts'

/** Bytes of a text, each of its characters one byte. */
const bytes = (text: string) => Buffer.from(text, 'latin1')

/** A decoded form as an ordinary list, so that no prototype can hide anything. */
const formOf = (text: string) => Object.entries(decodeForm(bytes(text)))

const hex = (variables: Variables) => Buffer.from(eventDigest(variables)).toString('hex')

test('a form is decoded as the web does it', () => {
  const cases: readonly [string, readonly (readonly [string, string])[]][] = [
    ['', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=John+Smith', [['a', 'John Smith']]],
    ['a=John%20Smith', [['a', 'John Smith']]],
    ['a=1%2B1', [['a', '1+1']]],
    ['conference%5Fid=rep%3a12', [['conference_id', 'rep:12']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=a', [['', 'a']]],
    ['&&a=1&&', [['a', '1']]],
    ['a=1;b=2', [['a', '1;b=2']]],
    ['a=%26%3D%25', [['a', '&=%']]],
    ['a=line%0D%0Aline', [['a', 'line\r\nline']]],
    ['a=%00', [['a', '\0']]],
  ]
  for (const [text, expected] of cases) assert.deepEqual(formOf(text), expected, text)
})

test('a broken escape stays as it is, and spoils nothing after it', () => {
  assert.deepEqual(formOf('a=100%&b=%zz&c=%4&d=%&e=%%41&f=%4g%41'), [
    ['a', '100%'],
    ['b', '%zz'],
    ['c', '%4'],
    ['d', '%'],
    ['e', '%A'],
    ['f', '%4gA'],
  ])
  // What an escape gives is not read as an escape again.
  assert.deepEqual(formOf('a=%2541'), [['a', '%41']])
})

test('of a name that comes twice the last value counts', () => {
  assert.deepEqual(formOf('a=1&b=2&a=3'), [
    ['a', '3'],
    ['b', '2'],
  ])
  assert.deepEqual(formOf('a=1&%61=2'), [['a', '2']])
})

test('text is UTF-8, or else Windows-1252; each value on its own', () => {
  const cases: readonly [string, string][] = [
    ['a=J%C3%B6rg', 'Jörg'],
    ['a=J\xc3\xb6rg', 'Jörg'],
    ['a=J%F6rg', 'Jörg'],
    ['a=J\xf6rg', 'Jörg'],
    ['a=%80%93%94', '€“”'],
    ['a=%E2%82%AC', '€'],
    ['a=%F0%9F%98%80', '😀'],
    // Cut off in the middle, overlong, a surrogate half: no UTF-8.
    ['a=%E2%82', 'â‚'],
    ['a=%C0%AF', 'À¯'],
    ['a=%ED%A0%80', 'í\u00a0€'],
    // An escape and a raw byte together make one character.
    ['a=\xc3%B6', 'ö'],
    // Bytes that Windows-1252 leaves open are kept as control characters.
    ['a=%81%8D%8F%90%9D', '\x81\x8d\x8f\x90\x9d'],
    ['a=+%F6+', ' ö '],
  ]
  for (const [text, expected] of cases) assert.deepEqual(formOf(text), [['a', expected]], text)
  assert.deepEqual(formOf('a=%F6&b=%C3%B6'), [
    ['a', 'ö'],
    ['b', 'ö'],
  ])
  assert.deepEqual(formOf('n%F6=1'), [['nö', '1']])
})

test('a byte order mark in front of a form is no part of the first name, elsewhere it is text', () => {
  assert.deepEqual(formOf('\xef\xbb\xbfevent=a&b=\xef\xbb\xbfc'), [
    ['event', 'a'],
    ['b', '\ufeffc'],
  ])
  assert.deepEqual(formOf('event=a&\xef\xbb\xbfb=c'), [
    ['event', 'a'],
    ['\ufeffb', 'c'],
  ])
})

test('names of JavaScript’s own are names like any other', () => {
  const text = '__proto__=1&constructor=2&toString=3&hasOwnProperty=4&prototype=5'
  const variables = decodeForm(bytes(text))
  assert.equal(Object.getPrototypeOf(variables), null)
  assert.deepEqual(Object.entries(variables), [
    ['__proto__', '1'],
    ['constructor', '2'],
    ['toString', '3'],
    ['hasOwnProperty', '4'],
    ['prototype', '5'],
  ])
  assert.equal(({} as Record<string, unknown>)['1'], undefined)

  const event = parseEvent(decodeForm(bytes(`event=constructor&${text}`)))
  assert.ok(!('malformed' in event))
  assert.equal(event.kind, 'other')
  assert.equal(event.variables['__proto__'], '1')
  // Through the journal and back.
  const stored = JSON.parse(JSON.stringify(event.variables)) as Variables
  assert.equal(hex(stored), hex(event.variables))
  assert.equal(Object.getPrototypeOf(stored), Object.prototype)
})

test('a view into a larger buffer is decoded, not the buffer', () => {
  const whole = bytes('xxxxevent=a&b=cxxxx')
  const view = new Uint8Array(whole.buffer, whole.byteOffset + 4, 11)
  assert.deepEqual(Object.entries(decodeForm(view)), [
    ['event', 'a'],
    ['b', 'c'],
  ])
})

test('large and tangled forms are decoded in little time', () => {
  const size = 1024 * 1024
  const numbers = Array.from({ length: 100_000 }, (_each, index) => index).join('&')
  for (const body of ['%'.repeat(size), '&'.repeat(size), '+'.repeat(size), '%f6'.repeat(size / 3), numbers]) {
    const start = performance.now()
    const variables = decodeForm(bytes(body))
    eventDigest(variables)
    parseEvent(variables)
    const took = performance.now() - start
    assert.ok(took < 3_000, `${body.slice(0, 10)}… took ${Math.round(took)} ms`)
  }
})

/** A multipart body of these parts. */
function multipart(parts: Readonly<Record<string, string>>, boundary = 'XX'): Buffer {
  const sections = Object.entries(parts).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return bytes(`${sections.join('')}--${boundary}--\r\n`)
}

const partsOf = async (body: Uint8Array, type = 'multipart/form-data; boundary=XX') =>
  Object.entries(await decodeBody(body, type))

test('multipart is decoded, with all that forms are', async () => {
  const event = [
    ['event', 'a'],
    ['lsid', 'b'],
  ]
  assert.deepEqual(await partsOf(multipart({ event: 'a', lsid: 'b' })), event)
  for (const type of ['Multipart/Form-Data; BOUNDARY=XX', 'multipart/form-data;charset=utf-8; boundary="XX"'])
    assert.deepEqual(await partsOf(multipart({ event: 'a', lsid: 'b' }), type), event, type)
  assert.deepEqual(await partsOf(multipart({ a: 'J\xc3\xb6rg' })), [['a', 'Jörg']])
  assert.deepEqual(await partsOf(multipart({ a: 'J\xf6rg \x80' })), [['a', 'Jörg €']])
  assert.deepEqual(await partsOf(multipart({ a: '1+1 %41' })), [['a', '1+1 %41']])
  assert.deepEqual(await partsOf(multipart({ ['__proto__']: '2' })), [['__proto__', '2']])
  const twice = Buffer.concat([multipart({ a: '1' }).subarray(0, -'--XX--\r\n'.length), multipart({ a: '2' })])
  assert.deepEqual(await partsOf(twice), [['a', '2']])
})

test('a part that calls itself a file is a value like any other', async () => {
  const body = bytes(
    '--XX\r\nContent-Disposition: form-data; name="event"; filename="e.txt"\r\nContent-Type: text/plain\r\n\r\nJ\xf6rg\r\n--XX--\r\n',
  )
  assert.deepEqual(await partsOf(body), [['event', 'Jörg']])
})

test('multipart that is not well-formed is refused with a TypeError', async () => {
  const good = multipart({ event: 'a' })
  const bad: readonly [Uint8Array, string][] = [
    [good, 'multipart/form-data'],
    [good, 'multipart/form-data; boundary='],
    [good, 'multipart/form-data; boundary=YY'],
    [good.subarray(0, 20), 'multipart/form-data; boundary=XX'],
    [bytes(''), 'multipart/form-data; boundary=XX'],
    [bytes('event=a&lsid=b'), 'multipart/form-data; boundary=XX'],
  ]
  for (const [body, type] of bad) await assert.rejects(decodeBody(body, type), TypeError, type)
})

test('whatever else the Content-Type says, the body is read as a form', async () => {
  for (const type of ['', 'text/plain', 'application/json', 'application/x-www-form-urlencoded; charset=utf-16', '\0'])
    assert.deepEqual(await partsOf(bytes('event=a'), type), [['event', 'a']], type)
})

/** Bytes that are near to being a form: pieces of forms, escapes, broken ones, and anything. */
const nearlyForm = fc
  .array(
    fc.oneof(
      fc.constantFrom('event', 'lsid', 'timestamp', 'conference_id', 'type', '__proto__', ...EVENT_NAMES),
      fc.constantFrom('=', '&', '+', '%', '%4', '%41', '%F6', '%C3%B6', '%00', '%E2%82', 'rep:12', ':', '1e99', '-1'),
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 4 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => bytes(parts.join('')))

const anyBytes = fc.oneof(nearlyForm, fc.uint8Array({ maxLength: 200 }))

test('no bytes make the decoder or the parser throw, and what they make is whole', () => {
  fc.assert(
    fc.property(anyBytes, (body) => {
      const variables = decodeForm(body)
      for (const [name, value] of Object.entries(variables)) {
        assert.ok(name.isWellFormed() && value.isWellFormed())
      }
      const event = parseEvent(variables)
      assert.equal(eventDigest(variables).byteLength, 32)
      // What the journal gives back is the same event.
      const stored = JSON.parse(JSON.stringify(variables)) as Variables
      assert.equal(hex(stored), hex(variables))
      if ('malformed' in event) return
      assert.ok(event.event !== '')
      assert.ok(event.at === null || Number.isSafeInteger(event.at))
      assert.ok(event.at === null || !Number.isNaN(new Date(event.at).getTime()))
      assert.ok(event.kind === 'other' || event.lsid !== '')
    }),
    { numRuns: 20_000 },
  )
})

test('no bytes make the multipart decoder throw anything but a TypeError', async () => {
  const pieces = fc.constantFrom(
    '--XX',
    '--XX--',
    '\r\n',
    '\n',
    '\r',
    'Content-Disposition: form-data; name="event"',
    "Content-Disposition: form-data; name=event; filename*=utf-8''%41",
    'Content-Disposition: attachment',
    'Content-Type: text/plain; charset=utf-16',
    'Content-Transfer-Encoding: base64',
    '"',
    ';',
    'name="',
    'a',
    '\xf6',
    '\0',
  )
  const body = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((parts) => bytes(parts.join(''))),
    fc.array(pieces, { maxLength: 20 }).map((parts) => bytes(`--XX\r\n${parts.join('\r\n')}\r\n--XX--\r\n`)),
    fc.uint8Array({ maxLength: 100 }),
  )
  const type = fc.constantFrom(
    'multipart/form-data; boundary=XX',
    'multipart/form-data',
    'multipart/form-data; boundary="',
  )
  await fc.assert(
    fc.asyncProperty(body, type, async (given, contentType) => {
      try {
        parseEvent(await decodeBody(given, contentType))
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error))
      }
    }),
    { numRuns: 1_500 },
  )
})

test('what a form is made of comes out of it again', () => {
  // Half surrogates cannot come off the wire.
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  const pairs = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 6 })
  fc.assert(
    fc.property(pairs, (given) => {
      const encoded = new URLSearchParams(given).toString()
      assert.equal(hex(decodeForm(bytes(encoded))), hex(Object.fromEntries(given)))
    }),
    { numRuns: 2_000 },
  )
})
