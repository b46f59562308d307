/** Those who have no token: their number, their time and their attempts have an end, and the appliance does not feel it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStrangers, networkOf } from '../../main/events/strangers.ts'
import { SERVER_LIMITS } from '../../main/events/listener.ts'
import { createTally } from '../../main/events/tally.ts'
import { until } from '../electron/until.ts'
import { makeSite, postSecurely } from './certificate-support.ts'
import { BEGIN, listen, rawSocket, RECIPIENT, within, type RawSocket } from './support.ts'

const EVENT = `POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${BEGIN.length}\r\n\r\n${BEGIN}`
const WRONG = 'POST /?token=wrong HTTP/1.1\r\nHost: desk\r\nContent-Length: 0\r\n\r\n'

const isClosed = async ({ closed }: RawSocket) =>
  await Promise.race([closed.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 30))])

test('the first wrong tokens cost nothing, later ones time, and the right one never', async (t) => {
  const limits = { freeAttempts: 3, firstDelay: 300, longestDelay: 700, attemptLife: 1e9 }
  const { post } = await listen(t, { limits })
  const took = async (path?: string) => {
    const start = performance.now()
    const { status } = await post(path === undefined ? {} : { path })
    return { status, ms: performance.now() - start }
  }
  const times: number[] = []
  for (let count = 0; count < 7; count += 1) {
    const { status, ms } = await took('/?token=wrong')
    assert.equal(status, 404)
    times.push(ms)
    const right = await took()
    assert.equal(right.status, 200)
    assert.ok(right.ms < 290, `the appliance waited ${right.ms} ms at the same address`)
  }
  const [first, second, third, ...slow] = times
  for (const ms of [first, second, third]) assert.ok((ms ?? 0) < 290, `${ms}`)
  for (const [index, least] of [295, 595, 695, 695].entries()) assert.ok((slow[index] ?? 0) >= least, `${slow[index]}`)
})

test('answers that are held back are few, and a connection that waits is heard no more', async (t) => {
  const limits = { freeAttempts: 1, firstDelay: 400, longestDelay: 400, maxDelayed: 4 }
  const { port, post, events } = await listen(t, { limits })
  await post({ path: '/' })
  const sockets = await Promise.all(Array.from({ length: 20 }, () => rawSocket(t, port)))
  for (const { write } of sockets) write(WRONG + EVENT)
  await within(Promise.all(sockets.map(({ closed }) => closed)), 'the end of all of them')
  const answers = sockets.map(({ received }) => received())
  assert.equal(answers.filter((answer) => answer.startsWith('HTTP/1.1 404')).length, 4)
  assert.equal(answers.filter((answer) => answer === '').length, 16)
  assert.equal(events().length, 0, 'what comes after a wrong token on the same connection is not read')
  // Whoever goes away frees the place.
  const next = await rawSocket(t, port)
  next.write(WRONG)
  await until(() => next.received().startsWith('HTTP/1.1 404'), 'a slow answer')
  assert.equal((await post()).status, 200)
})

test('attempts are forgotten with time, and networks when there are too many', () => {
  let now = 0
  const limits = { ...SERVER_LIMITS, freeAttempts: 2, firstDelay: 100, attemptLife: 10_000 }
  const strangers = createStrangers(
    limits,
    () => now,
    () => {},
  )
  const fail = (address: string) => {
    const delay = strangers.fail(address)
    if (delay !== null && delay > 0) strangers.release(address)
    return delay
  }
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => fail('192.0.2.1')),
    [0, 0, 100, 200, 400],
  )
  assert.equal(fail('192.0.2.2'), 0, 'another address')
  assert.deepEqual(
    [1, 2, 3].map((host) => fail(`2001:db8::${host}`)),
    [0, 0, 100],
    'one network of IPv6',
  )
  assert.equal(fail('2001:db8:0:1::1'), 0)
  now += 40_000
  assert.deepEqual(
    [1, 2].map(() => fail('192.0.2.1')),
    [0, 100],
  )
  for (let round = 0; round < 100; round += 1) fail('192.0.2.1')
  assert.equal(fail('192.0.2.1'), SERVER_LIMITS.longestDelay)
  now += 22 * limits.attemptLife
  assert.equal(fail('192.0.2.1'), 0, 'however many there were')
  for (let host = 0; host < 1_500; host += 1) fail(`10.0.${host >> 8}.${host & 255}`)
  assert.equal(fail('192.0.2.1'), 0, 'forgotten for others')
  const waiting = Array.from({ length: 20 }, () => strangers.fail('198.51.100.1'))
  assert.equal(waiting.filter((delay) => delay !== null && delay > 0).length, SERVER_LIMITS.maxDelayed)
  assert.equal(waiting.at(-1), null)
})

test('a network of IPv6 is its first 64 bits, however it is written', () => {
  const cases: readonly [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['', ''],
  ]
  for (const [address, network] of cases) assert.equal(networkOf(address), network, address)
})

test('connections without a token have an end in time, whatever they dribble', async (t) => {
  const { port, post, events } = await listen(t, { limits: { strangerTimeout: 300, headersTimeout: 2_000 } })
  const silent = await rawSocket(t, port)
  const slow = await rawSocket(t, port)
  const kept = await rawSocket(t, port)
  kept.write(EVENT)
  await until(() => kept.received().includes(' 200 '), 'the answer')
  const start = performance.now()
  const dribble = setInterval(() => slow.write('x'), 20)
  await within(Promise.all([silent.closed, slow.closed]), 'both to be cut off')
  clearInterval(dribble)
  const took = performance.now() - start
  assert.ok(took > 200 && took < 1_500, `${took} ms`)
  assert.equal(await isClosed(kept), false, 'who has shown the token stays')
  assert.equal((await post({ body: 'event=e' })).status, 200)
  assert.equal(events().length, 2)
})

test('when there are too many connections the oldest stranger goes, never the appliance', async (t) => {
  const { port, post } = await listen(t, { limits: { maxConnections: 20, strangerTimeout: 60_000 } })
  const appliance = await rawSocket(t, port)
  appliance.write(EVENT)
  await until(() => appliance.received().includes(' 200 '), 'the answer')
  const strangers: RawSocket[] = []
  for (let count = 0; count < 100; count += 1) strangers.push(await rawSocket(t, port))
  await within(Promise.all(strangers.slice(0, 80).map(({ closed }) => closed)), 'the oldest to go')
  assert.equal(await isClosed(strangers.at(-1) ?? appliance), false, 'the latest stays')
  for (let count = 0; count < 10; count += 1) assert.equal((await post({ body: `event=e${count}` })).status, 200)
  assert.equal(await isClosed(appliance), false)
  appliance.write(EVENT)
  await until(() => appliance.received().split(' 200 ').length === 3, 'an answer on the old connection')
})

/** Strangers without a network: `cut` says who was cut off, `close` tells the end of the first socket of that name. */
function withoutNetwork(maxConnections: number, isPrompt: boolean) {
  const cut: string[] = []
  const ends = new Map<string, () => void>()
  const strangers = createStrangers(
    { ...SERVER_LIMITS, maxConnections },
    () => 0,
    () => {},
  )
  const enter = (remoteAddress: string, remotePort: number) => {
    const name = `${remoteAddress} ${remotePort}`
    let end = () => {}
    const once = (_event: string, call: () => void) => {
      end = call
      if (!ends.has(name)) ends.set(name, call)
    }
    const destroy = () => {
      cut.push(name)
      if (isPrompt) end()
    }
    strangers.enter({ remoteAddress, remotePort, once, destroy } as unknown as Parameters<typeof strangers.enter>[0])
  }
  return { strangers, cut, enter, close: (name: string) => ends.get(name)?.() }
}

