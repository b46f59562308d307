/** The relay as a program: its command line, what it tells of itself, its certificate and token, and its end. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { tokenHash } from '../../main/events/listener.ts'
import { createApplianceClient } from '../../main/appliance/client.ts'
import { checkRelay } from '../../main/relay/check.ts'
import { dial } from '../../main/relay/dial.ts'
import { readCredential } from '../../main/relay/credential.ts'
import { readTable } from '../../main/relay/workstations.ts'
import { ensureBuilt } from '../../scripts/built.ts'
import { atEnd } from '../at-end.ts'
import { makeSite, postSecurely, writeFile } from './certificate-support.ts'
import { until } from './helpers/application.ts'
import { createSite, TOKEN, test, type Site } from './helpers/fleet.ts'

const root = resolve(import.meta.dirname, '../..')
const program = join(root, 'main/relay.ts')
const EVENT = { event: 'support_conference_begin', version: '1', lsid: 'a'.repeat(32) }

function run(args: readonly string[], env: Record<string, string> = {}) {
  const given = { ...process.env, REP_TRAY_LISTENER_TOKEN: TOKEN, ...env }
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: given })
}

/** Starts the program as a service does. */
async function serve(t: TestContext, site: Site, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, '--config', join(site.folder, 'relay.json')], {
    env: { ...process.env, REP_TRAY_LISTENER_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  atEnd(t, () => {
    child.kill('SIGKILL')
  })
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said += part.toString()))
  const where = await new Promise<string>((found, fail) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, place] = /^listening: (\S+)/.exec(line) ?? []
      if (place !== undefined) found(place)
    })
    child.once('exit', () => fail(new Error(said)))
  })
  return { child, where, said: () => said }
}

async function post(where: string, fields: Record<string, string>, token = TOKEN): Promise<number> {
  const body = new URLSearchParams({ ...EVENT, ...fields })
  const response = await fetch(`http://${where}/events?token=${token}`, { method: 'POST', body })
  await response.arrayBuffer()
  return response.status
}

test('enrol and revoke: a file is handed out, a relay that runs lets its holder in and cuts it off', async (t) => {
  const site = await createSite(t)
  const file = join(site.folder, 'relay.json')
  site.configure({
    broker: { servers: [`nats://127.0.0.1:${site.brokerPort}`], workstationServers: [site.workstationServer] },
  })
  await site.startBroker()
  await site.startRelay()
  const out = join(site.folder, 'anna.rep-tray.json')
  const args = ['enrol', '--config', file, '--rep', '12', '--workstation', 'anna', '--out', out]
  const enrolled = run(args)
  assert.equal(enrolled.status, 0, enrolled.stderr)
  assert.equal(enrolled.stdout.trim(), out)
  const credential = readCredential(out)
  const connection = await dial(credential)
  atEnd(t, () => connection.close())

  const again = run(args)
  assert.equal(again.status, 1)
  assert.match(again.stderr, /There is already .*nobody was enrolled/)
  assert.deepEqual(Object.keys(readTable(site.config.workstationsFile)), ['anna'])
  for (const [wrong, words] of [
    [['enrol', '--config', file, '--workstation', 'bert'], /Say who works there/],
    [['enrol', '--config', file, '--rep', 'rep:12', '--workstation', 'bert'], /Say who works there/],
    [['enrol', '--config', file, '--rep', '12', '--workstation', 'b.*'], /Name the workstation/],
    [['revoke', '--config', file, '--workstation', 'bert'], /No workstation “bert”/],
    [['revoke', '--config', join(site.folder, 'none.json'), '--workstation', 'a'], /cannot be read \(ENOENT\)/],
    [['promote'], /no command “promote”/],
  ] as const) {
    const { status, stderr } = run(wrong)
    assert.equal(status, 1)
    assert.match(stderr, words)
  }
  const revoked = run(['revoke', '--config', file, '--workstation', 'anna'])
  assert.equal(revoked.status, 0, revoked.stderr)
  await assert.rejects(dial(credential), /Authorization/)
})

