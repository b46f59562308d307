import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applyEvent, customerOf, isCustomerGone, statusOf, type Session } from '../../main/sessions/session.ts'
import {
  begin,
  customer,
  customerSurvey,
  end,
  JANE,
  joins,
  leaves,
  LSID,
  ME,
  MIRIAM,
  owner,
  play,
  repSurvey,
  representative,
  START,
  STEP,
  steps,
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'
import { checkSession } from './helpers/sessions.ts'

const at = (step: number) => START + (step - 1) * STEP
const kinds = (session: Session) => session.timeline.map((entry) => entry.kind)

describe('a session from begin to survey', () => {
  const story = [
    begin(),
    TO_TEAM,
    joins(JANE),
    owner('rep:12', 'John Smith', { external_key: 'INC0010023' }),
    joins(ME, { external_key: 'INC0010023' }),
    leaves(JANE, { external_key: 'INC0010023' }),
    leaves(ME, { external_key: 'INC0010023' }),
    end({ external_key: 'INC0010023' }),
    customerSurvey({ external_key: 'INC0010023' }),
    repSurvey({ external_key: 'INC0010023' }),
  ]

  test('has the times, the owner, the key and the members that the events say', () => {
    const session = play(story)
    checkSession(session)
    assert.equal(session.lsid, LSID)
    assert.equal(session.startedAt, at(1))
    assert.deepEqual(
      session.owners.map((each) => [each.owner.id, each.owner.kind, each.owner.ref, each.at]),
      [
        ['team:5', 'team', '5', at(2)],
        ['rep:12', 'representative', '12', at(4)],
      ],
    )
    assert.equal(session.ownerSince, at(4))
    assert.deepEqual(session.keys, [{ key: 'INC0010023', at: at(4) }])
    assert.deepEqual(session.members, [
      { type: 'customer', name: 'Jane Doe', userId: null, username: null, joinedAt: at(3), leftAt: at(6) },
      { type: 'representative', name: 'John Smith', userId: '12', username: 'jsmith', joinedAt: at(5), leftAt: at(7) },
    ])
    assert.deepEqual(
      [session.endedAt, session.customerSurveyAt, session.representativeSurveyAt],
      [at(8), at(9), at(10)],
    )
    assert.deepEqual([session.updatedAt, session.revision], [at(10), 10])
  })

  test('has a timeline that tells it in order, the key where it appeared', () => {
    const session = play(story)
    assert.deepEqual(kinds(session), [
      'started',
      'owner',
      'joined',
      'owner',
      'key',
      'joined',
      'left',
      'left',
      'ended',
      'survey',
      'survey',
    ])
    assert.deepEqual(session.timeline[4], { seq: 4, at: at(4), kind: 'key', from: null, to: 'INC0010023' })
    assert.deepEqual(session.timeline.at(-1), { seq: 10, at: at(10), kind: 'survey', by: 'representative' })
  })

  test('goes from waiting to active to ended', () => {
    const statuses = steps(story).map(({ after }) => statusOf(after))
    assert.deepEqual(statuses, [
      'waiting', // begun
      'waiting', // in the team's queue
      'waiting', // the customer is there
      'waiting', // given to a rep who has yet to join
      'active',
      'active',
      'active', // all have left; the end is near
      'ended',
      'ended',
      'ended',
    ])
  })

  test('ends with its owner although all have left', () => {
    assert.equal(play(story).owner?.id, 'rep:12')
  })
})

describe('an event that is missing', () => {
  test('no begin: the session is there from its first event on, with an unknown start', () => {
    const session = play([TO_ME, joins(JANE)])
    checkSession(session)
    assert.equal(session.startedAt, null)
    assert.equal(session.owner?.id, 'rep:12')
    assert.equal(statusOf(session), 'active', 'whether the rep is in it cannot be told')
  })

  test('an owner without a member, a member without an owner', () => {
    assert.deepEqual(play([TO_ME]).members, [])
    const attended = play([begin(), joins(ME)])
    assert.equal(attended.owner, null)
    assert.equal(statusOf(attended), 'active')
    assert.equal(statusOf(play([leaves(ME)], attended)), 'waiting')
  })

  test('a departure of somebody who was not known to be there', () => {
    const session = play([leaves(JANE)])
    checkSession(session)
    assert.deepEqual(
      [session.members[0]?.joinedAt, session.members[0]?.leftAt, customerOf(session)],
      [null, at(1), 'Jane Doe'],
    )
    assert.ok(isCustomerGone(session))
  })

  test('no end: the session stays as it was', () => {
    assert.equal(statusOf(play([begin(), TO_ME, joins(ME), leaves(JANE), leaves(ME)])), 'active')
  })
})

describe('events in another order', () => {
  test('the end before the departures: nobody is in an ended session, and who left when is kept', () => {
    const session = play([begin(), TO_ME, joins(JANE), joins(ME), end(), leaves(JANE), leaves(ME)])
    checkSession(session)
    assert.equal(session.endedAt, at(5))
    assert.deepEqual(
      session.members.map((member) => member.leftAt),
      [at(6), at(7)],
    )
  })

  test('the begin after others: its time is the start, and the order of arrival is kept', () => {
    const session = play([TO_TEAM, joins(JANE), begin()])
    assert.equal(session.startedAt, at(3))
    assert.deepEqual(kinds(session), ['owner', 'joined', 'started'])
  })

  test('a survey before the end, and one as the only event of all', () => {
    assert.equal(play([begin(), customerSurvey(), end()]).customerSurveyAt, at(2))
    const alone = play([repSurvey()])
    checkSession(alone)
    assert.equal(alone.representativeSurveyAt, at(1))
    assert.equal(statusOf(alone), 'waiting')
  })

  test('a clock that is set back does not make anybody leave before they came', () => {
    const session = play([joins(JANE, { timestamp: '1800000000' }), leaves(JANE, { timestamp: '1700000000' })])
    checkSession(session)
    assert.equal(session.updatedAt, 1_700_000_000_000)
  })
})

describe('what happens twice', () => {
  test('begin, end and surveys count once, with the first time', () => {
    const session = play([begin(), begin(), end(), end(), customerSurvey(), customerSurvey(), repSurvey(), repSurvey()])
    assert.deepEqual(
      [session.startedAt, session.endedAt, session.customerSurveyAt, session.representativeSurveyAt],
      [at(1), at(3), at(5), at(7)],
    )
    assert.deepEqual(kinds(session), ['started', 'ended', 'survey', 'survey'])
    assert.equal(session.revision, 8)
  })

  test('who is there already does not join again; by id, else by username, else by name', () => {
    const same = [
      [representative('12', 'jsmith', 'John Smith'), representative('12', 'john.smith', 'J. Smith')],
      [representative('', 'jsmith', 'John Smith'), representative('', 'jsmith', 'J. Smith')],
      [representative('', 'jsmith', 'John Smith'), representative('', '', 'John Smith')],
      [{ ...ME, user_id: '' }, ME],
      [JANE, JANE],
      [
        { type: 'customer', display_name: 'Jane Doe', user_id: '', username: '' },
        { type: 'customer', name: 'Jane Doe' },
      ],
    ] as const
    for (const [one, other] of same) assert.equal(play([joins(one), joins(other)]).members.length, 1)
    const others = [
      [ME, MIRIAM],
      [ME, { ...ME, user_id: '13' }],
      [JANE, { ...JANE, type: 'representative' }],
      [customer('Jane'), customer('John')],
      [
        { ...customer('Jane'), user_id: '' },
        { ...customer('John'), user_id: '' },
      ],
    ] as const
    for (const [one, other] of others) assert.equal(play([joins(one), joins(other)]).members.length, 2)
  })

  test('the same owner again changes nothing but a name that became known', () => {
    const session = play([owner('rep:12', ''), TO_ME, owner('rep:12', '')])
    checkSession(session)
    assert.equal(session.owners.length, 1)
    assert.equal(session.owner?.name, 'John Smith')
    assert.equal(session.ownerSince, at(1))
    assert.deepEqual(kinds(session), ['owner'])
  })

  test('who leaves and comes back is there again, and both stays are kept', () => {
    const session = play([joins(JANE), leaves(JANE), joins(JANE)])
    assert.deepEqual(
      session.members.map((member) => [member.joinedAt, member.leftAt]),
      [
        [at(1), at(2)],
        [at(3), null],
      ],
    )
    assert.ok(!isCustomerGone(session))
    assert.ok(isCustomerGone(play([leaves(JANE)], session)))
    assert.ok(isCustomerGone(play([joins(ME), leaves(JANE)], session)), 'whoever else is there')
  })

  test('an event that is in it already gives back the very same session', () => {
    const row = steps([begin(), TO_TEAM, joins(JANE), end()])
    const last = row.at(-1)?.after ?? null
    for (const { event } of row) assert.equal(applyEvent(last, event), last)
  })
})

describe('waiting', () => {
  const told = [begin(), TO_MIRIAM, joins(JANE)]

  test('a session that was given to a rep waits until one is in it', () => {
    assert.equal(statusOf(play(told)), 'waiting')
    assert.equal(statusOf(play([...told, joins(MIRIAM)])), 'active')
    assert.equal(statusOf(play([...told, joins(MIRIAM), TO_ME, leaves(MIRIAM)])), 'waiting')
    assert.equal(statusOf(play([...told, joins(MIRIAM), TO_ME, leaves(MIRIAM), joins(ME)])), 'active')
  })

  test('without a customer, nobody waits for the rep', () => {
    assert.equal(statusOf(play([begin(), TO_MIRIAM])), 'active')
  })

  test('back in a queue it waits, also while somebody is still in it', () => {
    assert.equal(statusOf(play([...told, joins(MIRIAM), TO_TEAM])), 'waiting')
    assert.equal(statusOf(play([...told, joins(MIRIAM), TO_GENERAL, leaves(MIRIAM)])), 'waiting')
  })
})
