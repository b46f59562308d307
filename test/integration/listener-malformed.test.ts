import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { until } from '../electron/until.ts'
import { listen, rawSocket, RECIPIENT, within } from './support.ts'

const REQUESTS = 3_000
const AT_ONCE = 64

const PATH = RECIPIENT
const body = 'event=mischief&lsid=x'

/** Request lines that are odd in one way or another. */
const oddLine = fc.oneof(
  fc.constantFrom(
    `POST ${PATH} HTTP/1.0`,
    `POST http://desk${PATH} HTTP/1.1`,
    `POST ${PATH} HTTP/9.9`,
    `POST ${PATH}`,
    `POST ${PATH}  HTTP/1.1`,
    `POST\t${PATH} HTTP/1.1`,
    `post ${PATH} HTTP/1.1`,
    `POST ${PATH}#x HTTP/1.1`,
    `POST ?${PATH} HTTP/1.1`,
    `POST //[${PATH} HTTP/1.1`,
    `POST /%zz%00${PATH} HTTP/1.1`,
    `POST /?token=${'a'.repeat(5_000)} HTTP/1.1`,
    `CONNECT desk:80 HTTP/1.1`,
    `OPTIONS * HTTP/1.1`,
    'PRI * HTTP/2.0\r\n\r\nSM',
    'GET /',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '\x05\x01\x00',
    '\0\0\0\0',
    '',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
)

const header = fc.oneof(
  fc.constantFrom(
    'Host: desk',
    'Host: desk\r\nHost: evil.example',
    'Host: [::1',
    'Host:',
    `Content-Length: ${body.length}`,
    'Content-Length: 0',
    'Content-Length: 1',
    'Content-Length: 99999',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999999',
    'Content-Length: 0x10',
    `Content-Length: ${body.length}, ${body.length}`,
    `Content-Length: ${body.length}\r\nContent-Length: 3`,
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: \x0bchunked',
    'Expect: 100-continue',
    'Expect: 200-ok',
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
    'Connection: close',
    'Connection: keep-alive, Host',
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Type: multipart/form-data; boundary="',
    'Content-Type: \xff\xfe',
    'Content-Encoding: gzip',
    'Trailer: Host',
    ' folded',
    ':empty name',
    'no colon',
    'Nul: \0',
    `Long: ${'x'.repeat(20_000)}`,
    '__proto__: x',
    'Origin: http://evil.example',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }),
)

const payload = fc.oneof(
  fc.constantFrom(
    body,
    '',
    `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    `${body.length.toString(16)};ext=1\r\n${body}\r\n0\r\nHost: evil\r\n\r\n`,
    `fffffffffffffffff\r\n${body}\r\n`,
    `-1\r\n${body}\r\n0\r\n\r\n`,
    `5\r\n${body}\r\n0\r\n\r\n`,
    '0\r\n\r\n',
    '--x\r\nContent-Disposition: form-data; name="event"\r\n\r\nmischief\r\n--x--\r\n',
    `${body}POST ${PATH} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'x'.repeat(3_000),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

/** Something that is mostly as it should be. */
const mostly = <Value>(good: Value, other: fc.Arbitrary<Value>) =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 2 }, { arbitrary: other, weight: 1 })

/** A request, right in some of its parts. */
const nearlyRequest = fc
  .record({
    line: mostly(`POST ${PATH} HTTP/1.1`, oddLine),
    framing: mostly(`Content-Length: ${body.length}`, header),
    headers: fc.array(header, { maxLength: 2 }),
    newline: mostly('\r\n', fc.constantFrom('\n', '\r')),
    rest: mostly(body, payload),
  })
  .map(({ line, framing, headers, newline, rest }) => [line, ...headers, framing, '', rest].join(newline))

/** One connection: what is sent, in how many pieces, and how it ends. */
const mischief = fc.record({
  text: nearlyRequest,
  noise: fc.option(fc.record({ at: fc.nat({ max: 300 }), bytes: fc.string({ unit: 'binary-ascii', maxLength: 3 }) }), {
    freq: 3,
  }),
  cut: fc.option(fc.nat({ max: 400 })),
  end: fc.constantFrom('finish', 'finish', 'reset'),
})

type Mischief = typeof mischief extends fc.Arbitrary<infer Value> ? Value : never

/** Sends it and resolves when the connection is gone, whoever ended it. */
function commit({ text, noise, cut, end }: Mischief, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
    const { at, bytes: added } = noise ?? { at: 0, bytes: '' }
    const bytes = Buffer.from(`${text.slice(0, at)}${added}${text.slice(at)}`, 'latin1')
    socket.write(bytes.subarray(0, cut ?? bytes.length))
    setImmediate(() => {
      if (end === 'reset') socket.resetAndDestroy()
      else socket.end(cut === null ? '' : bytes.subarray(cut))
    })
  })
}

test(`${REQUESTS} malformed requests: no crash, and every event in between is stored`, async (t) => {
  const limits = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 }
  const { port, post, events, told } = await listen(t, { limits })
  const seed = Date.now()
  t.diagnostic(`seed ${seed}`)
  const all = fc.sample(mischief, { numRuns: REQUESTS, seed })
  const sent: string[] = []
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const under = all.slice(from, from + AT_ONCE).map((each) => commit(each, port))
    const lsid = `honest-${from}`
    sent.push(lsid)
    const { status } = await within(post({ body: `event=support_conference_begin&lsid=${lsid}` }), lsid)
    assert.equal(status, 200)
    await within(Promise.all(under), `the end of connections ${from} and following`, 10_000)
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