test('--check names what fails, and tries nothing else’s patience', async (t) => {
  const site = await createSite(t)
  const client = createApplianceClient({
    host: 'http://127.0.0.1:9',
    credentials: () => ({ clientId: 'a', clientSecret: 'b' }),
    fetch,
  })
  const { options } = site
  const failing = async (config = site.config, more = {}) =>
    (await checkRelay({ ...options, config, ...more })).flatMap(({ what, problem }) => (problem === null ? [] : [what]))
  const server = `nats://127.0.0.1:${site.brokerPort}`
  assert.deepEqual(await failing(), [`broker ${server}`])
  await site.startBroker()
  assert.deepEqual(await failing(), [])
  assert.deepEqual(await failing(site.config, { client }), ['appliance http://127.0.0.1:9', 'teams of the appliance'])
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  atEnd(t, () => {
    taken.close()
  })
  const { port } = taken.address() as AddressInfo
  const { listener, broker } = site.config
  assert.deepEqual(await failing({ ...site.config, listener: { ...listener, port } }), [
    `listening on 127.0.0.1 port ${port}`,
  ])
  const stranger = join(site.folder, 'issuer.seed')
  const wrongs: readonly [object, readonly RegExp[]][] = [
    [{ seedFile: stranger }, [/^key .*issuer\.seed$/, /^broker /]],
    [{ seedFile: '/nowhere/relay.seed' }, [/^key \/nowhere/, /^broker /]],
    [{ issuerFile: '/nowhere/issuer.seed' }, [/^key \/nowhere/]],
    [{ caFile: '/nowhere/ca.crt' }, [/^CA \/nowhere/, /^broker /]],
  ]
  for (const [wrong, names] of wrongs) {
    const found = await failing({ ...site.config, broker: { ...broker, ...wrong } })
    assert.equal(found.length, names.length, found.join(', '))
    for (const [index, name] of names.entries()) assert.match(found[index] ?? '', name)
  }
  writeFileSync(site.config.workstationsFile, '[]')
  assert.deepEqual(await failing(), [`workstations ${site.config.workstationsFile}`])
  writeFileSync(site.config.workstationsFile, '{}')
  const certificate = await failing({ ...site.config, listener: { ...listener, certificateFile: '/nowhere/a.pem' } })
  assert.deepEqual(certificate, ['certificate /nowhere/a.pem'])

  const said = run(['--config', join(site.folder, 'relay.json'), '--check'])
  assert.equal(said.status, 0, said.stdout + said.stderr)
  assert.match(said.stdout, /^ok {5}broker/m)
  await site.killBroker()
  const failed = run(['--config', join(site.folder, 'relay.json'), '--check'])
  assert.equal(failed.status, 1)
  assert.match(failed.stdout, /^FAILED broker/m)
  assert.match(
    run(['--config', join(site.folder, 'relay.json')], { REP_TRAY_LISTENER_TOKEN: 'short' }).stderr,
    /at least 16/,
  )
})

test('/healthz and /metrics follow what happens, and nothing else is told', async (t) => {
  const site = await createSite(t)
  await site.startBroker()
  const relay = await site.startRelay()
  const at = `http://127.0.0.1:${relay.metricsPort()}`
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`${at}${path}`, { method })
    return { status: response.status, text: await response.text() }
  }
  assert.deepEqual(await ask('/healthz'), {
    status: 200,
    text: '{"status":"ok","broker":true,"listening":true,"storing":true}\n',
  })
  const where = relay.addresses()[0] ?? ''
  assert.equal(await post(where, { timestamp: '1' }), 200)
  assert.equal(await post(where, { timestamp: '1' }), 200)
  assert.equal((await fetch(`http://${where}/events?token=${TOKEN}`, { method: 'POST', body: 'x' })).status, 200)
  await until(async () => (await ask('/metrics')).text.includes('\nrep_tray_relay_router_lag 0\n'), 'all is routed')
  const { text } = await ask('/metrics')
  for (const line of ['events_total 1', 'events_repeated_total 1', 'events_quarantined_total 1', 'broker_up 1'])
    assert.ok(text.includes(`\nrep_tray_relay_${line}\n`), line)
  for (const [path, method] of [
    ['/', 'GET'],
    ['/metrics', 'POST'],
    ['/healthz?x', 'GET'],
    ['/../healthz', 'DELETE'],
  ] as const)
    assert.equal((await ask(path, method)).status, 404, path)
  await site.killBroker()
  await until(async () => (await ask('/healthz')).status === 503, 'the broker is away')
  assert.equal(await post(where, { timestamp: '2' }), 503)
  assert.match((await ask('/metrics')).text, /^rep_tray_relay_events_refused_total 1$/m)
  await site.startBroker()
  await until(async () => (await post(where, { timestamp: '2' })) === 200, 'it is back')
  assert.equal((await ask('/healthz')).status, 200)
})

