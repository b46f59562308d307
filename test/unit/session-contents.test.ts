import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { customerOf, isPresent, statusOf, type Session } from '../../main/sessions/session.ts'
import {
  begin,
  customer,
  customerSurvey,
  end,
  JANE,
  joins,
  leaves,
  ME,
  owner,
  play,
  repSurvey,
  START,
  STEP,
  TO_ME,
  TO_TEAM,
} from './helpers/events.ts'
import { checkSession } from './helpers/sessions.ts'

const at = (step: number) => START + (step - 1) * STEP
const present = (session: Session) =>
  session.members.filter((member) => member.leftAt === null).map((member) => member.name)

describe('the external key', () => {
  const withKey = (key: string) => ({ external_key: key })

  test('appears, changes, vanishes and comes back in mid-session', () => {
    const session = play([
      begin(),
      TO_ME,
      joins(JANE, withKey('INC1')),
      joins(ME, withKey('INC2')),
      leaves(ME),
      joins(ME, withKey('INC2')),
    ])
    checkSession(session)
    assert.deepEqual(
      session.keys.map(({ key }) => key),
      ['INC1', 'INC2', null, 'INC2'],
    )
    assert.equal(session.externalKey, 'INC2')
  })

  test('an empty one is none', () => {
    assert.deepEqual(play([begin(withKey(''))]).keys, [])
    assert.equal(play([begin(withKey('INC1')), TO_ME, end(withKey(''))]).externalKey, null)
  })

  test('surveys and unknown events bring a key, and take none away by not having it', () => {
    const session = play([begin(withKey('INC1')), end(withKey('INC1'))])
    assert.equal(play([customerSurvey(), repSurvey(), { event: 'something_new' }], session).externalKey, 'INC1')
    assert.equal(play([customerSurvey(withKey('INC2'))], session).externalKey, 'INC2')
    assert.equal(play([{ event: 'something_new', ...withKey('INC3') }], session).externalKey, 'INC3')
  })

  test('is opaque: blanks, long digits and other scripts stay as they are', () => {
    for (const key of [' INC 1 ', '00123', 'Ελένη/42', '💻'.repeat(3)])
      assert.equal(play([begin(withKey(key))]).externalKey, key)
  })
})

describe('what this version does not know', () => {
  test('an unknown event stands in the timeline, and its variables are kept', () => {
    const session = play([begin(), { event: 'support_conference_note_added', note: 'hello' }])
    assert.deepEqual(session.timeline.at(-1), {
      seq: 2,
      at: at(2),
      kind: 'unknown',
      event: 'support_conference_note_added',
    })
    assert.deepEqual(session.variables, { note: 'hello' })
  })

  test('unknown variables of known events are kept, the latest value of each', () => {
    const session = play([begin({ 'session.custom.asset': 'PC-1', a: '1' }), end({ 'session.custom.asset': 'PC-2' })])
    assert.deepEqual(session.variables, { 'session.custom.asset': 'PC-2', a: '1' })
  })

  test('names that mean something to JavaScript are names', () => {
    const session = play([JSON.parse('{"event":"support_conference_begin","__proto__":"x","constructor":"y"}')])
    checkSession(session)
    assert.deepEqual(Object.entries(session.variables), [['constructor', 'y']])
    assert.equal(Object.getPrototypeOf(session.variables), Object.prototype)
  })

  test('an owner of an unknown kind is kept with its text, and is nobody to wait for once a rep is there', () => {
    const session = play([begin(), owner('queue:a:b', 'With two colons'), joins(JANE)])
    assert.deepEqual(session.owner, { id: 'queue:a:b', kind: 'other', ref: 'a:b', name: 'With two colons' })
    assert.equal(statusOf(session), 'waiting')
    assert.equal(statusOf(play([joins(ME)], session)), 'active')
  })

  test('a member of an unknown type is neither customer nor representative', () => {
    const session = play([begin(), TO_TEAM, joins({ type: 'observer', display_name: 'Recorder' })])
    assert.equal(customerOf(session), null)
    assert.ok(isPresent(session, 'other') && !isPresent(session, 'representative'))
  })
})

describe('bounds', () => {
  const many = (count: number, make: (index: number) => Record<string, string>) =>
    Array.from({ length: count }, (_, index) => make(index))

  test('the timeline keeps the last hundred entries and counts the others', () => {
    const session = play(many(250, (index) => ({ event: `unknown_${index}` })))
    checkSession(session)
    assert.equal(session.timeline.length, 100)
    assert.equal(session.timelineDropped, 150)
    assert.equal(session.timeline[0]?.seq, 151)
  })

  test('owners and keys keep the last thirty', () => {
    const session = play(many(100, (index) => owner(`rep:${index}`, '', { external_key: `INC${index}` })))
    checkSession(session)
    assert.deepEqual([session.owners.length, session.keys.length], [30, 30])
    assert.equal(session.owner?.id, 'rep:99')
  })

  test('of too many members those who left go first, so that the board tells the truth', () => {
    const flapping = many(300, (index) => (index % 2 === 0 ? joins(ME) : leaves(ME)))
    const session = play([begin(), TO_ME, joins(JANE), ...flapping, joins(ME)])
    checkSession(session)
    assert.equal(session.members.length, 50)
    assert.deepEqual(present(session), ['Jane Doe', 'John Smith'])
    assert.equal(customerOf(session), 'Jane Doe')
    const gone = play([begin(), TO_ME, joins(JANE), leaves(JANE), ...flapping])
    assert.equal(customerOf(gone), 'Jane Doe', 'a customer who left is still the customer')
    checkSession(play(many(80, (index) => joins(customer(`Customer ${index}`)))))
  })

  test('unknown variables stop at fifty; those that are in go on changing', () => {
    const session = play([
      begin(Object.fromEntries(many(80, () => ({})).map((_, index) => [`custom_${index}`, 'x']))),
      end({ custom_0: 'y', one_more: 'z' }),
    ])
    checkSession(session)
    assert.equal(Object.keys(session.variables).length, 50)
    assert.equal(session.variables['custom_0'], 'y')
    assert.equal(session.variables['one_more'], undefined)
  })

  test('long texts are clipped, never in the middle of a character', () => {
    const long = (length: number) => `${'a'.repeat(length - 2)}💻 and more`
    const session = play([
      begin({ external_key: long(1024), [long(200)]: long(1024) }),
      owner(`rep:${long(196)}`, long(200)),
      joins({ type: 'customer', display_name: long(200) }),
      joins({ type: 'representative', display_name: 'x', user_id: long(200), username: long(200) }),
      { event: long(200) },
    ])
    checkSession(session)
    assert.equal(customerOf(session), `${'a'.repeat(198)}…`)
    const again = play([leaves({ type: 'customer', display_name: long(200) })], session)
    assert.equal(again.members.length, 2, 'the same long name is the same member')
    const repAgain = play([joins({ type: 'representative', user_id: long(200), username: long(200) })], session)
    assert.equal(repAgain.members.length, 2)
  })
})
