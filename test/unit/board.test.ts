import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { SessionRow } from '../../preload/contract.ts'
import {
  byUrgency,
  detailsOf,
  isMyself,
  leavesAt,
  pruned,
  relationOf,
  restoredBoard,
  rowOf,
  withSession,
  type Board,
} from '../../main/sessions/board.ts'
import type { Session } from '../../main/sessions/session.ts'
import {
  begin,
  customerSurvey,
  end,
  JANE,
  joins,
  leaves,
  ME,
  MIRIAM,
  owner,
  play,
  START,
  STEP,
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'

const me = { 'me.repId': '12', 'me.username': 'jsmith', 'me.teams': ['5', '7'] }
const nobody = { 'me.repId': '', 'me.username': '', 'me.teams': [] }
const HOUR = 3_600_000

function boardOf(...sessions: readonly Session[]): Board {
  return sessions.reduce<Board>(withSession, new Map())
}

describe('how a session concerns the rep', () => {
  test('by its owner now, else by a queue of theirs that it came through', () => {
    const cases = [
      [[TO_ME], 'mine'],
      [[TO_TEAM], 'team'],
      [[owner('team:9', 'Network')], 'other'],
      [[TO_GENERAL], 'general'],
      [[TO_MIRIAM], 'other'],
      [[begin()], 'other'],
      [[TO_TEAM, TO_MIRIAM], 'team'],
      [[TO_ME, TO_MIRIAM], 'team'],
      [[TO_TEAM, TO_GENERAL], 'general'],
      [[TO_GENERAL, TO_MIRIAM], 'other'],
      [[TO_MIRIAM, TO_ME], 'mine'],
      [[owner('embassy:12', '')], 'other'],
      [[owner('rep:', '')], 'other'],
    ] as const
    for (const [events, relation] of cases) assert.equal(relationOf(play(events), me), relation, JSON.stringify(events))
  })

  test('names are display text: they make nothing mine', () => {
    assert.equal(relationOf(play([owner('rep:99', 'John Smith')]), me), 'other')
    assert.equal(relationOf(play([owner('other:12', 'John Smith')]), me), 'other')
  })

  test('whoever is not known has no session', () => {
    for (const event of [TO_ME, TO_TEAM, owner('rep:', 'x'), owner('team:', 'x')])
      assert.equal(relationOf(play([event]), nobody), 'other')
  })

  test('a member is the rep by id, else by username in any case of its letters', () => {
    const member = (userId: string | null, username: string | null) =>
      ({ type: 'representative', userId, username }) as const
    assert.ok(isMyself(member('12', 'somebody'), me))
    assert.ok(!isMyself(member('13', 'jsmith'), me))
    assert.ok(isMyself(member(null, 'JSmith'), me))
    assert.ok(isMyself(member('', 'jsmith'), me))
    assert.ok(isMyself(member('12', 'JSmith'), { ...me, 'me.repId': '' }))
    assert.ok(!isMyself(member(null, null), nobody) && !isMyself(member('', ''), nobody))
    assert.ok(!isMyself({ ...member('12', 'jsmith'), type: 'customer' }, me))
  })
})

describe('a line of the board', () => {
  test('says who is in the session now', () => {
    const session = play([begin({ external_key: 'INC1' }), TO_ME, joins(JANE), joins(ME), joins(MIRIAM), leaves(ME)])
    const row = rowOf(session, me)
    assert.deepEqual(
      [row.status, row.customer, row.customerPresent, row.representatives],
      ['active', 'Jane Doe', true, ['Miriam Okafor']],
    )
    assert.equal(rowOf(play([leaves(JANE)], session), me).customerPresent, false)
    assert.deepEqual(rowOf(play([end()], session), me).representatives, [])
  })

  test('is all that the details have besides histories', () => {
    const session = play([begin(), TO_ME, joins(JANE)])
    const { owners, keys, members, timeline, timelineDropped, variables, ...row } = detailsOf(session, me)
    assert.deepEqual(row, rowOf(session, me))
    assert.equal(owners.length + keys.length + members.length + timeline.length + timelineDropped, 1 + 0 + 1 + 3 + 0)
    assert.deepEqual(variables, {})
  })
})

describe('what leaves the board', () => {
  const live = play([begin(), TO_ME], null, 'live')
  const over = play([begin(), end()], null, 'over')

  test('a live session after a silent day, an ended one after an hour; not a moment before', () => {
    assert.equal(leavesAt(live), START + STEP + 24 * HOUR)
    assert.equal(leavesAt(over), START + STEP + HOUR)
    const board = boardOf(live, over)
    assert.equal(pruned(board, leavesAt(over) - 1), board, 'the same object if nothing left')
    assert.deepEqual([...pruned(board, leavesAt(over)).keys()], ['live'])
    assert.equal(pruned(board, leavesAt(live)).size, 0)
  })

  test('a survey brings an ended session back for an hour', () => {
    const surveyed = play([customerSurvey({ timestamp: String((START + 5 * HOUR) / 1000) })], over, 'over')
    assert.equal(pruned(boardOf(surveyed), START + 5 * HOUR + 1).size, 1)
    assert.equal(pruned(boardOf(surveyed), START + 6 * HOUR).size, 0)
  })

  test('of more than 500 the ended ones leave first, then those changed longest ago', () => {
    const make = (index: number, isOver: boolean): Session => ({
      ...(isOver ? over : live),
      lsid: `${isOver ? 'over' : 'live'} ${index}`,
      revision: index,
    })
    const sessions = Array.from({ length: 900 }, (_, index) => make(index, index % 3 === 0))
    const board = pruned(boardOf(...sessions), START)
    assert.equal(board.size, 500)
    assert.ok([...board.values()].every((session) => session.endedAt === null && session.revision >= 149))
  })

  test('a flood never makes it larger than twice that, and the session of the event stays', () => {
    let board: Board = new Map()
    for (let index = 0; index < 5_000; index += 1) {
      board = withSession(board, { ...live, lsid: `live ${index}`, revision: index })
      assert.ok(board.size <= 1_000)
      assert.ok(board.has(`live ${index}`))
    }
  })

  test('adding a session leaves the board before as it was', () => {
    const before = boardOf(live)
    const after = withSession(before, over)
    assert.deepEqual([before.size, after.size], [1, 2])
  })

  test('it is like a map that is copied for each change, however many there are', () => {
    const changes = fc.array(fc.record({ name: fc.integer({ min: 0, max: 60 }), revision: fc.nat() }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(changes, (all) => {
        let board: Board = new Map()
        let copied: ReadonlyMap<string, Session> = new Map()
        for (const { name, revision } of all) {
          const session = { ...live, lsid: `live ${name}`, revision }
          const before = [...board.values()]
          const next = withSession(board, session)
          assert.deepEqual([...board.values()], before)
          board = next
          copied = new Map(copied).set(session.lsid, session)
          assert.equal(board.size, copied.size)
          assert.equal(board.get(session.lsid), session)
        }
        assert.deepEqual([...board.keys()], [...copied.keys()])
        assert.ok([...board.values()].every((session) => copied.get(session.lsid) === session))
        assert.ok([...copied.keys()].every((lsid) => board.has(lsid)) && !board.has('another'))
      }),
      { numRuns: 60 },
    )
  })
})

test('from the index comes the board that was there', () => {
  const now = START + 2 * HOUR
  const sessions = [
    play([begin(), TO_ME, joins(JANE)], null, 'a'),
    play([begin(), end()], null, 'b'),
    play([begin({ timestamp: String(START / 1000 - 25 * 3600) })], null, 'c'),
  ]
  const asked: number[] = []
  const index = {
    sessionsSince: (since: number) => {
      asked.push(since)
      return sessions.filter((each) => each.updatedAt >= since).map((each) => ({ data: JSON.stringify(each) }))
    },
  }
  assert.deepEqual([...restoredBoard(index, now).values()], [...pruned(boardOf(...sessions), now).values()])
  assert.deepEqual(asked, [now - 24 * HOUR])
})

describe('the order', () => {
  test('waiting first, the longest first; then active, then ended, the latest change first', () => {
    const rows = [
      rowOf(play([begin(), end()], null, 'ended'), me),
      rowOf(play([begin(), TO_ME], null, 'active'), me),
      rowOf(play([begin(), joins(ME), joins(MIRIAM), TO_ME], null, 'active later'), me),
      rowOf(play([begin(), begin(), TO_TEAM], null, 'waits'), me),
      rowOf(play([begin(), TO_TEAM, joins(JANE), joins(ME)], null, 'waits longer'), me),
      rowOf(play([joins(JANE)], null, 'has no owner'), me),
    ]
    assert.deepEqual(
      rows.toSorted(byUrgency).map((row) => row.lsid),
      ['has no owner', 'waits longer', 'waits', 'active later', 'active', 'ended'],
    )
  })

  test('is a total order, so that no two pushes ever differ', () => {
    const some = rowOf(play([begin(), TO_ME]), me)
    const row = fc.record({
      status: fc.constantFrom('waiting', 'active', 'ended'),
      ownerSince: fc.option(fc.integer({ min: 1, max: 4 })),
      updatedAt: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(), (made, turn) => {
        // No two sessions have the same last event.
        const rows = made.map((each, revision): SessionRow => ({ ...some, ...each, lsid: `${revision}`, revision }))
        const sorted = rows.toSorted(byUrgency)
        const turned = [...rows.slice(turn % (rows.length + 1)), ...rows.slice(0, turn % (rows.length + 1))]
        assert.deepEqual(turned.toReversed().toSorted(byUrgency), sorted)
        for (const a of rows) {
          for (const b of rows) {
            assert.equal(Math.sign(byUrgency(a, b)), -Math.sign(byUrgency(b, a)) + 0)
            assert.equal(byUrgency(a, b) === 0, a === b)
          }
        }
      }),
    )
  })
})
