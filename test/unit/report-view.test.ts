import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import type { SessionEvent, SupportSession } from '../../main/appliance/report.ts'
import { createTraces } from '../../main/events/forgetting.ts'
import { migrate } from '../../main/events/schema.ts'
import { readKept, REPORT_LIMITS, reportedOf, viewOf } from '../../main/report-view.ts'
import { createLookupIndex } from '../../main/sessions/lookup.ts'
import { example, LSID, stub, xml } from './appliance-client-stub.ts'

async function full(): Promise<SupportSession> {
  const { client } = stub(({ asked }) =>
    asked === 'SupportSession' ? xml(example('SupportSession-full.xml')) : undefined,
  )
  const [session] = await client.supportSessions({ lsid: LSID })
  assert.ok(session !== undefined)
  return session
}

const event = (more: Partial<SessionEvent>): SessionEvent => ({
  at: 1_000,
  type: 'Chat Message',
  by: null,
  to: null,
  text: null,
  filename: null,
  filesize: null,
  files: [],
  data: [],
  systemInformation: [],
  ...more,
})

async function viewed(events: readonly SessionEvent[]) {
  return viewOf({ ...(await full()), events }, 5_000).report
}

describe('a report for the window', () => {
  test('has no address in it; those stay beside it', async () => {
    const { report, links } = viewOf(await full(), 5_000)
    assert.doesNotMatch(JSON.stringify(report), /https?:|support\.example\.com/)
    assert.deepEqual(report.recordings, [
      { kind: 'session', instance: null, viewable: true },
      { kind: 'commandShell', instance: 0, viewable: true },
      { kind: 'commandShell', instance: 1, viewable: false },
    ])
    assert.deepEqual(report.pages, { report: true, chat: links.chat !== null })
    assert.match(links.recordings[0]?.viewUrl ?? '', /^https:\/\/support\.example\.com\//)
    assert.equal(report.askedAt, 5_000)
    assert.ok(report.entries.length > 0 && report.entriesDropped === 0)
  })

  test('is bounded in entries, in each text, and in all of them', async () => {
    const many = await viewed(Array.from({ length: 2_500 }, (_, index) => event({ at: index, text: 'x' })))
    assert.deepEqual([many.entries.length, many.entriesDropped], [2_000, 500])
    assert.equal(many.entries.at(-1)?.at, 1_999, 'the later ones are left out')
    const long = await viewed([event({ text: '👍'.repeat(20_000) })])
    assert.ok((long.entries[0]?.text?.length ?? 0) <= 16_000)
    assert.ok(long.entries[0]?.text?.isWellFormed())
    const large = await viewed(Array.from({ length: 500 }, () => event({ text: 'x'.repeat(16_000) })))
    assert.equal(large.entries.length, REPORT_LIMITS.texts / 16_000)
    assert.equal(large.entries.length + large.entriesDropped, 500)
  })

  test('bounds every list and every name', async () => {
    const session = await full()
    const text = 'x'.repeat(20_000)
    const [customer] = session.customers
    assert.ok(customer !== undefined)
    const vast: SupportSession = {
      ...session,
      externalKey: text,
      teams: Array.from({ length: 500 }, () => ({ id: '1', type: null, name: text })),
      customers: Array.from({ length: 500 }, () => ({ ...customer, hostname: text })),
      events: [
        event({ type: text, filename: text, files: Array.from({ length: 500 }, () => ({ name: text, bytes: 1 })) }),
      ],
    }
    const { report } = viewOf(vast, 0)
    assert.deepEqual([report.teams.length, report.customers.length], [100, 100])
    const lengths =
      JSON.stringify(report)
        .match(/x+/g)
        ?.map(({ length }) => length) ?? []
    assert.ok(lengths.length > 0 && Math.max(...lengths) <= REPORT_LIMITS.text)
  })

  test('is in order of time; what has none stays where it was', async () => {
    const report = await viewed([
      event({ at: 3_000, text: 'c' }),
      event({ at: null, text: 'd' }),
      event({ at: 1_000, text: 'a' }),
      event({ at: 2_000, text: 'b' }),
    ])
    assert.deepEqual(
      report.entries.map(({ text }) => text),
      ['a', 'b', 'c', 'd'],
    )
  })

  test('says in words what an event has as values or as rows', async () => {
    const rep = { gsnumber: '1', id: '12', type: 'representative', name: 'John' }
    const report = await viewed([
      event({ type: 'Conference Owner Changed', to: rep, data: [{ name: 'owner', value: 'John' }] }),
      event({ data: [{ name: 'window_name', value: 'Devices' }] }),
      event({
        systemInformation: [
          {
            category: 'General',
            description: [],
            rows: [
              [
                { name: 'User', value: 'jane' },
                { name: null, value: 'x' },
              ],
            ],
          },
        ],
      }),
      event({ filename: 'a.txt', filesize: 3 }),
    ])
    assert.deepEqual(
      report.entries.map(({ text, to, files }) => [text, to, files]),
      [
        [null, 'John', []],
        ['window_name: Devices', null, []],
        ['User: jane, x', null, []],
        [null, null, [{ name: 'a.txt', bytes: 3 }]],
      ],
    )
  })

  test('is read back as it was kept; what is damaged or of another form is none', async () => {
    const session = await full()
    const kept = viewOf(session, 5_000)
    const reported = reportedOf(session, kept)
    assert.deepEqual(readKept(reported.data), kept)
    assert.equal(reportedOf(session, null).data, null)
    for (const data of [null, '', '{', 'null', '{}', '7', JSON.stringify(session)]) assert.equal(readKept(data), null)
  })

  test('is found by each of its customers when one of them is to be forgotten', async (t) => {
    const database = new DatabaseSync(':memory:')
    t.after(() => database.close())
    migrate(database)
    const session = await full()
    const [customer] = session.customers
    assert.ok(customer !== undefined)
    const second = { ...customer, gsnumber: '99', info: { ...customer.info, name: 'Second "Guest"' } }
    const both = { ...session, customers: [customer, second] }
    createLookupIndex(database).addReports([reportedOf(both, viewOf(both, 0))])
    const reports = (name: string) => createTraces(database).find({ kind: 'customer', name }, []).reports
    assert.deepEqual([reports('Second "Guest"'), reports(customer.info.name ?? ''), reports('Second')], [1, 1, 0])
  })
})
