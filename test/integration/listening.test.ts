import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Server } from 'node:net'
import type { networkInterfaces } from 'node:os'
import { test, type TestContext } from 'node:test'
import type { Health } from '../../preload/contract.ts'
import { createListener, type Listener } from '../../main/events/listener.ts'
import { endpoint, socketsFor } from '../../main/events/addresses.ts'
import { createListening, type Failure, type ListeningOptions } from '../../main/events/listening.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { ask } from './support.ts'

type Change = Omit<Health['listener'], 'certificate'> & { readonly code: string | undefined }

/** A real listener that answers 404 to everybody; the tests only look whether it is there. */
const makeListener = () =>
  createListener({
    journal: () => {
      throw new Error('There is none.')
    },
    tokens: () => [],
    names: () => new Set(),
    allow: () => null,
    now: Date.now,
    onEvent: () => {},
    onQuarantine: () => {},
    onStoreFailure: () => {},
    onRefused: () => {},
    onProcessingFailure: () => {},
    onToken: () => {},
  })

function setUp(t: TestContext, own: Partial<ListeningOptions> = {}) {
  const changes: Change[] = []
  let failures: readonly Failure[] = []
  const target = { addresses: ['127.0.0.1'], port: 0 }
  const listening = createListening({
    createListener: makeListener,
    target: () => target,
    now: () => 1_000_000,
    onChange: (health, present) => {
      failures = present
      changes.push({ ...health, code: present[0]?.error.code })
    },
    waits: [20],
    ...own,
  })
  atEnd(t, () => listening.stop())
  const last = () => changes.at(-1)
  const port = () => Number(last()?.addresses[0]?.split(':').at(-1))
  const failed = () => failures.map(({ where, error }) => `${where} ${error.code}`)
  return { listening, changes, target, last, port, failed }
}

/** Somebody else who has a port of 127.0.0.1. */
async function occupy(t: TestContext): Promise<{ port: number; free: () => Promise<void> }> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const free = () => new Promise<void>((resolve) => void server.close(() => resolve()))
  atEnd(t, free)
  return { port: (server.address() as AddressInfo).port, free }
}

const answers = async (port: number) => {
  try {
    return (await ask({ port })).status === 404
  } catch {
    return false
  }
}

test('it listens at the target, says where, and stops', async (t) => {
  const { listening, changes, last, port } = setUp(t)
  await listening.start()
  assert.deepEqual(last(), { status: 'listening', addresses: [`127.0.0.1:${port()}`], retryAt: null, code: undefined })
  const bound = port()
  assert.ok(await answers(bound))
  await listening.retry()
  await listening.start()
  assert.equal(changes.length, 1, 'trying while it listens does nothing')
  await listening.stop()
  assert.deepEqual(last(), { status: 'stopped', addresses: [], retryAt: null, code: undefined })
  assert.equal(await answers(bound), false)
})

test('a port that is taken is told with the time of the next try, and taken as soon as it is free', async (t) => {
  const { port: taken, free } = await occupy(t)
  const { listening, changes, target, last } = setUp(t)
  target.port = taken
  await listening.start()
  assert.deepEqual(last(), { status: 'failed', addresses: [], retryAt: 1_000_020, code: 'EADDRINUSE' })
  await until(() => changes.length >= 4, 'more tries')
  assert.ok(changes.every(({ status }) => status === 'failed'))
  await free()
  await until(() => last()?.status === 'listening', 'the port')
  assert.deepEqual(last(), { status: 'listening', addresses: [`127.0.0.1:${taken}`], retryAt: null, code: undefined })
  assert.ok(await answers(taken))
})

test('an address that this computer does not have is tried again, too', async (t) => {
  const { listening, target, last } = setUp(t)
  target.addresses = ['192.0.2.1']
  await listening.start()
  assert.deepEqual([last()?.status, last()?.code], ['failed', 'EADDRNOTAVAIL'])
  target.addresses = ['127.0.0.1']
  await listening.restart()
  assert.equal(last()?.status, 'listening')
})

