import assert from 'node:assert/strict'
import { test } from 'node:test'

import { auditEvents } from '../appliance/audit.ts'
import { compose, type Variables } from '../appliance/event.ts'
import { startSession } from '../appliance/session.ts'
import { createWorld, findOwner, findRepresentative, GENERAL_QUEUE, teamsOf } from '../appliance/world.ts'

const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'
const world = createWorld()
const john = findRepresentative(world, 12)
const miriam = findRepresentative(world, 14)
const rui = findRepresentative(world, 17)
const team5 = findOwner(world, 'team:5')
const jane = { name: 'Jane Doe', company: 'Northwind Mills', computer: 'NWM-PC-0471' }

function start(
  options: { queue?: string; key?: string; wait?: boolean; attributes?: ReadonlyMap<string, string> } = {},
) {
  const events: Variables[] = []
  const session = startSession(
    {
      lsid: LSID,
      queue: findOwner(world, options.queue ?? 'team:5'),
      customer: jane,
      externalKey: options.key ?? null,
      ...(options.attributes === undefined ? {} : { attributes: options.attributes, sendCustomFields: true }),
      emit: (event, variables) => events.push(compose(event, 1_700_000_000_000, variables)),
    },
    { waitForCustomer: options.wait ?? false },
  )
  /** What was sent since the last call, without the standard variables, lsid and what is the same everywhere. */
  const told = () =>
    events.splice(0).map((variables) =>
      variables
        .filter(([name]) => !['version', 'timestamp', 'lsid', 'conference_name', 'username'].includes(name))
        .map(([, value]) => value.replace('support_conference_', ''))
        .join(' '),
    )
  return { session, events, told }
}

test('a session begins, gets its first owner, and the customer joins', () => {
  const { events, told } = start()
  assert.deepEqual(auditEvents(events), [])
  assert.deepEqual(told(), ['begin', 'owner_changed team:5', 'member_added customer Jane Doe'])
})

test('the customer may come later', () => {
  const { session, told } = start({ wait: true, queue: 'general' })
  assert.deepEqual(told(), ['begin', 'owner_changed general'])
  session.customerJoins()
  assert.deepEqual(told(), ['member_added customer Jane Doe'])
})

test('every variable of the guide is there, in its order', () => {
  const { session, events } = start({ key: 'INC0010023' })
  session.pickUp(john)
  assert.deepEqual(events.slice(-2), [
    [
      ['event', 'support_conference_owner_changed'],
      ['version', '1'],
      ['timestamp', '1700000000'],
      ['lsid', LSID],
      ['external_key', 'INC0010023'],
      ['conference_id', 'rep:12'],
      ['conference_name', 'John Smith'],
    ],
    [
      ['event', 'support_conference_member_added'],
      ['version', '1'],
      ['timestamp', '1700000000'],
      ['lsid', LSID],
      ['external_key', 'INC0010023'],
      ['type', 'representative'],
      ['display_name', 'John Smith'],
      ['user_id', '12'],
      ['username', 'jsmith'],
    ],
  ])
})

test('the key is in every event from its assignment on, and in none after it was taken away', () => {
  const { session, told } = start()
  told()
  session.setExternalKey('INC1')
  assert.deepEqual(told(), [], 'there is no event for a key')
  session.pickUp(john)
  session.setExternalKey('INC2')
  session.customerLeaves()
  session.setExternalKey(null)
  session.end()
  assert.deepEqual(told(), [
    'owner_changed INC1 rep:12',
    'member_added INC1 representative John Smith 12',
    'member_departed INC2 customer Jane Doe',
    'member_departed representative John Smith 12',
    'end',
  ])
})

test('a transfer changes the owner, and the one who gave it away leaves unless told to stay', () => {
  const { session, told } = start()
  session.pickUp(miriam)
  told()
  session.transfer(findOwner(world, 'rep:12'))
  session.join(john)
  assert.deepEqual(told(), [
    'owner_changed rep:12',
    'member_departed representative Miriam Okafor 14',
    'member_added representative John Smith 12',
  ])
  session.transfer(GENERAL_QUEUE, { stay: true })
  assert.deepEqual(told(), ['owner_changed general'])
  assert.deepEqual(session.representatives, [john])
  session.pickUp(john)
  assert.deepEqual(told(), ['owner_changed rep:12'])
})

test('a session that starts with a representative needs no second owner', () => {
  const { session, told } = start({ queue: 'rep:12' })
  session.pickUp(john)
  assert.deepEqual(told(), [
    'begin',
    'owner_changed rep:12',
    'member_added customer Jane Doe',
    'member_added representative John Smith 12',
  ])
})

