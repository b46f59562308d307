import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { originOf } from '../../main/appliance/address.ts'
import { isApplianceError } from '../../main/appliance/errors.ts'
import {
  compareVersions,
  externalKeyParameter,
  FEATURES,
  gate,
  isFeature,
  parseVersion,
  productOf,
} from '../../main/appliance/version.ts'
import { apiInfo, failure, LSID, stub, stubClock, xml } from './appliance-client-stub.ts'

const version = (text: string) => parseVersion(text) ?? assert.fail(text)

const info = (text: string, permissions: Readonly<Record<string, string>> | null) => ({
  version: text,
  product: null,
  company: null,
  clock: null,
  permissions,
})

test('versions are compared as numbers, not as text', () => {
  const sorted = ['1.0.0', '1.2', '1.2.1', '1.9.0', '1.11.0', '1.13', '1.13.1', '1.24.1', '2.0.0']
  const parsed = sorted.map(version)
  for (let at = 1; at < parsed.length; at += 1) {
    assert.ok(compareVersions(parsed[at - 1] ?? [], parsed[at] ?? []) < 0, sorted[at])
  }
  assert.equal(compareVersions(version('1.2'), version('1.2.0')), 0)
})

test('any two versions compare one way, and the other way round', () => {
  const any = fc.array(fc.nat(99_999), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(any, any, (left, right) => {
      assert.equal(Math.sign(compareVersions(left, right)), -Math.sign(compareVersions(right, left)) + 0)
      assert.deepEqual(parseVersion(left.join('.')), left)
    }),
  )
})

test('what is no version is none', () => {
  for (const text of ['', 'x', '.1', 'version 1']) assert.equal(parseVersion(text), null, text)
  assert.deepEqual(parseVersion(' v1.19.0-rc1'), [1, 19, 0])
})

test('the product that goes with an API version', () => {
  const products = {
    '1.0.0': '10.1',
    '1.5.0': '10.6',
    '1.11.0': '14.1',
    '1.19.0': '19.1',
    '1.19.1': '19.1',
    '1.24.1': '24 or newer',
    '2.0': '24 or newer',
  }
  for (const [api, product] of Object.entries(products)) assert.equal(productOf(version(api)), product, api)
  assert.equal(productOf(version('0.9')), null)
})

test('what came with a version is not there before, with the reason', () => {
  const old = info('1.9.0', null)
  for (const feature of ['join_session', 'set_session_attributes', 'terminate_session', 'check_health'] as const) {
    const answer = gate(old, feature)
    assert.ok(!answer.ok && answer.kind === 'unsupported', feature)
    assert.match(answer.reason, /needs version 14\.1/)
    assert.match(answer.detail, /1\.9\.0/)
    assert.deepEqual(gate(info('1.11.0', null), feature), { ok: true })
  }
  assert.ok(!gate(info('1.20.0', null), 'leave_session').ok)
  assert.ok(gate(info('1.21.0', null), 'leave_session').ok)
})

test('permissions decide where they are told, in all their spellings', () => {
  const may = (permissions: Readonly<Record<string, string>> | null, feature: (typeof FEATURES)[number]) =>
    gate(info('1.24.1', permissions), feature).ok
  assert.equal(may({ perm_command: 'deny' }, 'get_support_teams'), false)
  assert.equal(may({ perm_command: 'read_only' }, 'get_support_teams'), true)
  assert.equal(may({ perm_command: 'read_only' }, 'transfer_session'), false)
  assert.equal(may({ perm_command: 'full_access' }, 'transfer_session'), true)
  assert.equal(may({ perm_command: '0' }, 'get_support_teams'), false)
  assert.equal(may({ perm_reporting_support: '0' }, 'SupportSession'), false)
  assert.equal(may({ perm_reporting_support: '1' }, 'SupportSession'), true)
  assert.equal(may({ perm_reporting_support: '1', perm_reporting_presentation: '0' }, 'PresentationRecording'), false)
  assert.equal(may({ perm_backup: '0' }, 'backup'), false)
  // What is not told is the appliance's to decide: the era of user accounts, and names that came later.
  for (const feature of FEATURES) {
    assert.equal(may(null, feature), true)
    assert.equal(may({}, feature), true)
  }
  assert.ok(gate(info('what?', null), 'leave_session').ok)
  assert.ok(isFeature('backup') && !isFeature('toString'))
})

