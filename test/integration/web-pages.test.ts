import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../electron/until.ts'
import { rawSocket, within, type Answer } from './support.ts'
import { start } from './web-support.ts'

const HEADERS = [
  'cache-control',
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
]

/** What every response of the window's server has to say, good or bad. */
function assertLockedUp({ headers }: Answer, port: number, of: string): void {
  for (const name of HEADERS) assert.ok(headers[name] !== undefined, `${of} has no ${name}`)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cache-control'], 'no-store')
  const policy = new Map(
    (headers['content-security-policy'] as string).split('; ').map((part): [string, string] => {
      const [name = '', ...values] = part.split(' ')
      return [name, values.join(' ')]
    }),
  )
  assert.equal(policy.get('default-src'), "'none'")
  assert.equal(policy.get('script-src'), "'self'")
  assert.equal(policy.get('style-src'), "'self'")
  assert.equal(policy.get('frame-ancestors'), "'none'")
  assert.equal(policy.get('base-uri'), "'none'")
  assert.equal(policy.get('form-action'), "'none'")
  assert.equal(policy.get('connect-src'), `ws://127.0.0.1:${port} ws://localhost:${port}`)
  assert.equal(/unsafe|\*|https?:/.test(headers['content-security-policy'] as string), false)
  assert.equal(headers['access-control-allow-origin'], undefined)
}

test('the link becomes a cookie that no script and no other site can use', async (t) => {
  const { get, link, token, port } = await start(t)
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
  const entered = await get(`/?token=${token}`)
  assert.equal(entered.status, 303)
  assert.equal(entered.headers.location, '/', 'the token is not in the address that follows')
  assert.equal(JSON.stringify(entered).includes(token), false)
  assertLockedUp(entered, port, 'the link')
  const [cookie = '', ...others] = entered.headers['set-cookie'] ?? []
  assert.equal(others.length, 0)
  const [pair = '', ...attributes] = cookie.split('; ')
  assert.match(pair, new RegExp(`^rep-tray-${port}=[\\w-]{32}$`))
  assert.deepEqual(attributes.toSorted(), ['HttpOnly', 'Path=/', 'SameSite=Strict'])

  const page = await get('/', { headers: { cookie: pair } })
  assert.equal(page.status, 200)
  assertLockedUp(page, port, 'the page')
  assert.equal(page.body.includes(token), false)
  const scripts = [...page.body.matchAll(/<script [^>]*src="([^"]+)"/g)].map(([, src]) => src)
  assert.deepEqual(scripts, ['./bridge.js', './index.js'], 'the bridge comes before the window')
  assert.equal(/<script(?![^>]*src=)/.test(page.body), false, 'nothing stands inline')
})

test('the window’s files come with their types, to whoever has the cookie', async (t) => {
  const { get, enter, port } = await start(t)
  const cookie = await enter()
  const types: Readonly<Record<string, string>> = {
    '/': 'text/html; charset=utf-8',
    '/index.js': 'text/javascript; charset=utf-8',
    '/bridge.js': 'text/javascript; charset=utf-8',
    '/styles.css': 'text/css; charset=utf-8',
    '/icon.svg': 'image/svg+xml',
    '/index.js?v=1': 'text/javascript; charset=utf-8',
  }
  for (const [path, type] of Object.entries(types)) {
    const answer = await get(path, { headers: { cookie: `other=1; ${cookie}; rep-tray-1=x` } })
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, type], path)
    assertLockedUp(answer, port, path)
  }
  // By the other name of the same computer, too.
  const local = { host: `localhost:${port}`, origin: `http://localhost:${port}`, cookie }
  assert.equal((await get('/', { headers: local })).status, 200)
})

