/** A rep's work on tickets, without a mouse: keys, lookup, reports, links. Nothing is simulated but the appliance. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser } from 'playwright'
import { ensureBuilt } from '../../scripts/built.ts'
import { DEFAULT_CLIENT } from '../appliance/api.ts'
import { inventDetails, recordingsOf } from '../appliance/archive/details.ts'
import { snapshotOf, type SessionRecord } from '../appliance/archive/record.ts'
import type { Session } from '../appliance/session.ts'
import { findRepresentative, representativeOwner } from '../appliance/world.ts'
import { launchChromium } from '../electron/browser.ts'
import { until } from '../electron/until.ts'
import { PATIENCE } from './keys.ts'
import { setStage, type Stage, type StageOptions } from './stage.ts'

let browser: Browser

before(async () => {
  ensureBuilt(resolve(import.meta.dirname, '../..'))
  browser = await launchChromium()
})
after(() => browser.close())

/** John Smith at work: his window is open, his appliance answers. */
async function atWork(t: TestContext, own: Partial<StageOptions> = {}): Promise<Stage> {
  const policy = (host: string) => ({
    me: { repId: '12', username: 'jsmith', name: 'John Smith', teams: ['5', '7'] },
    appliance: { host, clientId: DEFAULT_CLIENT.id, clientSecret: DEFAULT_CLIENT.secret },
    setup: { done: true },
  })
  const stage = await setStage(t, browser, { generation: '24.x', policy, ...own })
  stage.appliance.addRecipient(stage.web.app.recipientUrl() ?? '', { retryIntervalMs: 50 })
  await until(() => stage.web.app.getState().appliance.status === 'ready', 'the appliance answers', PATIENCE)
  await stage.letNotify('granted')
  await stage.page.goto(stage.web.link)
  return stage
}

/** A session of John's with the customer of this number, on the board. */
async function mine({ appliance, page }: Stage, customer: number, externalKey: string | null): Promise<Session> {
  const queue = representativeOwner(findRepresentative(appliance.world, 12))
  const who = appliance.world.customers[customer] ?? assert.fail('no such customer')
  const session = appliance.startSession({ queue, customer: who, externalKey })
  await page.getByRole('row', { name: who.name }).waitFor()
  return session
}

/** The key in the events of what happens now; null: they have none. */
async function keyInEvents({ appliance }: Stage, happen: () => void): Promise<string | null> {
  const known = appliance.history.length
  happen()
  await appliance.idle()
  const sent = appliance.history.slice(known).map(({ event }) => new Map(event.variables).get('external_key') ?? null)
  assert.ok(sent.length > 0)
  assert.equal(new Set(sent).size, 1)
  return sent[0] ?? null
}

test('a key is set, cleared, and had back; several are set at once', { timeout: 110_000 }, async (t) => {
  const stage = await atWork(t)
  const { appliance, page, keys, button } = stage
  const jane = await mine(stage, 0, null)
  const amir = await mine(stage, 1, 'INC0010007')
  const rowOf = ({ customer }: Session) => page.getByRole('row', { name: customer.name })
  const shows = (session: Session, key: string) =>
    rowOf(session)
      .getByRole('button', { name: `Copy external key ${key}` })
      .waitFor()
  const field = page.getByRole('textbox', { name: 'External key' })
  const current = page.locator('.board .row[tabindex="0"]')
  await stage.flawless()

  await keys.go(current)
  await keys.press('Home')
  await keys.go(rowOf(jane), 'ArrowDown')
  await keys.press('e')
  await keys.isAt(field)
  await keys.write('INC0010499')
  await stage.flawless()
  await keys.press('Enter')
  await keys.isAt(rowOf(jane))
  await shows(jane, 'INC0010499')
  assert.equal(jane.externalKey, 'INC0010499')
  assert.equal(await keyInEvents(stage, () => jane.join(findRepresentative(appliance.world, 12))), 'INC0010499')
  await shows(jane, 'INC0010499')

  await keys.press('e')
  await keys.use(button('Clear'))
  await rowOf(jane).getByText('No ticket').waitFor()
  assert.equal(jane.externalKey, null)
  assert.equal(await keyInEvents(stage, () => jane.customerLeaves()), null)
  await keys.isAt(rowOf(jane))
  await keys.press('Control+z')
  await shows(jane, 'INC0010499')
  assert.equal(jane.externalKey, 'INC0010499')
  assert.equal(await keyInEvents(stage, () => jane.customerJoins()), 'INC0010499')

  await keys.press('e')
  await keys.isAt(field)
  await keys.go(current, 'Shift+Tab')
  await keys.press('Home')
  await keys.go(rowOf(amir), 'ArrowDown')
  await keys.press('Space')
  await page.getByText('External key of 2 sessions').waitFor()
  await keys.go(field)
  await keys.write('INC0010555')
  await keys.press('Enter')
  await shows(jane, 'INC0010555')
  await shows(amir, 'INC0010555')
  assert.deepEqual([jane.externalKey, amir.externalKey], ['INC0010555', 'INC0010555'])
  await keys.use(button('Undo').first())
  await shows(jane, 'INC0010499')
  await shows(amir, 'INC0010007')
  assert.deepEqual([jane.externalKey, amir.externalKey], ['INC0010499', 'INC0010007'])
  await keys.isAt(current)
  await stage.flawless()
})

