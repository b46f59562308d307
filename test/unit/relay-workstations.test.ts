import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readCredential } from '../../main/relay/credential.ts'
import { isSignedBy, signerOf } from '../../main/relay/keys.ts'
import { createWorkstations, enrol, readTable, revoke } from '../../main/relay/workstations.ts'
import { createAccount, createUser, fromPublic, fromSeed } from '@nats-io/nkeys'

const BROKER = { site: 'main', servers: ['wss://relay.example.com'], ca: null }
const NOW = new Date('2026-11-22T10:00:00Z')

function table(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-table-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'workstations.json')
  const add = (workstation: string, rep = '12') => enrol(file, { workstation, rep, general: true }, BROKER, NOW)
  return { folder, file, add }
}

test('a workstation that is enrolled has a credential that reads back; the table has only its public half', (t) => {
  const { folder, file, add } = table(t)
  const credential = add('anna')
  const kept = readFileSync(file, 'utf8')
  assert.equal(kept.includes(credential.seed), false)
  assert.equal(fromSeed(new TextEncoder().encode(credential.seed)).getPublicKey(), readTable(file)['anna']?.nkey)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const handed = join(folder, 'anna.json')
  writeFileSync(handed, JSON.stringify(credential))
  assert.deepEqual(readCredential(handed), credential)
})

test('a name is given once: a new credential for it has a number, and the one before is taken back', (t) => {
  const { file, add } = table(t)
  assert.deepEqual(
    ['ws-1', 'ws', 'ws', 'ws', 'ws-1'].map((name) => add(name).workstation),
    ['ws-1', 'ws', 'ws-2', 'ws-3', 'ws-1-2'],
  )
  const live = () =>
    Object.entries(readTable(file)).flatMap(([name, { revoked }]) => (revoked === undefined ? [name] : []))
  assert.deepEqual(live(), ['ws-3', 'ws-1-2'])
  assert.equal(revoke(file, 'ws', NOW), true, 'by the name that was asked for')
  assert.deepEqual(live(), ['ws-1-2'])
  assert.equal(revoke(file, 'ws', NOW), false)
  assert.equal(revoke(file, 'constructor', NOW), false)
  assert.equal(add('ws').workstation, 'ws-4')
})

test('a running relay sees who was enrolled and who was taken back, and keeps what it has of a bad file', (t) => {
  const { file, add } = table(t)
  let changes = 0
  const failures: string[] = []
  const workstations = createWorkstations({
    file,
    onChange: () => (changes += 1),
    onFailure: (error) => failures.push((error as Error).message),
  })
  assert.equal(workstations.get('anna'), null)
  const credential = add('anna')
  const nkey = fromSeed(new TextEncoder().encode(credential.seed)).getPublicKey()
  assert.equal(workstations.byKey(nkey), 'anna', 'at once')
  assert.equal(workstations.get('anna')?.rep, '12')
  assert.equal(workstations.get('toString'), null)
  const good = readFileSync(file, 'utf8')
  const bad = ['', '[]', 'null', '{"anna": null}', good.replace('"12"', '12'), good.replace('anna', 'an na')]
  for (const [index, content] of bad.entries()) {
    writeFileSync(file, content)
    workstations.refresh()
    workstations.refresh()
    assert.equal(failures.length, index + 1, `told once: ${content}`)
    assert.equal(workstations.get('anna')?.rep, '12')
  }
  writeFileSync(file, good)
  revoke(file, 'anna', NOW)
  assert.equal(workstations.byKey(nkey), null, 'at once')
  assert.equal(workstations.get('anna'), null)
  assert.equal(changes, 2)
})

test('a table that may not be read names itself', { skip: process.getuid?.() === 0 && 'root may read all' }, (t) => {
  const { file, add } = table(t)
  add('anna')
  chmodSync(file, 0)
  assert.throws(() => readTable(file), /workstations\.json cannot be read \(EACCES\)/)
})

test('a credential that is none says so, and nothing of what is in it', (t) => {
  const { folder, add } = table(t)
  const credential = add('anna')
  const file = join(folder, 'credential.json')
  const broken: readonly unknown[] = [
    null,
    [],
    { ...credential, seed: '' },
    { ...credential, servers: [] },
    { ...credential, servers: ['https://relay.example.com'] },
    { ...credential, workstation: 'a.b' },
    { ...credential, workstation: '>' },
    { ...credential, ca: 1 },
  ]
  for (const each of broken) {
    writeFileSync(file, JSON.stringify(each))
    assert.throws(() => readCredential(file), /is not one that “enrol” has made\.$/)
  }
  writeFileSync(file, `{ "seed": "${credential.seed}"`)
  assert.throws(
    () => readCredential(file),
    (error: Error) => /is no JSON/.test(error.message) && !error.message.includes(credential.seed),
  )
  assert.throws(() => readCredential(join(folder, 'none')), /cannot be read \(ENOENT\)/)
})

test('keys by the system are the same as those of the broker’s own library', () => {
  for (const pair of [createUser(), createAccount()]) {
    const seed = new TextDecoder().decode(pair.getSeed())
    const signer = signerOf(seed)
    assert.equal(signer.publicKey, pair.getPublicKey())
    const text = 'a nonce'
    assert.ok(fromPublic(signer.publicKey).verify(new TextEncoder().encode(text), signer.sign(text)))
    const signature = pair.sign(new TextEncoder().encode(text))
    assert.equal(isSignedBy(signer.publicKey, text, signature), true)
    assert.equal(isSignedBy(signer.publicKey, 'another nonce', signature), false)
    assert.equal(isSignedBy(createUser().getPublicKey(), text, signature), false)
  }
  for (const key of ['', 'U', 'u'.repeat(56), '1'.repeat(56), 'U'.repeat(10_000)])
    assert.equal(isSignedBy(key, 'x', new Uint8Array(64)), false)
  assert.throws(() => signerOf('SUAX'))
})
