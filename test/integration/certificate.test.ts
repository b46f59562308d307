import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { chmodSync, readdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { issue, makeRoot } from '../../main/certificate/authority.ts'
import { CertificateError, certificatesOf, identityOf, stateOf } from '../../main/certificate/identity.ts'
import { createOwnCertificate } from '../../main/certificate/own.ts'
import { loadSite, stampOf } from '../../main/certificate/site.ts'
import { DAY, makeSite, openssl, writeFile } from './certificate-support.ts'
import { temporaryFolder } from './support.ts'

// ------------------------------------------------------------------------------------------------------ our own

const HOSTS = ['desk-7', 'tray.example.net', '192.0.2.7', '2001:db8::7'] as const

function own(folder: string, clock: { now: number } = { now: Date.now() }) {
  let loaded = 0
  const certificate = createOwnCertificate({
    folder: join(folder, 'certificate'),
    computer: 'desk-7',
    now: () => clock.now,
    load: () => {
      loaded += 1
      return import('../../main/certificate/authority.ts')
    },
  })
  return { certificate, clock, loaded: () => loaded }
}

test('an own certificate is for all its hosts, under a root that may issue such and no others', async (t) => {
  const folder = temporaryFolder(t)
  const { certificate } = own(folder)
  const { identity, isNewRoot } = await certificate.get(HOSTS)
  const root = new X509Certificate((await certificate.root()) ?? '')
  const leaf = new X509Certificate(identity.secure.cert as string)
  assert.ok(isNewRoot)
  for (const host of HOSTS) assert.ok(identity.covers(host), host)
  for (const host of ['desk-8', 'evil.example', '192.0.2.8']) assert.equal(identity.covers(host), false, host)
  assert.ok(root.ca && leaf.checkIssued(root) && leaf.verify(root.publicKey) && !leaf.ca)
  assert.deepEqual(identity.authorities, [root.toString()])
  const days = (each: X509Certificate) => (Date.parse(each.validTo) - Date.parse(each.validFrom)) / DAY
  assert.ok(days(leaf) <= 397 && days(leaf) > 390, String(days(leaf)))
  assert.ok(Math.abs(days(root) - 3_651) < 2, String(days(root)))
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'a server, and nothing else')
  const { info } = identity
  assert.deepEqual(info, {
    subject: 'desk-7',
    issuer: 'Rep Tray on desk-7',
    expiresAt: Date.parse(leaf.validTo),
    fingerprint: leaf.fingerprint256,
    own: true,
  })
  writeFile(folder, 'root.crt', root.toString())
  writeFile(folder, 'leaf.crt', leaf.toString())
  if (openssl(folder, 'version')) {
    const strict = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'root.crt', 'leaf.crt']
    assert.ok(openssl(folder, ...strict), 'OpenSSL takes it at its strictest')
  } else t.diagnostic('without OpenSSL')
})

test('its keys are for this user alone, and no more is left in the folder than needed', async (t) => {
  const folder = temporaryFolder(t)
  await own(folder).certificate.get(HOSTS)
  const inner = join(folder, 'certificate')
  assert.deepEqual(readdirSync(inner).toSorted(), ['listener.pem', 'root.pem'])
  if (process.platform === 'win32') return
  assert.equal(statSync(inner).mode & 0o777, 0o700)
  for (const name of readdirSync(inner)) assert.equal(statSync(join(inner, name)).mode & 0o777, 0o600, name)
})

test('it is made once, and again only when it has to be', async (t) => {
  const folder = temporaryFolder(t)
  const clock = { now: Date.now() }
  const first = own(folder, clock)
  const before = (await first.certificate.get(HOSTS)).identity.info.fingerprint
  const second = own(folder, clock)
  const fingerprint = async (hosts: readonly string[] = HOSTS) => {
    const { identity, isNewRoot } = await second.certificate.get(hosts)
    assert.equal(isNewRoot, false)
    return identity.info.fingerprint
  }
  assert.equal(await fingerprint(), before, 'the next run has it still')
  assert.equal(await fingerprint(HOSTS.slice(1)), before, 'fewer hosts are no reason')
  assert.equal(second.loaded(), 0, 'what makes certificates was not even loaded')

  const more = await fingerprint([...HOSTS, 'desk_7', '10.0.0.7'])
  assert.notEqual(more, before)
  assert.equal(await fingerprint([...HOSTS, 'desk_7']), more, 'also for a name that no verifier takes')

  clock.now += (397 - 47) * DAY
  assert.equal(await fingerprint(), more)
  clock.now += 2 * DAY
  const renewed = await fingerprint()
  assert.notEqual(renewed, more, 'before its end')
  second.certificate.renew()
  const asked = await fingerprint()
  assert.notEqual(asked, renewed, 'when it is asked for')
  assert.equal(await fingerprint(), asked, 'and then no more')
  clock.now -= 400 * DAY
  assert.notEqual(await fingerprint(), asked, 'when the clock was ahead, and is right again')
})

