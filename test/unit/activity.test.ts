import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { activityEntry, rereadEvent } from '../../main/activity.ts'
import { begin, JANE, joins, numbered, owner, TO_ME } from './helpers/events.ts'

const entryOf = (own: Record<string, string>) => activityEntry(numbered(own, 7), 7, 1_000, 2_000, 'Jane Doe')

describe('a line of the activity log', () => {
  test('says what came, when, and whom it is about', () => {
    assert.deepEqual(entryOf(begin({ lsid: 'one', external_key: 'INC1' })), {
      seq: 7,
      at: 1_000,
      receivedAt: 2_000,
      event: 'support_conference_begin',
      known: true,
      lsid: 'one',
      externalKey: 'INC1',
      customer: 'Jane Doe',
      subject: null,
    })
    assert.equal(entryOf(TO_ME).subject, 'John Smith')
    assert.equal(entryOf(owner('team:5', '')).subject, 'team:5')
    assert.equal(entryOf(joins(JANE)).subject, 'Jane Doe')
    assert.deepEqual([entryOf({ event: 'x' }).known, entryOf({ event: 'x' }).event], [false, 'x'])
  })

  test('is short, however long what came is', () => {
    const long = 'x'.repeat(300_000)
    const entry = entryOf({ event: long, lsid: long, external_key: long })
    for (const text of [entry.event, entry.lsid, entry.externalKey]) assert.equal(text?.length, 300)
    assert.equal(entryOf(owner('rep:1', long)).subject?.length, 300)
    assert.ok(entryOf({ event: `${'x'.repeat(298)}💻💻` }).event.isWellFormed())
  })
})

describe('a stored event, read again', () => {
  const stored = { seq: 1, seen: 1, receivedAt: 2_000, at: 1_000, event: 'x', lsid: 'one', source: '' }

  test('is the event that it was', () => {
    const variables = { event: 'support_conference_begin', lsid: 'one', timestamp: '1700000000' }
    const event = rereadEvent({ ...stored, variables })
    assert.deepEqual([event.kind, event.lsid, event.at], ['begin', 'one', 1_700_000_000_000])
  })

  test('that this version cannot read is one that it does not know', () => {
    const event = rereadEvent({
      ...stored,
      event: 'support_conference_begin',
      variables: { event: 'support_conference_begin' },
    })
    assert.deepEqual(
      [event.kind, event.event, event.lsid, event.at],
      ['other', 'support_conference_begin', 'one', 1_000],
    )
  })
})
