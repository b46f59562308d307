import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { test } from 'node:test'
import { SERVER_LIMITS } from '../../main/events/listener.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { ask, BEGIN, listen, rawSocket, RECIPIENT, startListener, within } from './support.ts'

const POST = `POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\n`
const WHOLE = `${POST}Content-Length: ${BEGIN.length}\r\n\r\n${BEGIN}`

/** Limits that a test need not wait for. */
const QUICK = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 }

test('the limits are there, and such as the appliance never meets', () => {
  for (const [name, value] of Object.entries(SERVER_LIMITS)) assert.ok(value > 0 && value <= 60_000, name)
  assert.ok(SERVER_LIMITS.headersTimeout < SERVER_LIMITS.requestTimeout)
})

test('headers that are too large end the connection, and leave no row', async (t) => {
  const { port, post, events } = await listen(t)
  const { write, closed, received } = await rawSocket(t, port)
  write(`${POST}X-Large: ${'x'.repeat(SERVER_LIMITS.maxHeaderSize)}\r\nContent-Length: ${BEGIN.length}\r\n\r\n${BEGIN}`)
  await within(closed, 'the connection to be cut')
  assert.equal(received(), '')
  const large = { headers: { 'x-large': 'x'.repeat(SERVER_LIMITS.maxHeaderSize - 1_000) } }
  assert.equal((await post(large)).status, 200, 'just below the limit')
  assert.equal(events().length, 1)
})

test('senders who are slow with headers or body, or silent, are cut off, though they never read', async (t) => {
  const { port, post, events } = await listen(t, { limits: QUICK })
  const beginnings = [
    '',
    'P',
    POST,
    `${POST}X: `,
    `${POST}Content-Length: 100\r\n\r\nevent=`,
    `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nev`,
  ]
  const slow = await Promise.all(
    Array.from({ length: 120 }, async (_each, index) => {
      const raw = await rawSocket(t, port)
      raw.socket.pause()
      raw.write(beginnings[index % beginnings.length] ?? '')
      // A byte now and then does not make it better.
      const dribble = setInterval(() => raw.write('x'), 30)
      void raw.closed.then(() => clearInterval(dribble))
      atEnd(t, () => clearInterval(dribble))
      return raw
    }),
  )
  for (let index = 0; index < 20; index += 1) {
    const { status } = await within(post({ body: `event=e${index}` }), 'the answer to an honest sender')
    assert.equal(status, 200)
  }
  await within(Promise.all(slow.map(({ closed, socket }) => (socket.resume(), closed))), 'all of them to be cut off')
  assert.deepEqual(
    events().map(({ event }) => event),
    Array.from({ length: 20 }, (_each, index) => `e${index}`),
  )
})

test('a body that takes its time, but not too much, is taken', async (t) => {
  const { port, events } = await listen(t)
  const { write, received } = await rawSocket(t, port)
  write(`${POST}Content-Length: ${BEGIN.length}\r\n\r\n`)
  for (const character of BEGIN) {
    write(character)
    await new Promise(setImmediate)
  }
  await until(() => received().startsWith('HTTP/1.1 200'), 'the answer')
  assert.equal(events()[0]?.lsid, 'abc')
})

test('many connections that stay open are all served', async (t) => {
  const { port, events } = await listen(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  atEnd(t, () => agent.destroy())
  const post = (body: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path: RECIPIENT, method: 'POST', agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(Array.from({ length: 200 }, (_each, index) => post(`event=e${round}-${index}`)))
    assert.ok(answers.every((status) => status === 200))
  }
  assert.equal(events().length, 1_000)
})

test('there is an end to connections: who brought nothing for longest makes room', async (t) => {
  const { port, post } = await listen(t, { limits: { maxConnections: 10 } })
  const sockets = await Promise.all(Array.from({ length: 10 }, () => rawSocket(t, port)))
  for (const { write, received } of sockets) {
    write(WHOLE)
    await until(() => received().includes(' 200 '), 'an answer')
  }
  const [first, second] = sockets
  first?.write(WHOLE)
  await until(() => first?.received().split(' 200 ').length === 3, 'another answer')
  assert.equal((await post()).status, 200)
  await within(second?.closed ?? assert.fail(), 'the second to be cut off')
  first?.write(WHOLE)
  await until(() => first?.received().split(' 200 ').length === 4, 'one more answer')
})

test('a refused sender has one answer, and then the connection is gone', async (t) => {
  const { port } = await listen(t)
  const { write, received, closed } = await rawSocket(t, port)
  write(`POST /?token=wrong HTTP/1.1\r\nHost: desk\r\nContent-Length: 5\r\n\r\nevent${WHOLE}`)
  await within(closed, 'the end of the connection')
  assert.match(received(), /^HTTP\/1\.1 404 Not Found\r\n/)
  assert.equal(received().split('HTTP/1.1').length, 2)
})

// --------------------------------------------------------------------------------------------------------- closing

test('closing answers what is under way, and then ends the connection at once', async (t) => {
  const gate = Promise.withResolvers<void>()
  let asked = 0
  const store = async () => {
    asked += 1
    await gate.promise
    return { seq: 1, repeated: false }
  }
  const { listener, port } = await startListener(t, { journal: () => ({ append: store, quarantine: store }) })
  const { write, received, closed } = await rawSocket(t, port)
  write(WHOLE)
  await until(() => asked === 1, 'the event')
  const start = performance.now()
  const closing = listener.close()
  await assert.rejects(ask({ port, path: RECIPIENT, method: 'POST', body: BEGIN }), { code: 'ECONNREFUSED' })
  gate.resolve()
  await within(closing, 'the listener to be closed')
  await within(closed, 'the connection to be closed')
  assert.ok(performance.now() - start < SERVER_LIMITS.closeTimeout)
  assert.match(received(), /^HTTP\/1\.1 200 OK\r\n/)
  assert.match(received(), /connection: close\r\n/i)
})

test('closing waits for nobody who is silent, slow or idle', async (t) => {
  const { listener, port } = await listen(t, { limits: { closeTimeout: 200 } })
  const beginnings = ['', POST, `${POST}Content-Length: 100\r\n\r\nevent=`, WHOLE]
  const sockets = await Promise.all(beginnings.map(() => rawSocket(t, port)))
  for (const [index, { write }] of sockets.entries()) write(beginnings[index] ?? '')
  await until(() => sockets.at(-1)?.received().includes(' 200 '), 'the answer to the one that is whole')
  await within(listener.close(), 'the listener to be closed', 2_000)
  await within(Promise.all(sockets.map(({ closed }) => closed)), 'all connections to be closed')
})

test('closing what does not listen, and closing twice, is fine', async (t) => {
  const { listener } = await listen(t)
  await listener.close()
  await listener.close()
})
