import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepOf, type ApplianceErrorKind, type ConnectionStep } from '../../main/appliance/errors.ts'
import { codeOf, fromNetwork } from '../../main/appliance/failure.ts'
import { example, failure, json, LSID, nodeError, stub, xml } from './appliance-client-stub.ts'

const chromiumError = (code: string) => new Error(`net::${code}`)

const NETWORK: readonly (readonly [Error, ApplianceErrorKind, ConnectionStep])[] = [
  [nodeError('ENOTFOUND'), 'unreachable', 'name'],
  [nodeError('EAI_AGAIN'), 'unreachable', 'name'],
  [chromiumError('ERR_NAME_NOT_RESOLVED'), 'unreachable', 'name'],
  [nodeError('ECONNREFUSED'), 'unreachable', 'port'],
  [chromiumError('ERR_CONNECTION_REFUSED'), 'unreachable', 'port'],
  [nodeError('EHOSTUNREACH'), 'unreachable', 'port'],
  [nodeError('ECONNRESET'), 'unreachable', 'port'],
  [nodeError('UND_ERR_SOCKET'), 'unreachable', 'port'],
  [chromiumError('ERR_INTERNET_DISCONNECTED'), 'unreachable', 'port'],
  [chromiumError('ERR_PROXY_CONNECTION_FAILED'), 'unreachable', 'port'],
  [chromiumError('ERR_TUNNEL_CONNECTION_FAILED'), 'unreachable', 'port'],
  [new TypeError('fetch failed'), 'unreachable', 'port'],
  [nodeError('UND_ERR_CONNECT_TIMEOUT'), 'timeout', 'port'],
  [nodeError('ETIMEDOUT'), 'timeout', 'port'],
  [chromiumError('ERR_CONNECTION_TIMED_OUT'), 'timeout', 'port'],
  [nodeError('CERT_HAS_EXPIRED'), 'tls', 'tls'],
  [nodeError('CERT_NOT_YET_VALID'), 'tls', 'tls'],
  [nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', 'tls'],
  [nodeError('SELF_SIGNED_CERT_IN_CHAIN'), 'tls', 'tls'],
  [nodeError('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls', 'tls'],
  [nodeError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'tls', 'tls'],
  [nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls', 'tls'],
  [nodeError('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls', 'tls'],
  [nodeError('EPROTO'), 'tls', 'tls'],
  [chromiumError('ERR_CERT_AUTHORITY_INVALID'), 'tls', 'tls'],
  [chromiumError('ERR_CERT_COMMON_NAME_INVALID'), 'tls', 'tls'],
  [chromiumError('ERR_CERT_DATE_INVALID'), 'tls', 'tls'],
  [chromiumError('ERR_SSL_PROTOCOL_ERROR'), 'tls', 'tls'],
  [nodeError('HPE_INVALID_CONSTANT'), 'unreadable', 'reply'],
  [new Error('Redirect was cancelled'), 'unreadable', 'reply'],
]

for (const [thrown, kind, step] of NETWORK) {
  const code = codeOf(thrown) || thrown.message
  test(`${code} is ${kind}`, async () => {
    // A command that is not retried.
    const { client } = stub(({ asked }) => {
      if (asked === 'terminate_session') throw thrown
      return undefined
    })
    const error = await failure(client.terminateSession({ lsid: LSID }))
    assert.equal(error.kind, kind)
    assert.equal(stepOf(error), step)
    assert.match(error.message, /^[A-Z].*\.$/)
    assert.ok(error.detail !== '')
  })
}

test('the code of a failure behind several attempts is that of the first', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  assert.equal(
    codeOf(new TypeError('fetch failed', { cause: new AggregateError([refused, new Error('x')]) })),
    'ECONNREFUSED',
  )
  const circle = new Error('a')
  circle.cause = circle
  assert.equal(codeOf(circle), '')
  assert.equal(fromNetwork('nonsense').kind, 'unreachable')
})

interface Case {
  readonly name: string
  readonly reply: () => Response
  readonly kind: ApplianceErrorKind
  readonly message?: RegExp
  readonly detail?: RegExp
}

const REPLIES: readonly Case[] = [
  {
    name: 'an <error> with HTTP 200',
    reply: () => xml(example('error.xml')),
    kind: 'box',
    message: /Invalid Session ID/,
  },
  {
    name: 'an <error> inside a list',
    reply: () => xml('<support_teams><error>Nothing\n for you</error></support_teams>'),
    kind: 'box',
    message: /says: Nothing for you$/,
  },
  { name: 'an empty <error>', reply: () => xml('<error/>'), kind: 'box', message: /without saying why/ },
  {
    name: 'an <error> with HTTP 500',
    reply: () => xml('<error>Boom</error>', { status: 500 }),
    kind: 'box',
    message: /Boom/,
  },
  { name: 'a web page', reply: () => new Response(example('web-page.html')), kind: 'unreadable', detail: /web page/ },
  {
    name: 'an XHTML page',
    reply: () => xml('<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml"/>'),
    kind: 'unreadable',
    detail: /web page/,
  },
  {
    name: '"Document Not Found"',
    reply: () => new Response('Document Not Found'),
    kind: 'forbidden',
    detail: /Enable XML API/,
  },
  {
    name: '"Document Not Found" in a page with HTTP 404',
    reply: () => new Response('<html><body><h1>Document Not Found</h1></body></html>', { status: 404 }),
    kind: 'forbidden',
  },
  { name: 'HTTP 404', reply: () => new Response('', { status: 404 }), kind: 'forbidden' },
  { name: 'HTTP 403', reply: () => new Response('', { status: 403 }), kind: 'forbidden' },
  {
    name: 'HTTP 400',
    reply: () => new Response('Bad Request', { status: 400 }),
    kind: 'unreadable',
    detail: /HTTP 400/,
  },
  { name: 'HTTP 204', reply: () => new Response(null, { status: 204 }), kind: 'unreadable', detail: /HTTP 204/ },
  {
    name: 'a redirect',
    reply: () => new Response(null, { status: 302, headers: { location: 'https://other.example.com/login?secret=1' } }),
    kind: 'unreadable',
    detail: /redirected to other\.example\.com;/,
  },
  { name: 'nothing', reply: () => xml(''), kind: 'unreadable', detail: /empty/ },
  { name: 'plain text', reply: () => new Response('OK'), kind: 'unreadable', detail: /no XML/ },
  { name: 'JSON', reply: () => json({ a: 1 }), kind: 'unreadable' },
  { name: 'a reply cut in the middle', reply: () => xml('<support_teams><support_team id="5">'), kind: 'unreadable' },
  { name: 'tags that do not match', reply: () => xml('<support_teams><a></b></support_teams>'), kind: 'unreadable' },
  { name: 'two roots', reply: () => xml('<support_teams/><support_teams/>'), kind: 'unreadable' },
  { name: 'another root', reply: () => xml('<logged_in_reps/>'), kind: 'unreadable', detail: /<logged_in_reps>/ },
  {
    name: 'a DOCTYPE',
    reply: () => xml('<!DOCTYPE r [<!ENTITY a "b">]><support_teams>&a;</support_teams>'),
    kind: 'unreadable',
    detail: /DOCTYPE/,
  },
  {
    name: 'a DOCTYPE without a subset',
    reply: () => xml('<!DOCTYPE x><support_teams/>'),
    kind: 'unreadable',
    detail: /DOCTYPE/,
  },
]

for (const { name, reply, kind, message, detail } of REPLIES) {
  test(`${name} is ${kind}`, async () => {
    const { client } = stub(({ asked }) => (asked === 'get_support_teams' ? reply() : undefined))
    const error = await failure(client.getSupportTeams())
    assert.equal(error.kind, kind, JSON.stringify(error))
    if (message !== undefined) assert.match(error.message, message)
    if (detail !== undefined) assert.match(error.detail, detail)
  })
}

test('the box’s words are shown in one short line, and only in the message', async () => {
  const words = `Rep ${'x'.repeat(1000)}\u0007`
  const { client } = stub(({ asked }) => (asked === 'get_support_teams' ? xml(`<error>${words}</error>`) : undefined))
  const error = await failure(client.getSupportTeams())
  assert.ok(error.message.length < 350)
  assert.doesNotMatch(error.message, /\p{Cc}/u)
  assert.equal(error.detail, 'get_support_teams')
})

test('a reply over the limit is refused as soon as that shows', async () => {
  let sent = 0
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          sent += 1000
          controller.enqueue(new Uint8Array(1000).fill(60))
        },
      }),
    )
  const { client } = stub(({ asked }) => (asked === 'get_support_teams' ? endless() : undefined), { replyLimit: 5000 })
  const error = await failure(client.getSupportTeams())
  assert.equal(error.kind, 'unreadable')
  assert.match(error.message, /larger than 5000 bytes/)
  assert.ok(sent < 20_000)
})

test('one very long text is refused before it is parsed', async () => {
  const { client } = stub(({ asked }) =>
    asked === 'get_support_teams' ? xml(`<support_teams>${'x'.repeat(1024 * 1024 + 1)}</support_teams>`) : undefined,
  )
  assert.equal((await failure(client.getSupportTeams())).code, 'too-large')
})

test('too deep is unreadable', async () => {
  const deep = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`
  const ask = (depth: number) =>
    stub(({ asked }) =>
      asked === 'get_support_teams' ? xml(`<support_teams>${deep(depth)}</support_teams>`) : undefined,
    )
  assert.deepEqual(await ask(40).client.getSupportTeams(), [])
  assert.equal((await failure(ask(5000).client.getSupportTeams())).kind, 'unreadable')
})
