import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import type { Session } from '../appliance/session.ts'
import { listOf, rootOf, startBox, told, type Box, type Fields } from './appliance-support.ts'

/** The URL as a form on the public site makes it: blanks as `%20`. */
const query = (parameters: Fields) =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

/** Opens a start URL as a customer does, and returns the session that it started. */
async function open(box: Box, path: string): Promise<Session> {
  const reply = await box.get(path)
  assert.equal(reply.status, 200, reply.text)
  const session = box.appliance.sessions.get(reply.headers.get('x-simulated-lsid') ?? '')
  assert.ok(session !== undefined)
  return session
}

/** The form of each time, filled in with everything it has. */
const FORMS: Readonly<Record<GenerationName, Fields>> = {
  '2008': {
    issue_menu: '1',
    customer_name: 'John Doe & Söhne',
    customer_company: 'Company Name',
    customer_company_code: '1234',
    customer_desc: 'I need <support> + more',
    external_key: 'INC 1/2',
    id: '8',
  },
  '10.6': {
    issue_menu: '1',
    id: '8',
    external_key: 'INC 1/2',
    customer_name: 'John Doe & Söhne',
    customer_company: 'Company Name',
    customer_company_code: '1234',
    customer_desc: 'I need <support> + more',
  },
  '14.1': {
    issue_menu: '1',
    id: '8',
    'customer.name': 'John Doe & Söhne',
    'customer.company': 'Company Name',
    'customer.company_code': '1234',
    'customer.details': 'I need <support> + more',
    'session.custom.external_key': 'INC 1/2',
  },
  '19.1': {
    issue_menu: '1',
    codeName: 'first_day',
    'customer.name': 'John Doe & Söhne',
    'customer.company': 'Company Name',
    'customer.company_code': '1234',
    'customer.details': 'I need <support> + more',
    'session.custom.external_key': 'INC 1/2',
  },
  '24.x': {
    issue_menu: '1',
    codeName: 'first_day',
    locale: 'de',
    'customer.name': 'John Doe & Söhne',
    'customer.company': 'Company Name',
    'customer.company_code': '1234',
    'customer.details': 'I need <support> + more',
    'session.custom.external_key': 'INC 1/2',
    'session.custom.asset_no': 'PC-4711',
  },
}

for (const [name, form] of Object.entries(FORMS)) {
  test(`${name}: the form of its time starts a session in the queue of the issue's team`, async (t) => {
    const generation = GENERATIONS[name as GenerationName]
    const box = await startBox(t, { generation: name as GenerationName })
    const session = await open(box, `${generation.startPath}?${query(form)}`)
    assert.deepEqual(await told(box), [
      'begin INC 1/2',
      'owner_changed INC 1/2 team:7',
      'member_added INC 1/2 customer',
    ])
    assert.equal(session.customerPresent, true)
    const report = await box.report('SupportSession', { lsid: session.lsid })
    const [seen] = listOf(rootOf(report, 'session_list')['session'])
    assert.equal(seen?.['external_key'], 'INC 1/2')
    const list = seen?.['customer_list'] as { customer: Record<string, unknown> } | undefined
    assert.deepEqual(list?.customer['info'], {
      name: 'John Doe & Söhne',
      company: 'Company Name',
      company_code: '1234',
      issue: 'First day: accounts & devices',
      details: 'I need <support> + more',
    })
    if (name === '24.x') assert.equal(session.attributes.get('asset_no'), 'PC-4711')
    const others = Object.values(GENERATIONS).map(({ startPath }) => startPath)
    for (const path of others.filter((other) => other !== generation.startPath)) {
      assert.equal((await box.get(`${path}?${query(form)}`)).status, 404)
    }
  })
}

test('by representative, by id and name', async (t) => {
  const box = await startBox(t)
  assert.equal((await open(box, '/api/start_session?id=12&name=John%20Smith')).owner.id, 'rep:12')
  assert.equal((await open(box, '/api/start_session?id=12&name=John')).owner.id, 'rep:12')
})

test('a chat in the browser is a page, the customer client a program', async (t) => {
  const box = await startBox(t)
  assert.match((await box.get('/api/start_session?issue_menu=1&id=3&c2cjs=1')).type ?? '', /^text\/html/)
  const program = await box.get('/api/start_session?issue_menu=1&id=3')
  assert.equal(program.type, 'application/octet-stream')
  assert.match(
    program.headers.get('content-disposition') ?? '',
    /^attachment; filename="bomgar-scc-[0-9a-f]{32}\.exe"$/,
  )
})

test('a URL that is wrong starts nothing', async (t) => {
  const box = await startBox(t)
  for (const parameters of [
    {},
    { issue_menu: '1' },
    { issue_menu: '1', id: '99' },
    { issue_menu: '1', codeName: 'tea' },
    { issue_menu: '1', id: '3', codeName: 'printer' },
    { id: '12' },
    { id: '12', name: 'Miriam' },
    { short_key: '1234567' },
    { issue_menu: '1', id: '3', 'customer.name': 'x'.repeat(101) },
    { issue_menu: '1', id: '3', 'customer.details': 'ü'.repeat(513) },
    { issue_menu: '1', id: '3', 'session.custom.external_key': 'x'.repeat(1025) },
    { issue_menu: '1', id: '3', 'session.custom.unheard_of': 'x' },
  ]) {
    const reply = await box.get(`/api/start_session?${query(parameters)}`)
    assert.equal(reply.status, 400, JSON.stringify(parameters))
    assert.match(reply.type ?? '', /^text\/html/)
  }
  assert.equal((await box.get('/?ak=00112233445566778899aabbccddeeff')).status, 400)
  assert.equal(box.appliance.sessions.size, 0)
  const longest = { 'customer.name': 'ü'.repeat(100), 'customer.details': 'ü'.repeat(512) }
  assert.equal((await open(box, `/api/start_session?${query({ issue_menu: '1', id: '3', ...longest })}`)).ended, false)
})

test('a session key starts sessions with what was ordered, until it expires', async (t) => {
  const box = await startBox(t, { publicUrl: 'served' })
  const key = rootOf(
    await box.command('generate_session_key', {
      type: 'support',
      queue_id: 'issue:vpn',
      ttl: '600',
      'session.custom.external_key': 'INC0010023',
      'session.custom.asset_no': 'PC-4711',
    }),
    'session_key',
  )
  const url = String(key['key_url'])
  assert.ok(url.startsWith(`${box.url}/?ak=`))
  const session = await open(box, url.slice(box.url.length))
  assert.deepEqual(await told(box), [
    'begin INC0010023',
    'owner_changed INC0010023 team:9',
    'member_added INC0010023 customer',
  ])
  assert.equal(session.attributes.get('asset_no'), 'PC-4711')
  const short = `/api/start_session?short_key=${String(key['short_key'])}&customer.name=Jane`
  assert.equal((await open(box, short)).customer.name, 'Jane')
  await box.clock.advance(600_000)
  assert.equal((await box.get(url.slice(box.url.length))).status, 400)
})
