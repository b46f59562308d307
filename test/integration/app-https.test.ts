/** The application with HTTPS: with an own certificate, with the site's, and with what can go wrong on the way. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connect } from 'node:tls'
import type { SettingKey, Settings } from '../../preload/contract.ts'
import { issue } from '../../main/certificate/authority.ts'
import { atEnd } from '../at-end.ts'
import { DAY, makeSite, openssl, postSecurely, refuseBy, shownBy, writeFile } from './certificate-support.ts'
import { createProfile, startRun, TOKEN, until, type Run } from './helpers/application.ts'
import { ask, temporaryFolder } from './support.ts'

const event = (lsid: string) =>
  `event=support_conference_begin&version=1&timestamp=${Math.floor(Date.now() / 1000)}&lsid=${lsid}`

const portOf = (run: Run) => Number(run.state().health.listener.addresses[0]?.split(':').at(-1))
const certificateOf = (run: Run) => run.state().health.listener.certificate
const set = <Key extends SettingKey>(run: Run, key: Key, value: Settings[Key]) =>
  run.run({ type: 'settings.set', key, value })

async function savedRoot(run: Run): Promise<string> {
  return readFileSync((await run.run({ type: 'certificate.save' })).file, 'utf8')
}

test('an own certificate: events come in over TLS, checked against the root that was saved', async (t) => {
  const run = await startRun(t, createProfile(t, { 'listener.https': 'own' }))
  const info = certificateOf(run)
  assert.deepEqual([info?.own, info?.issuer], [true, `Rep Tray on ${hostname()}`.slice(0, 64)])
  const url = run.app.recipientUrl() ?? ''
  assert.match(url, /^https:\/\/127\.0\.0\.1:\d+\/events\?token=/)
  const { file } = await run.run({ type: 'certificate.save' })
  assert.match(file, /rep-tray-root-.*\.crt$/)
  assert.deepEqual(run.desktop.revealed, [file])
  const root = readFileSync(file, 'utf8')
  assert.equal(root.includes('PRIVATE'), false)
  assert.equal(await postSecurely(url, event('a'), root), 200)
  await until(() => run.row('a'), 'the session')
  assert.equal((await shownBy(portOf(run))).fingerprint256, info?.fingerprint)
  await assert.rejects(postSecurely(url, event('b'), (await makeSite()).root.cert), /certificate/)
  if (openssl(run.desktop.downloads(), 'version')) {
    // Unlike Node's, most clients say that they do not trust it.
    await refuseBy(new URL(url).host)
    await until(
      () => run.problem('listener.misfit')?.title === 'Somebody does not trust the certificate',
      'a word of it',
    )
  }
  assert.equal(await postSecurely(url, event('c'), root), 200)
  await until(() => run.problem('listener.misfit') === undefined, 'its end, once events come in')
  // The next run has the same root: nothing has to be uploaded again.
  await run.stop()
  assert.ok(existsSync(join(run.journal, '..', 'certificate', 'root.pem')))
})

test('what it listens for and is called by is in its own certificate at once, under the same root', async (t) => {
  const run = await startRun(t, createProfile(t, { 'listener.https': 'own' }))
  const before = certificateOf(run)?.fingerprint
  const root = await savedRoot(run)
  await set(run, 'listener.names', ['tray.example.net'])
  await until(() => certificateOf(run)?.fingerprint !== before, 'a new certificate')
  const names = (await shownBy(portOf(run))).subjectaltname ?? ''
  assert.match(names, /DNS:tray\.example\.net/)
  assert.match(names, /IP Address:127\.0\.0\.1/)
  await set(run, 'listener.addresses', ['127.0.0.1', '127.0.0.2'])
  await until(() => run.state().health.listener.addresses.length === 2, 'both addresses')
  await until(async () => (await shownBy(portOf(run), '127.0.0.2')).subjectaltname?.includes('127.0.0.2'), 'the second')
  const last = certificateOf(run)?.fingerprint
  await run.run({ type: 'certificate.renew' })
  assert.notEqual(certificateOf(run)?.fingerprint, last)
  assert.equal(await postSecurely(run.app.recipientUrl() ?? '', event('a'), root), 200)
  assert.equal(run.problem('certificate.root'), undefined)
})

test('HTTPS on and off while it runs: one moves to the other, and never answers as both', async (t) => {
  const run = await startRun(t)
  assert.match(run.app.recipientUrl() ?? '', /^http:/)
  assert.equal(certificateOf(run), null)
  await assert.rejects(run.run({ type: 'certificate.save' }), /Choose an own certificate/)
  await assert.rejects(run.run({ type: 'certificate.renew' }), /Choose an own certificate/)
  await set(run, 'listener.https', 'own')
  const isSecure = async () => (await shownBy(portOf(run)).catch(() => null)) !== null
  await until(async () => certificateOf(run) !== null && (await isSecure()), 'TLS')
  assert.match(run.app.recipientUrl() ?? '', /^https:/)
  await assert.rejects(ask({ port: portOf(run), method: 'POST', path: `/?token=${TOKEN}`, body: event('x') }))
  await until(() => run.problem('listener.misfit')?.title.includes('plain HTTP'), 'a word about plain HTTP')
  await set(run, 'listener.https', 'off')
  await until(() => certificateOf(run) === null && run.app.recipientUrl()?.startsWith('http:'), 'plain HTTP')
  await until(async () => !(await isSecure()), 'the end of TLS')
  await until(async () => {
    await isSecure()
    return run.problem('listener.misfit')?.title.includes('HTTPS to the plain')
  }, 'a word about TLS')
  assert.equal(await run.post({ event: 'support_conference_begin', lsid: 'y' }), 200)
})

interface SiteRun {
  readonly run: Run
  readonly folder: string
  readonly files: { readonly cert: string; readonly key: string }
}

async function startWithFiles(t: TestContext, site: Awaited<ReturnType<typeof makeSite>>, own = {}): Promise<SiteRun> {
  const folder = temporaryFolder(t)
  const files = {
    cert: writeFile(folder, 'desk.pem', site.leaf.cert),
    key: writeFile(folder, 'desk.key', site.leaf.key),
  }
  const settings = { 'listener.https': 'file', 'listener.certificateFile': files.cert, 'listener.keyFile': files.key }
  return { run: await startRun(t, createProfile(t, { ...settings, ...own })), folder, files }
}

test('a new certificate of the site holds from the next connection on, and those that are open stay', async (t) => {
  const site = await makeSite()
  const { run, files } = await startWithFiles(t, site)
  const first = certificateOf(run)?.fingerprint
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: site.root.cert })
  atEnd(t, () => agent.destroy())
  let sockets = 0
  const post = (body: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(run.app.recipientUrl() ?? '', { method: 'POST', agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('socket', (socket) => (sockets += socket.connecting ? 1 : 0)).on('error', reject)
      sent.end(body)
    })
  assert.equal(await post(event('a')), 200)
  const next = await issue(site.root, ['127.0.0.1'], Date.now())
  writeFileSync(files.cert, next.cert)
  await run.run({ type: 'listener.retry' })
  assert.match(run.problem('certificate.load')?.detail ?? '', /private key does not belong .* is kept, until 20/)
  assert.equal(run.problem('certificate.load')?.severity, 'warning')
  assert.equal(certificateOf(run)?.fingerprint, first, 'half of a change keeps the old one')
  assert.equal((await shownBy(portOf(run))).fingerprint256, first)
  writeFileSync(files.key, next.key)
  await run.run({ type: 'listener.retry' })
  assert.equal(run.problem('certificate.load'), undefined)
  assert.notEqual(certificateOf(run)?.fingerprint, first)
  assert.equal((await shownBy(portOf(run))).fingerprint256, certificateOf(run)?.fingerprint)
  assert.equal(await post(event('b')), 200)
  assert.equal(sockets, 1, 'the connection of before')
  for (const broken of ['', 'nonsense']) {
    writeFileSync(files.cert, broken)
    await run.run({ type: 'listener.retry' })
    assert.match(run.problem('certificate.load')?.detail ?? '', /is kept, until/)
    assert.equal(await postSecurely(run.app.recipientUrl() ?? '', event(`c${broken}`), site.root.cert), 200)
  }
})

test('without a certificate that can be used there is no plain HTTP instead; it listens as soon as there is one', async (t) => {
  const site = await makeSite()
  const { run, files } = await startWithFiles(t, site, { 'listener.certificateFile': '/nowhere/desk.pem' })
  assert.equal(run.state().health.listener.status, 'failed')
  assert.match(run.problem('certificate.load')?.detail ?? '', /desk\.pem is not there\.$/)
  assert.match(run.problem('listener.listen')?.detail ?? '', /There is no certificate to answer with/)
  assert.match(run.app.recipientUrl() ?? '', /^https:/)
  await set(run, 'listener.certificateFile', files.cert)
  await until(() => run.state().health.listener.status === 'listening', 'the listener')
  assert.deepEqual([run.problem('certificate.load'), run.problem('listener.listen')], [undefined, undefined])
  assert.equal(await postSecurely(run.app.recipientUrl() ?? '', event('a'), site.root.cert), 200)
})

test('what ends soon is warned of, what has ended is an error; a wrong name is told', async (t) => {
  const soon = await makeSite(['other.example.net'], Date.now() - 380 * DAY)
  const { run, files } = await startWithFiles(t, soon)
  assert.equal(run.problem('certificate.time')?.severity, 'warning')
  assert.match(run.problem('certificate.time')?.title ?? '', /^The certificate for events ends on 20\d\d-\d\d-\d\d$/)
  assert.match(run.problem('certificate.name')?.title ?? '', /^The certificate is not for 127\.0\.0\.1$/)
  // A host name of the certificate is one of this computer: the appliance calls it by that.
  await set(run, 'listener.names', ['other.example.net'])
  await until(() => run.problem('certificate.name') === undefined, 'the end of that problem')
  assert.equal(new URL(run.app.recipientUrl() ?? '').hostname, 'other.example.net')
  const ended = await makeSite(['other.example.net'], Date.now() - 400 * DAY)
  writeFileSync(files.cert, ended.leaf.cert + ended.leaf.key)
  await set(run, 'listener.keyFile', '')
  await until(() => run.problem('certificate.time')?.severity === 'error', 'the end of the certificate')
  const good = await makeSite(['other.example.net'])
  writeFileSync(files.cert, good.leaf.cert + good.leaf.key)
  await run.run({ type: 'listener.retry' })
  assert.equal(run.problem('certificate.time'), undefined)
  await set(run, 'listener.https', 'off')
  await until(() => certificateOf(run) === null, 'plain HTTP')
  assert.deepEqual(
    run.state().problems.filter(({ id }) => id.startsWith('certificate')),
    [],
  )
})

test('the passphrase comes from the environment, or is entered; it is in no file of ours', async (t) => {
  const site = await makeSite()
  const folder = temporaryFolder(t)
  writeFile(folder, 'plain.key', site.leaf.key)
  if (!openssl(folder, 'rsa', '-aes256', '-in', 'plain.key', '-out', 'desk.key', '-passout', 'pass:horse-battery')) {
    return t.skip('without OpenSSL')
  }
  const profile = createProfile(t, {
    'listener.https': 'file',
    'listener.certificateFile': writeFile(folder, 'desk.pem', site.leaf.cert),
    'listener.keyFile': join(folder, 'desk.key'),
  })
  const run = await startRun(t, profile)
  await until(
    () => run.problem('certificate.load')?.detail.includes('is encrypted. Enter its passphrase'),
    'the question',
  )
  await run.run({ type: 'appliance.secret', name: 'listener.passphrase', value: 'wrong' })
  await until(() => run.problem('certificate.load')?.detail.includes('does not open'), 'the answer to a wrong one')
  await run.run({ type: 'appliance.secret', name: 'listener.passphrase', value: 'horse-battery' })
  await until(() => run.state().health.listener.status === 'listening', 'the listener')
  assert.equal(run.state().appliance.secrets['listener.passphrase'], 'session')
  assert.equal(await postSecurely(run.app.recipientUrl() ?? '', event('a'), site.root.cert), 200)
  assert.equal(JSON.stringify([run.state(), run.log, profile.user.content]).includes('battery'), false)
  await run.stop()
  const next = await startRun(t, profile, { env: { REP_TRAY_LISTENER_PASSPHRASE: 'horse-battery' } })
  await until(() => next.state().health.listener.status === 'listening', 'the listener')
})

test('TLS 1.2 and newer, and nothing older', async (t) => {
  const run = await startRun(t, createProfile(t, { 'listener.https': 'own' }))
  const speak = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ciphers?: string) =>
    new Promise<string | null>((resolve) => {
      const options = { port: portOf(run), host: '127.0.0.1', rejectUnauthorized: false }
      const socket = connect(
        { ...options, minVersion: version, maxVersion: version, ...(ciphers === undefined ? {} : { ciphers }) },
        () => {
          resolve(socket.getProtocol())
          socket.destroy()
        },
      )
      socket.on('error', () => resolve(null))
    })
  // Level 0, or this side would refuse by itself.
  const old = 'DEFAULT:@SECLEVEL=0'
  assert.deepEqual(
    [await speak('TLSv1', old), await speak('TLSv1.1', old), await speak('TLSv1.2'), await speak('TLSv1.3')],
    [null, null, 'TLSv1.2', 'TLSv1.3'],
  )
  assert.equal(await speak('TLSv1.2', 'ECDHE-RSA-AES128-GCM-SHA256'), 'TLSv1.2', 'as boxes of many years speak')
})
