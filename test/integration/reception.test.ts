/** Where the application listens, and what it finds out about that by itself. */
import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createWebServer } from 'node:http'
import { hostname } from 'node:os'
import { test, type TestContext } from 'node:test'
import type { CheckStep } from '../../preload/contract.ts'
import { certificatesOf, identityOf, type Identity } from '../../main/certificate/identity.ts'
import { createProbes } from '../../main/events/probe.ts'
import { createSelfTest, type SelfTestOptions } from '../../main/self-test.ts'
import { atEnd } from '../at-end.ts'
import { DAY, makeSite } from './certificate-support.ts'
import { createProfile, startRun, until } from './helpers/application.ts'
import { ask, openInFolder, startListener } from './support.ts'

const isLinux = process.platform === 'linux'

test(
  'several addresses: events come in at each, and the URL has the one that others reach',
  { skip: !isLinux },
  async (t) => {
    const run = await startRun(t, createProfile(t, { 'listener.addresses': ['127.0.0.1', '127.0.0.2', '192.0.2.77'] }))
    const { addresses, status } = run.state().health.listener
    assert.deepEqual([addresses.length, status], [2, 'listening'])
    assert.match(run.problem('listener.listen')?.title ?? '', /^No events can come in at 192\.0\.2\.77:0$/)
    for (const [index, where] of addresses.entries()) {
      const url = (run.app.recipientUrl() ?? '').replace(/\/\/[^/]+/, `//${where}`)
      assert.equal(await run.post({ event: 'support_conference_begin', lsid: `s${index}` }, { url }), 200)
    }
    await run.run({ type: 'settings.set', key: 'listener.addresses', value: ['127.0.0.1'] })
    await until(() => run.state().health.listener.addresses.length === 1, 'one address')
    assert.equal(run.problem('listener.listen'), undefined)
  },
)

test('all addresses of both families', async (t) => {
  for (const addresses of [['::'], ['0.0.0.0', '::'], ['0.0.0.0', '127.0.0.1']]) {
    const run = await startRun(t, createProfile(t, { 'listener.addresses': addresses }))
    if (run.problem('listener.listen')?.detail.includes('EAFNOSUPPORT')) return t.skip('this computer has no IPv6')
    assert.equal(run.problem('listener.listen'), undefined, addresses.join())
    const [first = ''] = run.state().health.listener.addresses
    assert.equal(new URL(run.app.recipientUrl() ?? '').hostname, hostname().toLowerCase())
    assert.equal((await ask({ port: Number(first.split(':').at(-1)) })).status, 404)
    await run.stop()
  }
})

// --------------------------------------------------------------------------------------------------- the self-test

const shown = (steps: readonly CheckStep[]) => steps.map(({ step, status }) => `${step} ${status}`)
const ALL = ['name ok', 'port ok', 'tls ok', 'reply ok']

test('the self-test goes through the listener of the application and leaves nothing behind', async (t) => {
  const run = await startRun(t, createProfile(t, { 'listener.addresses': ['127.0.0.1', '::1'] }))
  const steps = await run.run({ type: 'listener.test' })
  assert.deepEqual(shown(steps), ['name ok', 'port ok', 'tls skipped', 'reply ok'])
  assert.match(steps[0]?.message ?? '', /^Only programs on this computer reach 127\.0\.0\.1\./)
  assert.match(steps[3]?.message ?? '', /firewall .* cannot be seen from here/)
  await run.run({ type: 'settings.set', key: 'listener.https', value: 'own' })
  await until(
    () => run.state().health.listener.certificate !== null && run.state().health.listener.status === 'listening',
    'TLS',
  )
  await until(async () => shown(await run.run({ type: 'listener.test' })).join() === ALL.join(), 'all to be well')
  await run.run({ type: 'settings.set', key: 'listener.addresses', value: ['0.0.0.0'] })
  await until(() => run.state().health.listener.addresses[0]?.startsWith('0.0.0.0'), 'all addresses')
  await until(async () => shown(await run.run({ type: 'listener.test' })).join() === ALL.join(), 'all to be well')
  const { stored, quarantined } = run.state().health
  assert.deepEqual([stored, quarantined, run.state().activity], [0, 0, []])
  assert.equal(
    run.log.some((line) => line.includes('token')),
    false,
    'and it counts as no failed attempt',
  )
})

