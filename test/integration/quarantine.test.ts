/** Bodies that were no event: seen, kept, read again by a version that understands them, saved, deleted. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'

const FORM = 'application/x-www-form-urlencoded'

async function post(run: Run, body: string | Uint8Array<ArrayBuffer>, type = FORM, query = ''): Promise<void> {
  const response = await fetch(`${run.app.recipientUrl()}${query}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })
  assert.equal(response.status, 200)
  await response.arrayBuffer()
}

const seconds = (ago: number) => Math.floor(Date.now() / 1000) - ago

/** Puts a body into quarantine as a version would that did not understand it; `ago`: so many seconds old. */
function setAside(run: Run, body: string, ago = 3600, parameters = {}, cut = 0): void {
  const database = new DatabaseSync(run.journal, { timeout: 5000 })
  database
    .prepare(
      `INSERT INTO quarantine (digest, received, source, reason, content_type, body, parameters, cut)
       VALUES (?, ?, '192.0.2.7', 'Not understood.', ?, ?, ?, ?)`,
    )
    .run(Buffer.from(body), Date.now() - ago * 1000, FORM, Buffer.from(body), JSON.stringify(parameters), cut)
  database.close()
}

test('what came, when, from where, why; the newest first', async (t) => {
  const run = await startRun(t)
  assert.equal(run.state().health.held, 0)
  await post(run, 'hello=world', FORM, '&appliance_id=box&site=7')
  await post(run, 'event=support_conference_begin')
  await post(run, 'hello=world', FORM, '&appliance_id=box')
  await until(() => run.state().health.held === 2, 'both of them')
  assert.equal(run.state().health.quarantined, 2)
  assert.equal(run.problem('quarantine')?.title, 'The appliance sent 2 things that are no events')
  const [second, first] = await run.run({ type: 'quarantine.list', before: null })
  assert.deepEqual(
    [first?.reason, first?.seen, first?.source, first?.bytes, first?.contentType],
    ['There is no variable "event".', 2, '127.0.0.1', 11, FORM],
  )
  assert.ok(Math.abs((first?.receivedAt ?? 0) - Date.now()) < 10_000)
  assert.deepEqual(await run.run({ type: 'quarantine.list', before: second?.id ?? 0 }), [first])
  assert.deepEqual(await run.run({ type: 'quarantine.get', id: first?.id ?? 0 }), {
    ...first,
    form: 'text',
    text: 'hello=world',
    cut: false,
  })
  assert.equal(await run.run({ type: 'quarantine.get', id: 999 }), null)
})

test('how many there are outlives a restart, and deleting tells', async (t) => {
  const profile = createProfile(t)
  const first = await startRun(t, profile)
  await post(first, 'a')
  await post(first, 'b')
  await post(first, 'c')
  await until(() => first.state().health.held === 3, 'all of them')
  await first.stop()
  const run = await startRun(t, profile)
  assert.equal(run.state().health.held, 3)
  const [c, b] = await run.run({ type: 'quarantine.list', before: null })
  assert.equal(await run.run({ type: 'quarantine.delete', ids: [c?.id ?? 0, 999] }), 1)
  assert.equal(run.state().health.held, 2)
  await post(run, 'd')
  await until(() => run.problem('quarantine'), 'the problem')
  assert.equal(await run.run({ type: 'quarantine.delete', ids: 'all' }), 3)
  assert.equal(run.state().health.held, 0)
  assert.equal(run.problem('quarantine'), undefined)
  assert.equal(await run.run({ type: 'quarantine.get', id: b?.id ?? 0 }), null)
})

test('read again, what is an event by now takes its place among the events, and is no news', async (t) => {
  const run = await startRun(t)
  const begin = `event=support_conference_begin&lsid=late&version=1&timestamp=${seconds(3600)}`
  setAside(run, begin)
  setAside(
    run,
    `event=support_conference_owner_changed&lsid=late&conference_id=rep%3A12&timestamp=${seconds(3599)}`,
    3599,
  )
  setAside(run, 'still=nothing')
  setAside(run, 'event=support_conference_begin&lsid=cut', 3600, {}, 1)
  setAside(run, 'version=1', 3600, { event: 'support_conference_begin', lsid: 'by-url', external_key: 'INC7' })
  assert.deepEqual(await run.run({ type: 'quarantine.reread', ids: 'all' }), { read: 3, left: 2 })
  assert.equal(run.state().health.held, 2)
  assert.deepEqual([run.row('late')?.relation, run.row('by-url')?.externalKey], ['mine', 'INC7'])
  const [, , first] = await run.run({ type: 'activity.list', before: null })
  assert.deepEqual([first?.lsid, Math.round((Date.now() - (first?.receivedAt ?? 0)) / 60_000)], ['late', 60])
  // One digest says what is mine now; no notification of its own.
  await run.shows('Meanwhile: 3 events in 2 sessions — 1 yours now: unnamed')
  // The same event, sent again, is known.
  await fetch(run.app.recipientUrl() ?? '', { method: 'POST', body: new URLSearchParams(begin) })
  assert.equal(run.state().health.repeated, 1)
  assert.deepEqual(await run.run({ type: 'quarantine.reread', ids: [999] }), { read: 0, left: 0 })
})

test('an event that is known already is not stored twice', async (t) => {
  const run = await startRun(t)
  const begin = `event=support_conference_begin&lsid=twice&version=1&timestamp=${seconds(5)}`
  await post(run, begin)
  await until(() => run.row('twice'), 'the session')
  setAside(run, begin)
  assert.deepEqual(await run.run({ type: 'quarantine.reread', ids: 'all' }), { read: 1, left: 0 })
  assert.equal((await run.run({ type: 'activity.list', before: null })).length, 1)
})

test('saved: the bytes as they came, and beside them what is known of them', async (t) => {
  const run = await startRun(t)
  const body = Uint8Array.from({ length: 300 }, (_, index) => index % 256)
  await post(run, body, 'application/octet-stream', '&a=1')
  await until(() => run.state().health.held === 1, 'it')
  const [item] = await run.run({ type: 'quarantine.list', before: null })
  for (const name of [`rep-tray-quarantine-${item?.id}`, `rep-tray-quarantine-${item?.id} (2)`]) {
    const { file } = await run.run({ type: 'quarantine.save', id: item?.id ?? 0 })
    assert.ok(file.endsWith(`${name}.bin`), file)
    assert.deepEqual(new Uint8Array(readFileSync(file)), body)
    const about = JSON.parse(readFileSync(file.replace(/bin$/, 'json'), 'utf8')) as Record<string, unknown>
    assert.deepEqual(
      [about['contentType'], about['parameters'], about['bytes'], about['isCut']],
      ['application/octet-stream', { a: '1' }, 300, false],
    )
    assert.equal(JSON.stringify(about).includes('a-token-for-this-test'), false)
  }
  const reply = await run.app.run({ type: 'quarantine.save', id: 999 })
  assert.deepEqual(reply, { ok: false, message: 'It is no longer in quarantine.' })
})
