import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holds, planLater, tagOf, type SessionAlertKind } from '../../main/attention/notification.ts'
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
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'
import { planOf, alertOf, shown, KEY, GIVEN_TO_ME, MINE, IN_QUEUE, type Row, HERS } from './helpers/plans.ts'
import { alertWith, settingsWith } from './helpers/state.ts'

describe('a session comes to me', () => {
  test('from a colleague: at once', () => {
    const plan = planOf(GIVEN_TO_ME)
    assert.ok(plan !== null && 'alert' in plan)
    assert.ok(!plan.alert.refresh)
  })

  test('as the first thing that is heard of it: at once', () => {
    const plan = planOf([TO_ME])
    assert.ok(plan !== null && 'alert' in plan)
    assert.equal(plan.alert.kind, 'transferred')
  })

  test('from a queue: in a moment, unless I have joined by then, for then I took it myself', () => {
    const taken = [...IN_QUEUE, TO_ME]
    assert.deepEqual(planOf(taken), { later: 'transferred', wait: 250 })
    assert.equal(alertOf(taken)?.kind, 'transferred')
    assert.equal(planLater('transferred', play([...taken, joins(ME)]), settingsWith(), null), null)
    assert.equal(planOf([...IN_QUEUE, joins(ME), TO_ME]), null, 'also if the joining comes first')
  })

  test('straight: in a moment too, so that the name is in it, and no session that I start myself', () => {
    assert.deepEqual(planOf([begin(), TO_ME]), { later: 'started', wait: 250 })
    assert.equal(planOf([begin(), TO_ME, joins(JANE)], { pending: 'started' }), null)
    assert.equal(planLater('started', play([begin(), TO_ME, joins(ME)]), settingsWith(), null), null)
  })

  test('because its owner left it while I was helping: that is news', () => {
    const later = { timestamp: '1800000000' }
    const helped = [...HERS, joins(ME), owner('rep:12', 'John Smith', later)]
    assert.equal(alertOf(helped)?.kind, 'transferred')
    assert.deepEqual(planOf([...helped, leaves(MIRIAM, later)], { previous: shown('transferred', helped) }), null)
  })

  test('again, after it had been elsewhere', () => {
    assert.equal(alertOf([...MINE, TO_MIRIAM, TO_ME])?.kind, 'transferred')
    const viaQueue = [...MINE, TO_TEAM, leaves(ME), owner('rep:12', 'John Smith', { timestamp: '1800000000' })]
    assert.equal(alertOf(viaQueue)?.kind, 'transferred')
  })

  test('and I join it: the alert has done its work', () => {
    const previous = shown('transferred', GIVEN_TO_ME)
    assert.equal(planOf([...GIVEN_TO_ME, leaves(MIRIAM, KEY)], { previous }), null)
    assert.deepEqual(planOf(MINE, { previous }), { dismiss: previous.tag })
    assert.equal(planOf(MINE, { previous: { ...previous, read: true } }), null)
  })

  test('and goes to somebody else: the alert is untrue', () => {
    for (const kind of ['transferred', 'customerLeft', 'customerJoined'] as const) {
      const previous = alertWith({ kind, tag: tagOf(LSID), lsid: LSID })
      assert.deepEqual(planOf([...GIVEN_TO_ME, TO_MIRIAM], { previous }), { dismiss: previous.tag }, kind)
    }
    const ended = alertWith({ kind: 'ended' })
    assert.equal(planOf([...MINE, end(), TO_MIRIAM], { previous: ended }), null, 'what has ended has ended')
  })
})

describe('a session waits in a queue', () => {
  const previous = shown('teamQueue', IN_QUEUE)

  test('of my team: in a moment, with its customer’s name', () => {
    assert.deepEqual(planOf([begin(), TO_TEAM]), { later: 'teamQueue', wait: 250 })
    assert.equal(planOf(IN_QUEUE, { pending: 'teamQueue' }), null)
    assert.equal(previous.body, 'Jane Doe · no ticket')
  })

  test('and somebody takes it: nothing, or no more', () => {
    assert.equal(planLater('teamQueue', play([...IN_QUEUE, TO_MIRIAM]), settingsWith(), null), null)
    assert.deepEqual(planOf([...IN_QUEUE, TO_MIRIAM], { previous }), { dismiss: previous.tag })
    assert.deepEqual(planOf([...IN_QUEUE, TO_ME, joins(ME)], { previous }), { dismiss: previous.tag })
  })

  test('and ends: no more', () => {
    assert.deepEqual(planOf([...IN_QUEUE, end()], { previous }), { dismiss: previous.tag })
  })

  test('and the customer gives up: no more, unless they are back in a moment', () => {
    const gone = [...IN_QUEUE, leaves(JANE)]
    assert.deepEqual(planOf(gone, { previous }), { later: 'customerLeft', wait: 1_500 })
    assert.deepEqual(planLater('customerLeft', play(gone), settingsWith(), previous), { dismiss: previous.tag })
    const back = [...gone, joins(JANE)]
    assert.equal(planOf(back, { previous, pending: 'customerLeft' }), null)
    assert.equal(planLater('customerLeft', play(back), settingsWith(), previous), null)
    assert.deepEqual(planOf(back), { later: 'teamQueue', wait: 250 }, 'back after a while, they wait again')
    const taken = [...gone, TO_MIRIAM]
    assert.deepEqual(planOf(taken, { previous, pending: 'customerLeft' }), { dismiss: previous.tag })
  })

  test('without a customer who could wait: nothing', () => {
    const closing = [begin(), TO_ME, joins(JANE), joins(ME), leaves(JANE), TO_TEAM]
    assert.equal(planOf(closing), null)
    assert.equal(planOf([...closing.slice(0, -1), TO_GENERAL], { settings: { 'notify.generalQueue': true } }), null)
  })

  test('where I put it: in a moment too', () => {
    assert.deepEqual(planOf([...MINE, TO_TEAM]), { later: 'teamQueue', wait: 250 })
  })

  test('of two of my teams in turn: the second replaces the first', () => {
    const settings = { 'me.teams': ['5', '7'] }
    const moved = [...IN_QUEUE, owner('team:7', 'Onboarding')]
    assert.equal(alertOf(moved, { settings, previous })?.title, 'Customer waiting in Onboarding')
  })
})

