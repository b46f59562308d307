/** Reports through the whole application: had, kept, shown in a browser, copied for the ticket. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SessionReport } from '../../preload/contract.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findRepresentative } from '../appliance/world.ts'
import { until } from './helpers/application.ts'
import { mine, startSite, type Site } from './helpers/site.ts'

const NAMES = Object.keys(GENERATIONS) as GenerationName[]
const SERVED = { publicUrl: 'served' } as const

/** A session of the past in which somebody was served and something was recorded, if `recorded`. */
async function past({ appliance, run }: Site, recorded = false): Promise<SessionReport> {
  for (const record of [...appliance.archive.records()].toReversed()) {
    const report = await run.run({ type: 'report.get', lsid: record.lsid, fresh: false })
    if (
      report !== null &&
      record.served &&
      record.externalKey !== null &&
      (!recorded || report.recordings.length > 0)
    ) {
      return report
    }
  }
  return assert.fail('no such session')
}

const asked = ({ api }: Site) => api.requests.filter(({ name }) => name === 'SupportSession').length

describe('a report', () => {
  for (const generation of NAMES) {
    test(`${generation}: is had, holds no address, and is had again while the appliance is away`, async (t) => {
      const site = await startSite(t, generation, { past: 40, api: SERVED })
      const { run, api } = site
      const report = await past(site)
      assert.ok(report.entries.some(({ kind, text }) => kind === 'Chat Message' && text !== null))
      assert.ok(report.customers[0]?.computer !== null && report.representatives.some(({ owner }) => owner))
      assert.ok(report.startedAt !== null && report.endedAt !== null && report.externalKey !== null)
      assert.doesNotMatch(JSON.stringify(report), /https?:\/\/|127\.0\.0\.1/)
      await api.close()
      const { lsid } = report
      assert.deepEqual(await run.run({ type: 'report.get', lsid, fresh: false }), report)
      const reply = await run.app.run({ type: 'report.get', lsid, fresh: true })
      assert.ok(!reply.ok && reply.message.length > 10)
      const next = await site.restart()
      assert.deepEqual(await next.run({ type: 'report.get', lsid, fresh: false }), report)
    })
  }

  test('is asked for once however many want it at a time, and again only if it is to be fresh', async (t) => {
    const site = await startSite(t, '24.x', { past: 20 })
    const { run, appliance } = site
    const lsid = [...appliance.archive.records()][0]?.lsid ?? ''
    const reports = await Promise.all(
      Array.from({ length: 10 }, () => run.run({ type: 'report.get', lsid, fresh: false })),
    )
    assert.equal(asked(site), 1)
    assert.ok(reports.every((report) => report?.lsid === lsid))
    await run.run({ type: 'report.get', lsid, fresh: false })
    assert.equal(asked(site), 1)
    const fresh = await run.run({ type: 'report.get', lsid, fresh: true })
    assert.equal(asked(site), 2)
    assert.ok((fresh?.askedAt ?? 0) >= (reports[0]?.askedAt ?? Infinity))
  })

  test('of a session that has just begun there is none yet; of a running one it is not kept', async (t) => {
    const site = await startSite(t, '24.x', { api: { reportLag: { calls: 1 } } })
    const { run, api, appliance } = site
    const session = await mine(site)
    const { lsid } = session
    assert.equal(await run.run({ type: 'report.get', lsid, fresh: false }), null)
    assert.equal((await run.run({ type: 'report.get', lsid, fresh: false }))?.endedAt, null)
    session.join(findRepresentative(appliance.world, 12))
    session.log({ type: 'Chat Message', by: 'customer', body: 'Hello' })
    session.end()
    await until(() => run.row(lsid)?.status === 'ended', 'it has ended')
    const soon = await until(async () => {
      const report = await run.run({ type: 'report.get', lsid, fresh: false })
      return report?.endedAt === null ? null : report
    }, 'the report has the end')
    const count = asked(site)
    await run.run({ type: 'report.get', lsid, fresh: false })
    assert.equal(asked(site), count + 1, 'there may be more to come: a survey, a recording')
    await api.close()
    const kept = await run.run({ type: 'report.get', lsid, fresh: false })
    assert.deepEqual(kept?.entries, soon.entries, 'better than none')
  })

  test('that an appliance refuses for a new session is none; of an old one its words are told', async (t) => {
    const site = await startSite(t, '24.x', { api: { noMatch: 'error' }, past: 5 })
    const { run, api, appliance } = site
    const session = await mine(site)
    api.next('error', { on: 'SupportSession' })
    assert.equal(await run.run({ type: 'report.get', lsid: session.lsid, fresh: false }), null)
    api.next('error', { on: 'SupportSession' })
    const lsid = [...appliance.archive.records()][0]?.lsid ?? ''
    const reply = await run.app.run({ type: 'report.get', lsid, fresh: false })
    assert.match(reply.ok ? '' : reply.message, /^The appliance says: /)
    api.setPermissions({ perm_reporting_support: '0' })
    await run.run({ type: 'appliance.check' })
    const denied = await run.app.run({ type: 'report.get', lsid, fresh: false })
    assert.match(denied.ok ? '' : denied.message, /permission|may not/i)
  })
})

