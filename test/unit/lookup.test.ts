import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { migrate } from '../../main/events/schema.ts'
import { createLookupIndex, externalKeyOf, wordsOf, type Reported, type Span } from '../../main/sessions/lookup.ts'

function startIndex(t: TestContext) {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  migrate(database)
  return createLookupIndex(database)
}

const report = (lsid: string, more: Partial<Reported> = {}): Reported => ({
  lsid,
  externalKey: null,
  customer: null,
  computer: null,
  startedAt: 1,
  endedAt: 2,
  data: '{}',
  ...more,
})

describe('search', () => {
  test('by ticket: exactly, in any case, by its beginning; the best first, then the newest', (t) => {
    const index = startIndex(t)
    index.addReports([
      report('a1', { externalKey: 'INC10', startedAt: 1 }),
      report('b2', { externalKey: 'INC1', startedAt: 2 }),
      report('c3', { externalKey: 'inc1', startedAt: 9 }),
      report('d4', { externalKey: 'INC1', startedAt: 3 }),
    ])
    assert.deepEqual(
      index.search(' INC1 ', 10).map(({ lsid, match }) => [lsid, match]),
      [
        ['d4', 'exact'],
        ['b2', 'exact'],
        ['c3', 'anyCase'],
        ['a1', 'prefix'],
      ],
    )
    assert.deepEqual(index.search('', 10), [])
    assert.equal(index.search('INC', 2).length, 2)
  })

  test('by names, whatever their accents and order; by computer; by the beginning of the session ID', (t) => {
    const index = startIndex(t)
    index.addReports([
      report('0f3c', { customer: 'Björn Åkesson', computer: 'PC-4711' }),
      report('1f3c', { customer: 'Anna Åkerlund', computer: 'PC-0815' }),
    ])
    const found = (query: string) => index.search(query, 10).map(({ lsid }) => lsid)
    assert.deepEqual(found('akesson bjo'), ['0f3c'])
    assert.deepEqual(found('ÅKE').toSorted(), ['0f3c', '1f3c'])
    assert.deepEqual(found('4711'), ['0f3c'])
    assert.deepEqual(found('0F3'), ['0f3c'])
    assert.deepEqual(found('akesson anna'), [])
    assert.deepEqual(found('%_" OR 1=1 --'), [])
  })

  test('never throws, whatever is asked', (t) => {
    const index = startIndex(t)
    index.addReports([report('a1', { externalKey: 'INC1', customer: 'Jane' })])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        index.search(query, 5)
      }),
    )
  })

  test('words have no accents and no empty ones', () => {
    assert.deepEqual(wordsOf(' Jörg-Peter  O’Neill, jorg '), ['jorg', 'peter', 'o', 'neill'])
  })
})

describe('what is known', () => {
  const span = fc
    .tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }))
    .map(([from, length]): Span => ({ from, to: from + length }))

  test('what is missing and what was listed make up the whole, without overlap', (t) => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), span, (listed, asked) => {
        const index = startIndex(t)
        for (const each of listed) index.addListing(each, [])
        const missing = index.missing(asked)
        for (let at = asked.from; at < asked.to; at += 1) {
          const isListed = listed.some(({ from, to }) => at >= from && at < to)
          const gaps = missing.filter(({ from, to }) => at >= from && at < to).length
          assert.equal(gaps, isListed ? 0 : 1, `at ${at}`)
        }
        index.addListing(asked, [])
        assert.deepEqual(index.missing(asked), [])
      }),
      { numRuns: 60 },
    )
  })

  test('a listing keeps the names that a report brought; a report is asked for once', (t) => {
    const index = startIndex(t)
    index.addReports([report('a1', { externalKey: 'INC1', customer: 'Jane' })])
    index.addListing({ from: 0, to: 9 }, [
      { lsid: 'a1', externalKey: 'INC2' },
      { lsid: 'b2', externalKey: null },
    ])
    assert.deepEqual(
      index.search('INC2', 5).map(({ customer }) => customer),
      ['Jane'],
    )
    assert.deepEqual(index.withoutReport(['a1', 'b2', 'c3']), ['b2', 'c3'])
    assert.equal(index.report('a1'), '{}')
  })

  test('what a report said without being kept whole takes nothing away, and is not asked for again', (t) => {
    const index = startIndex(t)
    index.addReports([report('a1', { externalKey: 'INC1' })])
    index.addReports([
      report('a1', { externalKey: 'INC2', customer: 'Jane', data: null }),
      report('b2', { data: null }),
    ])
    assert.equal(index.report('a1'), '{}')
    assert.equal(index.report('b2'), null)
    assert.equal(index.search('jane', 5)[0]?.externalKey, 'INC2')
    assert.deepEqual(index.withoutReport(['a1', 'b2']), [])
  })

  test('a running session is known best by its events, one that has ended also by reports', (t) => {
    const index = startIndex(t)
    index.addReports([report('a1', { externalKey: 'INC1' })])
    const keyOf = (session: Parameters<typeof externalKeyOf>[1]) => externalKeyOf('a1', session, () => index)
    assert.equal(keyOf(null), 'INC1')
    assert.equal(keyOf({ endedAt: null, externalKey: null }), null)
    assert.equal(keyOf({ endedAt: null, externalKey: 'INC2' }), 'INC2')
    assert.equal(keyOf({ endedAt: 5, externalKey: null }), 'INC1')
    assert.equal(keyOf({ endedAt: 5, externalKey: 'INC2' }), 'INC2')
  })
})