test('whoever has most connections makes room, not whoever came first', () => {
  const { strangers, cut, enter } = withoutNetwork(10, true)
  enter('192.0.2.1', 1)
  enter('2001:db8::1', 1)
  for (let port = 0; port < 30; port += 1) enter('198.51.100.9', port)
  assert.equal(cut.length, 22)
  assert.ok(cut.every((each) => each.startsWith('198.51.100.9')))
  assert.deepEqual(cut.slice(0, 2), ['198.51.100.9 0', '198.51.100.9 1'])
  strangers.shed()
  assert.equal(cut.length, 27, 'half of them, when the system has no room')
  strangers.stop()
  assert.equal(cut.length, 32)
})

test('an end that is told late is not that of the next connection from the same port', () => {
  const { strangers, cut, enter, close } = withoutNetwork(2, false)
  for (const port of [1, 2, 3, 1]) enter('192.0.2.1', port)
  assert.deepEqual(cut, ['192.0.2.1 1', '192.0.2.1 2'])
  close('192.0.2.1 1')
  strangers.stop()
  assert.deepEqual(cut.slice(2), ['192.0.2.1 3', '192.0.2.1 1'])
})

test('the same holds for TLS: handshakes that go no further are cut off, and the appliance gets through', async (t) => {
  const { root, leaf } = await makeSite()
  const secure = { cert: leaf.cert, key: leaf.key }
  const limits = { maxConnections: 30, strangerTimeout: 400 }
  const { port, listener } = await listen(t, { secure: () => secure, limits })
  const hello = Buffer.from('16030100c8010000c40303', 'hex')
  const strangers: RawSocket[] = []
  for (let count = 0; count < 60; count += 1) {
    const raw = await rawSocket(t, port)
    if (count % 2 === 0) raw.write(hello)
    strangers.push(raw)
  }
  const url = `https://127.0.0.1:${port}${RECIPIENT}`
  assert.equal(await postSecurely(url, BEGIN, root.cert), 200)
  await within(Promise.all(strangers.map(({ closed }) => closed)), 'all of them to be cut off', 2_000)
  const last = await rawSocket(t, port)
  last.write(hello)
  const start = performance.now()
  await within(listener.close(), 'the listener to be closed')
  assert.ok(performance.now() - start < 1_000, 'it waits for no stranger')
})

test('of each kind there is one line a minute, with how often and without what was sent', async (t) => {
  let now = 0
  const lines: string[] = []
  const tally = createTally(
    (line) => lines.push(line),
    () => now,
  )
  for (let count = 0; count < 100; count += 1) tally('one thing')
  tally('another')
  now += 59_999
  tally('one thing')
  now += 1
  tally('one thing')
  assert.deepEqual(lines, [
    'listener: one thing',
    'listener: another',
    'listener: one thing, 101 times since the last such line',
  ])
  const logged: string[] = []
  const { port, post } = await listen(t, { log: (line) => logged.push(line), limits: { freeAttempts: 1_000 } })
  for (let count = 0; count < 50; count += 1) {
    await post({ path: '/secret-path?token=secret-token', headers: { host: 'secret-host' }, body: 'secret=body' })
    const { write, closed } = await rawSocket(t, port)
    write('secret nonsense\r\n\r\n')
    await closed
  }
  assert.equal(logged.length, 2, logged.join('\n'))
  assert.equal(logged.join('').includes('secret'), false)
})
