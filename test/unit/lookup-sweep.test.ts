import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import { ApplianceError, isApplianceError } from '../../main/appliance/errors.ts'
import type { ListedSession, SupportSession } from '../../main/appliance/report.ts'
import type { Selection } from '../../main/appliance/reporting-api.ts'
import { migrate } from '../../main/events/schema.ts'
import {
  lengthOf,
  NOTHING_LEARNED,
  sweep,
  windowsOf,
  type Learned,
  type SweepOptions,
} from '../../main/lookup-sweep.ts'
import { createLookupIndex } from '../../main/sessions/lookup.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 10, 22, 12)
const SPAN = { from: NOW - 28 * DAY, to: NOW }

interface Held {
  readonly lsid: string
  readonly key: string | null
  readonly startedAt: number
  readonly bytes?: number
}

/** An appliance with these sessions; `leavesOut`: its listings have no keys. */
function box(held: readonly Held[], leavesOut: boolean, { replyLimit = Infinity, refusesEmpty = false } = {}) {
  const asked: string[] = []
  const nothing = () => new ApplianceError('box', 'The appliance says: Nothing found.')
  const within = ({ from, until }: { readonly from: number; readonly until: number | null }) =>
    held.filter(({ startedAt }) => startedAt >= from && startedAt < (until ?? Infinity))
  const reportOf = ({ lsid, key, startedAt }: Held) =>
    ({
      lsid,
      externalKey: key,
      startedAt,
      endedAt: startedAt + HOUR,
      primaryCustomer: { name: `Customer ${lsid}` },
      customers: [{ hostname: `PC-${lsid}`, info: { name: null } }],
    }) as unknown as SupportSession
  const client: SweepOptions['client'] = {
    listSessions: async (period, options = {}) => {
      options.signal?.throwIfAborted()
      asked.push('listing')
      if (refusesEmpty && within(period).length === 0) throw nothing()
      return within(period).map(({ lsid, key }): ListedSession => ({
        lsid,
        externalKey: leavesOut ? null : key,
        hasRecording: null,
      }))
    },
    supportSessions: async (selection: Selection, options = {}) => {
      if (options.signal?.aborted === true) throw new ApplianceError('cancelled', 'Cancelled.')
      if ('lsids' in selection) {
        asked.push(`sample of ${selection.lsids.length}`)
        return held.filter(({ lsid }) => selection.lsids.includes(lsid)).map(reportOf)
      }
      if ('lsid' in selection) throw new Error('not asked for')
      const found = within(selection)
      const bytes = found.reduce((sum, each) => sum + (each.bytes ?? 1_000), 100)
      asked.push(`${((selection.until ?? NOW) - selection.from) / HOUR} h`)
      if (refusesEmpty && found.length === 0) throw nothing()
      if (bytes > replyLimit) throw new ApplianceError('unreadable', 'Too large.', { code: 'too-large' })
      options.onProgress?.({ bytes, totalBytes: null, part: 1, parts: 1 })
      return found.map(reportOf)
    },
  }
  return { client, asked }
}

function setUp(t: TestContext, held: readonly Held[], leavesOut: boolean, more: Parameters<typeof box>[2] = {}) {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  migrate(database)
  const index = createLookupIndex(database)
  const { client, asked } = box(held, leavesOut, more)
  const told: { learned: Learned[]; left: number[] } = { learned: [], left: [] }
  const run = (learned: Partial<Learned> = {}, signal = new AbortController().signal) =>
    sweep({
      client,
      spans: index.missing(SPAN),
      now: NOW,
      signal,
      learned: { ...NOTHING_LEARNED, ...learned },
      index: () => index,
      onLearned: (found) => told.learned.push(found),
      onProgress: (left) => told.left.push(left),
    })
  return { index, asked, told, run }
}

/** One session a day, the newest first; about every `keyed`th has a key. */
const daily = (keyed: number, bytes?: number): Held[] =>
  Array.from({ length: 28 }, (_, day) => ({
    lsid: `s${String(day).padStart(2, '0')}`,
    key: day % keyed === keyed - 1 ? `INC${day}` : null,
    startedAt: NOW - day * DAY - 2 * HOUR,
    ...(bytes === undefined ? {} : { bytes }),
  }))

