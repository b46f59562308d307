import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Credentials, Token } from '../../main/appliance/auth.ts'
import { createApplianceClient } from '../../main/appliance/client.ts'
import {
  apiInfo,
  CLIENT,
  failure,
  json,
  LSID,
  serve,
  stub,
  stubClock,
  USER,
  xml,
  type Answer,
} from './appliance-client-stub.ts'

const TEAMS = '<support_teams></support_teams>'
const REPS = '<logged_in_reps></logged_in_reps>'

/** Answers with empty lists. */
const empty: Answer = ({ asked }) => {
  if (asked === 'get_support_teams') return xml(TEAMS)
  return asked === 'get_logged_in_reps' ? xml(REPS) : undefined
}

const tokensAsked = (seen: readonly { asked: string }[]) => seen.filter(({ asked }) => asked === '/oauth2/token').length

test('an API account: one token by client credentials, used for all that follows', async () => {
  const { client, seen } = stub(empty)
  await client.getSupportTeams()
  await client.getLoggedInReps()
  const [token, ...calls] = seen
  assert.equal(token?.path, '/oauth2/token')
  assert.equal(token.headers.get('authorization'), `Basic ${Buffer.from('id:client-secret').toString('base64')}`)
  assert.equal(token.raw, 'grant_type=client_credentials')
  assert.equal(token.headers.get('accept'), 'application/json')
  assert.deepEqual(
    calls.map(({ asked }) => asked),
    ['get_api_info', 'get_support_teams', 'get_logged_in_reps'],
  )
  for (const call of calls) {
    assert.equal(call.headers.get('authorization'), 'Bearer token-1')
    assert.equal(call.headers.get('connection'), 'close')
    assert.equal(call.headers.get('content-type'), 'application/x-www-form-urlencoded')
    assert.equal(call.path, '/api/command')
  }
})

test('a user: name and password among the parameters of a POST, and no token', async () => {
  const { client, seen } = stub(empty, { credentials: () => USER })
  await client.getSupportTeams()
  assert.deepEqual(
    seen.map(({ asked }) => asked),
    ['get_api_info', 'get_support_teams'],
  )
  assert.equal(seen[1]?.body.get('username'), 'api')
  assert.equal(seen[1]?.body.get('password'), 'pass-word')
  assert.equal(seen[1]?.headers.get('authorization'), null)
})

test('a token is renewed a minute before it expires', async () => {
  const clock = stubClock()
  const { client, seen } = stub(empty, clock)
  await client.getSupportTeams()
  await clock.advance(3_600_000 - 60_001)
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 1)
  await clock.advance(1)
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 2)
})

test('expires_in is read, not assumed; a very short-lived token is used for half its life', async () => {
  const clock = stubClock()
  const { client, seen } = stub(
    (one, count) =>
      one.asked === '/oauth2/token'
        ? json({ access_token: `t${count}`, token_type: 'Bearer', expires_in: 10 })
        : empty(one, count),
    clock,
  )
  await client.getSupportTeams()
  await clock.advance(4_999)
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 1)
  await clock.advance(1)
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 2)
})

test('a token without expires_in is used until it is refused', async () => {
  const clock = stubClock()
  const { client, seen } = stub(
    (one, count) => (one.asked === '/oauth2/token' ? json({ access_token: 't' }) : empty(one, count)),
    clock,
  )
  await client.getSupportTeams()
  await clock.advance(9 * 3_600_000)
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 1)
})

test('a dead token is renewed once, also for a command that is never retried', async () => {
  const { client, seen } = stub((one, count) => {
    if (one.asked !== 'terminate_session') return undefined
    return count === 1 ? json({ error: 'access_denied', message: 'x' }, 401) : xml('<success>ok</success>')
  })
  await client.terminateSession({ lsid: LSID })
  const calls = seen.filter(({ asked }) => asked === 'terminate_session')
  assert.equal(calls.length, 2)
  assert.equal(tokensAsked(seen), 2)
  assert.notEqual(calls[0]?.headers.get('authorization'), calls[1]?.headers.get('authorization'))
})