test('a root is replaced at its end, when it is damaged, and by hand when little of it is left; and that is told', async (t) => {
  const folder = temporaryFolder(t)
  const { certificate, clock } = own(folder)
  await certificate.get(HOSTS)
  const root = await certificate.root()
  clock.now += (3_650 - 300) * DAY
  const late = await certificate.get(HOSTS)
  assert.equal(late.isNewRoot, false)
  assert.ok(late.identity.info.expiresAt <= Date.parse(new X509Certificate(root ?? '').validTo), 'not beyond its root')
  certificate.renew()
  assert.equal((await certificate.get(HOSTS)).isNewRoot, true)
  const second = await certificate.root()
  assert.notEqual(second, root)
  clock.now += 3_650 * DAY
  assert.equal((await certificate.get(HOSTS)).isNewRoot, true)
  for (const damage of ['', 'nonsense', second ?? '']) {
    writeFileSync(join(folder, 'certificate', 'root.pem'), damage)
    assert.equal((await certificate.get(HOSTS)).isNewRoot, true, damage.slice(0, 20))
    assert.equal((await certificate.get(HOSTS)).isNewRoot, false)
  }
  unlinkSync(join(folder, 'certificate', 'listener.pem'))
  assert.equal((await certificate.get(HOSTS)).isNewRoot, false)
})

test('a key of another certificate is not taken for its own', async (t) => {
  const folder = temporaryFolder(t)
  const { certificate } = own(folder)
  const { identity } = await certificate.get(HOSTS)
  const stranger = await issue(await makeRoot('x', Date.now()), [...HOSTS], Date.now())
  const mixed = stranger.key + String(identity.secure.cert).split(/(?<=END CERTIFICATE-----)/)[0]
  writeFileSync(join(folder, 'certificate', 'listener.pem'), mixed)
  assert.notEqual((await certificate.get(HOSTS)).identity.info.fingerprint, identity.info.fingerprint)
  writeFileSync(join(folder, 'certificate', 'listener.pem'), stranger.key + stranger.cert)
  const { identity: last } = await certificate.get(HOSTS)
  assert.equal(last.info.issuer, 'Rep Tray on desk-7', 'nor one that another root issued')
})

// -------------------------------------------------------------------------------------------------- the site's

const sentence = async (loading: Promise<unknown>) => {
  let found: unknown = null
  await assert.rejects(loading, (error) => {
    found = error
    return error instanceof CertificateError
  })
  return (found as CertificateError).message
}

test('the site’s certificate is taken from PEM files in every order, and from PKCS#12', async (t) => {
  const folder = temporaryFolder(t)
  const { root, leaf } = await makeSite(['desk.example.net', '192.0.2.7'])
  const key = writeFile(folder, 'desk.key', leaf.key)
  const cases: readonly [string, string, string][] = [
    ['chain.pem', leaf.cert + root.cert, key],
    ['reversed.pem', root.cert + leaf.cert, key],
    ['alone.pem', leaf.cert, key],
    ['all.pem', leaf.key + leaf.cert + root.cert, ''],
    ['crlf.pem', (leaf.cert + leaf.key).replaceAll('\n', '\r\n'), ''],
    ['chatty.pem', `Bag Attributes\n  friendlyName: desk\n${leaf.cert}subject=/CN=desk\n${leaf.key}`, ''],
  ]
  for (const [name, content, keyFile] of cases) {
    const certificateFile = writeFile(folder, name, content)
    const identity = await loadSite({ certificateFile, keyFile, passphrase: null })
    assert.equal(identity.info.subject, 'desk.example.net', name)
    assert.equal(identity.info.own, false)
    assert.deepEqual(identity.names, ['desk.example.net'])
    assert.ok(identity.covers('DESK.example.net') && identity.covers('192.0.2.7') && !identity.covers('desk'))
    assert.match(String(identity.secure.cert), /^-----BEGIN/)
    assert.equal(new X509Certificate(String(identity.secure.cert)).fingerprint256, identity.info.fingerprint, name)
  }

  writeFile(folder, 'leaf.crt', leaf.cert)
  const sealed = ['pkcs12', '-export', '-inkey', 'desk.key', '-in', 'chain.pem']
  if (!openssl(folder, ...sealed, '-out', 'desk.pfx', '-passout', 'pass:horse battery')) {
    return t.diagnostic('without OpenSSL')
  }
  assert.ok(openssl(folder, ...sealed, '-out', 'open.p12', '-passout', 'pass:'))
  const pfx = { certificateFile: join(folder, 'desk.pfx'), keyFile: '' }
  const identity = await loadSite({ ...pfx, passphrase: 'horse battery' })
  assert.deepEqual([identity.info.subject, identity.info.issuer], ['desk.example.net', 'Rep Tray on a site'])
  assert.equal(
    await sentence(loadSite({ ...pfx, passphrase: 'wrong' })),
    `The passphrase does not open ${pfx.certificateFile}.`,
  )
  await assert.rejects(loadSite({ ...pfx, passphrase: null }), { needsPassphrase: true })
  const open = await loadSite({ certificateFile: join(folder, 'open.p12'), keyFile: '', passphrase: null })
  assert.equal(open.info.fingerprint, identity.info.fingerprint)

  assert.ok(openssl(folder, 'rsa', '-aes256', '-in', 'desk.key', '-out', 'sealed.key', '-passout', 'pass:secret'))
  const files = { certificateFile: join(folder, 'chain.pem'), keyFile: join(folder, 'sealed.key') }
  assert.equal((await loadSite({ ...files, passphrase: 'secret' })).info.subject, 'desk.example.net')
  assert.match(
    await sentence(loadSite({ ...files, passphrase: 'wrong' })),
    /^The passphrase does not open the private key in /,
  )
  await assert.rejects(loadSite({ ...files, passphrase: null }), { needsPassphrase: true })
})

