import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { createAppliance, type Appliance, type ApplianceOptions } from '../appliance/appliance.ts'
import { auditEvents } from '../appliance/audit.ts'
import { createCertificate } from '../appliance/certificate.ts'
import { valueOf } from '../appliance/event.ts'
import { startRecorder, type Recorder, type RecorderOptions } from '../appliance/recorder.ts'
import { findOwner, findRepresentative } from '../appliance/world.ts'

const QUICK = { retryIntervalMs: 20, retryDurationMs: 10_000, timeoutMs: 2000 }

function createTestAppliance(t: TestContext, options: ApplianceOptions = {}): Appliance {
  const appliance = createAppliance({ seed: 1, ...QUICK, ...options })
  t.after(() => appliance.close())
  return appliance
}

async function startTestRecorder(t: TestContext, options: RecorderOptions = {}): Promise<Recorder> {
  const recorder = await startRecorder(options)
  t.after(() => recorder.close())
  return recorder
}

const names = ({ posts }: Recorder) => posts.map(({ variables }) => valueOf(variables, 'event'))

/** Waits for a condition; the test fails if it does not come true in time. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'waited in vain')
    await sleep(5)
  }
}

/** A port on which nobody listens now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

test('a session arrives whole, in order, as form posts of their own connections', async (t) => {
  const appliance = createTestAppliance(t)
  const recorder = await startTestRecorder(t)
  const { world } = appliance
  appliance.addRecipient(`${recorder.url}events?token=abc`)
  const session = appliance.startSession({
    queue: findOwner(world, 'team:5'),
    customer: { name: 'Zoë & Söhne', company: '', computer: '' },
    externalKey: 'INC0010023',
  })
  session.pickUp(findRepresentative(world, 12))
  session.end()
  session.survey('customer')
  assert.equal(appliance.queueLength(), 9)
  await appliance.idle()

  assert.deepEqual(auditEvents(recorder.posts.map(({ variables }) => variables)), [])
  assert.equal(recorder.posts.length, 9)
  for (const [index, post] of recorder.posts.entries()) {
    assert.equal(post.method, 'POST')
    assert.equal(post.url, '/events?token=abc')
    assert.equal(post.headers['content-type'], 'application/x-www-form-urlencoded')
    assert.equal(post.headers['content-length'], String(post.body.length))
    assert.equal(post.headers['transfer-encoding'], undefined)
    assert.equal(post.headers.connection, 'close')
    assert.equal(post.connection, index + 1)
  }
  assert.equal(valueOf(recorder.posts[2]?.variables ?? [], 'display_name'), 'Zoë & Söhne')
  assert.deepEqual(
    appliance.history.map(({ outcome, attempts, event }) => [outcome, attempts.length, event.id]),
    Array.from({ length: 9 }, (_, index) => ['acknowledged', 1, index + 1]),
  )
})

test('with keep-alive one connection serves all', async (t) => {
  const appliance = createTestAppliance(t)
  const recorder = await startTestRecorder(t)
  appliance.addRecipient(recorder.url, { keepAlive: true })
  for (let index = 0; index < 5; index += 1) appliance.emit('support_conference_begin', [['lsid', String(index)]])
  await appliance.idle()
  assert.deepEqual(
    recorder.posts.map(({ connection, headers }) => [connection, headers.connection]),
    Array.from({ length: 5 }, () => [1, 'keep-alive']),
  )
})

for (const answer of [201, 202, 204, 301, 302, 307, 400, 404, 500, 503, 'cut', 'cut-reply', 'hang'] as const) {
  test(`after ${answer} the same bytes come again, and only then the next event`, async (t) => {
    const appliance = createTestAppliance(t, { timeoutMs: answer === 'hang' ? 100 : 2000 })
    const recorder = await startTestRecorder(t, { answer: (_post, index) => (index === 0 ? answer : 200) })
    appliance.addRecipient(recorder.url)
    appliance.emit('first')
    appliance.emit('second')
    await appliance.idle()
    assert.deepEqual(names(recorder), ['first', 'first', 'second'])
    assert.deepEqual(recorder.posts[0]?.body, recorder.posts[1]?.body)
    const [failed] = appliance.history[0]?.attempts ?? []
    if (answer === 'hang') assert.deepEqual(failed, { kind: 'timeout' })
    else if (typeof answer === 'number') assert.deepEqual(failed, { kind: 'reply', status: answer })
    else assert.deepEqual(failed, { kind: 'error', code: 'ECONNRESET' })
  })
}

test('a recipient that was away gets everything when it is back', async (t) => {
  let attempts = 0
  const appliance = createTestAppliance(t, { onAttempt: () => (attempts += 1) })
  const port = await freePort()
  appliance.addRecipient(`http://127.0.0.1:${port}/`, { name: 'tray' })
  appliance.emit('one')
  appliance.emit('two')
  await until(() => attempts >= 3)
  assert.equal(appliance.history.length, 0)
  const recorder = await startTestRecorder(t, { port })
  await appliance.idle()
  assert.deepEqual(names(recorder), ['one', 'two'])
  assert.deepEqual(appliance.history[0]?.attempts[0], { kind: 'error', code: 'ECONNREFUSED' })

  await recorder.close()
  appliance.emit('three')
  appliance.emit('four')
  const again = await startTestRecorder(t, { port })
  await appliance.idle()
  assert.deepEqual(names(again), ['three', 'four'])
  assert.equal(appliance.dropped, 0)
})

test('an event is dropped after the retry duration, and those behind it have their own', async (t) => {
  const settled: string[] = []
  const appliance = createTestAppliance(t, {
    retryDurationMs: 150,
    onSettled: ({ event, outcome }) => settled.push(`${valueOf(event.variables, 'event')} ${outcome}`),
  })
  const recorder = await startTestRecorder(t, {
    answer: ({ variables }) => (valueOf(variables, 'event') === 'bad' ? 500 : 200),
  })
  appliance.addRecipient(recorder.url)
  for (const event of ['good', 'bad', 'better']) appliance.emit(event)
  await appliance.idle()
  assert.deepEqual(settled, ['good acknowledged', 'bad dropped', 'better acknowledged'])
  assert.equal(appliance.dropped, 1)
  assert.ok(names(recorder).filter((name) => name === 'bad').length > 1)
})

test('each recipient has a queue, times and events of its own', async (t) => {
  const appliance = createTestAppliance(t)
  const hanging = await startTestRecorder(t, { answer: () => 'hang' })
  const failing = await startTestRecorder(t, { answer: () => 500 })
  const fine = await startTestRecorder(t)
  const picky = await startTestRecorder(t)
  appliance.addRecipient(hanging.url, { name: 'hanging', timeoutMs: 60_000 })
  appliance.addRecipient(failing.url, { name: 'failing', retryIntervalMs: 60_000, retryDurationMs: 600_000 })
  appliance.addRecipient(fine.url, { name: 'fine' })
  appliance.addRecipient(picky.url, { name: 'picky', events: ['two'] })
  for (const event of ['one', 'two', 'three']) appliance.emit(event)
  await until(() => appliance.queueLength('fine') + appliance.queueLength('picky') === 0)
  await until(() => hanging.posts.length === 1 && failing.posts.length === 1)
  assert.deepEqual(names(fine), ['one', 'two', 'three'])
  assert.deepEqual(names(picky), ['two'])
  assert.deepEqual(names(hanging), ['one'])
  assert.equal(appliance.queueLength('hanging'), 3)
  assert.equal(appliance.queueLength('failing'), 3)
  assert.equal(appliance.queueLength(), 6)
  assert.throws(() => appliance.queueLength('nobody'), /no recipient nobody/)
  // The one that hangs does not hold up the end.
  await appliance.close()
  await appliance.idle()
})

test('lost replies make duplicates, byte for byte, and the order stays', async (t) => {
  const appliance = createTestAppliance(t, { lostReply: 0.4, retryIntervalMs: 1 })
  const recorder = await startTestRecorder(t)
  appliance.addRecipient(recorder.url)
  const wanted = Array.from({ length: 60 }, (_, index) => `event_${index}`)
  for (const event of wanted) appliance.emit(event)
  await appliance.idle()
  assert.deepEqual([...new Set(names(recorder))], wanted)
  assert.ok(recorder.posts.length > 70, String(recorder.posts.length))
  const bodies = Map.groupBy(recorder.posts, ({ variables }) => valueOf(variables, 'event'))
  for (const posts of bodies.values()) assert.equal(new Set(posts.map(({ body }) => body.toString())).size, 1)
  assert.equal(
    recorder.posts.length,
    appliance.history.reduce((sum, { attempts }) => sum + attempts.length, 0),
  )
})

test('https: the authority given is trusted, any other is not', async (t) => {
  const tls = createCertificate()
  const appliance = createTestAppliance(t, { retryDurationMs: 50 })
  const recorder = await startTestRecorder(t, { tls })
  appliance.addRecipient(recorder.url, { name: 'trusting', ca: tls.cert })
  appliance.addRecipient(recorder.url, { name: 'kept', ca: tls.cert, keepAlive: true })
  appliance.addRecipient(recorder.url, { name: 'public' })
  appliance.emit('one')
  await appliance.idle()
  const outcomes = new Map(
    appliance.history.map(({ recipient, outcome, attempts }) => [recipient, { outcome, attempts }]),
  )
  assert.equal(outcomes.get('trusting')?.outcome, 'acknowledged')
  assert.equal(outcomes.get('kept')?.outcome, 'acknowledged')
  assert.equal(outcomes.get('public')?.outcome, 'dropped')
  assert.deepEqual(outcomes.get('public')?.attempts[0], { kind: 'error', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  assert.equal(recorder.posts.length, 2)
})

test('recipients that are no web address are refused, and names are unique', (t) => {
  const appliance = createTestAppliance(t)
  assert.throws(() => appliance.addRecipient('ftp://127.0.0.1/'), /ftp: is neither http: nor https:/)
  assert.throws(() => appliance.addRecipient('here'), /Invalid URL/)
  assert.equal(appliance.addRecipient('http://127.0.0.1:1/a?token=secret'), '127.0.0.1:1')
  assert.equal(appliance.addRecipient('http://127.0.0.1:1/b?token=secret'), '127.0.0.1:1 (2)')
})

test('history keeps the latest only', async (t) => {
  const appliance = createTestAppliance(t, { historyLimit: 3 })
  const recorder = await startTestRecorder(t)
  appliance.addRecipient(recorder.url)
  for (let index = 0; index < 10; index += 1) appliance.emit(`event_${index}`)
  await appliance.idle()
  assert.deepEqual(
    appliance.history.map(({ event }) => event.id),
    [8, 9, 10],
  )
})

test('custom fields are sent where the administrator wants them', async (t) => {
  const appliance = createTestAppliance(t, { customFields: true })
  const recorder = await startTestRecorder(t)
  appliance.addRecipient(recorder.url)
  appliance.startSession({
    queue: findOwner(appliance.world, 'general'),
    customer: { name: 'Jane Doe', company: 'Northwind Mills', computer: 'NWM-PC-0471' },
  })
  await appliance.idle()
  for (const { variables } of recorder.posts) {
    assert.equal(valueOf(variables, 'session.custom.asset_no'), 'NWM-PC-0471')
  }
})
