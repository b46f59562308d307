import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings } from '../../preload/contract.ts'
import { NO_POLICY } from '../../main/settings/policy.ts'
import { reachOf, recipientHost, recipientUrl } from '../../main/settings/reach.ts'
import { isNetwork } from '../../main/settings/kinds.ts'
import { createSettings } from '../../main/settings/settings.ts'

const DEFAULTS = createSettings({ read: () => ({}), write: () => {} }, NO_POLICY).get()

const reach = (own: Partial<Settings>, computer = 'Desk-7.Example.NET') => reachOf({ ...DEFAULTS, ...own }, computer)

test('the computer is called by its own name, short or long, by localhost, and as the settings say', () => {
  const { names } = reach({ 'listener.names': ['Tray.Example.net.', 'other'] })
  assert.deepEqual([...names].toSorted(), ['desk-7', 'desk-7.example.net', 'localhost', 'other', 'tray.example.net'])
  assert.deepEqual([...reach({}, 'desk').names], ['localhost', 'desk'])
})

test('without networks all may send', () => {
  assert.equal(reach({}).allow, null)
})

test('addresses and networks of both families let in whom they name, and nobody else', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['192.0.2.7', ['192.0.2.7'], ['192.0.2.8', '::1']],
    ['192.0.2.0/24', ['192.0.2.0', '192.0.2.255'], ['192.0.3.0', '192.0.1.255']],
    ['192.0.2.7/24', ['192.0.2.200'], ['192.0.3.7']],
    ['192.0.2.7/32', ['192.0.2.7'], ['192.0.2.6']],
    ['0.0.0.0/0', ['10.1.2.3'], ['2001:db8::1']],
    ['2001:db8::/64', ['2001:db8::1', '2001:db8:0:0:ffff::'], ['2001:db8:0:1::', '192.0.2.1']],
    ['2001:DB8::1', ['2001:db8:0::1'], ['2001:db8::2']],
    ['::1', ['::1'], ['127.0.0.1']],
    ['::ffff:192.0.2.7', ['192.0.2.7'], ['192.0.2.8']],
    ['::ffff:192.0.2.0/120', ['192.0.2.7'], ['192.0.3.7']],
    ['fe80::/10', ['fe80::1%eth0', 'fe80::1'], ['fec0::1']],
    ['fe80::1%eth0', ['fe80::1'], ['fe80::2']],
  ]
  for (const [network, inside, outside] of cases) {
    assert.ok(isNetwork(network), network)
    const { allow } = reach({ 'listener.allow': [network] })
    const check = (address: string) => allow?.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
    for (const address of inside) assert.equal(check(address), true, `${address} in ${network}`)
    for (const address of outside) assert.equal(check(address), false, `${address} in ${network}`)
  }
})

test('every network that the settings take makes a list: nothing that is saved can stop the next start', () => {
  const odd = ['0.0.0.0/0', '::/0', '::/128', '1.2.3.4/0', 'fe80::1%lo', 'fe80::%1/64', '::ffff:1.2.3.4/96', '1::/00']
  for (const network of odd) if (isNetwork(network)) assert.doesNotThrow(() => reach({ 'listener.allow': [network] }))
})

test('the recipient URL is one that the appliance can use', () => {
  const cases: readonly [string, string][] = [
    ['127.0.0.1', 'http://127.0.0.1:8180/events?token=a%2Bb'],
    ['192.0.2.7', 'http://192.0.2.7:8180/events?token=a%2Bb'],
    ['0.0.0.0', 'http://desk:8180/events?token=a%2Bb'],
    ['::', 'http://desk:8180/events?token=a%2Bb'],
    ['::1', 'http://[::1]:8180/events?token=a%2Bb'],
    ['2001:db8::7', 'http://[2001:db8::7]:8180/events?token=a%2Bb'],
  ]
  for (const [address, expected] of cases) {
    const host = recipientHost(address, DEFAULTS, 'desk', null)
    const url = recipientUrl({ host, port: 8180, token: 'a+b', isSecure: false })
    assert.equal(url, expected)
    assert.equal(new URL(url).searchParams.get('token'), 'a+b')
    const secure = recipientUrl({ host, port: 8180, token: 'a+b', isSecure: true })
    assert.equal(secure, expected.replace('http:', 'https:'))
  }
})

test('with a certificate the appliance is given a host that it is for, if there is one', () => {
  const hostFor = (address: string, covered: readonly string[], names: readonly string[] = []) =>
    recipientHost(address, { ...DEFAULTS, 'listener.names': ['tray.example.net'] }, 'desk', {
      covers: (host) => covered.includes(host),
      names,
    })
  assert.equal(hostFor('0.0.0.0', ['desk', 'tray.example.net']), 'desk')
  assert.equal(hostFor('0.0.0.0', ['tray.example.net']), 'tray.example.net')
  assert.equal(hostFor('192.0.2.7', ['192.0.2.7', 'desk']), '192.0.2.7')
  assert.equal(hostFor('192.0.2.7', ['desk']), 'desk')
  assert.equal(hostFor('192.0.2.7', ['desk.example.net'], ['desk.example.net']), 'desk.example.net')
  assert.equal(hostFor('192.0.2.7', ['other.example.net'], ['other.example.net']), '192.0.2.7', 'another computer')
  const { names } = reachOf(DEFAULTS, 'desk', { covers: () => true, names: ['desk.example.net', 'other.example.net'] })
  assert.deepEqual([...names].toSorted(), ['desk', 'desk.example.net', 'localhost'])
})
