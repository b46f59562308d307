import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig, readConfig } from '../../main/relay/config.ts'

const parse = (value: unknown) => parseConfig(JSON.stringify(value), '/etc/rep-tray')

test('an empty file is a relay for one computer, with its files beside it', () => {
  const { config } = parse({})
  assert.deepEqual(config, {
    site: 'main',
    listener: { addresses: ['0.0.0.0'], port: 8180, names: [], allow: [], certificateFile: null, keyFile: null },
    broker: {
      servers: ['nats://127.0.0.1:4222'],
      workstationServers: null,
      seedFile: '/etc/rep-tray/relay.seed',
      issuerFile: '/etc/rep-tray/issuer.seed',
      account: 'STATIONS',
      caFile: null,
    },
    streams: { replicas: 1, rawDays: 30, eventDays: 14, megabytes: 2500, maxConsumers: 20_000 },
    workstationsFile: '/etc/rep-tray/workstations.json',
    teams: {},
    appliance: null,
    metrics: null,
    router: true,
  })
})

/** Each entry: what it may be, and what it may not. */
const CASES: Readonly<Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>> = {
  site: { good: ['main', 'Köln 2'], bad: ['', 1, null] },
  'listener.addresses': { good: [['0.0.0.0'], ['::', '192.0.2.1']], bad: [[], 'x', ['host.example'], [1]] },
  'listener.port': { good: [0, 443, 65_535], bad: [-1, 65_536, '80', 1.5] },
  'listener.names': { good: [[], ['relay.example.com']], bad: [['a b'], 'relay', ['']] },
  'listener.allow': { good: [[], ['192.0.2.0/24', '2001:db8::1']], bad: [['192.0.2.0/33'], ['x'], 'x'] },
  'listener.certificateFile': { good: [null, 'server.pem', '/etc/x.pfx'], bad: ['', 1] },
  'listener.keyFile': { good: [null, 'server.key'], bad: ['', false] },
  'broker.servers': {
    good: [['nats://a:4222', 'tls://b'], ['wss://relay.example.com:443']],
    bad: [[], 'nats://a', ['http://a'], ['nats://a/b']],
  },
  'broker.workstationServers': { good: [null, ['wss://relay.example.com']], bad: [[], ['x'], 'wss://a'] },
  'broker.seedFile': { good: ['relay.seed'], bad: ['', null, 1] },
  'broker.issuerFile': { good: ['issuer.seed', null], bad: ['', 1] },
  'broker.account': { good: ['STATIONS'], bad: ['', null] },
  'broker.caFile': { good: ['ca.crt', null], bad: ['', 1] },
  'streams.replicas': { good: [1, 3, 5], bad: [0, 2, '3', null] },
  'streams.rawDays': { good: [1, 365], bad: [0, 366, 1.5, '1'] },
  'streams.eventDays': { good: [1, 14], bad: [0, 366, null] },
  'streams.megabytes': { good: [16, 1_000_000], bad: [15, 1_000_001, '16'] },
  'streams.maxConsumers': { good: [10, 20_000], bad: [9, -1, null] },
  workstationsFile: { good: ['table.json'], bad: ['', null] },
  'teams.5': { good: [[], ['12', '13']], bad: ['12', [12], ['rep:12']] },
  'teams.helpdesk': { good: [], bad: [['12']] },
  'appliance.host': { good: ['support.example.com'], bad: ['', 1, null] },
  'metrics.address': { good: ['127.0.0.1', '::1'], bad: ['localhost', 1] },
  'metrics.port': { good: [0, 9180], bad: [-1, '9180'] },
  router: { good: [true, false], bad: ['yes', 1, null] },
}

function at(path: string, value: unknown): Record<string, unknown> {
  const [section = '', name] = path.split('.')
  return name === undefined ? { [section]: value } : { [section]: { [name]: value } }
}

test('each entry is taken as it may be, and refused by its name otherwise', () => {
  for (const [path, { good, bad }] of Object.entries(CASES)) {
    for (const value of good) assert.deepEqual(parse(at(path, value)).problems, [], `${path} ${JSON.stringify(value)}`)
    for (const value of bad) {
      const { config, problems } = parse(at(path, value))
      assert.equal(config, null, `${path} ${JSON.stringify(value)}`)
      assert.equal(problems.length, 1)
      assert.ok(problems[0]?.startsWith(`${path}: `), problems[0])
    }
  }
})

test('what is no entry is told, but for notes', () => {
  assert.deepEqual(parse({ $schema: 'x', listner: {}, broker: { $note: 'x', port: 1 } }).problems, [
    'listner: There is no such entry.',
    'broker.port: There is no such entry.',
  ])
  assert.deepEqual(parse({ listener: [] }).problems, ['listener: This must be an object.'])
  assert.deepEqual(parse({ appliance: {} }).problems, ['appliance.host: This must be a host name.'])
})

test('what is no object at all', () => {
  for (const text of ['', '{', '[]', 'null', '1']) assert.equal(parseConfig(text, '/').config, null, text)
  assert.deepEqual(readConfig('/nowhere/relay.json').problems, ['/nowhere/relay.json cannot be read (ENOENT).'])
})

test('paths start at the folder of the file', () => {
  const { config } = parse({ listener: { certificateFile: 'tls/a.pem', keyFile: '/k.pem' }, workstationsFile: '../w' })
  assert.equal(config?.listener.certificateFile, '/etc/rep-tray/tls/a.pem')
  assert.equal(config.listener.keyFile, '/k.pem')
  assert.equal(config.workstationsFile, '/etc/w')
})
