import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApplianceClient, type ApplianceClient } from '../../main/appliance/client.ts'
import {
  apiInfo,
  CLIENT,
  failure,
  LSID,
  nodeError,
  serve,
  stub,
  stubClock,
  USER,
  xml,
} from './appliance-client-stub.ts'

test('reads are tried three times where the connection broke, with a pause and jitter', async () => {
  const clock = stubClock()
  const { client, seen } = stub(({ asked }, count) => {
    if (asked !== 'get_support_teams') return undefined
    if (count === 1) throw nodeError('ECONNRESET')
    return count === 2 ? new Response('', { status: 503 }) : xml('<support_teams/>')
  }, clock)
  const teams = client.getSupportTeams()
  await clock.advance(499)
  assert.equal(seen.filter(({ asked }) => asked === 'get_support_teams').length, 1)
  await clock.advance(1)
  assert.equal(seen.filter(({ asked }) => asked === 'get_support_teams').length, 2)
  await clock.advance(1000)
  assert.deepEqual(await teams, [])
})

test('a token is asked for again as a read is, where the connection broke', async () => {
  const clock = stubClock()
  const { client, seen } = stub(({ asked }, count) => {
    if (asked === '/oauth2/token' && count === 1) throw nodeError('UND_ERR_SOCKET')
    return undefined
  }, clock)
  const info = client.getApiInfo()
  await clock.advance(1000)
  assert.equal((await info).version, '1.24.1')
  assert.equal(seen.length, 3)
})

test('reads give up after the third time', async () => {
  const clock = stubClock()
  const { client, seen } = stub(({ asked }) => {
    if (asked !== 'get_support_teams') return undefined
    throw nodeError('ECONNRESET')
  }, clock)
  const outcome = failure(client.getSupportTeams())
  await clock.advance(10_000)
  assert.equal((await outcome).kind, 'unreachable')
  assert.equal(seen.filter(({ asked }) => asked === 'get_support_teams').length, 3)
})

type Act = (client: ApplianceClient) => Promise<unknown>
const ACTS: Readonly<Record<string, Act>> = {
  generate_session_key: (client) => client.generateSessionKey({ queue: 'general' }),
  transfer_session: (client) => client.transferSession({ lsid: LSID, to: 'team:5' }),
  terminate_session: (client) => client.terminateSession({ lsid: LSID }),
  set_session_attributes: (client) => client.setSessionAttributes({ lsid: LSID, externalKey: '' }),
  join_session: (client) => client.joinSession({ lsid: LSID, repUsername: 'jsmith' }),
  leave_session: (client) => client.leaveSession({ lsid: LSID, repId: 12 }),
}
for (const [name, act] of Object.entries(ACTS)) {
  test(`${name} is never sent twice for a broken connection or a busy box`, async () => {
    for (const trouble of ['reset', 503, 429]) {
      const { client, seen } = stub(({ asked }) => {
        if (asked !== name) return undefined
        if (typeof trouble === 'number') return new Response('', { status: trouble })
        throw nodeError('ECONNRESET')
      })
      await failure(act(client))
      assert.equal(seen.filter(({ asked }) => asked === name).length, 1)
    }
  })
}

test('Retry-After is heeded where it is short, and told where it is long', async () => {
  const clock = stubClock()
  const busy = (seconds: string) =>
    stub(({ asked }, count) => {
      if (asked !== 'get_support_teams') return undefined
      return count === 1
        ? new Response('', { status: 503, headers: { 'Retry-After': seconds } })
        : xml('<support_teams/>')
    }, clock)
  const short = busy('4')
  const teams = short.client.getSupportTeams()
  await clock.advance(3_999)
  assert.equal(short.seen.length, 3)
  await clock.advance(1)
  assert.deepEqual(await teams, [])
  const error = await failure(busy('3600').client.getSupportTeams())
  assert.equal(error.kind, 'unreachable')
  assert.equal(error.retryAfter, 3_600_000)
})

