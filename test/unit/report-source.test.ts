import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test, type TestContext } from 'node:test'
import { ApplianceError, isApplianceError } from '../../main/appliance/errors.ts'
import type { SupportSession } from '../../main/appliance/report.ts'
import type { ApplianceLink } from '../../main/appliance/link.ts'
import { migrate } from '../../main/events/schema.ts'
import { createReportSource } from '../../main/report-source.ts'
import { createLookupIndex } from '../../main/sessions/lookup.ts'
import type { Session } from '../../main/sessions/session.ts'

const LSID = '0f3c'
const MINUTE = 60_000
const ENDED: SupportSession = {
  lsid: LSID,
  type: null,
  sequence: 1,
  startedAt: 0,
  endedAt: 10 * MINUTE,
  durationSeconds: 600,
  publicSite: null,
  externalKey: 'INC1',
  customAttributes: [],
  chatViewUrl: null,
  chatDownloadUrl: null,
  recordingViewUrl: null,
  recordingDownloadUrl: null,
  shellRecordings: [],
  fileTransfers: 0,
  fileMoves: 0,
  fileDeletes: 0,
  primaryCustomer: null,
  primaryRep: null,
  teams: [],
  repJoinedAt: null,
  jumpGroup: null,
  jumpoint: null,
  customers: [],
  reps: [],
  customerSurveys: [],
  repSurveys: [],
  events: [],
  other: {},
}

function setUp(t: TestContext) {
  const database = new DatabaseSync(':memory:')
  t.after(() => database.close())
  migrate(database)
  const index = createLookupIndex(database)
  const world = {
    now: 60 * MINUTE,
    asked: 0,
    isOpen: true,
    session: null as Pick<Session, 'endedAt' | 'updatedAt'> | null,
    answer: (() => Promise.resolve([ENDED])) as (signal?: AbortSignal) => Promise<readonly SupportSession[]>,
  }
  const client = {
    supportSessions: (_: unknown, { signal }: { readonly signal?: AbortSignal }) => {
      world.asked += 1
      return world.answer(signal)
    },
  }
  const source = createReportSource({
    link: { client: () => client } as unknown as Pick<ApplianceLink, 'client'>,
    index: () => {
      if (!world.isOpen) throw new Error('The journal is not open.')
      return index
    },
    session: () => world.session as Session | null,
    now: () => world.now,
  })
  const away = () => Promise.reject(new ApplianceError('unreachable', 'The appliance cannot be reached.'))
  return { world, source, index, away }
}

describe('the report of a session', () => {
  test('is kept once it has ended and nothing more is to come', async (t) => {
    const { world, source } = setUp(t)
    const first = await source.get(LSID, false)
    assert.equal(first?.report.externalKey, 'INC1')
    assert.deepEqual(await source.get(LSID, false), first)
    assert.equal(world.asked, 1)
  })

  test('is asked for again when it was had too soon after the end, or when something has happened since', async (t) => {
    const { world, source } = setUp(t)
    world.now = 11 * MINUTE
    await source.get(LSID, false)
    world.now = 12 * MINUTE
    await source.get(LSID, false)
    assert.equal(world.asked, 2, 'too soon')
    world.now = 15 * MINUTE
    await source.get(LSID, false)
    await source.get(LSID, false)
    assert.equal(world.asked, 3)
    world.session = { endedAt: 10 * MINUTE, updatedAt: 20 * MINUTE }
    world.now = 30 * MINUTE
    await source.get(LSID, false)
    await source.get(LSID, false)
    assert.equal(world.asked, 4, 'a survey came')
  })

  test('that is kept is better than none, except where it is to be fresh', async (t) => {
    const { world, source, away } = setUp(t)
    world.now = 11 * MINUTE
    const first = await source.get(LSID, false)
    world.answer = away
    assert.deepEqual(await source.get(LSID, false), first)
    await assert.rejects(source.get(LSID, true), (error) => isApplianceError(error) && error.kind === 'unreachable')
    world.answer = () => Promise.resolve([])
    assert.deepEqual(await source.get(LSID, false), first, 'an appliance may forget')
    assert.equal(await source.get(LSID, true), null)
  })

  test('of a running session, or of another one, is not kept', async (t) => {
    const { world, source, index } = setUp(t)
    world.answer = () => Promise.resolve([{ ...ENDED, endedAt: null }])
    assert.equal((await source.get(LSID, false))?.report.endedAt, null)
    assert.equal(index.report(LSID), null)
    world.answer = () => Promise.resolve([{ ...ENDED, lsid: 'another' }])
    assert.equal(await source.get(LSID, false), null)
    assert.equal(index.report('another'), null)
  })

  test('is had without a journal, too', async (t) => {
    const { world, source } = setUp(t)
    world.isOpen = false
    assert.equal((await source.get(LSID, false))?.report.externalKey, 'INC1')
    await source.get(LSID, false)
    assert.equal(world.asked, 2)
  })

  test('is not waited for longer than said; what comes later is kept all the same', async (t) => {
    const { world, source, index } = setUp(t)
    const { promise, resolve } = Promise.withResolvers<readonly SupportSession[]>()
    world.answer = () => promise
    await assert.rejects(source.get(LSID, false, 20), (error) => isApplianceError(error) && error.kind === 'cancelled')
    const patient = source.get(LSID, false)
    resolve([ENDED])
    assert.equal((await patient)?.report.lsid, LSID)
    assert.equal(world.asked, 1)
    assert.ok(index.report(LSID) !== null)
  })

  test('that is refused for a new session is none yet', async (t) => {
    const { world, source } = setUp(t)
    world.answer = () => Promise.reject(new ApplianceError('box', 'The appliance says: Invalid Session ID'))
    await assert.rejects(source.get(LSID, false), /Invalid Session ID/)
    world.session = { endedAt: null, updatedAt: 0 }
    assert.equal(await source.get(LSID, false), null)
    world.session = { endedAt: 58 * MINUTE, updatedAt: 58 * MINUTE }
    assert.equal(await source.get(LSID, false), null)
    world.now += 10 * MINUTE
    await assert.rejects(source.get(LSID, false), /Invalid Session ID/)
  })

  test('ends with the application', async (t) => {
    const { world, source } = setUp(t)
    world.answer = (signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new ApplianceError('cancelled', 'x'))))
    const waiting = source.get(LSID, false)
    source.stop()
    await assert.rejects(waiting, (error) => isApplianceError(error) && error.kind === 'cancelled')
  })
})