test('without the cookie there is nothing but a friendly 403', async (t) => {
  const { get, enter, port, token } = await start(t)
  const cookie = await enter()
  const [name = '', value = ''] = cookie.split('=')
  const wrong = [
    '',
    `${name}=`,
    `${name}=${value}x`,
    `${name}=${value.slice(1)}`,
    `${name}=${token}`,
    `x${cookie}`,
    `rep-tray-1=${value}`,
    value,
    `a="; ${name}"=${value}`,
  ]
  for (const given of wrong) {
    const answer = await get('/index.js', { headers: { cookie: given } })
    assert.equal(answer.status, 403, given)
    assertLockedUp(answer, port, given)
    assert.equal(answer.body.includes('window'), false)
    assert.equal(answer.headers['set-cookie'], undefined)
  }
  for (const path of [
    '/',
    '/?token=',
    '/?token=wrong',
    `/?token=${value}`,
    `/index.js?token=${token}`,
    `/?Token=${token}`,
  ])
    assert.equal((await get(path)).status, 403, path)
})

test('a page of another name that resolves to this computer sees nothing, whatever it knows', async (t) => {
  const { get, enter, port, token } = await start(t)
  const cookie = await enter()
  const foreign = ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `127.0.0.1:${port}.evil.example`]
  const odd = [
    `localhost:${port}:${port}`,
    `[::1]:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `localhost.:${port}`,
  ]
  for (const host of [...foreign, ...odd]) {
    for (const path of ['/', `/?token=${token}`]) {
      const answer = await get(path, { headers: { host, cookie } })
      assert.deepEqual([answer.status, answer.body, answer.headers['set-cookie']], [404, '', undefined], host)
      assertLockedUp(answer, port, host)
    }
  }
})

test('a page of another origin sees nothing, even with the cookie', async (t) => {
  const { get, enter, port } = await start(t)
  const cookie = await enter()
  const foreign = ['http://evil.example', 'null', '', `https://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`]
  for (const origin of [...foreign, 'file://', `http://127.0.0.1:${port}.evil.example`])
    assert.equal((await get('/index.js', { headers: { origin, cookie } })).status, 403, origin)
})

test('what Node would answer by itself is answered like everything else', async (t) => {
  const { port } = await start(t)
  for (const text of [
    'GET / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nExpect: miracles\r\n\r\n`,
  ]) {
    const { write, received } = await rawSocket(t, port)
    write(text)
    await until(() => received().includes('\r\n\r\n'), 'an answer')
    assert.match(received(), /^HTTP\/1\.1 40[34] /)
    assert.match(received(), /content-security-policy: default-src 'none'/)
  }
})

test('only GET', async (t) => {
  const { get, enter, port } = await start(t)
  const cookie = await enter()
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) {
    const answer = await get('/', { method, headers: { cookie } })
    assert.deepEqual([answer.status, answer.body], [404, ''], method)
    assertLockedUp(answer, port, method)
  }
})

test('what is no file of the window does not exist, however its path is written', async (t) => {
  const { get, enter, port } = await start(t)
  const cookie = await enter()
  const paths = [
    '/nothing.js',
    '/index.html',
    '/source.map',
    '/deeper/secret.js',
    '/../secret.js',
    '/./../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '/..\\secret.js',
    '/%252e%252e%252fsecret.js',
    '/deeper/../../secret.js',
    '/....//secret.js',
    '//etc/passwd',
    '/index.js/',
    '/index.js%00',
    '/index.js%00.css',
    '/INDEX.JS',
    '/constructor',
    '/__proto__',
    '/%',
    '/.hidden.js.swp',
    `http://evil.example/../secret.js`,
  ]
  for (const path of paths) {
    const answer = await get(path, { headers: { cookie } })
    assert.equal(answer.status, 404, path)
    assert.equal(answer.body.includes('SECRET'), false, path)
    assertLockedUp(answer, port, path)
  }
})

test('slow and broken requests end, and the page is served all the while', async (t) => {
  const { get, enter, port } = await start(t)
  const cookie = await enter()
  const texts = [
    '\0\0\0',
    'GET / HTTP/9.9\r\n\r\n',
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    'GET  /\r\n\r\n',
  ]
  for (const text of texts) {
    const { write, closed, received } = await rawSocket(t, port)
    write(text)
    await within(closed, 'the end of the connection')
    assert.equal(received().includes('window'), false)
  }
  await Promise.all(Array.from({ length: 20 }, () => rawSocket(t, port)))
  assert.equal((await get('/', { headers: { cookie } })).status, 200)
})
