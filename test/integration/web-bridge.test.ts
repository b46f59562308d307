import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { ClientOptions } from 'ws'
import { until } from '../electron/until.ts'
import { ask, within } from './support.ts'
import { openPage, start, type StartedWeb } from './web-support.ts'

/** Posts an event to the listener of this application. */
async function post(web: StartedWeb, lsid: string, own: Readonly<Record<string, string>> = {}): Promise<void> {
  const url = new URL(web.app.recipientUrl() ?? '')
  const body = new URLSearchParams({ event: 'support_conference_begin', lsid, ...own }).toString()
  const path = `${url.pathname}${url.search}`
  const { status } = await ask({ port: Number(url.port), path, method: 'POST', body })
  assert.equal(status, 200)
}

test('a page has the State at once, and each change after it', async (t) => {
  const web = await start(t)
  const { states } = await openPage(t, web)
  const first = await until(() => states[0], 'the State')
  assert.equal(first.shell, 'browser')
  assert.equal(first.version, '0.0.0-test')
  await post(web, 'session-1')
  const changed = await until(() => states.find(({ sessions }) => sessions.length === 1), 'the session')
  assert.equal(changed.sessions[0]?.lsid, 'session-1')
  assert.ok(changed.activity.length === 1 && changed.health.stored === 1)
})

test('all pages have the same State', async (t) => {
  const web = await start(t)
  const pages = await Promise.all([openPage(t, web), openPage(t, web), openPage(t, web)])
  await post(web, 'session-1')
  for (const { states } of pages) await until(() => states.at(-1)?.sessions.length === 1, 'the session')
})

test('commands are answered, and what is none is refused', async (t) => {
  const web = await start(t)
  const { command, states, closed, socket } = await openPage(t, web)
  assert.deepEqual(await command({ type: 'session.get', lsid: 'nobody' }), { ok: true, value: null })
  assert.deepEqual(await command({ type: 'settings.set', key: 'me.repId', value: '12' }), { ok: true, value: null })
  await until(() => states.at(-1)?.settings['me.repId'] === '12', 'the setting')
  const refused = await command({ type: 'settings.set', key: 'me.repId', value: 'twelve' })
  assert.equal(refused.ok, false)

  const odd: unknown[] = [null, 7, 'text', [], {}, { type: 7 }, { type: 'constructor' }, { type: '__proto__' }]
  const wrong: unknown[] = [
    { type: 'session.get' },
    { type: 'session.get', lsid: { toString: 'x' } },
    { type: 'session.get', lsid: 'x'.repeat(2_000) },
    { type: 'settings.set', key: '__proto__', value: 'x' },
    { type: 'settings.set', key: 'listener.tokenHashes', value: ['0'] },
    { type: 'activity.list', before: -1 },
    { type: 'alerts.read', ids: Array(10_000).fill(1) },
  ]
  for (const each of [...odd, ...wrong]) {
    const reply = await command(each)
    assert.equal(reply.ok, false, JSON.stringify(each).slice(0, 80))
  }
  socket.close()
  assert.equal(await closed, 1005)
})

test('a page can quit the application, and knows its own notification', async (t) => {
  const web = await start(t)
  const { command, states } = await openPage(t, web)
  assert.equal((await command({ type: 'notification.test' })).ok, true)
  await until(() => states.at(-1)?.alerts.length === 1, 'the alert')
  assert.equal((await command({ type: 'app.quit' })).ok, true)
  assert.equal(web.quits(), 1)
})

test('text for the clipboard is left to the page', async (t) => {
  const web = await start(t)
  const { command } = await openPage(t, web)
  const reply = await command({ type: 'recipient.copy' })
  assert.ok(reply.ok && typeof reply.value === 'object' && reply.value !== null && 'copied' in reply.value)
  assert.equal(reply.value.copied, false)
  assert.equal(reply.value.text, web.app.recipientUrl())
})

test('only our own page may connect', async (t) => {
  const web = await start(t)
  const cookie = await web.enter()
  const origin = `http://127.0.0.1:${web.port}`
  const refused: Readonly<Record<string, ClientOptions>> = {
    'no cookie': { origin, headers: {} },
    'a wrong cookie': { origin, headers: { cookie: `${cookie}x` } },
    'the link’s token as cookie': { origin, headers: { cookie: `${cookie.split('=')[0]}=${web.token}` } },
    'no Origin': { headers: { cookie } },
    'a foreign Origin': { origin: 'http://evil.example', headers: { cookie } },
    'the Origin of another port': { origin: `http://127.0.0.1:${web.port + 1}`, headers: { cookie } },
    'an Origin of https': { origin: `https://127.0.0.1:${web.port}`, headers: { cookie } },
    'the Origin null': { origin: 'null', headers: { cookie } },
    'a foreign Host': { origin, headers: { cookie, host: `evil.example:${web.port}` } },
    'a foreign Host and Origin': { origin: 'http://evil.example', headers: { cookie, host: 'evil.example' } },
  }
  for (const [name, options] of Object.entries(refused)) {
    await assert.rejects(openPage(t, web, { origin: '', ...options }), name)
  }
  const { states } = await openPage(t, web)
  await until(() => states.length > 0, 'our own page')
})