test('the key has another name before 14.1', () => {
  assert.equal(externalKeyParameter(version('1.5.0')), 'external_key')
  assert.equal(externalKeyParameter(version('1.10.9')), 'external_key')
  assert.equal(externalKeyParameter(version('1.11.0')), 'session.custom.external_key')
  assert.equal(externalKeyParameter(null), 'session.custom.external_key')
})

test('what the box cannot do is not sent', async () => {
  const { client, seen } = stub(({ asked }) =>
    asked === 'get_api_info' ? xml(apiInfo('1.5.0', { perm_command: 'full_access' })) : undefined,
  )
  const error = await failure(client.setSessionAttributes({ lsid: LSID, externalKey: 'X' }))
  assert.equal(error.kind, 'unsupported')
  assert.match(error.message, /too old/)
  assert.deepEqual(await client.can('transfer_session'), { ok: true })
  assert.ok(!seen.some(({ asked }) => asked === 'set_session_attributes'))
})

test('what is known of the box is remembered, but before a no it is asked again', async () => {
  const clock = stubClock()
  let permission = 'read_only'
  const { client, seen } = stub((one) => {
    if (one.asked === 'get_api_info') return xml(apiInfo('1.24.1', { perm_command: permission }))
    return one.asked === 'terminate_session' ? xml('<success/>') : undefined
  }, clock)
  const asked = () => seen.filter((one) => one.asked === 'get_api_info').length
  assert.equal((await client.can('get_support_teams')).ok, true)
  await clock.advance(14 * 60_000)
  assert.equal((await client.can('get_support_teams')).ok, true)
  assert.equal(asked(), 1)
  permission = 'full_access'
  await client.terminateSession({ lsid: LSID })
  assert.equal(asked(), 2)
  permission = 'deny'
  await clock.advance(16 * 60_000)
  const error = await failure(client.terminateSession({ lsid: LSID }))
  assert.equal(error.kind, 'forbidden')
  assert.match(error.detail, /full_access; the account has deny/)
  assert.equal(asked(), 3)
  client.forget()
  await client.info()
  assert.equal(asked(), 4)
})

test('however many ask at once, the box is asked once what it is', async () => {
  const { client, seen } = stub(({ asked }) => (asked === 'get_support_teams' ? xml('<support_teams/>') : undefined))
  const leaving = new AbortController()
  const left = failure(client.info({ signal: leaving.signal }))
  const others = Promise.all([client.getSupportTeams(), client.getSupportTeams(), client.can('backup')])
  leaving.abort()
  assert.equal((await left).kind, 'cancelled')
  await others
  assert.equal(seen.filter(({ asked }) => asked === 'get_api_info').length, 1)
})

test('where the appliance is: https, unless it is this computer', () => {
  const good = {
    'support.example.com': 'https://support.example.com',
    ' Support.Example.com:8443 ': 'https://support.example.com:8443',
    'https://support.example.com/': 'https://support.example.com',
    'http://127.0.0.1:8080': 'http://127.0.0.1:8080',
    'http://localhost': 'http://localhost',
    'http://[::1]:1': 'http://[::1]:1',
    'bücher.example': 'https://xn--bcher-kva.example',
  }
  for (const [host, origin] of Object.entries(good)) assert.equal(originOf(host), origin)
  const bad = [
    '',
    ' ',
    'a b',
    'http://support.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
  ]
  bad.push(
    'ftp://x',
    'https://u:p@x',
    'u:p@x',
    'https://x/login',
    'x/login',
    'x?y',
    'x#y',
    'javascript:alert(1)',
    'https://',
  )
  for (const host of bad) {
    assert.throws(
      () => originOf(host),
      (error) => isApplianceError(error) && error.kind === 'invalid',
      host,
    )
  }
})