/** What was said in a session, as its report has it. */
function chatOf(record: SessionRecord): readonly string[] {
  const snapshot = snapshotOf(record)
  const entries = snapshot === null ? [] : inventDetails(snapshot, Date.now())
  return entries.flatMap((entry) =>
    entry.kind === 'log' && entry.entry.type === 'Chat Message' ? [entry.entry.body] : [],
  )
}

/** A session of weeks ago whose ticket no other has, with a chat and a recording. */
function wanted({ appliance }: Stage): SessionRecord & { readonly externalKey: string } {
  const records = [...appliance.archive.records()]
  const keys = records.flatMap(({ externalKey }) => (externalKey === null ? [] : [externalKey.toLowerCase()]))
  const weeksAgo = Date.now() - 20 * 86_400_000
  for (const record of records.toReversed()) {
    const { externalKey } = record
    if (externalKey === null || record.startedAt > weeksAgo || chatOf(record).length < 3) continue
    const recorded = recordingsOf(record, Date.now())
    const others = keys.filter((key) => key.startsWith(externalKey.toLowerCase()))
    if (recorded.screen && !recorded.expired && others.length === 1) return { ...record, externalKey }
  }
  return assert.fail('there is no such session')
}

test(
  'a session is found among ten thousand by its ticket, read, copied, and its recording had',
  {
    timeout: 110_000,
  },
  async (t) => {
    const stage = await atWork(t, { past: 10_000, api: { recordingSize: 400_000 } })
    const { api, page, keys, button, downloads } = stage
    const { customer, externalKey, ...record } = wanted(stage)
    const [hello = ''] = chatOf({ ...record, customer, externalKey })

    await keys.press('Control+4')
    await keys.isAt(page.getByRole('searchbox', { name: 'Ticket, session ID, customer or computer' }))
    await stage.flawless()
    await keys.write(externalKey.toLowerCase())
    await page.getByText('Nothing found here').waitFor()
    const askedAt = performance.now()
    await keys.press('Enter')
    const hit = page.getByRole('row', { name: customer.name })
    await hit.waitFor()
    await page.getByText('1 session found').waitFor()
    const took = performance.now() - askedAt
    t.diagnostic(`90 days with 10,000 sessions looked through in ${Math.round(took)} ms`)
    assert.ok(took < 15_000, `${took} ms`)
    await stage.flawless()

    await keys.press('ArrowDown')
    await keys.isAt(hit)
    await keys.press('Enter')
    const session = page.getByRole('region', { name: customer.name })
    await session.getByText(hello, { exact: true }).waitFor()
    await stage.flawless()
    await keys.use(button('Copy for the ticket'))
    const summary = await stage.copied(new RegExp(record.lsid))
    for (const part of [externalKey, customer.name, 'Duration', hello]) assert.ok(summary.includes(part), part)

    const download = button('Download Session recording')
    const progress = page.getByRole('progressbar', { name: 'Session recording' })
    const files = () => readdirSync(downloads)
    api.next('drip', { on: 'SupportSessionRecording', bytes: 1000, ms: 50 })
    await keys.use(download)
    await progress.waitFor()
    await until(() => files().length > 0, 'something of it is there', PATIENCE)
    await stage.flawless()
    await keys.use(button('Cancel'))
    await progress.waitFor({ state: 'detached' })
    await until(() => files().length === 0, 'nothing of it is left', PATIENCE)

    api.next('drip', { on: 'SupportSessionRecording', bytes: 8000, ms: 20 })
    await keys.use(download)
    const seen = new Set<number>()
    await until(
      async () => {
        if ((await progress.count()) > 0) seen.add(await progress.evaluate((bar: HTMLProgressElement) => bar.value))
        return page.getByRole('button', { name: 'Show in folder' }).isVisible()
      },
      'the recording is there',
      PATIENCE,
    )
    assert.ok(seen.size > 1, 'its progress was seen')
    const [file = ''] = files()
    assert.ok(file.startsWith(`Recording ${externalKey}`), file)
    assert.equal(statSync(join(downloads, file)).size, 400_000)
    await stage.flawless()
  },
)