test('the self-test does not mind an allow-list', async (t) => {
  const run = await startRun(t, createProfile(t, { 'listener.allow': ['192.0.2.1'] }))
  assert.equal(shown(await run.run({ type: 'listener.test' })).at(-1), 'reply ok')
})

test('a question is answered once, in its time, and to nobody who is not let in', async (t) => {
  let now = 0
  const probes = createProbes(() => now)
  const first = probes.ask()
  assert.equal(probes.answer(first.answer), null)
  assert.equal(probes.answer(first.question), first.answer)
  assert.equal(probes.answer(first.question), null)
  const late = probes.ask()
  now += 15_000
  assert.equal(probes.answer(late.question), null)
  const many = Array.from({ length: 100 }, () => probes.ask())
  assert.equal(
    many.filter(({ question }) => probes.answer(question) !== null).length,
    64,
    'there is an end to open ones',
  )

  const journal = openInFolder(t)
  const { port } = await startListener(t, { journal: () => journal, answer: (question) => probes.answer(question) })
  const path = () => `/events?token=${probes.ask().question}`
  const refused = [
    await ask({ port, path: path() }),
    await ask({ port, path: path(), method: 'POST', headers: { origin: 'http://evil.example' } }),
    await ask({ port, path: path(), method: 'POST', headers: { host: 'evil.example' } }),
    await ask({ port, path: '/?token=', method: 'POST' }),
  ]
  for (const { status, body } of refused) assert.deepEqual([status, body], [404, ''])
  const { question, answer } = probes.ask()
  const good = await ask({ port, path: `/events?token=${question}`, method: 'POST', body: 'event=forged&lsid=x' })
  assert.deepEqual([good.status, good.body], [200, answer])
  assert.equal((await ask({ port, path: `/events?token=${question}`, method: 'POST', body: 'event=x' })).status, 404)
  assert.equal(journal.eventsAfter(0, 10).length, 0)
})

interface Stage {
  /** `address:port` */
  readonly where: string
  readonly options: SelfTestOptions
}

/** A listener of its own for the self-test, with or without a certificate. */
async function stage(t: TestContext, identity: Identity | null, own: Partial<SelfTestOptions> = {}): Promise<Stage> {
  const journal = openInFolder(t)
  const probes = createProbes(() => performance.now())
  const { port } = await startListener(t, {
    journal: () => journal,
    answer: (question) => probes.answer(question),
    ...(identity === null ? {} : { secure: () => identity.secure }),
  })
  const where = `127.0.0.1:${port}`
  const options = {
    failures: () => [],
    bound: () => [where],
    host: () => '127.0.0.1',
    identity: () => identity,
    ask: () => probes.ask(),
    ...own,
  }
  return { where, options }
}

async function identityFor(hosts: readonly [string, ...string[]], at: number, isKnown: boolean): Promise<Identity> {
  const { root, leaf } = await makeSite(hosts, at)
  const [certificate] = certificatesOf(leaf.cert)
  const chain = isKnown ? certificatesOf(root.cert) : []
  return identityOf(certificate ?? assert.fail(), chain, { cert: leaf.cert, key: leaf.key }, false)
}

/** The one step that failed, and its sentence. */
function failed(steps: readonly CheckStep[]): string {
  const found = steps.filter(({ status }) => status === 'failed')
  assert.equal(found.length, 1, JSON.stringify(steps))
  const index = steps.findIndex(({ status }) => status === 'failed')
  assert.ok(steps.slice(index + 1).every(({ status }) => status === 'skipped'))
  return `${found[0]?.step}: ${found[0]?.message}`
}