describe('pages', () => {
  for (const generation of NAMES) {
    const { fullReports } = GENERATIONS[generation]
    test(`${generation}: report, chat and recordings are opened where the appliance is`, async (t) => {
      const site = await startSite(t, generation, { past: 80, api: SERVED })
      const { run, profile } = site
      const origin = String(profile.user.content['appliance.host'])
      const report = await past(site, fullReports)
      const { lsid } = report
      const shown = await run.run({ type: 'report.open', lsid, page: 'report', instance: null })
      assert.deepEqual(shown, {
        url: `${origin}/login/sd_reporting?reportType=SupportSession&sessionId=${lsid}`,
        opened: true,
      })
      const chat = await run.app.run({ type: 'report.open', lsid, page: 'chat', instance: null })
      assert.equal(chat.ok, fullReports)
      assert.equal(report.pages.chat, fullReports)
      for (const { kind, instance, viewable } of report.recordings) {
        assert.ok(viewable)
        await run.run({ type: 'report.open', lsid, page: kind, instance })
      }
      assert.equal(run.desktop.opened.length, fullReports ? 2 + report.recordings.length : 1)
      assert.ok(run.desktop.opened.every((url) => url.startsWith(`${origin}/`)))
      const missing = await run.app.run({ type: 'report.open', lsid, page: 'commandShell', instance: 7 })
      assert.match(missing.ok ? '' : missing.message, /no page to show this recording/)
    })
  }

  test('that a report has elsewhere are not opened, and it is said where', async (t) => {
    const site = await startSite(t, '24.x', { past: 40, api: { publicUrl: 'https://127.0.0.1.evil.example' } })
    const { lsid } = await past(site)
    const reply = await site.run.app.run({ type: 'report.open', lsid, page: 'chat', instance: null })
    assert.match(reply.ok ? '' : reply.message, /a page on 127\.0\.0\.1\.evil\.example|does not begin with http:/)
    assert.deepEqual(site.run.desktop.opened, [])
  })

  test('are left to the window where the shell cannot open any', async (t) => {
    const site = await startSite(t, '24.x', { past: 5, api: SERVED })
    site.run.desktop.canCopy = false
    const lsid = [...site.appliance.archive.records()][0]?.lsid ?? ''
    const { opened } = await site.run.run({ type: 'report.open', lsid, page: 'report', instance: null })
    assert.equal(opened, false)
  })
})

describe('the page of a ticket', () => {
  test('is that of the key, whatever the key is; without one, or without a setting, it is said which is missing', async (t) => {
    const site = await startSite(t, '24.x', { past: 40 })
    const { run } = site
    const session = await mine(site)
    const { lsid } = session
    const refusal = async (id = lsid) => {
      const reply = await run.app.run({ type: 'ticket.open', lsid: id })
      return reply.ok ? 'opened' : reply.message
    }
    assert.match(await refusal(), /Settings › Tickets/)
    await run.run({
      type: 'settings.set',
      key: 'ticket.url',
      value: 'https://tickets.example/find?n={key}&again={key}',
    })
    assert.match(await refusal(), /no external key/)
    assert.match(await refusal('unknown'), /no external key/)
    await run.run({ type: 'key.set', lsids: [lsid], key: `INC 1/ü&x=#'` })
    const { url, opened } = await run.run({ type: 'ticket.open', lsid })
    assert.equal(
      url,
      'https://tickets.example/find?n=INC%201%2F%C3%BC%26x%3D%23%27&again=INC%201%2F%C3%BC%26x%3D%23%27',
    )
    assert.ok(opened)
    // Of a session that no event told of, the reports know the key.
    const report = await past(site)
    const other = await run.run({ type: 'ticket.open', lsid: report.lsid })
    assert.ok(other.url.includes(`n=${report.externalKey}&`))
    assert.deepEqual(run.desktop.opened, [url, other.url])
  })
})

describe('text for the ticket', () => {
  test('is the report’s where there is one', async (t) => {
    const site = await startSite(t, '24.x', { past: 40 })
    const { run } = site
    const report = await past(site)
    const { text, copied } = await run.run({ type: 'session.copy', lsid: report.lsid, what: 'summary' })
    assert.ok(copied)
    assert.deepEqual(run.desktop.copied, [text])
    assert.match(text, new RegExp(`^Ticket: ${report.externalKey}\nCustomer: `))
    assert.match(text, /\nDuration: \d+:\d\d:\d\d\nTimes: /)
    const said = report.entries.find(({ kind }) => kind === 'Chat Message')
    assert.ok(text.includes(said?.text?.split('\n')[0] ?? 'nothing was said'))
  })

  test('is what the events told while the appliance is away; of what nobody knows there is none', async (t) => {
    const site = await startSite(t, '24.x')
    const { run, api } = site
    const session = await mine(site)
    await until(() => run.row(session.lsid)?.customer !== null, 'the customer is known')
    await run.run({ type: 'key.set', lsids: [session.lsid], key: 'INC7' })
    await api.close()
    const { text } = await run.run({ type: 'session.copy', lsid: session.lsid, what: 'summary' })
    assert.match(text, /^Ticket: INC7\nCustomer: /)
    assert.match(text, /gave no report/)
    const unknown = await run.app.run({ type: 'session.copy', lsid: 'unknown', what: 'summary' })
    assert.ok(!unknown.ok && unknown.message.length > 10)
    assert.equal(run.desktop.copied.length, 1)
  })
})
