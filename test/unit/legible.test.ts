import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { mentions } from '../../main/events/mention.ts'
import { legible } from '../../main/legible.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))

describe('a body is legible', () => {
  test('in its character set: the named one, else UTF-8, else Windows-1252', () => {
    const shown = (body: Uint8Array, type = '') => legible(body, type).text
    assert.equal(shown(bytes('Müller')), 'Müller')
    assert.equal(shown(bytes('Müller', 'latin1')), 'Müller')
    assert.equal(shown(bytes('Müller', 'utf16le'), 'text/plain; charset=utf-16le'), 'Müller')
    assert.equal(shown(bytes('Müller'), 'text/plain; charset="UTF-8"'), 'Müller')
    assert.equal(shown(bytes('Müller'), 'text/plain; charset=no-such'), 'Müller')
  })

  test('with all that cannot be seen named, and nothing that turns the direction', () => {
    assert.deepEqual(legible(bytes('a\tb\r\nc\u202edrow\u0007\u200b\ufeff'), ''), {
      form: 'text',
      text: 'a\tb\nc⟨U+202E⟩drow⟨U+0007⟩⟨U+200B⟩⟨U+FEFF⟩',
      cut: false,
    })
  })

  test('as a dump where it is no text', () => {
    const { form, text, cut } = legible(Uint8Array.from([0, 1, 0x41, 0xff, 10]), 'application/x-www-form-urlencoded')
    assert.deepEqual([form, cut], ['hex', false])
    assert.equal(text, `000000  ${'00 01 41 ff 0a'.padEnd(47)}  ..A..`)
    assert.equal(legible(new Uint8Array(10_000), '').cut, true)
  })

  test('up to its limit, never ending in half a character', () => {
    const { text, cut } = legible(bytes(`${'x'.repeat(65_535)}€€`), '')
    assert.deepEqual([text.length, text.at(-1), cut], [65_535, 'x', true])
    assert.equal(legible(bytes('x'.repeat(65_536)), '').cut, false)
  })

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (body, type) => {
        const { form, text } = legible(body, type)
        // oxlint-disable-next-line no-control-regex
        assert.doesNotMatch(text, /[\0-\u0008\u000e-\u001f\u202a-\u202e\u2066-\u2069]/)
        assert.ok(form === 'text' || /^([\da-f]{6} {2}.*(\n|$))*$/.test(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a body mentions somebody', () => {
  const NAME = 'Zoë O’Hara-Ångström'

  test('in every form in which the appliance could write it', () => {
    const forms: readonly (readonly [Uint8Array, string?])[] = [
      [bytes(NAME)],
      [bytes(`a=1&name=${encodeURIComponent(NAME)}`)],
      [
        bytes(
          new URLSearchParams({ name: NAME })
            .toString()
            .toLowerCase()
            .replace('zo', 'Zo')
            .replace('o%e2', 'O%e2')
            .replace('hara', 'Hara')
            .replace('%c3%85', '%C3%85'),
        ),
      ],
      [bytes(JSON.stringify({ name: NAME }))],
      [bytes(NAME, 'utf16le'), 'text/plain; charset=utf-16le'],
      [new Uint8Array(Buffer.from('n=Zo\xeb+O\x92Hara-\xc5ngstr\xf6m', 'latin1'))],
      [new Uint8Array(Buffer.from('n=Zo%EB+O%92Hara-%C5ngstr%F6m', 'latin1'))],
    ]
    for (const [index, [body, type = '']] of forms.entries())
      assert.equal(mentions(body, type, [NAME]), true, `form ${index}`)
  })

  test('not by a part of another word', () => {
    assert.equal(mentions(bytes('name=Hannah'), '', ['Ann', 'Hanna', 'anna']), false)
    assert.equal(mentions(bytes('name=Ann%20Lee&key=INC12'), '', ['INC1']), false)
    assert.equal(mentions(bytes('name=Hannah,Ann.'), '', ['Ann']), true)
  })

  test('with whatever name, in a form', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(name, (text) => {
        const form = new URLSearchParams({ display_name: text }).toString()
        assert.equal(mentions(bytes(form), 'application/x-www-form-urlencoded', [text]), true)
      }),
      { numRuns: 2_000 },
    )
  })
})
