/** The files that `init` writes: nats-server takes them, for one server and for three, with TLS and WebSocket. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { readConfig } from '../../main/relay/config.ts'
import { writeSetup, type SetupChoice } from '../../main/relay/setup-files.ts'
import { findNatsServer } from '../../scripts/nats-server.ts'
import { makeSite, writeFile } from './certificate-support.ts'
import { test } from './helpers/fleet.ts'

async function setUp(t: TestContext, change: Partial<SetupChoice> & { readonly tls?: boolean }) {
  const { tls = false, ...own } = change
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-setup-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const tlsFolder = tls ? join(folder, 'tls') : null
  if (tlsFolder !== null) {
    mkdirSync(tlsFolder)
    const { root, leaf } = await makeSite(['127.0.0.1', 'relay.example.com'])
    writeFile(tlsFolder, 'ca.crt', root.cert)
    writeFile(tlsFolder, 'server.crt', leaf.cert)
    writeFile(tlsFolder, 'server.key', leaf.key)
  }
  const target = join(folder, 'relay')
  const choice: SetupChoice = {
    folder: target,
    site: 'main',
    hosts: ['127.0.0.1'],
    port: 4222,
    webSocketPort: null,
    tlsFolder,
    dataFolder: join(folder, 'data'),
    gigabytes: 2,
    ...own,
  }
  return { target, choice, files: writeSetup(choice) }
}

const THREE = ['a.example.com', 'b.example.com', 'c.example.com']
const VARIANTS: Readonly<Record<string, Partial<SetupChoice> & { readonly tls?: boolean }>> = {
  'one server': {},
  'one server with WebSocket': { webSocketPort: 8443 },
  'one server with TLS': { tls: true },
  'one server with TLS and WebSocket': { tls: true, webSocketPort: 443 },
  'three servers': { hosts: THREE },
  'three servers with TLS and WebSocket': { hosts: THREE, tls: true, webSocketPort: 443 },
}

test('nats-server takes each configuration, and the relay its own', { timeout: 120_000 }, async (t) => {
  const binary = await findNatsServer()
  for (const [name, change] of Object.entries(VARIANTS)) {
    const { target, files } = await setUp(t, change)
    const brokers = readdirSync(target).filter((each) => each.endsWith('.conf'))
    assert.equal(brokers.length, change.hosts?.length ?? 1, name)
    for (const each of brokers) {
      const { status, stderr } = spawnSync(binary, ['-t', '-c', join(target, each)], { encoding: 'utf8' })
      assert.equal(status, 0, `${name}: ${stderr}`)
      const text = readFileSync(join(target, each), 'utf8')
      assert.match(text, /sync_interval: always/)
      assert.match(text, /max_file_store: 2GB/)
      assert.equal(/compression: true/.test(text), false)
    }
    for (const file of files) assert.equal(statSync(file).mode & 0o777, 0o600, file)
    const { config, problems } = readConfig(join(target, 'relay.json'))
    assert.deepEqual(problems, [])
    assert.equal(config?.streams.replicas, change.hosts === undefined ? 1 : 3)
    assert.match(config.broker.servers[0] ?? '', change.tls === true ? /^tls:/ : /^nats:/)
    const [forThem] = config.broker.workstationServers ?? []
    if (change.webSocketPort === undefined) assert.equal(forThem, undefined)
    else assert.match(forThem ?? '', change.tls === true ? /^wss:/ : /^ws:/)
  }
})

test('what is there already is not written over', async (t) => {
  const { target, choice } = await setUp(t, {})
  const before = readFileSync(join(target, 'relay.seed'), 'utf8')
  assert.throws(() => writeSetup(choice), /There is already .*nothing was written/)
  rmSync(join(target, 'relay.json'))
  assert.throws(() => writeSetup(choice), /There is already/)
  assert.equal(readFileSync(join(target, 'relay.seed'), 'utf8'), before)
})
