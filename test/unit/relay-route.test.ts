import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { eventDigest } from '../../main/events/event.ts'
import { audiencesOf, filtersOf, maySee, type Entitlement } from '../../main/relay/audience.ts'
import { parseMessage, toEntry, toMessage, type EventMessage } from '../../main/relay/message.ts'
import { route, type Publication } from '../../main/relay/route.ts'
import { eventSubject, tokenOf } from '../../main/relay/subjects.ts'

const LSID = 'a'.repeat(32)

function message(variables: Record<string, string>, receivedAt = 1_000): EventMessage {
  const all = { version: '1', timestamp: '1', lsid: LSID, ...variables }
  const { event = '' } = variables
  return toMessage({
    digest: eventDigest(all),
    receivedAt,
    at: receivedAt,
    event,
    lsid: all.lsid,
    source: '192.0.2.1',
    variables: all,
  })
}

const begin = message({ event: 'support_conference_begin' })
const ownedBy = (id: string) =>
  message({ event: 'support_conference_owner_changed', conference_id: id, conference_name: 'x' })
const joined = (id: string) =>
  message({ event: 'support_conference_member_added', type: 'representative', user_id: id, display_name: 'x' })
const left = (id: string) =>
  message({ event: 'support_conference_member_departed', type: 'representative', user_id: id, display_name: 'x' })

/** Routes messages one after the other; what each led to, as `audience event` with `(history)`. */
function story(...messages: readonly EventMessage[]): readonly (readonly string[])[] {
  let state: Parameters<typeof route>[0] = null
  return messages.map((each, index) => {
    const routed = route(state, each, index + 1) ?? assert.fail('not routed')
    state = routed.after
    return routed.publications.map(
      ({ audience, message: { event, history } }) =>
        `${audience} ${event.replace('support_conference_', '')}${history ? ' (history)' : ''}`,
    )
  })
}

test('whoever sees a session from now on gets what happened before, then the event; the one before hears of the change', () => {
  assert.deepEqual(story(begin, ownedBy('team:5'), ownedBy('rep:12'), ownedBy('rep:12')), [
    [],
    ['team.5 begin (history)', 'team.5 owner_changed'],
    ['rep.12 begin (history)', 'rep.12 owner_changed (history)', 'rep.12 owner_changed', 'team.5 owner_changed'],
    ['rep.12 owner_changed'],
  ])
})

test('a representative who helps sees the session as long as they are in it', () => {
  assert.deepEqual(story(begin, ownedBy('rep:12'), joined('13'), left('13'), left('12')).slice(2), [
    ['rep.12 member_added', 'rep.13 begin (history)', 'rep.13 owner_changed (history)', 'rep.13 member_added'],
    ['rep.12 member_departed', 'rep.13 member_departed'],
    ['rep.12 member_departed'],
  ])
})

test('the general queue, and owners of a kind that is not known', () => {
  assert.deepEqual(story(begin, ownedBy('general'), ownedBy('embassy:3'), ownedBy('rep:12')), [
    [],
    ['queue.general begin (history)', 'queue.general owner_changed'],
    ['queue.general owner_changed'],
    [
      'rep.12 begin (history)',
      'rep.12 owner_changed (history)',
      'rep.12 owner_changed (history)',
      'rep.12 owner_changed',
    ],
  ])
})

test('what was routed already is not routed again, and what concerns no session not at all', () => {
  const first = route(null, begin, 7)
  assert.deepEqual(route(first?.after ?? null, begin, 7)?.publications, [])
  assert.equal(route(null, { ...begin, lsid: null }, 8), null)
})

test('the same event of the same place has the same ids', () => {
  const before = route(null, begin, 1)?.after ?? null
  const ids = () => route(before, ownedBy('team:5'), 2)?.publications.map(({ id }) => id)
  assert.deepEqual(ids(), ['2.team.5.0', '2.team.5.1'])
  assert.deepEqual(ids(), ids())
})

test('a long session is kept by its beginning and its end', () => {
  let state = route(null, begin, 1)?.after ?? null
  for (let seq = 2; seq < 1_000; seq += 1) state = route(state, ownedBy(`rep:${seq % 2}`), seq)?.after ?? null
  assert.equal(state?.events.length, 200)
  assert.equal(state?.events[0]?.event, 'support_conference_begin')
})

const id = fc.integer({ min: 1, max: 6 }).map(String)
const happening = fc.oneof(
  fc.constant(begin),
  id.map((each) => ownedBy(`rep:${each}`)),
  id.map((each) => ownedBy(`team:${each}`)),
  fc.constant(ownedBy('general')),
  id.map(joined),
  id.map(left),
)
const entitlement: fc.Arbitrary<Entitlement> = fc.record({
  rep: id,
  teams: fc.uniqueArray(id, { maxLength: 3 }),
  general: fc.boolean(),
})

test('nobody gets what they may not see, and who may see a session has all of it', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 20 }), entitlement, (messages, who) => {
      const filters = new Set(filtersOf('site', who))
      const got: Publication[] = []
      let state: Parameters<typeof route>[0] = null
      for (const [index, each] of messages.entries()) {
        const before = state?.session ?? null
        const routed = route(state, each, index + 1)
        state = routed?.after ?? state
        const after = state?.session ?? null
        const mine = (routed?.publications ?? []).filter(({ audience }) => filters.has(eventSubject('site', audience)))
        got.push(...mine)
        const sees = (before !== null && maySee(who, before)) || (after !== null && maySee(who, after))
        if (!sees) assert.deepEqual(mine, [])
        if (after !== null && maySee(who, after)) {
          const digests = new Set(got.map(({ message: { digest } }) => digest))
          for (const { digest } of messages.slice(0, index + 1)) assert.ok(digests.has(digest))
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a token is one token, and no two texts share one', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.string({ unit: 'grapheme', minLength: 1 }),
      (a, b) => {
        assert.match(tokenOf(a), /^[A-Za-z0-9_~-]+$/)
        assert.equal(tokenOf(a) === tokenOf(b), a === b)
      },
    ),
  )
})

test('a message comes back as it was, and what is none is none', () => {
  const entry = toEntry(begin)
  assert.deepEqual(toMessage(entry), begin)
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  assert.deepEqual(parseMessage(bytes(begin)), begin)
  for (const bad of [
    null,
    [],
    {},
    { ...begin, at: '1' },
    { ...begin, variables: { a: 1 } },
    { ...begin, history: 1 },
  ]) {
    assert.equal(parseMessage(bytes(bad)), null)
  }
  assert.equal(parseMessage(new Uint8Array([0xff, 0x00])), null)
  assert.deepEqual(audiencesOf({ rep: '12', teams: ['5'], general: true }), ['rep.12', 'team.5', 'queue.general'])
})
