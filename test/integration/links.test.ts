/** Links for customers through the whole application, opened at the simulated appliance as a customer opens them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ConnectorChoice } from '../../preload/contract.ts'
import { openJournalForReading } from '../../main/events/reading.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { until } from './helpers/application.ts'
import { startSite, type Site } from './helpers/site.ts'

const NAMES = Object.keys(GENERATIONS) as GenerationName[]

const EMPTY: ConnectorChoice = {
  issueId: '',
  customerName: '',
  company: '',
  companyCode: '',
  description: '',
  externalKey: '',
}

/** A customer opens a link. Waits until the session that it starts is on the board, in its queue. */
async function opened({ run }: Site, url: string | null) {
  const reply = await fetch(url ?? '')
  await reply.arrayBuffer()
  const lsid = reply.headers.get('X-Simulated-Lsid') ?? assert.fail(`${url} starts no session: ${reply.status}`)
  await until(() => run.row(lsid)?.owner, 'the session is in its queue')
  return run.row(lsid) ?? assert.fail('the session is gone')
}

function issueOf({ run }: Site, team = '5') {
  const issue = run.state().appliance.teams.find(({ id }) => id === team)?.issues[0]
  return issue ?? assert.fail('no issue')
}

describe('connector URLs', () => {
  for (const generation of NAMES) {
    test(`${generation}: opened, the session carries the ticket and the customer`, async (t) => {
      const site = await startSite(t, generation)
      const choice = { ...EMPTY, issueId: issueOf(site).id, customerName: 'Jane & Co', externalKey: 'INC 1/ü' }
      const { url, qr, problems } = await site.run.run({ type: 'connector.build', choice })
      assert.deepEqual(problems, [])
      assert.ok(qr !== null)
      const row = await opened(site, url)
      assert.equal(row.externalKey, 'INC 1/ü')
      await until(() => site.run.row(row.lsid)?.customer === 'Jane & Co', 'the customer is known')
      assert.equal(row.relation, 'team')
    })
  }

  test('are copied as they are, and as a mail', async (t) => {
    const site = await startSite(t, '24.x')
    const { run } = site
    const choice = { ...EMPTY, issueId: issueOf(site).id, customerName: 'Jane\nDoe', externalKey: '{link}' }
    const { url } = await run.run({ type: 'connector.build', choice })
    assert.equal((await run.run({ type: 'connector.copy', choice, as: 'url' })).text, url)
    await run.run({ type: 'settings.set', key: 'link.mail', value: '{customer} / {ticket}\n{link}' })
    assert.equal((await run.run({ type: 'connector.copy', choice, as: 'mail' })).text, `Jane Doe / {link}\n${url}`)
    assert.deepEqual(run.desktop.copied, [url, `Jane Doe / {link}\n${url}`])
  })

  test('say at which field something is wrong, a missing issue included', async (t) => {
    const { run } = await startSite(t, '24.x')
    const wrong = { ...EMPTY, company: 'x'.repeat(101) }
    const { url, qr, problems } = await run.run({ type: 'connector.build', choice: wrong })
    assert.deepEqual([url, qr, problems.map(({ field }) => field)], [null, null, ['issueId', 'company']])
    const reply = await run.app.run({ type: 'connector.copy', choice: EMPTY, as: 'mail' })
    assert.match(reply.ok ? '' : reply.message, /Choose an issue/)
    assert.equal(await run.run({ type: 'connector.last', externalKey: '' }), null, 'what was not copied is not kept')
    await run.run({ type: 'settings.set', key: 'appliance.host', value: '' })
    const unset = await run.app.run({ type: 'connector.build', choice: EMPTY })
    assert.match(unset.ok ? '' : unset.message, /host name under Settings/)
  })

  test('take nothing from a window but what a choice has', async (t) => {
    const site = await startSite(t, '24.x')
    const choice = { ...EMPTY, issueId: issueOf(site).id, externalKey: 'INC1', host: 'evil.example.com', locale: 'de' }
    const reply = await site.run.app.runUnchecked({ type: 'connector.copy', choice, as: 'url' })
    assert.ok(reply.ok)
    assert.ok(!JSON.stringify(reply.value).includes('evil') && !JSON.stringify(reply.value).includes('locale'))
    const { issueId, externalKey } = choice
    assert.deepEqual(await site.run.run({ type: 'connector.last', externalKey: 'INC1' }), {
      ...EMPTY,
      issueId,
      externalKey,
    })
  })

  test('of a ticket are remembered over a restart', async (t) => {
    const site = await startSite(t, '24.x')
    const choice = { ...EMPTY, issueId: issueOf(site).id, customerName: 'Jane', company: 'ACME', externalKey: 'INC1' }
    const typed = { ...choice, customerName: ' Jane ', externalKey: 'INC1\t' }
    const { text } = await site.run.run({ type: 'connector.copy', choice: typed, as: 'url' })
    assert.ok(text.endsWith('external_key=INC1'), 'blanks around an entry are nobody’s intention')
    assert.deepEqual(await site.run.run({ type: 'connector.last', externalKey: 'INC1' }), choice)
    const { issueId, company } = choice
    assert.deepEqual(await site.run.run({ type: 'connector.last', externalKey: 'INC2' }), {
      ...EMPTY,
      issueId,
      company,
    })
    const again = await site.restart()
    assert.deepEqual(await again.run({ type: 'connector.last', externalKey: 'INC1' }), choice)
  })
})

