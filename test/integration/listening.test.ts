import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoint } from '../../main/events/addresses.ts'
import type { Listener } from '../../main/events/listener.ts'
import { until } from '../electron/until.ts'
import { makeListener, occupy, setUp } from './listening-support.ts'
import { ask } from './support.ts'

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

test('an IPv6 endpoint is written with brackets', () => {
  assert.equal(endpoint('::1', 8180), '[::1]:8180')
  assert.equal(endpoint('127.0.0.1', 8180), '127.0.0.1:8180')
})
