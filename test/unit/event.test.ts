import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  EVENT_NAMES,
  eventDigest,
  KNOWN_VARIABLES,
  parseEvent,
  parseOwner,
  type OutboundEvent,
  type Variables,
} from '../../main/events/event.ts'

const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'

function eventOf(variables: Variables): OutboundEvent {
  const event = parseEvent(variables)
  assert.ok(!('malformed' in event), 'malformed' in event ? event.malformed : '')
  return event
}

function reasonOf(variables: Variables): string {
  const event = parseEvent(variables)
  assert.ok('malformed' in event, 'this should be no event')
  return event.malformed
}

const hex = (variables: Variables) => Buffer.from(eventDigest(variables)).toString('hex')

const STANDARD = { version: '1', timestamp: '1228310790', lsid: LSID, external_key: 'INC0010023' }
const REP = { type: 'representative', display_name: 'John Smith', user_id: '12', username: 'jsmith' }

test('the seven events of schema 1, with all their variables', () => {
  const expected: Record<(typeof EVENT_NAMES)[number], readonly [Variables, object]> = {
    support_conference_begin: [{}, { kind: 'begin' }],
    support_conference_end: [{}, { kind: 'end' }],
    support_conference_owner_changed: [
      { conference_id: 'rep:12', conference_name: 'John Smith' },
      { kind: 'ownerChanged', owner: { id: 'rep:12', kind: 'representative', ref: '12', name: 'John Smith' } },
    ],
    support_conference_member_added: [
      REP,
      {
        kind: 'memberAdded',
        member: { type: 'representative', name: 'John Smith', userId: '12', username: 'jsmith' },
      },
    ],
    support_conference_member_departed: [
      { type: 'customer', display_name: 'Jane Doe' },
      { kind: 'memberDeparted', member: { type: 'customer', name: 'Jane Doe', userId: null, username: null } },
    ],
    support_conference_customer_exit_survey_completed: [{}, { kind: 'customerSurvey' }],
    support_conference_representative_exit_survey_completed: [{}, { kind: 'representativeSurvey' }],
  }
  assert.equal(EVENT_NAMES.length, 7)
  for (const event of EVENT_NAMES) {
    const [own, meaning] = expected[event]
    const variables = { event, ...STANDARD, ...own }
    assert.deepEqual(eventOf(variables), {
      event,
      at: 1_228_310_790_000,
      version: '1',
      externalKey: 'INC0010023',
      lsid: LSID,
      variables,
      ...meaning,
    })
    for (const name of Object.keys(variables)) assert.ok(KNOWN_VARIABLES.has(name), name)
  }
})

test('without an external key there is none; an empty one is none', () => {
  const { external_key: _key, ...rest } = STANDARD
  assert.equal(eventOf({ event: 'support_conference_begin', ...rest }).externalKey, null)
  assert.equal(eventOf({ event: 'support_conference_begin', ...rest, external_key: '' }).externalKey, null)
})

test('the other spelling of the rep survey is the same event, and keeps its name', () => {
  const event = eventOf({ ...STANDARD, event: 'support_conference_rep_exit_survey_completed' })
  assert.equal(event.kind, 'representativeSurvey')
  assert.equal(event.event, 'support_conference_rep_exit_survey_completed')
})

test('Isid is taken for lsid where there is none', () => {
  for (const event of EVENT_NAMES) assert.equal(eventOf({ event, Isid: LSID }).lsid, LSID, event)
  assert.equal(eventOf({ event: 'support_conference_end', Isid: 'x', lsid: LSID }).lsid, LSID)
  assert.equal(eventOf({ event: 'support_conference_end', Isid: LSID, lsid: '' }).lsid, LSID)
  assert.equal(eventOf({ event: 'something_new', Isid: LSID }).lsid, LSID)
})

test('a member’s name may come as display_name or name', () => {
  const nameOf = (own: Variables) => {
    const event = eventOf({ event: 'support_conference_member_added', ...STANDARD, ...own })
    assert.ok('member' in event)
    return event.member.name
  }
  assert.equal(nameOf({ display_name: 'Jane' }), 'Jane')
  assert.equal(nameOf({ name: 'Jane' }), 'Jane')
  assert.equal(nameOf({ name: 'no', display_name: 'Jane' }), 'Jane')
  assert.equal(nameOf({}), '')
})

test('an unknown type of member, and one without a type, is another', () => {
  for (const own of [{ type: 'observer' }, { type: 'Customer' }, { type: '' }, {}] as Variables[]) {
    const event = eventOf({ event: 'support_conference_member_added', ...STANDARD, ...own })
    assert.ok('member' in event)
    assert.equal(event.member.type, 'other')
  }
})

test('an event that this version does not know is one all the same, with or without a session', () => {
  const variables = { event: 'access_session_start', version: '7', color: 'red' }
  assert.deepEqual(eventOf(variables), {
    kind: 'other',
    event: 'access_session_start',
    at: null,
    version: '7',
    externalKey: null,
    lsid: null,
    variables,
  })
  for (const event of ['Support_Conference_Begin', 'support_conference_begin ', '😀', 'x'.repeat(1_000_000)])
    assert.equal(eventOf({ event, lsid: LSID }).kind, 'other')
})