describe('asking the appliance for what is not known', () => {
  test('goes by listings where these have keys, and is asked no more for what is known then', async (t) => {
    const { index, asked, told, run } = setUp(t, daily(2), false)
    await run()
    assert.deepEqual(asked, ['listing', 'listing', 'listing', 'listing'])
    assert.deepEqual(told.learned.at(-1), { keys: 'there', nothing: null })
    assert.deepEqual(
      told.left,
      [21, 14, 7, 0].map((days) => days * DAY),
    )
    assert.equal(index.search('INC27', 5)[0]?.lsid, 's27')
    assert.equal(lengthOf(index.missing(SPAN)), HOUR, 'what may still change is asked for each time')
  })

  test('goes by reports where listings leave keys out, those of before included', async (t) => {
    // No key in the newest two weeks: only then is it seen that the listings have none.
    const held = daily(1).map((each, day) => (day < 14 ? { ...each, key: null } : each))
    const { index, asked, told, run } = setUp(t, held, true)
    await run()
    assert.deepEqual(asked.slice(0, 6), ['listing', 'sample of 7', 'listing', 'sample of 7', 'listing', 'sample of 7'])
    assert.deepEqual(told.learned, [{ keys: 'missing', nothing: null }])
    assert.equal(asked.filter((each) => each === 'listing').length, 3)
    const [hit] = index.search('INC20', 5)
    assert.deepEqual(
      [hit?.lsid, hit?.customer, hit?.computer, hit?.startedAt],
      ['s20', 'Customer s20', 'PC-s20', held[20]?.startedAt],
    )
    assert.equal(index.search('customer s03', 5)[0]?.lsid, 's03', 'those without a key are found by their names')
    assert.equal(lengthOf(index.missing(SPAN)), HOUR)
    assert.equal(told.left.at(-1), 0)
  })

  test('once that is known, it is not found out again', async (t) => {
    const { asked, run } = setUp(t, daily(2), true)
    await run({ keys: 'missing' })
    assert.ok(
      asked.every((each) => each.endsWith(' h')),
      asked.join(),
    )
  })

  test('a key that is known here is the first to be looked for', async (t) => {
    const held = Array.from({ length: 300 }, (_, at) => ({
      lsid: `s${at}`,
      key: at === 250 ? 'INC1' : null,
      startedAt: NOW - 2 * DAY - at * 1_000,
    }))
    const { index, told, run } = setUp(t, held, true)
    index.addListing({ from: 0, to: 1 }, [{ lsid: 's250', externalKey: 'INC1' }])
    await run()
    assert.deepEqual(told.learned, [{ keys: 'missing', nothing: null }])
    assert.equal(index.keyOf('s250'), 'INC1')
  })

  test('an appliance without a single key stays a question, and what was listed is known', async (t) => {
    const { index, asked, told, run } = setUp(t, daily(100), false)
    await run()
    assert.deepEqual(told.learned, [])
    assert.equal(asked.filter((each) => each === 'listing').length, 4)
    assert.equal(lengthOf(index.missing(SPAN)), HOUR)
  })

  test('if it fails half-way, nothing is taken for known whose keys may have been left out', async (t) => {
    const held = daily(1).map((each, day) => (day < 7 ? { ...each, key: null } : each))
    const { index, asked, run } = setUp(t, held, true)
    const stop = new AbortController()
    // The first question by reports is already too late.
    const push = asked.push.bind(asked)
    asked.push = (...items) => {
      if (items.some((each) => each.endsWith(' h'))) stop.abort()
      return push(...items)
    }
    await assert.rejects(run({}, stop.signal), (error) => isApplianceError(error) && error.kind === 'cancelled')
    assert.equal(lengthOf(index.missing(SPAN)), lengthOf([SPAN]) - DAY + HOUR, 'only what a report told')
  })

  test('reports are asked for in stretches that fit: shorter if they are large, longer if they are small', async (t) => {
    const large = setUp(t, daily(1, 1_500_000), true)
    await large.run({ keys: 'missing' })
    assert.ok(
      large.asked.every((each) => Number.parseInt(each, 10) <= 48),
      large.asked.join(),
    )
    const small = setUp(t, daily(1), true)
    await small.run({ keys: 'missing' })
    assert.deepEqual(small.asked, ['24 h', '48 h', '96 h', '168 h', '168 h', '168 h'])
  })

  test('a reply that is too large is asked for in parts; what is too large by itself is left out, if it is not all', async (t) => {
    const busy = Array.from({ length: 8 }, (_, at) => ({
      lsid: `s${at}`,
      key: `INC${at}`,
      startedAt: NOW - 3 * HOUR - at * HOUR,
      bytes: 3_000_000,
    }))
    const { index, asked, run } = setUp(t, busy, true, { replyLimit: 7_000_000 })
    await run({ keys: 'missing' })
    assert.deepEqual(asked.slice(0, 2), ['24 h', '6 h'])
    for (const { lsid } of busy) assert.match(index.keyOf(lsid) ?? '', /^INC/)
    const one = setUp(
      t,
      [...daily(1), { lsid: 'huge', key: 'INC', startedAt: NOW - 5 * HOUR, bytes: 9_000_000 }],
      true,
      {
        replyLimit: 7_000_000,
      },
    )
    await one.run({ keys: 'missing' })
    assert.deepEqual([one.index.keyOf('huge'), one.index.keyOf('s00'), one.index.keyOf('s27')], [null, 'INC0', 'INC27'])
    const hopeless = setUp(t, busy, true, { replyLimit: 10 })
    await assert.rejects(
      hopeless.run({ keys: 'missing' }),
      (error) => isApplianceError(error) && error.code === 'too-large',
    )
    assert.ok(hopeless.asked.length < 60)
  })

  test('an error in place of an empty list is none, once it is seen to be that', async (t) => {
    const held = daily(2).filter((_, day) => day < 5 || day > 21)
    for (const leavesOut of [false, true]) {
      const { index, told, run } = setUp(t, held, leavesOut, { refusesEmpty: true })
      await run()
      assert.match(told.learned.at(-1)?.nothing ?? '', /Nothing found/)
      assert.equal(index.keyOf('s23'), 'INC23')
      assert.ok(lengthOf(index.missing(SPAN)) > HOUR, 'it may have been an error after all')
      await run(told.learned.at(-1))
    }
    const empty = setUp(t, [], false, { refusesEmpty: true })
    await assert.rejects(empty.run(), /Nothing found/)
    await empty.run({ nothing: 'The appliance says: Nothing found.' })
    await assert.rejects(empty.run({ nothing: 'The appliance says: No.' }), /Nothing found/)
  })

  test('windows are cut from the end', () => {
    assert.deepEqual(windowsOf([{ from: 0, to: 25 }], 10), [
      { from: 15, to: 25 },
      { from: 5, to: 15 },
      { from: 0, to: 5 },
    ])
    assert.deepEqual(windowsOf([], 10), [])
  })
})