test(
  'a link for the customer is made, copied, and starts a session with the ticket; a session key, too',
  {
    timeout: 110_000,
  },
  async (t) => {
    const stage = await atWork(t)
    const { page, keys, button, host } = stage
    const jane = await mine(stage, 0, 'INC0010023')
    const opener = button('Link for the customer…')
    const field = (name: string) => page.getByRole('textbox', { name, exact: true })

    await keys.go(page.getByRole('row', { name: jane.customer.name }))
    await keys.press('Enter')
    await keys.use(opener)
    await keys.isAt(page.getByRole('combobox', { name: 'Issue' }))
    await page.keyboard.type('Printer')
    assert.deepEqual(
      [await field('Customer’s name').inputValue(), await field('External key').inputValue()],
      [jane.customer.name, 'INC0010023'],
    )
    await keys.go(field('Customer’s name'))
    await keys.write('Nadia Benali')
    await keys.go(field('Company'))
    await keys.write('Northwind & Mills')
    await until(
      async () => (await field('Link').inputValue()).includes('Northwind%20%26%20Mills'),
      'the link follows',
      PATIENCE,
    )
    await page
      .getByRole('button', { name: 'Enlarge QR code' })
      .or(page.getByRole('img', { name: 'QR' }))
      .first()
      .waitFor()
    await stage.flawless()
    await keys.use(button('Copy link'))
    const url = await stage.copied(/^http.*Northwind%20%26%20Mills/)
    assert.ok(url.startsWith(`${host}/`))
    await begins(stage, url, { customer: 'Nadia Benali', queue: 'team:5' })

    await keys.go(page.getByRole('radio', { name: 'Link with an issue' }), 'Shift+Tab')
    await keys.press('ArrowRight')
    await keys.use(button('Make session key'))
    await keys.isAt(page.getByRole('heading', { name: /^Session key · / }))
    await stage.flawless()
    await keys.use(button('Copy short key'))
    const shortKey = await stage.copied(/^\d+$/)
    await keys.use(button('Copy link'))
    const keyUrl = await stage.copied(/ak=/)
    assert.ok(shortKey.length > 0)
    await begins(stage, keyUrl, { customer: 'Visitor', queue: 'rep:12' })

    await keys.press('Escape')
    await keys.isAt(opener)
    await keys.press('Control+1')
    await page.getByRole('row', { name: 'Visitor' }).getByText('INC0010023').waitFor()
    await keys.go(page.getByRole('radio', { checked: true }))
    await keys.go(page.getByRole('radio', { name: 'My teams' }), 'ArrowRight')
    await page.getByRole('row', { name: 'Nadia Benali' }).getByText('INC0010023').waitFor()
    await stage.flawless()
  },
)

/** A customer opens the link: the session that it starts carries the ticket. */
async function begins(
  stage: Stage,
  url: string,
  is: { readonly customer: string; readonly queue: string },
): Promise<void> {
  const reply = await fetch(url)
  await reply.arrayBuffer()
  const session = stage.appliance.sessions.get(reply.headers.get('X-Simulated-Lsid') ?? '')
  assert.deepEqual(
    [session?.customer.name, session?.owner.id, session?.externalKey],
    [is.customer, is.queue, 'INC0010023'],
  )
}