describe('somebody who is to be forgotten', () => {
  test('is forgotten in what links were made of, too', async (t) => {
    const site = await startSite(t, '24.x')
    const { run } = site
    const issueId = issueOf(site).id
    for (const [customerName, externalKey] of [
      ['Jane Doe', 'INC1'],
      ['John Roe', 'INC2'],
    ] as const)
      await run.run({ type: 'connector.copy', choice: { ...EMPTY, issueId, customerName, externalKey }, as: 'url' })
    const traces = await run.run({
      type: 'data.forget',
      target: { kind: 'customer', name: 'Jane Doe' },
      deleteUnreadable: false,
    })
    assert.equal(traces.others, 1)
    assert.deepEqual(await run.run({ type: 'connector.last', externalKey: 'INC1' }), { ...EMPTY, issueId })
    assert.equal((await run.run({ type: 'connector.last', externalKey: 'INC2' }))?.customerName, 'John Roe')
  })
})

describe('session keys', () => {
  for (const generation of NAMES) {
    test(`${generation}: made, opened, the session comes to its queue with the ticket`, async (t) => {
      const site = await startSite(t, generation, { api: { publicUrl: 'served' } })
      const { run } = site
      const before = Date.now()
      const key = await run.run({
        type: 'sessionKey.make',
        choice: { queue: 'rep:12', externalKey: ' INC 1/ü ', minutes: 15 },
      })
      assert.deepEqual([key.externalKeyLost, key.available], [false, true])
      assert.ok(key.qr !== null && key.url !== null)
      assert.match(key.shortKey ?? '', /^\d{7}$/)
      const life = (key.expiresAt ?? 0) - before
      assert.ok(Math.abs(life - 15 * 60_000) < 30_000, `good for ${life} ms`)

      const row = await opened(site, key.url)
      assert.deepEqual([row.externalKey, row.relation], ['INC 1/ü', 'mine'])

      await run.run({ type: 'sessionKey.copy', id: key.id, what: 'url' })
      await run.run({ type: 'sessionKey.copy', id: key.id, what: 'shortKey' })
      await run.run({ type: 'sessionKey.copy', id: key.id, what: 'mail' })
      const [url, shortKey, mail = ''] = run.desktop.copied
      assert.deepEqual([url, shortKey], [key.url, key.shortKey])
      assert.ok(mail.startsWith(`${key.mailSubject}\n\n`) && mail.includes(key.url) && mail === mail.trim())

      const secret = new URL(key.url).searchParams.get('ak') ?? assert.fail('no key')
      for (const text of [JSON.stringify(run.state()), run.log.join('\n')]) {
        assert.ok(!text.includes(secret) && !text.includes(key.shortKey ?? '-'), 'in no State and in no log')
      }
      const journal = openJournalForReading(run.journal)
      assert.ok(!JSON.stringify(journal.eventsAfter(0, 1_000)).includes(secret))
      journal.close()
    })
  }

  test('for a team, the general queue and an issue; each as long as was asked for', async (t) => {
    const site = await startSite(t, '24.x', { api: { publicUrl: 'served' } })
    const { run } = site
    const { codeName } = issueOf(site)
    const relations = []
    for (const queue of ['team:5', 'general', `issue:${codeName}`]) {
      const key = await run.run({ type: 'sessionKey.make', choice: { queue, externalKey: '', minutes: null } })
      const life = (key.expiresAt ?? 0) - Date.now()
      assert.ok(Math.abs(life - 86_400_000) < 30_000, 'a day, as the appliance has it')
      assert.equal(key.externalKeyLost, false)
      const row = await opened(site, key.url)
      relations.push(row.relation)
      assert.equal(row.externalKey, null)
    }
    assert.deepEqual(relations, ['team', 'general', 'team'])
  })

  test('that do not carry the ticket say so', async (t) => {
    // An appliance that takes another spelling ignores this one, and repeats no key.
    const spelling = { ...GENERATIONS['24.x'].spelling, externalKey: 'external_key', customField: null }
    const { run } = await startSite(t, '24.x', { api: { features: { spelling } } })
    const key = await run.run({
      type: 'sessionKey.make',
      choice: { queue: 'general', externalKey: 'INC1', minutes: 60 },
    })
    assert.equal(key.externalKeyLost, true)
  })

  test('that cannot be made say why', async (t) => {
    const site = await startSite(t, '24.x', { api: { permissions: { perm_command: 'read_only' } } })
    const { run } = site
    const reason = run.state().appliance.cannot.sessionKey
    assert.match(reason ?? '', /./)
    const choice = { queue: 'general', externalKey: '', minutes: null }
    assert.deepEqual(await run.app.run({ type: 'sessionKey.make', choice }), { ok: false, message: reason })
    await run.run({ type: 'settings.set', key: 'appliance.host', value: '' })
    const unset = await run.app.run({ type: 'sessionKey.make', choice })
    assert.match(unset.ok ? '' : unset.message, /not set up/)
  })

  test('of a queue that there is not are refused, as the appliance says', async (t) => {
    const { run } = await startSite(t, '24.x')
    for (const queue of ['team:9999', 'issue:none', 'nonsense', 'rep:12&ttl=9']) {
      const reply = await run.app.run({ type: 'sessionKey.make', choice: { queue, externalKey: '', minutes: 60 } })
      assert.equal(reply.ok, false, queue)
    }
  })

  test('are kept for copying in this run, the latest fifty of them', async (t) => {
    const { run } = await startSite(t, '24.x')
    const ids: number[] = []
    for (let number = 0; number <= 50; number += 1) {
      const { id } = await run.run({
        type: 'sessionKey.make',
        choice: { queue: 'general', externalKey: '', minutes: 15 },
      })
      ids.push(id)
    }
    assert.equal(new Set(ids).size, 51)
    const copy = (id: number) => run.app.run({ type: 'sessionKey.copy', id, what: 'shortKey' })
    assert.equal((await copy(ids[1] ?? 0)).ok, true)
    const gone = await copy(ids[0] ?? 0)
    assert.match(gone.ok ? '' : gone.message, /no longer kept/)
  })
})
