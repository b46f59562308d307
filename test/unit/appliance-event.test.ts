import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { compose, encode, valueOf, type BodyForm, type Variables } from '../appliance/event.ts'
import { isOddKind, makeOdd, makeOddAtRandom, ODD_KINDS } from '../appliance/odd.ts'
import { createRandom } from '../appliance/random.ts'
import { encodeWindows1252 } from '../appliance/windows-1252.ts'

const VARIABLES: Variables = compose('support_conference_owner_changed', 1_228_310_790_999, [
  ['lsid', '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'],
  ['external_key', 'INC0010023'],
  ['conference_id', 'rep:12'],
  ['conference_name', 'Jörg Über & Söhne = 100 %+1'],
])

const bodyOf = (form: BodyForm, variables = VARIABLES) => encode({ id: 1, form, variables })

test('the standard variables come first, and the time is in whole seconds', () => {
  assert.deepEqual(VARIABLES.slice(0, 4), [
    ['event', 'support_conference_owner_changed'],
    ['version', '1'],
    ['timestamp', '1228310790'],
    ['lsid', '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'],
  ])
})

test('the usual body is an urlencoded form', () => {
  const { contentType, body } = bodyOf('urlencoded')
  assert.equal(contentType, 'application/x-www-form-urlencoded')
  assert.equal(
    body.toString('latin1'),
    'event=support_conference_owner_changed&version=1&timestamp=1228310790&lsid=0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b' +
      '&external_key=INC0010023&conference_id=rep%3A12' +
      '&conference_name=J%C3%B6rg+%C3%9Cber+%26+S%C3%B6hne+%3D+100+%25%2B1',
  )
})

test('every form in UTF-8 can be read back', () => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (variables) => {
      for (const form of ['urlencoded', 'percent-blanks', 'charset-parameter', 'no-content-type'] as const) {
        const { body } = bodyOf(form, variables)
        assert.deepEqual([...new URLSearchParams(body.toString('utf8'))], variables)
      }
    }),
  )
})

test('blanks can be written as %20', () => {
  assert.ok(!bodyOf('percent-blanks').body.toString().includes('+'))
  assert.match(bodyOf('percent-blanks').body.toString(), /=J%C3%B6rg%20%C3%9Cber%20/)
})

test('Windows-1252 is what TextDecoder knows by that name', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const defined = bytes.filter((byte) => ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte))
  const text = new TextDecoder('windows-1252').decode(defined)
  assert.deepEqual(encodeWindows1252(text), defined)
  assert.deepEqual(encodeWindows1252('漢 €🎫'), Uint8Array.of(0x3f, 0x20, 0x80, 0x3f))
  assert.match(bodyOf('windows-1252').body.toString('latin1'), /conference_name=J%F6rg\+%DCber\+%26\+S%F6hne\+%3D/)
})

test('multipart is read back by the platform', async () => {
  const { contentType, body } = bodyOf('multipart')
  const response = new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType ?? '' } })
  assert.deepEqual([...(await response.formData())], VARIABLES)
})

test('a seeded stream repeats itself, and forks do not depend on what was drawn before', () => {
  const draw = (seed: number) => createRandom(seed).hex(50)
  assert.deepEqual(draw(7), draw(7))
  assert.notDeepEqual(draw(7), draw(8))
  const used = createRandom(7)
  used.hex(3)
  assert.equal(used.fork('a').hex(32), createRandom(7).fork('a').hex(32))
  assert.notEqual(used.fork('a').hex(32), used.fork('b').hex(32))
})

test('a stream is even: no hexadecimal digit is rare', () => {
  const counts = new Map<string, number>()
  for (const digit of createRandom(1).hex(16_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  assert.equal(counts.size, 16)
  for (const count of counts.values()) assert.ok(count > 850 && count < 1150, String(count))
})

/** For each kind an event that can be odd in that way. */
const FITTING: Readonly<Record<string, Variables>> = {
  'rep-survey': compose('support_conference_representative_exit_survey_completed', 0, [['lsid', 'a']]),
  name: compose('support_conference_member_added', 0, [['display_name', 'Jane Doe']]),
  'unknown-member': compose('support_conference_member_added', 0, [['display_name', 'Jane Doe']]),
  'empty-key': compose('support_conference_begin', 0, [['lsid', 'a']]),
}

for (const [kind] of ODD_KINDS) {
  test(`odd: ${kind} changes the event or adds one`, () => {
    const draft = { form: 'urlencoded', variables: FITTING[kind] ?? VARIABLES } as const
    const drafts = makeOdd(kind, draft, createRandom(1))
    assert.ok(drafts !== null)
    assert.notDeepEqual(drafts, [draft])
    // What the event says is not lost: it is there as it was, or in other clothes.
    if (drafts.length > 1) assert.ok(drafts.includes(draft))
    for (const made of drafts) assert.ok(encode({ ...made, id: 1 }).body.length < 1024 * 1024)
  })
}

test('odd: what does not fit an event leaves it alone', () => {
  const end = { form: 'urlencoded', variables: compose('support_conference_end', 0, [['lsid', 'a']]) } as const
  const random = createRandom(1)
  for (const kind of ['unknown-owner', 'unknown-member', 'name', 'rep-survey', 'windows-1252'] as const) {
    assert.equal(makeOdd(kind, end, random), null)
  }
  const seen = new Set(Array.from({ length: 500 }, () => JSON.stringify(makeOddAtRandom(end, random))))
  assert.ok(seen.size > 10)
  assert.ok(isOddKind('multipart') && !isOddKind('toString'))
})

test('odd: names and spellings are those that recipients have met', () => {
  const first = (kind: 'misspelt-lsid' | 'rep-survey' | 'name' | 'other-version', variables: Variables) =>
    makeOdd(kind, { form: 'urlencoded', variables }, createRandom(1))?.[0]?.variables ?? []
  assert.equal(valueOf(first('misspelt-lsid', VARIABLES), 'Isid'), '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b')
  assert.equal(valueOf(first('misspelt-lsid', VARIABLES), 'lsid'), undefined)
  assert.equal(valueOf(first('name', FITTING['name'] ?? []), 'name'), 'Jane Doe')
  const survey = first('rep-survey', FITTING['rep-survey'] ?? [])
  assert.equal(valueOf(survey, 'event'), 'support_conference_rep_exit_survey_completed')
})