describe('what becomes known later', () => {
  test('the customer’s name goes into what is shown already, without a sound', () => {
    const before = [begin(), TO_ME]
    const previous = shown('started', before, { id: 7 })
    const alert = alertOf([...before, joins(JANE)], { previous })
    assert.deepEqual(
      [alert?.kind, alert?.tag, alert?.title, alert?.body, alert?.refresh],
      ['started', previous.tag, previous.title, 'Jane Doe · no ticket', true],
    )
  })

  test('so does the ticket', () => {
    const previous = shown('teamQueue', IN_QUEUE)
    assert.equal(alertOf([...IN_QUEUE, joins(MIRIAM, KEY)], { previous })?.body, 'Jane Doe · INC0010023')
  })

  test('not into what was read, nor where nothing is to be seen of it', () => {
    const before = [begin(), TO_ME]
    const previous = shown('started', before)
    assert.equal(planOf([...before, joins(JANE)], { previous: { ...previous, read: true } }), null)
    const hidden = { ...previous, body: 'Open Rep Tray for the details' }
    assert.equal(planOf([...before, joins(JANE)], { previous: hidden, settings: { 'notify.details': false } }), null)
  })
})

describe('the customer of a session of mine', () => {
  test('leaves: told after a while, for the end may follow, or they come right back', () => {
    const gone = [...MINE, leaves(JANE)]
    assert.deepEqual(planOf(gone), { later: 'customerLeft', wait: 1_500 })
    assert.equal(planOf([...gone, leaves(ME)], { pending: 'customerLeft' }), null)
    assert.equal(alertOf([...gone, leaves(ME), end()], { pending: 'customerLeft' })?.kind, 'ended')
    assert.equal(planOf([...gone, joins(JANE)], { pending: 'customerLeft' }), null)
    assert.equal(planLater('customerLeft', play([...gone, joins(JANE)]), settingsWith(), null), null)
    assert.equal(planLater('customerLeft', play([...gone, TO_MIRIAM]), settingsWith(), null), null)
  })

  test('leaves while one stays: nobody has left me alone', () => {
    assert.equal(planOf([...MINE, joins(customer('Tom')), leaves(JANE)]), null)
    assert.equal(planOf([...MINE, joins(customer('Tom'))]), null, 'nor is one more somebody who is back')
  })

  test('is back: what said that they left is gone, also if that is not told', () => {
    const gone = [...MINE, leaves(JANE)]
    const previous = shown('customerLeft', gone)
    assert.equal(alertOf([...gone, joins(JANE)], { previous })?.kind, 'customerJoined')
    const off = { 'notify.customerJoined': false }
    assert.deepEqual(planOf([...gone, joins(JANE)], { previous, settings: off }), { dismiss: previous.tag })
  })

  test('comes long after the session: that is news of its own', () => {
    const late = joins(JANE, { timestamp: '1800000000' })
    const alert = alertOf([begin(), TO_ME, joins(ME), joins(MIRIAM), late])
    assert.deepEqual([alert?.kind, alert?.title], ['customerJoined', 'Customer joined your session'])
  })

  test('a departure does not push aside that the session has just become mine', () => {
    assert.equal(planOf([...IN_QUEUE, TO_ME, leaves(JANE)], { pending: 'transferred' }), null)
  })
})

test('what an alert says is held against the session as it is', () => {
  const settings = settingsWith()
  const cases: readonly [SessionAlertKind, Row, boolean][] = [
    ['transferred', GIVEN_TO_ME, true],
    ['transferred', MINE, false],
    ['transferred', [...GIVEN_TO_ME, end()], false],
    ['teamQueue', IN_QUEUE, true],
    ['teamQueue', [...IN_QUEUE, leaves(JANE)], false],
    ['generalQueue', [TO_GENERAL], true],
    ['generalQueue', [TO_GENERAL, TO_TEAM], false],
    ['customerJoined', MINE, true],
    ['customerJoined', [...MINE, leaves(JANE)], false],
    ['customerLeft', [...MINE, leaves(JANE)], true],
    ['customerLeft', [...MINE, leaves(JANE), end()], false],
    ['ended', [...MINE, end()], true],
    ['survey', [customerSurvey()], true],
  ]
  for (const [kind, events, expected] of cases)
    assert.equal(holds(kind, play(events), settings), expected, `${kind} ${JSON.stringify(events.at(-1))}`)
})