test('the self-test names the step that fails: the name', async (t) => {
  const run = async (found: readonly string[] | Error) => {
    const resolve = () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found))
    const { options } = await stage(t, null, { host: () => 'desk', resolve })
    return createSelfTest(options)()
  }
  assert.match(
    failed(await run(Object.assign(new Error(), { code: 'ENOTFOUND' }))),
    /^name: The name desk is not known\./,
  )
  assert.equal(failed(await run(['203.0.113.9'])), 'name: The name desk leads to another computer: 203.0.113.9.')
  const looped = await run(['127.0.1.1'])
  assert.match(looped[0]?.message ?? '', /^On this computer desk leads to itself \(127\.0\.1\.1\)\./)
  assert.deepEqual(shown(looped), ['name ok', 'port ok', 'tls skipped', 'reply ok'])
})

test('the self-test names the step that fails: the port', async (t) => {
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address() as AddressInfo
      server.close(() => resolve(address))
    })
  })
  const closed = `127.0.0.1:${port}`
  const gone = await stage(t, null, { bound: () => [closed] })
  assert.equal(failed(await createSelfTest(gone.options)()), `port: ${closed} cannot be reached.`)
  const nothing = await stage(t, null, { bound: () => [] })
  assert.equal(failed(await createSelfTest(nothing.options)()), 'port: Nothing listens yet.')
  const error = Object.assign(new Error(), { code: 'EADDRINUSE' })
  const partly = await stage(t, null, { failures: () => [{ where: '192.0.2.7:8180', error }] })
  assert.equal(failed(await createSelfTest(partly.options)()), 'port: Nothing listens on 192.0.2.7:8180.')
})

test('the self-test names the step that fails: the certificate', async (t) => {
  const now = Date.now()
  const outcome = async (identity: Identity) => failed(await createSelfTest((await stage(t, identity)).options)())
  assert.equal(
    await outcome(await identityFor(['127.0.0.1'], now - 500 * DAY, true)),
    'tls: The certificate has expired.',
  )
  assert.match(
    await outcome(await identityFor(['127.0.0.1'], now + 5 * DAY, true)),
    /^tls: The certificate is not valid yet/,
  )
  assert.equal(await outcome(await identityFor(['192.0.2.7'], now, true)), 'tls: The certificate is not for 127.0.0.1.')
  const unknown = await outcome(await identityFor(['127.0.0.1'], now, false))
  assert.match(unknown, /^tls: This computer does not know who issued the certificate \(Rep Tray on a site\)/)
  const good = await stage(t, await identityFor(['127.0.0.1'], now, true))
  assert.deepEqual(shown(await createSelfTest(good.options)()), ALL)
  const plain = await stage(t, null)
  const mistaken = { ...good.options, bound: plain.options.bound }
  assert.match(failed(await createSelfTest(mistaken)()), /^tls: No secure connection comes about\.$/)
})

test('the self-test names the step that fails: the reply', async (t) => {
  const imposter = createWebServer((_request, response) => void response.end('x'.repeat(100_000)))
  await new Promise<void>((resolve) => void imposter.listen(0, '127.0.0.1', resolve))
  atEnd(t, () => new Promise<void>((resolve) => void imposter.close(() => resolve())))
  const where = `127.0.0.1:${(imposter.address() as AddressInfo).port}`
  const { options } = await stage(t, null, { bound: () => [where] })
  assert.equal(failed(await createSelfTest(options)()), `reply: Not Rep Tray, but another program answers at ${where}.`)
  // Another instance of Rep Tray is another program, too.
  const other = await stage(t, null)
  const crossed = { ...options, bound: other.options.bound }
  assert.match(failed(await createSelfTest(crossed)()), /^reply: Not Rep Tray/)
})