test('what is wrong with its files is said in a sentence of its own', async (t) => {
  const folder = temporaryFolder(t)
  const { leaf } = await makeSite()
  const other = await makeSite()
  const files = {
    empty: writeFile(folder, 'empty.pem', ''),
    cert: writeFile(folder, 'cert.pem', leaf.cert),
    key: writeFile(folder, 'cert.key', leaf.key),
    otherKey: writeFile(folder, 'other.key', other.leaf.key),
    torn: writeFile(folder, 'torn.pem', leaf.cert.replace(/\n.{64}\n/, '\n')),
    tornKey: writeFile(folder, 'torn.key', leaf.key.replace(/\n.{64}\n/, '\n')),
    noise: writeFile(folder, 'noise.pfx', Buffer.from('0123456789'.repeat(50))),
    large: writeFile(folder, 'large.pem', Buffer.alloc(2 * 1024 * 1024)),
    der: writeFile(folder, 'cert.der', new X509Certificate(leaf.cert).raw),
  }
  const load = (certificateFile: string, keyFile = '') =>
    sentence(loadSite({ certificateFile, keyFile, passphrase: null }))
  const all = [
    await load(''),
    await load(join(folder, 'none.pem')),
    await load(folder),
    await load(files.empty),
    await load(files.cert),
    await load(files.key),
    await load(files.cert, files.otherKey),
    await load(files.cert, files.empty),
    await load(files.torn, files.key),
    await load(files.cert, files.tornKey),
    await load(files.noise),
    await load(files.large),
    await load(files.der),
    await load(files.cert, join(folder, 'none.key')),
  ]
  for (const each of all) {
    assert.match(each, /^[A-Z/].*\.$/)
    assert.doesNotMatch(each, /error:|undefined|routines/)
  }
  assert.match(all[1] ?? '', /none\.pem is not there\.$/)
  assert.match(
    all[4] ?? '',
    /^There is no private key in .*cert\.pem\. If it is in a file of its own, enter that file, too\.$/,
  )
  assert.match(all[5] ?? '', /^There is no certificate in .*cert\.key\.$/)
  assert.match(all[6] ?? '', /^The private key does not belong to the certificate in /)
  assert.match(all[13] ?? '', /none\.key is not there\.$/)
  if (process.getuid?.() !== 0) {
    chmodSync(files.key, 0)
    assert.match(await load(files.cert, files.key), /may not be read by you/)
  }
})

test('a stamp changes with either file, and tells one that is gone', async (t) => {
  const folder = temporaryFolder(t)
  const files = {
    certificateFile: writeFile(folder, 'a.pem', 'a'),
    keyFile: writeFile(folder, 'a.key', 'b'),
    passphrase: null,
  }
  const stamps = [await stampOf(files)]
  assert.equal(await stampOf(files), stamps[0])
  writeFile(folder, 'a.key', 'bb')
  stamps.push(await stampOf(files))
  unlinkSync(files.certificateFile)
  stamps.push(await stampOf(files), await stampOf({ ...files, keyFile: '' }))
  assert.equal(new Set(stamps).size, 4)
})

test('thirty days ahead a certificate is said to expire', async () => {
  const at = Date.now()
  const { leaf } = await makeSite(['desk'], at)
  const identity = identityOf(certificatesOf(leaf.cert)[0] ?? assert.fail(), [], {}, false)
  const end = identity.info.expiresAt
  assert.deepEqual(
    [at, end - 30 * DAY - 1_000, end - 30 * DAY, end - 1, end, at - 2 * DAY].map((now) => stateOf(identity, now)),
    ['good', 'good', 'expiring', 'expiring', 'expired', 'early'],
  )
})
