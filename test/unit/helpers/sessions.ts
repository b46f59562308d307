/** What holds of every session, whatever came in. */
import assert from 'node:assert/strict'
import { rowOf } from '../../../main/sessions/board.ts'
import { applyEvent, customerOf, statusOf, type NumberedEvent, type Session } from '../../../main/sessions/session.ts'

const BOUNDS = { timeline: 100, owners: 30, keys: 30, members: 50, variables: 50 } as const

function checkText(text: string, most: number): void {
  assert.ok(text.length <= most, `${text.length} characters`)
  assert.ok(text.isWellFormed(), 'half a character')
}

function eachPair<Item>(items: readonly Item[], check: (one: Item, next: Item) => void): void {
  for (const [index, next] of items.slice(1).entries()) {
    const one = items[index]
    if (one !== undefined) check(one, next)
  }
}

/** Is this a session that the rest of the application can trust? */
export function checkSession(session: Session): void {
  const { owners, keys, members, timeline, variables } = session

  assert.ok(owners.length <= BOUNDS.owners)
  assert.deepEqual(session.owner, owners.at(-1)?.owner ?? null, 'the owner is the last of the owners')
  assert.equal(session.ownerSince, owners.at(-1)?.at ?? null)
  eachPair(owners, (one, next) => assert.notEqual(one.owner.id, next.owner.id, 'a change of owner is one'))
  for (const { owner } of owners) for (const text of [owner.id, owner.ref, owner.name]) checkText(text, 200)

  assert.ok(keys.length <= BOUNDS.keys)
  assert.equal(session.externalKey, keys.at(-1)?.key ?? null, 'the key is the last of the keys')
  eachPair(keys, (one, next) => assert.notEqual(one.key, next.key, 'a change of key is one'))
  for (const { key } of keys) checkText(key ?? 'none', 1024)

  assert.ok(members.length <= BOUNDS.members)
  for (const member of members) {
    assert.ok(member.leftAt === null || member.joinedAt === null || member.leftAt >= member.joinedAt)
    assert.ok(member.leftAt !== null || member.joinedAt !== null, 'who is here came, who did not come left')
    for (const text of [member.name, member.userId ?? '', member.username ?? '']) checkText(text, 200)
  }
  const present = members.filter((member) => member.leftAt === null)
  const identities = present.map(({ type, userId, username, name }) => `${type} ${userId || username || name}`)
  assert.equal(new Set(identities).size, identities.length, 'nobody is here twice')

  assert.ok(timeline.length <= BOUNDS.timeline)
  assert.ok(session.timelineDropped === 0 || timeline.length === BOUNDS.timeline)
  eachPair(timeline, (one, next) => assert.ok(one.seq <= next.seq, 'the timeline is in the order of the journal'))
  assert.ok((timeline.at(-1)?.seq ?? 0) <= session.revision)

  assert.ok(Object.keys(variables).length <= BOUNDS.variables)
  for (const [name, value] of Object.entries(variables)) {
    checkText(name, 200)
    checkText(value, 1024)
  }

  assert.deepEqual(JSON.parse(JSON.stringify(session)), session, 'plain JSON')
  checkRow(session)
}

function checkRow(session: Session): void {
  const row = rowOf(session, { 'me.repId': '12', 'me.username': 'jsmith', 'me.teams': ['5'] })
  assert.equal(row.status, statusOf(session))
  assert.equal(row.status === 'ended', session.endedAt !== null)
  assert.equal(row.customer, customerOf(session))
  if (row.status === 'ended') assert.deepEqual([row.customerPresent, row.representatives], [false, []])
  if (session.owner?.kind === 'team' || session.owner?.kind === 'general') assert.notEqual(row.status, 'active')
}

/** Is this what one more event may do to a session? */
export function checkStep(
  before: Session | null,
  event: NumberedEvent & { readonly lsid: string },
  after: Session,
): void {
  checkSession(after)
  assert.equal(applyEvent(after, event), after, 'what is in it already changes nothing')
  if (before !== null && event.seq <= before.revision) {
    assert.equal(after, before, 'an old event changes nothing')
    return
  }
  assert.equal(after.lsid, event.lsid)
  assert.equal(after.revision, event.seq)
  assert.equal(after.updatedAt, event.time)
  if (before === null) return
  for (const once of ['startedAt', 'endedAt', 'customerSurveyAt', 'representativeSurveyAt'] as const) {
    if (before[once] !== null) assert.equal(after[once], before[once], `${once} is said once`)
  }
  const told = ({ timeline, timelineDropped }: Session) => timeline.length + timelineDropped
  assert.ok(told(after) >= told(before) && told(after) <= told(before) + 2)
}