test('headers that do not come, a body that stalls, a request that drags on: time-outs, each named', async () => {
  const clock = stubClock()
  const silent = stub(
    ({ asked }) => (asked === 'get_support_teams' ? new Promise<Response>(() => undefined) : undefined),
    clock,
  )
  const first = failure(silent.client.getSupportTeams())
  await clock.advance(30_000)
  assert.match((await first).detail, /^The reply took more than 30 s/)
  assert.equal((await first).kind, 'timeout')

  const drip = (everyMs: number | null) =>
    new Response(
      new ReadableStream({
        pull: async (controller) => {
          if (everyMs === null) await new Promise(() => undefined)
          await clock.delay(everyMs ?? 0)
          controller.enqueue(Buffer.from('<'))
        },
      }),
    )
  const stalled = stub(({ asked }) => (asked === 'get_support_teams' ? drip(null) : undefined), clock)
  const second = failure(stalled.client.getSupportTeams())
  await clock.advance(30_000)
  assert.match((await second).detail, /^The next part of the reply took more than 30 s/)

  const slow = stub(({ asked }) => (asked === 'get_support_teams' ? drip(20_000) : undefined), clock)
  const third = failure(slow.client.getSupportTeams())
  await clock.advance(90_000)
  assert.match((await third).detail, /^The whole request took more than 90 s/)
})

test('nothing is left waiting after a call', async () => {
  const clock = stubClock()
  const { client } = stub(({ asked }) => (asked === 'get_support_teams' ? xml('<support_teams/>') : undefined), clock)
  await client.getSupportTeams()
  await clock.advance(0)
  assert.deepEqual(clock.waiting(), [])
})

test('cancelled before, while waiting for the reply, within the body, and between retries', async () => {
  const clock = stubClock()
  const before = stub(() => undefined)
  assert.equal((await failure(before.client.getSupportTeams({}, { signal: AbortSignal.abort() }))).kind, 'cancelled')

  const cases = {
    reply: () => new Promise<Response>(() => undefined),
    body: () => new Response(new ReadableStream({ pull: async () => new Promise(() => undefined) })),
    retry: () => new Response('', { status: 503 }),
  }
  for (const [name, reply] of Object.entries(cases)) {
    const stop = new AbortController()
    const { client } = stub(({ asked }) => (asked === 'get_support_teams' ? reply() : undefined), clock)
    const outcome = failure(client.getSupportTeams({}, { signal: stop.signal }))
    await clock.advance(10)
    stop.abort()
    assert.equal((await outcome).kind, 'cancelled', name)
    await clock.advance(0)
    assert.deepEqual(clock.waiting(), [])
  }
})

test('a real server: refused, broken off, not HTTP, redirect not followed', async () => {
  const followed: string[] = []
  const server = await serve((incoming, outgoing) => {
    const { url = '' } = incoming
    followed.push(url)
    if (url === '/oauth2/token') outgoing.end('{"access_token":"t","expires_in":3600}')
    else if (url === '/elsewhere') outgoing.end(apiInfo('1.24.1'))
    else outgoing.writeHead(307, { Location: '/elsewhere' }).end()
  })
  const client = createApplianceClient({ host: server.url, credentials: () => CLIENT, fetch })
  assert.equal((await failure(client.getApiInfo())).code, 'redirect')
  assert.ok(!followed.includes('/elsewhere'))
  await server.close()
  assert.equal((await failure(client.getApiInfo())).code, 'ECONNREFUSED')

  const breaking = await serve((incoming, outgoing) => {
    outgoing.writeHead(200, { 'Content-Length': '1000' })
    outgoing.write('<api_information>', () => incoming.socket.destroy())
  })
  const broken = createApplianceClient({
    host: breaking.url,
    credentials: () => USER,
    fetch,
    delay: async () => new Promise((resolve) => setImmediate(resolve)),
    random: () => 0,
  })
  const error = await failure(broken.getApiInfo())
  assert.ok(['unreachable', 'timeout'].includes(error.kind), error.kind)
  await breaking.close()
})