test('a second 401 is an error', async () => {
  const { client, seen } = stub(({ asked }) =>
    asked === 'get_api_info' ? json({ error: 'access_denied' }, 401) : undefined,
  )
  const error = await failure(client.getSupportTeams())
  assert.equal(error.kind, 'refused')
  assert.equal(error.code, 'access_denied')
  assert.equal(seen.filter(({ asked }) => asked === 'get_api_info').length, 2)
})

test('callers at the same time share one request for a token', async () => {
  const { client, seen } = stub(empty)
  await Promise.all(Array.from({ length: 10 }, async () => client.getApiInfo()))
  assert.equal(tokensAsked(seen), 1)
  assert.equal(seen.length, 11)
})

test('who leaves does not cancel the token that others wait for', async () => {
  let release: ((response: Response) => void) | null = null
  const { client, seen } = stub(({ asked }) =>
    asked === '/oauth2/token' ? new Promise<Response>((resolve) => (release = resolve)) : undefined,
  )
  const leaving = new AbortController()
  const left = failure(client.getApiInfo({ signal: leaving.signal }))
  const stays = client.getApiInfo()
  await new Promise((resolve) => setImmediate(resolve))
  leaving.abort()
  assert.equal((await left).kind, 'cancelled')
  const answer = release as ((response: Response) => void) | null
  answer?.(json({ access_token: 'shared', expires_in: 3600 }))
  assert.equal((await stays).version, '1.24.1')
  assert.equal(tokensAsked(seen), 1)
  assert.equal(seen.at(-1)?.headers.get('authorization'), 'Bearer shared')
})

test('several calls whose token died together get one new token', async () => {
  const { client, seen } = stub((one) => {
    const dead = one.headers.get('authorization') === 'Bearer token-1'
    return one.asked === 'get_api_info' && dead ? json({ error: 'access_denied' }, 401) : undefined
  })
  await Promise.all(Array.from({ length: 5 }, async () => client.getApiInfo()))
  assert.equal(tokensAsked(seen), 2)
})

test('refused credentials are not sent again for five minutes, other ones at once', async () => {
  const clock = stubClock()
  let credentials: Credentials = { clientId: 'id', clientSecret: 'wrong' }
  const right = `Basic ${Buffer.from('id:right').toString('base64')}`
  const { client, seen } = stub(
    (one) => {
      if (one.asked !== '/oauth2/token' || one.headers.get('authorization') === right) return undefined
      return json({ error: 'invalid_client', message: 'Client authentication failed' }, 401)
    },
    { ...clock, credentials: () => credentials },
  )
  const error = await failure(client.getApiInfo())
  assert.equal(error.kind, 'refused')
  assert.equal(error.code, 'invalid_client')
  await failure(client.getApiInfo())
  assert.equal(tokensAsked(seen), 1)
  await clock.advance(5 * 60_000)
  await failure(client.getApiInfo())
  assert.equal(tokensAsked(seen), 2)
  client.forget()
  await failure(client.getApiInfo())
  assert.equal(tokensAsked(seen), 3)
  credentials = { clientId: 'id', clientSecret: 'right' }
  assert.equal((await client.getApiInfo()).version, '1.24.1')
})

test('a wrong password shows at get_api_info, and is then not sent again either', async () => {
  const { client, seen } = stub(() => xml('<error>Login failed</error>'), { credentials: () => USER })
  const error = await failure(client.getSupportTeams())
  assert.equal(error.kind, 'refused')
  assert.match(error.message, /Login failed/)
  await failure(client.getSupportTeams())
  assert.equal(seen.length, 1)
})

test('without credentials nothing is sent', async () => {
  const { client, seen } = stub(empty, { credentials: () => null })
  assert.equal((await failure(client.getSupportTeams())).kind, 'refused')
  assert.equal(seen.length, 0)
})

test('a box without API accounts is told from one that refuses', async () => {
  const { client } = stub(({ asked }) =>
    asked === '/oauth2/token' ? new Response('Document Not Found', { status: 404 }) : undefined,
  )
  const error = await failure(client.getApiInfo())
  assert.equal(error.kind, 'unsupported')
  assert.match(error.detail, /16\.1/)
})

