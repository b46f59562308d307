import assert from 'node:assert/strict'
import { BlockList, createServer } from 'node:net'
import { test } from 'node:test'
import { tokenHash } from '../../main/events/listener.ts'
import { until } from '../electron/until.ts'
import { ask, BEGIN, listen as listenWith, rawSocket, RECIPIENT, startListener, TOKEN } from './support.ts'

/** With as many attempts as it takes: that answers get slower is another test's matter. */
const listen: typeof listenWith = (t, options) => listenWith(t, { ...options, limits: { freeAttempts: 1_000 } })

const TOKEN_HEX = Buffer.from(tokenHash(TOKEN)).toString('hex')

/** Is this what everybody gets who may not come in? */
function assertBare404({ status, headers, body }: Awaited<ReturnType<typeof ask>>, of = ''): void {
  assert.deepEqual([status, body], [404, ''], of)
  assert.deepEqual(Object.keys(headers).toSorted(), ['connection', 'content-length', 'date'])
}

test('the token is taken from either parameter, wherever it stands', async (t) => {
  const { post, events } = await listen(t)
  const paths = [
    `/?token=${TOKEN}`,
    `/?outbound_event_token=${TOKEN}`,
    `/a/b/c?x=1&token=${TOKEN}&y=2`,
    `//?token=${TOKEN}`,
    `//:80?token=${TOKEN}`,
    `/?token=wrong&token=${TOKEN}`,
    `/?token=wrong&outbound_event_token=${TOKEN}`,
    `/?%74oken=${encodeURIComponent(TOKEN)}`,
    `http://desk/events?token=${TOKEN}`,
  ]
  for (const [index, path] of paths.entries())
    assert.equal((await post({ path, body: `event=e${index}` })).status, 200, path)
  assert.equal(events().length, paths.length)
  for (const { variables } of events()) assert.equal(JSON.stringify(variables).includes(TOKEN), false)
})

test('without a valid token there is a bare 404 and no row, whatever else is right', async (t) => {
  const { post, port, events, quarantined, told } = await listen(t)
  const paths = ['/', '/?', '/events', '/?token', '/?token=', `/?token=${TOKEN}x`, `/?token=${TOKEN.slice(1)}`]
  const others = [`/?Token=${TOKEN}`, `/?token=%20${TOKEN}`, `/${TOKEN}`, `/?token=${TOKEN_HEX}`, '/?token=%00', '*']
  for (const path of [...paths, ...others]) assertBare404(await post({ path }))
  assertBare404(await post({ path: '/', headers: { authorization: `Bearer ${TOKEN}`, cookie: `token=${TOKEN}` } }))
  assertBare404(await ask({ port, path: '/', method: 'POST', body: `${BEGIN}&token=${TOKEN}` }))
  assert.deepEqual([events(), quarantined(), told], [[], [], []])
})

test('two tokens are valid while one replaces the other', async (t) => {
  let tokens = [tokenHash('new'), tokenHash('old')]
  const { post, told } = await listen(t, { tokens: () => tokens })
  for (const token of ['new', 'old']) assert.equal((await post({ path: `/?token=${token}` })).status, 200)
  assert.deepEqual(
    told.filter(([kind]) => kind === 'token').map(([, hash]) => hash),
    ['new', 'old'].map((token) => Buffer.from(tokenHash(token)).toString('hex')),
  )
  tokens = [tokenHash('new')]
  assertBare404(await post({ path: '/?token=old' }))
  tokens = []
  assertBare404(await post({ path: '/?token=new' }))
})

test('a token counts as used only when what it brought is stored', async (t) => {
  const broken = () => Promise.reject(new Error('disk full'))
  const { port, told } = await startListener(t, { journal: () => ({ append: broken, quarantine: broken }) })
  assert.equal((await ask({ port, path: RECIPIENT, method: 'POST', body: BEGIN })).status, 503)
  assert.equal(
    told.some(([kind]) => kind === 'token'),
    false,
  )
})

test('only POST, and no page of a browser', async (t) => {
  const { post, events, told } = await listen(t)
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']) {
    const answer = await post({ method, ...(method === 'TRACE' ? { body: '' } : {}) })
    assertBare404(answer)
  }
  for (const origin of ['http://evil.example', 'http://127.0.0.1', 'null', ''])
    assertBare404(await post({ headers: { origin } }))
  assert.deepEqual([events(), told], [[], []])
})

