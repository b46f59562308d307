import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'

import { createApi, DEFAULT_CLIENT } from '../appliance/api.ts'
import { TOKENS_PER_ACCOUNT } from '../appliance/api/oauth.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findOwner, findRepresentative } from '../appliance/world.ts'
import { BASIC, LOGIN, parseXml, startBox, type Reply } from './appliance-support.ts'

test('a reply looks as on the wire: XML with a blank line, tabs, chunked, connection closed', async (t) => {
  const { url } = await startBox(t)
  const query = new URLSearchParams({ action: 'get_api_info', ...LOGIN }).toString()
  const { headers, text } = await new Promise<{ headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      request(`${url}/api/command?${query}`, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
        })
        response.on('end', () => resolve({ headers: response.headers, text: body }))
      })
        .on('error', reject)
        .end()
    },
  )
  assert.equal(headers['content-type'], 'text/xml; charset=UTF-8')
  assert.equal(headers['transfer-encoding'], 'chunked')
  assert.equal(headers['connection'], 'close')
  assert.ok(
    text.startsWith(
      '<?xml version="1.0" encoding="UTF-8"?>\n\n' +
        '<api_information xmlns="http://www.bomgar.com/namespaces/API/command">\n' +
        '\t<api_version>1.19.0</api_version>\n' +
        '\t<company_name>examplecorp</company_name>\n' +
        '\t<timestamp>1574601200</timestamp>\n' +
        '\t<permissions>\n\t\t<permission name="perm_command">full_access</permission>\n',
    ),
    text,
  )
})

test('get_logged_in_reps counts the sessions of now', async (t) => {
  const { appliance, post } = await startBox(t)
  const { world } = appliance
  const session = appliance.startSession({
    queue: findOwner(world, 'team:5'),
    customer: { name: 'Jane Doe', company: '', computer: '' },
  })
  session.pickUp(findRepresentative(world, 12))
  const reps = async () => {
    const { text } = await post('/api/command', { action: 'get_logged_in_reps', ...LOGIN })
    return (parseXml(text)['logged_in_reps'] as { rep: Record<string, unknown>[] }).rep
  }
  const john = (await reps()).find((rep) => rep['@id'] === '12')
  assert.deepEqual(john, {
    '@id': '12',
    display_name: 'John',
    public_display_name: 'John',
    private_display_name: 'John Smith',
    type: 'Normal',
    direct_link: '<a href="https://support.example.com/api/start_session?id=12&amp;name=John">John</a>',
    logged_in_since: { '#text': 'Nov 24, 2019 11:38:20 AM', '@ts': '1574595500' },
    presentation_count: '0',
    support_session_count: '1',
    showing_on_rep_list: '1',
  })
  assert.equal((await reps()).length, world.representatives.filter((rep) => rep.loggedInMinutes !== null).length)
  session.end()
  assert.equal((await reps()).find((rep) => rep['@id'] === '12')?.['support_session_count'], '0')
})

test('get_support_teams has issues always, members on request', async (t) => {
  const { get } = await startBox(t)
  const query = (more: Readonly<Record<string, string>>) =>
    `/api/command.ns?${new URLSearchParams({ action: 'get_support_teams', ...LOGIN, ...more }).toString()}`
  const plain = (await get(query({}))).text
  assert.ok(!plain.includes('<members>'))
  const { text } = await get(query({ showmembers: '1' }))
  const teams = (parseXml(text)['support_teams'] as { support_team: Record<string, unknown>[] }).support_team
  assert.deepEqual(teams[0], {
    '@id': '5',
    name: 'Troubleshooting',
    members: {
      representative: [
        { '@id': '12', display_name: 'John Smith' },
        { '@id': '14', display_name: 'Miriam Okafor' },
        { '@id': '17', display_name: 'Rui da Silva' },
        { '@id': '21', display_name: 'Duy Nguyen' },
        { '@id': '26', display_name: 'Karim Haddad' },
      ],
    },
    issues: {
      issue: [
        { '@id': '3', title: 'Printer', code_name: 'printer' },
        { '@id': '4', title: 'E-mail and calendar', code_name: 'email' },
        { '@id': '6', title: 'My computer is slow', code_name: 'slow_computer' },
      ],
    },
  })
  assert.ok(text.includes('<title>Finance &lt;ERP&gt;</title>'))
})

test('errors of commands are XML with status 200', async (t) => {
  const { post, get } = await startBox(t)
  for (const form of [{}, { action: '' }, { action: 'make_coffee' }, { action: 'toString' }]) {
    const { status, type, text } = await post('/api/command', { ...LOGIN, ...form })
    assert.deepEqual([status, type], [200, 'text/xml; charset=UTF-8'])
    const { error } = parseXml(text) as { error: Record<string, string> }
    assert.equal(error['@xmlns'], 'http://www.bomgar.com/namespaces/API/command')
    assert.match(error['#text'] ?? '', /action/i)
  }
  const wrong = await post('/api/command', { ...LOGIN, password: 'no', action: 'get_api_info' })
  assert.equal(wrong.status, 200)
  assert.match(wrong.text, /<error [^>]*>Login failed<\/error>/)
  assert.match((await get('/api/command?action=get_api_info&username=api')).text, /Login failed/)
})

