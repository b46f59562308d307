/** Several addresses to listen on, each by itself; and those that come and go. */
import assert from 'node:assert/strict'
import type { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { socketsFor } from '../../main/events/addresses.ts'
import type { Listener } from '../../main/events/listener.ts'
import { until } from '../electron/until.ts'
import { makeListener, occupy, setUp } from './listening-support.ts'
import { ask } from './support.ts'

/** The system's interfaces, with these addresses and the loop. */
const withAddresses = (...addresses: readonly string[]) =>
  ({
    lo: [{ address: '127.0.0.1' }],
    eth0: addresses.map((address) => ({ address })),
  }) as unknown as ReturnType<typeof networkInterfaces>

/** Addresses that are there on some systems only. */
const isLinux = process.platform === 'linux'

test('several addresses take the same port, each with its own tries', { skip: !isLinux }, async (t) => {
  const { port: taken, free } = await occupy(t)
  const { listening, target, last, failed } = setUp(t)
  target.port = taken
  target.addresses = ['127.0.0.2', '127.0.0.1', '192.0.2.77']
  await listening.start()
  assert.deepEqual([last()?.status, last()?.addresses], ['listening', [`127.0.0.2:${taken}`]])
  assert.deepEqual(failed(), [`127.0.0.1:${taken} EADDRINUSE`, `192.0.2.77:${taken} EADDRNOTAVAIL`])
  assert.equal(last()?.retryAt, 1_000_020, 'when the first of them is tried again')
  await free()
  await until(() => last()?.addresses.length === 2, 'the port that is free now')
  assert.deepEqual(failed(), [`192.0.2.77:${taken} EADDRNOTAVAIL`])
  for (const address of ['127.0.0.1', '127.0.0.2']) assert.equal((await ask({ port: taken, address })).status, 404)
  target.port = 0
  target.addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  await listening.restart()
  const ports = last()?.addresses.map((address) => address.split(':').at(-1)) ?? []
  assert.deepEqual([ports.length, new Set(ports).size, failed()], [3, 1, []])
})

test('any port: where the first one’s is taken, another is', { skip: !isLinux }, async (t) => {
  const ports: number[] = []
  const fake = (): Listener => ({
    listen: (address, port) => {
      ports.push(port)
      if (address === '127.0.0.2' && port === 7)
        return Promise.reject(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }))
      return Promise.resolve(port === 0 ? ports.length + 6 : port)
    },
    close: () => Promise.resolve(),
  })
  const { listening, target, last } = setUp(t, { createListener: fake })
  target.addresses = ['127.0.0.1', '127.0.0.2']
  await listening.start()
  assert.deepEqual(
    [ports, last()?.addresses],
    [
      [0, 7, 0],
      ['127.0.0.1:7', '127.0.0.2:9'],
    ],
  )
})

test('it is told once how several addresses stand, not after each', async (t) => {
  const { listening, changes, target } = setUp(t)
  target.addresses = ['127.0.0.1', '192.0.2.77', '192.0.2.78']
  await listening.start()
  assert.equal(changes.length, 1)
  await listening.restart()
  assert.equal(changes.length, 2)
})

test(
  'an address that goes away is told and tried again, though its socket says nothing',
  { skip: !isLinux },
  async (t) => {
    let present = withAddresses('127.0.0.2')
    // What is 127.0.0.2 here is an address of the network to it.
    const { listening, target, last, failed } = setUp(t, { interfaces: () => present, createListener: makeListener })
    target.addresses = ['127.0.0.1', '::ffff:127.0.0.2']
    await listening.start()
    assert.equal(last()?.addresses.length, 2)
    present = withAddresses()
    await listening.check()
    assert.equal(last()?.addresses.length, 2, 'loopback is always there')
    target.addresses = ['127.0.0.1', '192.0.2.77']
    let works = true
    const other = setUp(t, {
      interfaces: () => present,
      createListener: () => {
        const real = makeListener()
        const listen: Listener['listen'] = (address, port, onGone) =>
          address === '192.0.2.77' && works
            ? real.listen('127.0.0.5', port, onGone)
            : real.listen(address, port, onGone)
        return { ...real, listen }
      },
    })
    present = withAddresses('192.0.2.77')
    other.target.addresses = target.addresses
    await other.listening.start()
    await other.listening.check()
    assert.equal(other.last()?.addresses.length, 2)
    const port = other.port()
    works = false
    present = withAddresses('192.0.2.8')
    await other.listening.check()
    assert.deepEqual([other.last()?.addresses, other.last()?.status], [[`127.0.0.1:${port}`], 'listening'])
    assert.deepEqual(other.failed(), ['192.0.2.77:0 EADDRNOTAVAIL'])
    assert.deepEqual(failed(), [])
    works = true
    await until(() => other.last()?.addresses.length === 2, 'the address, back again')
    assert.equal(other.last()?.addresses[1], `192.0.2.77:${port}`, 'at the same port')
  },
)

test('a listener that ends by itself is opened again', async (t) => {
  let end: ((error: Error) => void) | undefined
  let closed = 0
  const fake = (): Listener => ({
    listen: (_address, _port, onGone) => {
      end = onGone
      return Promise.resolve(7)
    },
    close: () => {
      closed += 1
      return Promise.resolve()
    },
  })
  const { listening, changes } = setUp(t, { createListener: fake })
  await listening.start()
  const first = end
  first?.(Object.assign(new Error('gone'), { code: 'EBADF' }))
  await until(() => changes.length === 3, 'failed, then listening again')
  assert.deepEqual(
    changes.map(({ status, code }) => [status, code]),
    [
      ['listening', undefined],
      ['failed', 'EBADF'],
      ['listening', undefined],
    ],
  )
  assert.equal(closed, 1)
  first?.(new Error('gone again, says one that is no longer in use'))
  await listening.retry()
  assert.equal(changes.length, 3)
})

test('addresses that another covers take no socket of their own', () => {
  const cases: readonly [readonly string[], readonly string[]][] = [
    [['127.0.0.1'], ['127.0.0.1']],
    [['0.0.0.0', '127.0.0.1', '192.0.2.7'], ['0.0.0.0']],
    [
      ['0.0.0.0', '::1'],
      ['0.0.0.0', '::1'],
    ],
    [['::', '127.0.0.1', '::1'], ['::']],
    [['0:0::0', '::'], ['::']],
    [
      ['::', '0.0.0.0'],
      ['::', '0.0.0.0'],
    ],
    [['2001:DB8::0:7', '2001:db8::7'], ['2001:db8::7']],
    [
      ['fe80::1%eth0', 'fe80::1%eth1'],
      ['fe80::1%eth0', 'fe80::1%eth1'],
    ],
  ]
  for (const [given, expected] of cases) assert.deepEqual(socketsFor(given), expected, given.join())
})