test('when the primary representative leaves, another one in the session takes over, or it waits in its queue again', () => {
  const { session, told } = start()
  session.pickUp(john)
  session.join(rui)
  told()
  session.leave(john)
  assert.deepEqual(told(), ['member_departed representative John Smith 12', 'owner_changed rep:17'])
  session.leave(rui)
  assert.deepEqual(told(), ['member_departed representative Rui da Silva 17', 'owner_changed team:5'])
  assert.deepEqual(session.owner, team5)
})

test('a guest who leaves changes no owner', () => {
  const { session, told } = start()
  session.pickUp(john)
  session.join(rui)
  told()
  session.leave(rui)
  assert.deepEqual(told(), ['member_departed representative Rui da Silva 17'])
})

test('at the end everybody leaves first; surveys come after it, once each', () => {
  const { session, events, told } = start()
  session.pickUp(john)
  session.join(rui)
  session.end()
  session.survey('customer')
  session.survey('representative')
  assert.deepEqual(auditEvents(events), [])
  assert.deepEqual(told().slice(-6), [
    'member_departed customer Jane Doe',
    'member_departed representative John Smith 12',
    'member_departed representative Rui da Silva 17',
    'end',
    'customer_exit_survey_completed',
    'representative_exit_survey_completed',
  ])
  assert.throws(() => session.survey('customer'), /already/)
})

test('what cannot be throws, and sends nothing', () => {
  const { session, told } = start()
  told()
  const impossible: (() => void)[] = [
    () => session.customerJoins(),
    () => session.leave(john),
    () => session.transfer(team5),
    () => session.survey('representative'),
  ]
  for (const action of impossible) assert.throws(action, /^Error: session 0f3c/)
  session.pickUp(john)
  told()
  assert.throws(() => session.pickUp(john), /has it already/)
  assert.throws(() => session.join(john), /in it already/)
  session.end()
  told()
  for (const action of [
    () => session.end(),
    () => session.setExternalKey('x'),
    () => session.customerJoins(),
    () => session.customerLeaves(),
    () => session.join(rui),
    () => session.leave(john),
    () => session.pickUp(rui),
    () => session.transfer(GENERAL_QUEUE),
  ]) {
    assert.throws(action, /has ended/)
  }
  assert.deepEqual(told(), [])
})

test('custom fields stand at the end of every event', () => {
  const { session, events } = start({ attributes: new Map([['asset_no', 'NWM-PC-0471']]) })
  session.end()
  for (const variables of events) assert.deepEqual(variables.at(-1), ['session.custom.asset_no', 'NWM-PC-0471'])
  assert.deepEqual(auditEvents(events), [])
})

test('the world fits together', () => {
  const ids = world.representatives.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(new Set(world.representatives.map(({ username }) => username)).size, ids.length)
  for (const team of world.teams) for (const id of team.members) assert.ok(ids.includes(id))
  const issues = world.teams.flatMap((team) => team.issues)
  assert.equal(new Set(issues.map(({ id }) => id)).size, issues.length)
  assert.deepEqual(
    teamsOf(world, 12).map(({ id }) => id),
    [5, 7],
  )
  assert.deepEqual(findOwner(world, 'team:7'), { id: 'team:7', name: 'Onboarding' })
  for (const unknown of ['rep:99', 'team:99', 'embassy:1', '', 'rep:', 'general:1']) {
    assert.throws(() => findOwner(world, unknown), /there is no/)
  }
})

test('the audit finds what a box would not send', () => {
  const { session, events } = start({ key: 'INC1' })
  session.pickUp(john)
  session.end()
  const broken: readonly (readonly [RegExp, readonly Variables[]])[] = [
    [/before its begin/, events.slice(1)],
    [/begins twice/, [events[0] ?? [], ...events]],
    [/after the end/, [...events, events[2] ?? []]],
    [/joins twice/, [...events.slice(0, 3), events[2] ?? [], ...events.slice(3)]],
    [/without having joined/, [...events.slice(0, 2), ...events.slice(3)]],
    [/ends with/, [...events.slice(0, 3), ...events.slice(-1)]],
    [/not event version timestamp lsid external_key/, events.map((variables) => variables.toReversed())],
    [/is not one of the seven/, [compose('access_session_begin', 0, [])]],
  ]
  assert.deepEqual(auditEvents(events), [])
  for (const [problem, given] of broken) assert.match(auditEvents(given).join('\n'), problem)
})