test('a token opens the API for an hour', async (t) => {
  const { clock, get, post, bearer } = await startBox(t)
  const reply = await post('/oauth2/token', { grant_type: 'client_credentials' }, { Authorization: BASIC })
  assert.deepEqual([reply.status, reply.type], [200, 'application/json'])
  const token = JSON.parse(reply.text) as Record<string, unknown>
  assert.deepEqual([token['token_type'], token['expires_in']], ['Bearer', 3600])
  const headers = { Authorization: `Bearer ${String(token['access_token'])}` }
  assert.match((await get('/api/command?action=get_api_info', headers)).text, /api_version/)
  await clock.advance(3_599_000)
  assert.match((await post('/api/command', { action: 'get_api_info' }, headers)).text, /api_version/)
  await clock.advance(1000)
  const late = await post('/api/command', { action: 'get_api_info' }, headers)
  assert.equal(late.status, 401)
  assert.equal((JSON.parse(late.text) as Record<string, string>)['error'], 'access_denied')
  assert.match((await get('/api/command?action=get_api_info', await bearer())).text, /api_version/)
})

test('whatever is wrong with a log-in is 401 and JSON', async (t) => {
  const { get, post } = await startBox(t)
  const form = { grant_type: 'client_credentials' }
  const attempts: readonly (readonly [string, Promise<Reply>])[] = [
    ['invalid_client', post('/oauth2/token', form)],
    ['invalid_client', post('/oauth2/token', form, { Authorization: `Basic ${btoa(`${DEFAULT_CLIENT.id}:x`)}` })],
    ['invalid_client', post('/oauth2/token', form, { Authorization: 'Basic ' })],
    ['unsupported_grant_type', post('/oauth2/token', { grant_type: 'password' }, { Authorization: BASIC })],
    ['unsupported_grant_type', post('/oauth2/token', {}, { Authorization: BASIC })],
    ['access_denied', get('/api/command?action=get_api_info')],
    ['access_denied', get('/api/command?action=get_api_info', { Authorization: 'Bearer nobody' })],
    ['access_denied', get('/api/command?action=get_api_info', { Authorization: BASIC })],
  ]
  for (const [error, attempt] of attempts) {
    const { status, type, text } = await attempt
    assert.deepEqual([status, type], [401, 'application/json'])
    const body = JSON.parse(text) as Record<string, string>
    assert.deepEqual(Object.keys(body), ['error', 'message'])
    assert.equal(body['error'], error)
  }
})

test('the client may name itself in the form', async (t) => {
  const { post } = await startBox(t)
  const { id, secret } = DEFAULT_CLIENT
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  assert.equal((await post('/oauth2/token', form)).status, 200)
})

test('one token too many ends the oldest', async (t) => {
  const { get, bearer } = await startBox(t)
  const first = await bearer()
  const second = await bearer()
  for (let count = 2; count < TOKENS_PER_ACCOUNT; count += 1) await bearer()
  assert.equal((await get('/api/command?action=get_api_info', first)).status, 200)
  await bearer()
  assert.equal((await get('/api/command?action=get_api_info', first)).status, 401)
  assert.equal((await get('/api/command?action=get_api_info', second)).status, 200)
})

for (const [name, generation] of Object.entries(GENERATIONS)) {
  test(`box ${name} speaks as its generation`, async (t) => {
    const box = await startBox(t, { generation: name as GenerationName })
    const form = { action: 'get_api_info', ...(generation.userAccounts ? LOGIN : {}) }
    const headers = generation.userAccounts ? {} : await box.bearer()
    for (const path of ['/api/command', '/api/command.ns']) {
      const reply = await box.post(path, form, headers)
      if (!generation.commandPaths.some((known) => known === path)) {
        assert.deepEqual([reply.status, reply.text], [404, 'Document Not Found'])
        continue
      }
      const info = parseXml(reply.text)['api_information'] as Record<string, unknown>
      assert.equal(info['api_version'], generation.apiVersion)
      assert.equal(info['@xmlns'], generation.commandNamespace)
      assert.equal('company_name' in info, generation.companyName)
      assert.equal('permissions' in info, generation.permissions)
      const reps = await box.post(path, { ...form, action: 'get_logged_in_reps' }, headers)
      assert.equal(reps.text.includes('<public_display_name>'), generation.publicNames)
    }
    const token = await box.post('/oauth2/token', {}, {})
    assert.equal(token.status, generation.apiAccounts ? 401 : 404)
    if (!generation.apiAccounts) {
      assert.match((await box.post(generation.commandPaths[0], { action: 'get_api_info' })).text, /Login failed/)
    }
    if (!generation.userAccounts) assert.equal((await box.post('/api/command', { ...form, ...LOGIN })).status, 401)
  })
}

test('the health check needs no log-in; anything else is not found', async (t) => {
  const { url, get, post } = await startBox(t)
  assert.equal((await get('/check_health')).status, 200)
  assert.deepEqual((await get('/')).text, 'Document Not Found')
  assert.equal((await get('/api/command/v2/team')).status, 404)
  assert.equal((await fetch(`${url}/api/command`, { method: 'PUT' })).status, 405)
  assert.equal((await get('/oauth2/token')).status, 405)
  assert.equal((await post('/api/command', { ...LOGIN, action: 'x'.repeat(1_100_000) })).status, 413)
  const body = new FormData()
  for (const [key, value] of Object.entries({ ...LOGIN, action: 'get_api_info' })) body.set(key, value)
  const multipart = await fetch(`${url}/api/command`, { method: 'POST', body })
  assert.equal(multipart.status, 401, 'a multipart form is not read')
})

test('a port that is taken is reported', async (t) => {
  const { url, appliance } = await startBox(t)
  await assert.rejects(createApi({ appliance }).listen(Number(new URL(url).port)), /EADDRINUSE/)
})