test('waits grow to the longest, and begin anew after success or a restart', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let works = false
  let tries = 0
  const fake = (): Listener => ({
    listen: () => {
      tries += 1
      return works ? Promise.resolve(7) : Promise.reject(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }))
    },
    close: () => Promise.resolve(),
  })
  const { listening, last } = setUp(t, { createListener: fake, waits: [10, 20, 50] })
  const wait = () => (last()?.retryAt ?? 0) - 1_000_000
  /** Lets this much time pass, and what then begins come to its end. */
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
  }
  await listening.start()
  const waits = [wait()]
  for (let round = 0; round < 4; round += 1) {
    await pass(wait() - 1)
    const before = tries
    await pass(1)
    assert.equal(tries, before + 1, 'one try at its time, not before')
    waits.push(wait())
  }
  assert.deepEqual(waits, [10, 20, 50, 50, 50])

  await listening.restart()
  assert.equal(wait(), 10)
  const before = tries
  await listening.retry()
  assert.deepEqual([tries, wait()], [before + 1, 20], 'a try by hand does not wait')
  await pass(20)
  assert.equal(tries, before + 2, 'and there is one timer, not two')
  works = true
  await pass(50)
  assert.equal(last()?.status, 'listening')
  works = false
  await listening.restart()
  assert.equal(wait(), 10)
})

test('a restart moves to the new target and leaves the old one', async (t) => {
  const { listening, changes, target, port } = setUp(t)
  await listening.start()
  const old = port()
  const { port: wanted, free } = await occupy(t)
  await free()
  target.port = wanted
  await listening.restart()
  assert.equal(port(), wanted)
  assert.ok(await answers(wanted))
  assert.equal(await answers(old), false)
  assert.deepEqual(
    changes.map(({ status }) => status),
    ['listening', 'listening'],
  )
})

test('a restart cuts a wait short', async (t) => {
  const { port: taken } = await occupy(t)
  const { listening, target, last } = setUp(t, { waits: [60_000] })
  target.port = taken
  await listening.start()
  assert.equal(last()?.status, 'failed')
  target.port = 0
  await listening.restart()
  assert.equal(last()?.status, 'listening')
})

test('many restarts at once come out right, one after the other', async (t) => {
  const { listening, target, last, port } = setUp(t)
  await listening.start()
  const { port: wanted, free } = await occupy(t)
  await free()
  const restarts = Array.from({ length: 10 }, () => listening.restart())
  target.port = wanted
  await Promise.all([...restarts, listening.restart(), listening.retry()])
  assert.deepEqual([last()?.status, port()], ['listening', wanted])
  assert.ok(await answers(wanted))
})

test('stopping during a wait ends it for good', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { port: taken, free } = await occupy(t)
  const { listening, changes, target, last } = setUp(t)
  target.port = taken
  await listening.start()
  await listening.stop()
  assert.equal(last()?.status, 'stopped')
  await free()
  const count = changes.length
  t.mock.timers.tick(60_000)
  await listening.retry()
  await listening.start()
  assert.equal(changes.length, count)
  assert.equal(await answers(taken), false)
})

test('stopping while it is about to listen leaves nothing open', async (t) => {
  const { listening, changes, last } = setUp(t)
  const starting = listening.start()
  await listening.stop()
  await starting
  assert.equal(last()?.status, 'stopped')
  const bound = changes.flatMap(({ addresses }) => addresses).map((address) => Number(address.split(':').at(-1)))
  for (const port of bound) assert.equal(await answers(port), false)
})

test('one failure that nobody foresaw does not end all tries', async (t) => {
  let isBroken = true
  const { listening, last } = setUp(t, {
    createListener: () => {
      if (isBroken) throw new Error('a mistake')
      return makeListener()
    },
  })
  await listening.start()
  assert.equal(last()?.status, 'failed')
  isBroken = false
  await until(() => last()?.status === 'listening', 'the next try')
})

test('nor does one in what is told of the change', async (t) => {
  let isBroken = true
  const { listening } = setUp(t, {
    onChange: () => {
      if (isBroken) throw new Error('a mistake')
    },
    target: () => ({ addresses: ['192.0.2.1'], port: 0 }),
    waits: [60_000],
  })
  await assert.rejects(listening.start(), /a mistake/)
  isBroken = false
  await listening.restart()
})

// --------------------------------------------------------------------------------------------- several addresses

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

test('an IPv6 endpoint is written with brackets', () => {
  assert.equal(endpoint('::1', 8180), '[::1]:8180')
  assert.equal(endpoint('127.0.0.1', 8180), '127.0.0.1:8180')
})