test('a clean stop under load: all that was answered 200 is in the broker, and is routed by the next relay', async (t) => {
  const site = await createSite(t)
  await site.startBroker()
  const first = await serve(t, site)
  let answered = 0
  const load = Promise.all(
    Array.from({ length: 4 }, async (_, sender) => {
      for (let number = 0; ; number += 1) {
        const fields = { timestamp: String(number), sender: String(sender), conference_id: 'rep:12' }
        const event = number === 0 ? 'support_conference_begin' : 'support_conference_owner_changed'
        const status = await post(first.where, { ...fields, event, lsid: `session-${sender}` }).catch(() => 0)
        if (status !== 200) return
        answered += 1
      }
    }),
  )
  await until(() => answered > 200, 'some were answered')
  const ended = once(first.child, 'exit')
  first.child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  await load
  const { streams } = await jetstreamManager(await site.connectAsRelay())
  const stored = (await streams.info('RAW')).state.last_seq
  // Whoever was cut off while the answer was on its way sends again.
  assert.ok(stored >= answered && stored <= answered + 4, `${stored} stored, ${answered} answered`)
  const second = await site.startRelay()
  await until(() => second.figures().lag === 0, 'all is routed')
  // Each but the beginnings, which come as history.
  assert.equal((await streams.info('EV')).state.last_seq, stored)
})

test('a certificate is taken over when its file changes, and a bad one is not', async (t) => {
  const site = await createSite(t)
  await site.startBroker()
  const [first, second] = [await makeSite(), await makeSite()]
  const file = writeFile(site.folder, 'server.pem', first.leaf.cert + first.leaf.key)
  const config = site.configure({ listener: { addresses: ['127.0.0.1'], port: 0, certificateFile: file } })
  const relay = await site.startRelay({ config })
  const send = (ca: string, timestamp: string) =>
    postSecurely(
      `https://${relay.addresses()[0]}/events?token=${TOKEN}`,
      new URLSearchParams({ ...EVENT, timestamp }).toString(),
      ca,
    )
  assert.equal(await send(first.root.cert, '1'), 200)
  await assert.rejects(send(second.root.cert, '2'))
  writeFile(site.folder, 'server.pem', 'x')
  await relay.refresh()
  assert.equal(await send(first.root.cert, '3'), 200)
  assert.ok(site.log.some((line) => /^certificate: .*The one before is kept\.$/.test(line)))
  writeFile(site.folder, 'server.pem', second.leaf.cert + second.leaf.key)
  await relay.refresh()
  assert.equal(await send(second.root.cert, '4'), 200)
})

test('the token is changed without a gap: the old one is void once the new one was used', async (t) => {
  const site = await createSite(t)
  await site.startBroker()
  const next = 'the-next-token-of-this-fleet'
  const relay = await site.startRelay({ tokenHashes: [tokenHash(next), tokenHash(TOKEN)] })
  const where = relay.addresses()[0] ?? ''
  assert.equal(await post(where, { timestamp: '1' }), 200)
  assert.equal(await post(where, { timestamp: '2' }), 200)
  assert.equal(await post(where, { timestamp: '3' }, next), 200)
  assert.equal(await post(where, { timestamp: '4' }), 404)
  assert.equal(await post(where, { timestamp: '4' }, next), 200)
})

test('workstations come in over WebSocket, too', async (t) => {
  const site = await createSite(t)
  await site.startBroker()
  await site.startRelay()
  const credential = { ...site.enrol('anna', '12'), servers: [site.webSocketServer] }
  const own = await dial(credential)
  atEnd(t, () => own.close())
  const request = { cursor: 0, stream: null, audiences: null, instance: 'a', startedAt: 1, renew: false }
  assert.equal((await own.request('relay.attach.anna', JSON.stringify(request))).json<{ ok: boolean }>().ok, true)
  // And by a factory, as Electron's network has one.
  const asked: string[] = []
  const made = await dial(credential, (url) => {
    asked.push(url)
    return new WebSocket(url)
  })
  atEnd(t, () => made.close())
  assert.ok(asked[0]?.startsWith(site.webSocketServer))
  await made.flush()
})

test('the built application loads the relay’s part when it is needed', { timeout: 120_000 }, async (t) => {
  ensureBuilt(root)
  assert.ok(existsSync(join(root, 'dist/main/workstation.js')))
  for (const entry of ['web', 'index'])
    assert.equal(readFileSync(join(root, `dist/main/${entry}.js`), 'utf8').includes('CONSUMER.MSG.NEXT'), false)
  const site = await createSite(t)
  await site.startBroker()
  const relay = await site.startRelay()
  const file = writeFile(site.folder, 'anna.json', JSON.stringify(site.enrol('anna', '12')))
  const policy = writeFile(
    site.folder,
    'policy.json',
    JSON.stringify({ relay: { credentialFile: file }, browser: { port: 0 }, setup: { done: true } }),
  )
  const args = [join(root, 'dist/main/web.js'), '--no-open', '--data', join(site.folder, 'data'), '--policy', policy]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  atEnd(t, async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  })
  await until(() => relay.figures().attached === 1, 'it is attached')
})