test('the host has to be an address, or a name of this computer', async (t) => {
  const { post, events, told } = await listen(t)
  const fine = ['127.0.0.1', '127.0.0.1:8180', '192.0.2.7', '[::1]', '[::1]:8180', '[2001:DB8::1]:80', 'localhost']
  const names = ['LocalHost:1', 'desk', 'DESK.example.net:8180', 'desk.example.net.', 'desk.example.net.:8180']
  for (const [index, host] of [...fine, ...names].entries())
    assert.equal((await post({ headers: { host }, body: `event=e${index}` })).status, 200, host)
  assert.equal(events().length, fine.length + names.length)

  told.length = 0
  const foreign = [
    'evil.example',
    'evil.example:8180',
    'desk.evil.example',
    'localhost.evil.example',
    'desk.example.net..',
  ]
  const odd = ['desk, evil.example', 'user@desk', 'desk:port', '[::1', '::1', '0x7f.1', '2130706433']
  for (const host of [...foreign, ...odd]) {
    assertBare404(await post({ headers: { host } }), host)
    assert.deepEqual(
      told.map(([kind, reason]) => [kind, reason]),
      [['refused', 'name']],
      host,
    )
    told.length = 0
  }
  assert.equal(events().length, fine.length + names.length)
  // Whoever does not know the token learns nothing, and nothing is told of them.
  assertBare404(await post({ path: '/', headers: { host: 'evil.example' } }))
  assert.deepEqual(told, [])
})

test('a refused name is told as it was sent', async (t) => {
  const { post, told } = await listen(t)
  await post({ headers: { host: 'Tray.Example.COM:8180' } })
  assert.deepEqual(told, [['refused', 'name', 'tray.example.com']])
})

test('no Host at all is fine: no browser can do that', async (t) => {
  const { port, events } = await listen(t)
  for (const version of ['1.0', '1.1']) {
    const { write, received } = await rawSocket(t, port)
    const body = `event=e${version}`
    write(`POST ${RECIPIENT} HTTP/${version}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await until(() => received().startsWith('HTTP/1.1 200 OK\r\n'), 'the answer')
  }
  assert.equal(events().length, 2)
})

function networks(...given: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix, family] of given) list.addSubnet(network, prefix, family)
  return list
}

test('an allow-list lets in whom it names, and tells of those with the token whom it does not', async (t) => {
  let allow: BlockList | null = networks(['127.0.0.0', 8, 'ipv4'])
  const { post, told, events } = await listen(t, { allow: () => allow })
  assert.equal((await post()).status, 200)
  allow = networks(['192.0.2.0', 24, 'ipv4'], ['::1', 128, 'ipv6'])
  told.length = 0
  assertBare404(await post({ body: 'event=second' }))
  assert.deepEqual(told, [['refused', 'address', '127.0.0.1']])
  assertBare404(await post({ path: '/' }))
  assert.equal(told.length, 1)
  assert.equal(events().length, 1)
  allow = new BlockList()
  assertBare404(await post({ body: 'event=third' }))
})

test('an IPv4 sender is one on a socket of both families, too', async (t) => {
  const { post, events } = await listen(t, {
    address: '::ffff:127.0.0.1',
    allow: () => networks(['127.0.0.1', 32, 'ipv4']),
  })
  assert.equal((await post()).status, 200)
  assert.equal(events()[0]?.source, '127.0.0.1')
})

async function hasIpv6(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(0, '::1', () => server.close(() => resolve(true)))
  return promise
}

test('IPv6', { skip: (await hasIpv6()) ? false : 'this computer has no IPv6' }, async (t) => {
  let allow = networks(['::1', 128, 'ipv6'])
  const { post, events, told } = await listen(t, { address: '::1', allow: () => allow })
  assert.equal((await post({ address: '::1', headers: { host: '[::1]:8180' } })).status, 200)
  assert.equal(events()[0]?.source, '::1')
  allow = networks(['2001:db8::', 32, 'ipv6'], ['127.0.0.0', 8, 'ipv4'])
  told.length = 0
  assertBare404(await post({ address: '::1' }))
  assert.deepEqual(told, [['refused', 'address', '::1']])
})
