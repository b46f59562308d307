import assert from 'node:assert/strict'
import { request as secureRequest } from 'node:https'
import { test } from 'node:test'

import { createApi } from '../appliance/api.ts'
import { createAppliance } from '../appliance/appliance.ts'
import { createCertificate } from '../appliance/certificate.ts'
import { errorOf, listOf, LOGIN, rootOf, startBox, START } from './appliance-support.ts'

test('an account has so many requests a second and an hour, and hears how many are left', async (t) => {
  const box = await startBox(t, { generation: '24.x', rateLimits: { perSecond: 3, perHour: 5 } })
  const headers = await box.bearer()
  const call = async (path = '/api/command?action=get_api_info') => {
    const reply = await box.get(path, headers)
    return [reply.status, reply.headers.get('x-ratelimit-limit'), reply.headers.get('x-ratelimit-remaining')]
  }
  assert.deepEqual(await call(), [200, '5', '4'])
  assert.deepEqual(await call('/api/reporting?generate_report=SupportTeam'), [200, '5', '3'])
  assert.deepEqual(await call('/api/backup'), [404, '5', '2'], 'all of it counts')
  assert.deepEqual(await call(), [429, '3', '0'])
  await box.clock.advance(1000)
  assert.deepEqual(await call(), [200, '5', '1'])
  assert.deepEqual(await call(), [200, '5', '0'])
  assert.deepEqual(await call(), [429, '5', '0'])
  await box.clock.advance(3_598_000)
  assert.deepEqual((await call())[0], 429)
  const again = await box.bearer()
  await box.clock.advance(1000)
  assert.equal((await box.get('/api/command?action=get_api_info', again)).status, 200)
})

test('where there are no limits there are no headers', async (t) => {
  const box = await startBox(t)
  const reply = await box.command('get_api_info')
  assert.deepEqual([reply.status, reply.headers.get('x-ratelimit-limit')], [200, null])
})

test('a new secret ends all tokens; too many wrong ones lock the account', async (t) => {
  const box = await startBox(t, { generation: '24.x', lockAfter: 3, tokenSeconds: 60 })
  const token = await box.bearer()
  const works = async () => (await box.get('/api/command?action=get_api_info', token)).status
  assert.equal(await works(), 200)
  box.api.setClientSecret('new')
  assert.equal(await works(), 401)
  const login = async (secret: string) => {
    const form = { grant_type: 'client_credentials', client_id: '0123456789abcdef0123456789abcdef01234567' }
    const reply = await box.post('/oauth2/token', { ...form, client_secret: secret })
    return JSON.parse(reply.text) as Record<string, unknown>
  }
  assert.equal((await login('client-secret'))['error'], 'invalid_client')
  assert.equal((await login('new'))['expires_in'], 60)
  for (let count = 0; count < 3; count += 1) assert.equal((await login('x'))['error'], 'invalid_client')
  assert.equal((await login('new'))['error'], 'access_denied')
  box.api.setClientSecret('newest')
  const { access_token: last } = await login('newest')
  const headers = { Authorization: `Bearer ${String(last)}` }
  assert.equal((await box.get('/api/command?action=get_api_info', headers)).status, 200)
  box.api.revokeTokens()
  assert.equal((await box.get('/api/command?action=get_api_info', headers)).status, 401)
})

test('with the XML API switched off there is nothing there', async (t) => {
  const box = await startBox(t, { xmlApi: false })
  for (const path of ['/api/command', '/api/reporting', '/api/backup']) {
    const reply = await box.post(path, LOGIN)
    assert.deepEqual([reply.status, reply.text], [404, 'Document Not Found'])
  }
})

test('what differs from a generation can be said', async (t) => {
  const box = await startBox(t, { features: { listingKeys: false, apiVersion: '1.24.0' } })
  box.start('team:5', { key: 'INC1' })
  const reply = await box.report('SupportSessionListing', { start_time: String(START / 1000 - 60), duration: '0' })
  const [line] = listOf(rootOf(reply, 'session_summary_list')['session_summary'])
  assert.equal('@external_key' in (line ?? {}), false)
  assert.equal(rootOf(await box.command('get_api_info'), 'api_information')['api_version'], '1.24.0')
})

test('over https, with a certificate of its own', async (t) => {
  const tls = createCertificate()
  const appliance = createAppliance()
  const api = createApi({ appliance, tls })
  const url = await api.listen(0)
  t.after(async () => {
    await api.close()
    await appliance.close()
  })
  assert.match(url, /^https:/)
  const status = (options: object) =>
    new Promise<number | string>((resolve) => {
      secureRequest(`${url}/check_health`, options, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        .end()
    })
  assert.equal(await status({ ca: tls.cert }), 200)
  assert.match(String(await status({})), /SELF_SIGNED|UNABLE_TO_VERIFY|DEPTH_ZERO/)
})

test('a path that is none is not found', async (t) => {
  const box = await startBox(t)
  for (const path of ['//', '/%', '/api/command/../..//x', '/api/command%20']) {
    assert.equal((await box.get(path)).status, 404, path)
  }
})

test('requests are kept as they came, for whoever wants to look', async (t) => {
  const box = await startBox(t)
  errorOf(await box.get('/api/command?action=terminate_session&username=api&password=secret', { 'User-Agent': 'test' }))
  const [seen] = box.api.requests
  assert.equal(seen?.url, '/api/command?action=terminate_session&username=api&password=secret')
  assert.deepEqual([seen?.method, seen?.name, seen?.status, seen?.at], ['GET', 'terminate_session', 200, START])
  assert.equal(seen?.headers['user-agent'], 'test')
})