test('a reply that is no token is unreadable', async () => {
  const bodies = [
    '',
    '<html>',
    '[]',
    'null',
    '{"access_token":""}',
    '{"access_token":7}',
    '{"access_token":"a\\r\\nX: y"}',
  ]
  for (const body of bodies) {
    const { client } = stub(({ asked }) => (asked === '/oauth2/token' ? new Response(body) : undefined))
    assert.equal((await failure(client.getApiInfo())).kind, 'unreadable', body)
  }
})

test('an old box is found at its old path, and asked there from then on', async () => {
  const { client, seen } = stub(
    (one) => {
      if (!one.path.endsWith('.ns')) return new Response('Document Not Found', { status: 404 })
      if (one.asked === 'get_api_info') return xml(apiInfo('1.5.0', null))
      return one.asked === 'SupportSessionListing' ? xml('<session_summary_list/>') : xml(TEAMS)
    },
    { credentials: () => USER },
  )
  await client.getSupportTeams()
  await client.listSessions({ by: 'start', from: 1, until: null })
  assert.deepEqual(
    seen.map(({ path, asked }) => `${path} ${asked}`),
    [
      '/api/command get_api_info',
      '/api/command.ns get_api_info',
      '/api/command.ns get_support_teams',
      '/api/reporting.ns SupportSessionListing',
    ],
  )
})

test('where neither path answers, the API is off', async () => {
  const { client, seen } = stub(() => new Response('Document Not Found', { status: 404 }), { credentials: () => USER })
  const error = await failure(client.getApiInfo())
  assert.equal(error.kind, 'forbidden')
  assert.equal(seen.length, 2)
})

test('tokens are kept from run to run, each with its account', async () => {
  const kept = new Map<string, Token | null>()
  const tokens = {
    load: async (account: string) => kept.get(account) ?? null,
    save: async (account: string, token: Token | null) => void kept.set(account, token),
  }
  const first = stub(empty, { tokens })
  await first.client.getSupportTeams()
  const second = stub(empty, { tokens })
  await second.client.getSupportTeams()
  assert.equal(tokensAsked(first.seen), 1)
  assert.equal(tokensAsked(second.seen), 0)
  const other = stub(empty, { tokens, credentials: () => ({ ...CLIENT, clientSecret: 'new' }) })
  await other.client.getSupportTeams()
  assert.equal(tokensAsked(other.seen), 1)
  assert.ok(![...kept.keys()].some((account) => account.includes('secret')))
})

test('a keeper that fails costs a token and nothing else', async () => {
  const broken = async () => {
    throw new Error('keyring')
  }
  const { client, seen } = stub(empty, { tokens: { load: broken, save: broken } })
  await client.getSupportTeams()
  assert.equal(tokensAsked(seen), 1)
})

test('over a real connection: POST, closed after each call, nothing secret in a URL or a log line', async () => {
  const requests: { method: string; url: string; connection: string; body: string }[] = []
  const server = await serve((incoming, outgoing) => {
    let body = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => (body += chunk))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      requests.push({ method, url, connection: headers.connection ?? '', body })
      if (url === '/oauth2/token') outgoing.end('{"access_token":"top-secret","expires_in":3600}')
      else outgoing.end(body.includes('get_api_info') ? apiInfo('1.24.1') : '<success>ok</success>')
    })
  })
  const log: string[] = []
  const client = createApplianceClient({
    host: server.url,
    credentials: () => CLIENT,
    fetch,
    log: (line) => log.push(line),
  })
  await client.setSessionAttributes({ lsid: LSID, externalKey: 'INC 1 & 2', customFields: { room: 'Zürich +1' } })
  await server.close()
  assert.deepEqual(
    requests.map(({ method, url }) => `${method} ${url}`),
    ['POST /oauth2/token', 'POST /api/command', 'POST /api/command'],
  )
  assert.ok(requests.every(({ connection }) => connection === 'close'))
  assert.equal(
    requests[2]?.body,
    `action=set_session_attributes&lsid=${LSID}&session.custom.external_key=INC+1+%26+2&session.custom.room=Z%C3%BCrich+%2B1`,
  )
  assert.equal(log.length, 3)
  assert.doesNotMatch(log.join('\n'), /secret|INC|rich|0f3c5a7e/)
})