test('what has no event name, or no session where one belongs, is no event', () => {
  assert.match(reasonOf({}), /"event"/)
  assert.match(reasonOf({ event: '' }), /"event"/)
  assert.match(reasonOf({ lsid: LSID }), /"event"/)
  for (const event of [...EVENT_NAMES, 'support_conference_rep_exit_survey_completed']) {
    assert.match(reasonOf({ event }), /has no "lsid"/)
    assert.match(reasonOf({ event, lsid: '', Isid: '' }), /has no "lsid"/)
  }
})

test('an lsid is any text up to 255 characters', () => {
  for (const lsid of ['0', '00012', ' ', 'ü', 'a'.repeat(255)])
    assert.equal(eventOf({ event: 'support_conference_end', lsid }).lsid, lsid)
  assert.match(reasonOf({ event: 'support_conference_end', lsid: 'a'.repeat(256) }), /256 characters/)
})

test('the owner is what conference_id says, split at its first colon', () => {
  const cases: readonly [string, string, string][] = [
    ['rep:12', 'representative', '12'],
    ['team:5', 'team', '5'],
    ['general', 'general', ''],
    ['general:1', 'general', '1'],
    ['rep:a:b', 'representative', 'a:b'],
    ['rep:', 'other', ''],
    ['team:', 'other', ''],
    ['rep', 'other', ''],
    ['Rep:12', 'other', '12'],
    ['issue:7', 'other', '7'],
    ['embassy:x:y', 'other', 'x:y'],
    [':12', 'other', '12'],
    ['', 'other', ''],
    ['constructor:1', 'other', '1'],
  ]
  for (const [id, kind, ref] of cases) assert.deepEqual(parseOwner(id, 'N'), { id, kind, ref, name: 'N' }, id)
  const event = eventOf({ event: 'support_conference_owner_changed', lsid: LSID })
  assert.ok('owner' in event)
  assert.deepEqual(event.owner, { id: '', kind: 'other', ref: '', name: '' })
})

test('a timestamp is a number of seconds, or none', () => {
  const cases: readonly [string | undefined, number | null][] = [
    [undefined, null],
    ['', null],
    [' ', null],
    ['0', 0],
    ['1228310790', 1_228_310_790_000],
    [' 1228310790\r\n', 1_228_310_790_000],
    ['0001228310790', 1_228_310_790_000],
    ['1228310790.5', 1_228_310_790_500],
    ['1228310790.999999', 1_228_310_790_999],
    ['-1', null],
    ['+1', null],
    ['1e9', null],
    ['0x10', null],
    ['1,5', null],
    ['.5', null],
    ['5.', null],
    ['8640000000000', 8_640_000_000_000_000],
    ['8640000000001', null],
    ['99999999999999999999', null],
    ['1'.repeat(1_000_000), null],
    ['now', null],
    ['2026-11-22T10:00:00Z', null],
    ['NaN', null],
    ['Infinity', null],
    ['١٢٣', null],
  ]
  for (const [timestamp, at] of cases) {
    const given = timestamp === undefined ? {} : { timestamp }
    assert.equal(eventOf({ event: 'support_conference_end', lsid: LSID, ...given }).at, at, timestamp?.slice(0, 30))
  }
})

/** Any text that can come off the wire: no half surrogates. */
const text = fc.string({ unit: 'binary', maxLength: 12 })
/** Text in which whatever a digest could use to tell its parts apart is frequent. */
const tricky = fc.string({
  unit: fc.constantFrom('a', '=', '&', ':', ';', '0', '1', '2', ',', '\0', '"'),
  maxLength: 6,
})
const entries = fc.uniqueArray(fc.tuple(fc.oneof(tricky, text), fc.oneof(tricky, text)), {
  selector: ([name]) => name,
  maxLength: 6,
})

const toVariables = (pairs: readonly (readonly [string, string])[]): Variables => Object.fromEntries(pairs)

test('the digest does not depend on the order of the variables', () => {
  const shuffled = entries.chain((pairs) =>
    fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
  )
  fc.assert(
    fc.property(shuffled, ([pairs, other]) => {
      assert.equal(hex(toVariables(pairs)), hex(toVariables(other)))
    }),
    { numRuns: 2_000 },
  )
})

test('different variables have different digests, however they run together', () => {
  const keyOf = (pairs: readonly (readonly [string, string])[]) =>
    JSON.stringify(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  fc.assert(
    fc.property(entries, entries, (some, others) => {
      assert.equal(hex(toVariables(some)) === hex(toVariables(others)), keyOf(some) === keyOf(others))
    }),
    { numRuns: 5_000 },
  )
  // All small sets over a nasty alphabet, each with each.
  const words = ['', 'a', '=', 'a=', '1:a=', '0:;', ';', '1:', 'a;']
  const pairs = words.flatMap((name) => words.map((value) => [name, value] as const))
  const sets = [...pairs.map((pair) => [pair]), ...pairs.flatMap((pair) => pairs.map((other) => [pair, other]))]
  const digests = new Map<string, string>()
  for (const set of sets) {
    const variables = toVariables(set)
    const content = keyOf(Object.entries(variables))
    const known = digests.get(hex(variables))
    assert.ok(known === undefined || known === content, `${known} and ${content} have one digest`)
    digests.set(hex(variables), content)
  }
  assert.ok(digests.size > 2_000)
})

test('the digest of one event stays what it is: the repeats of an older version have to be known', () => {
  assert.equal(
    hex({ event: 'support_conference_begin', version: '1', timestamp: '1228310790', lsid: LSID, name: 'Jörg 😀' }),
    'a7fa47d385e45df6b8d57c22eaaef16603fd322f66403c15c4033bca537a0481',
  )
})
