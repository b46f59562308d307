import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseSeed, createRandom } from '../appliance/random.ts'
import { until } from '../electron/until.ts'
import { commit, createMischief } from '../trust/support/mischief.ts'
import { listen, rawSocket, RECIPIENT, within } from './support.ts'

const REQUESTS = 3_000
const AT_ONCE = 64

const PATH = RECIPIENT

test(`${REQUESTS} malformed requests: no crash, and every event in between is stored`, async (t) => {
  const limits = {
    headersTimeout: 300,
    requestTimeout: 600,
    bodyTimeout: 300,
    strangerTimeout: 500,
    keepAliveTimeout: 300,
  }
  const { port, post, events, told } = await listen(t, {
    limits: { ...limits, connectionsCheckingInterval: 50, freeAttempts: REQUESTS },
  })
  const seed = chooseSeed()
  t.diagnostic(`seed ${seed}`)
  const draw = createMischief(createRandom(seed), PATH)
  const sent: string[] = []
  let requests = 0
  while (requests < REQUESTS) {
    const drawn = Array.from({ length: AT_ONCE }, draw)
    requests += drawn.reduce((sum, each) => sum + each.requests, 0)
    const under = drawn.map((each) => commit(each, port))
    const lsid = `honest-${requests}`
    sent.push(lsid)
    const { status } = await within(post({ body: `event=support_conference_begin&lsid=${lsid}` }), lsid)
    assert.equal(status, 200)
    await within(Promise.all(under), `the end of the connections before request ${requests}`, 10_000)
  }
  const lsids = new Set(events().map((event) => event.lsid))
  assert.deepEqual(
    sent.filter((lsid) => !lsids.has(lsid)),
    [],
  )
  assert.deepEqual(
    told.filter(([kind]) => kind === 'processing failure' || kind === 'store failure'),
    [],
  )
  // Some of it has to be so nearly right that it is read, or this test tests nothing.
  const read = events().find(({ lsid }) => lsid === 'x')?.seen ?? 0
  t.diagnostic(`${read} of them were read as an event`)
  assert.ok(read > REQUESTS / 100)
})

test('requests that come in one piece are answered in their order', async (t) => {
  const { port, events } = await listen(t)
  const { write, received } = await rawSocket(t, port)
  const requests = Array.from({ length: 50 }, (_each, index) => {
    const text = index % 10 === 9 ? 'no event' : `event=e${index}`
    return `POST ${PATH} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  })
  write(requests.join(''))
  await until(() => received().split('HTTP/1.1 200 OK').length === 51, 'fifty answers')
  const names = events().map(({ event }) => event)
  assert.deepEqual(
    names,
    Array.from({ length: 50 }, (_each, index) => `e${index}`).filter((name) => !name.endsWith('9')),
  )
})

test('an event before a broken request on the same connection is stored', async (t) => {
  const { port, events, told } = await listen(t)
  const { write, closed } = await rawSocket(t, port)
  write(`POST ${PATH} HTTP/1.1\r\nHost: desk\r\nContent-Length: 7\r\n\r\nevent=e\0\0\0 broken\r\n\r\n`)
  await within(closed, 'the connection to be cut')
  await until(() => events().length === 1, 'the event')
  assert.deepEqual(told[0], ['event', 'e', false])
})

test('Expect: 100-continue is answered to those who may come in, and to nobody else', async (t) => {
  const { port } = await listen(t)
  const say = async (path: string, expect: string) => {
    const raw = await rawSocket(t, port)
    raw.write(`POST ${path} HTTP/1.1\r\nHost: desk\r\nExpect: ${expect}\r\nContent-Length: 7\r\n\r\n`)
    await until(() => raw.received().includes('\r\n\r\n'), 'an answer')
    return raw
  }
  const welcome = await say(PATH, '100-Continue')
  assert.equal(welcome.received(), 'HTTP/1.1 100 Continue\r\n\r\n')
  welcome.write('event=e')
  await until(() => welcome.received().includes('HTTP/1.1 200 OK'), 'the answer')
  for (const expect of ['100-continue', 'miracles']) {
    const stranger = await say('/', expect)
    await within(stranger.closed, 'the end of the connection')
    assert.match(stranger.received(), /^HTTP\/1\.1 404 Not Found\r\n/)
  }
})

test('chunked bodies, upgrades and HTTP/1.0 are read for the event in them', async (t) => {
  const { port, events } = await listen(t)
  const texts = [
    `POST ${PATH} HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n3\r\neve\r\n4;x=y\r\nnt=a\r\n0\r\nX: y\r\n\r\n`,
    `POST ${PATH} HTTP/1.1\r\nHost: desk\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 7\r\n\r\nevent=b`,
    `POST ${PATH} HTTP/1.1\r\nHost: desk\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 7\r\n\r\nevent=c`,
    `POST ${PATH} HTTP/1.0\r\nHost: desk\r\nContent-Length: 7\r\n\r\nevent=d`,
    `\r\n\r\nPOST ${PATH} HTTP/1.1\r\nHost: desk\r\nContent-Length: 7\r\n\r\nevent=e`,
  ]
  for (const text of texts) {
    const { write, received } = await rawSocket(t, port)
    write(text)
    await until(() => received().startsWith('HTTP/1.1 200 OK'), text)
  }
  assert.deepEqual(
    events().map(({ event }) => event),
    ['a', 'b', 'c', 'd', 'e'],
  )
})