test('other paths, methods and protocols do not connect', async (t) => {
  const web = await start(t)
  const cookie = await web.enter()
  const headers = {
    cookie,
    origin: `http://127.0.0.1:${web.port}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  for (const path of ['/', '/bridge/', '/bridge?x', '/x/../bridge', '//bridge'])
    await assert.rejects(ask({ port: web.port, path, headers }), path)
  for (const own of [{ 'sec-websocket-key': '' }, { 'sec-websocket-version': '7' }, { upgrade: 'h2c' }]) {
    const answer = await ask({ port: web.port, path: '/bridge', headers: { ...headers, ...own } })
    assert.ok(answer.status >= 400 && answer.status < 500)
  }
  const posted = await ask({ port: web.port, path: '/bridge', method: 'POST', headers })
  assert.equal(posted.status, 405)
})

test('garbage ends the connection, and nothing after it is carried out', async (t) => {
  const web = await start(t)
  for (const garbage of [
    '',
    'text',
    '{',
    '[]',
    'null',
    '7',
    '{"command":{"type":"app.quit"}}',
    Buffer.from('{"id":1}'),
  ]) {
    const { socket, closed } = await openPage(t, web)
    socket.send(garbage)
    socket.send(JSON.stringify({ id: 1, command: { type: 'app.quit' } }))
    assert.equal(await within(closed, 'the end of the connection'), 1003)
  }
  assert.equal(web.quits(), 0)
})

test('a message that is too large ends the connection', async (t) => {
  const web = await start(t)
  const { socket, closed } = await openPage(t, web)
  socket.send('x'.repeat(64 * 1024 + 1))
  assert.equal(await within(closed, 'the end of the connection'), 1009)
  const { command } = await openPage(t, web)
  const { ok } = await command({ type: 'session.get', lsid: 'x', filler: 'x'.repeat(60_000) })
  assert.ok(ok)
})

test('too much at once is answered as that, and only for this page', async (t) => {
  const web = await start(t)
  const busy = await openPage(t, web)
  const other = await openPage(t, web)
  for (let id = 1; id <= 500; id += 1)
    busy.socket.send(JSON.stringify({ id: 10_000 + id, command: { type: 'session.get', lsid: 'x' } }))
  await until(() => busy.replies.size === 500, 'all replies')
  const refused = [...busy.replies.values()].filter(({ ok }) => !ok)
  assert.ok(refused.length > 300 && refused.length < 500, `${refused.length} were refused`)
  assert.deepEqual(refused[0], { ok: false, message: 'Too much at once. Try again in a moment.' })
  assert.equal((await other.command({ type: 'session.get', lsid: 'x' })).ok, true)
  await until(async () => (await busy.command({ type: 'session.get', lsid: 'x' })).ok, 'some room again')
})

test('a page that is slow to read gets the latest State, and not all that were in between', async (t) => {
  const web = await start(t)
  // A State of some size, since the system's buffers take many megabytes before anybody has to wait.
  const filler = 'x'.repeat(900)
  const keys = Array.from({ length: 400 }, (_each, index) =>
    post(web, `s${index}`, { external_key: `${filler}${index}` }),
  )
  await Promise.all(keys)
  const slow = await openPage(t, web)
  const quick = await openPage(t, web)
  await until(() => slow.states.length > 0, 'the first State')
  slow.socket.pause()
  const before = slow.states.length
  const changes = 40
  for (let change = 0; change < changes; change += 1) {
    const seen = quick.states.length
    await post(web, `more-${change}`)
    await until(() => quick.states.length > seen, 'the next State')
  }
  slow.socket.resume()
  await until(() => slow.states.at(-1)?.health.stored === 400 + changes, 'the latest State')
  const sent = slow.states.length - before
  t.diagnostic(`${sent} States of ${changes}`)
  assert.ok(sent < 30)
})

test('there is an end to pages, and room again when one is closed', async (t) => {
  const web = await start(t)
  const pages = await Promise.all(Array.from({ length: 16 }, () => openPage(t, web)))
  await assert.rejects(openPage(t, web))
  pages[0]?.socket.close()
  await pages[0]?.closed
  await until(() => openPage(t, web).then(() => true, () => false), 'room for another') // prettier-ignore
})

test('a notification that nobody can show is a problem, until a page is open', async (t) => {
  const web = await start(t)
  const has = () => web.app.getState().problems.some(({ id }) => id === 'window.closed')
  await web.app.run({ type: 'notification.test' })
  assert.ok(has())
  const { socket, closed } = await openPage(t, web)
  await until(() => !has(), 'the problem to be solved')
  await web.app.run({ type: 'notification.test' })
  assert.equal(has(), false)
  socket.close()
  await closed
  await until(async () => {
    await web.app.run({ type: 'notification.test' })
    return has()
  }, 'the problem to be back')
})

test('stopping ends all pages', async (t) => {
  const web = await start(t)
  const { closed, socket } = await openPage(t, web)
  const ended = once(socket, 'close')
  await web.stop()
  await within(ended, 'the end of the page')
  assert.equal(await closed, 1006)
})
