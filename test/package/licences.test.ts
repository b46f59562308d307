import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { judge } from '../../scripts/audit.ts'
import { isAgreed, thirdParties } from '../../scripts/licence-check.ts'

const root = resolve(import.meta.dirname, '../..')

test('every package that we ship has a licence that is agreed to', () => {
  const packages = thirdParties()
  assert.ok(packages.length > 20)
  assert.deepEqual(
    packages.filter(({ licence }) => !isAgreed(licence)),
    [],
  )
  const names = new Set(packages.map(({ name }) => name))
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }
  for (const name of Object.keys(dependencies)) assert.ok(names.has(name), name)
})

test('what the build found in the bundles is among them, with its version, so nothing is shipped unchecked', () => {
  const known = new Set(thirdParties().map(({ name, version }) => `${name} ${version}`))
  const shipped = readFileSync(join(root, 'dist/licences.txt'), 'utf8')
    .split(/\n-{80}\n|^Rep Tray contains these packages\.\n/m)
    .map((part) => part.trim().split('\n')[0] ?? '')
    .filter((line) => line !== '')
  assert.ok(shipped.length > 10)
  // What the bundler itself puts in, to load one module from another.
  const ofBundler = /^rolldown /
  assert.deepEqual(
    shipped.filter((line) => !known.has(line) && !ofBundler.test(line)),
    [],
  )
})

test('a choice needs one that is agreed to, a combination all', () => {
  for (const fine of ['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC', '(MIT AND ISC) OR GPL-2.0-only'])
    assert.equal(isAgreed(fine), true, fine)
  for (const bad of ['', 'GPL-3.0', 'MIT AND GPL-3.0', 'UNLICENSED', 'SEE LICENSE IN x', 'AGPL-3.0 OR SSPL-1.0'])
    assert.equal(isAgreed(bad), false, bad)
})

test('what is for development does not count, what is locked for another system does', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-licences-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const put = (name: string, manifest: object) => {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify(manifest))
  }
  put('old', { licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] })
  put('older', { license: { type: 'GPL-2.0' } })
  put('silent', {})
  const packages = {
    '': {},
    'node_modules/old': { version: '1.0.0' },
    'node_modules/older': { version: '2.0.0' },
    'node_modules/silent': { version: '3.0.0' },
    'node_modules/a/node_modules/@x/elsewhere': { version: '4.0.0', license: 'ISC' },
    'node_modules/tool': { version: '5.0.0', dev: true, license: 'GPL-3.0' },
  }
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }))
  assert.deepEqual(
    thirdParties(folder).map(({ name, licence }) => [name, licence, isAgreed(licence)]),
    [
      ['@x/elsewhere', 'ISC', true],
      ['old', 'MIT OR Apache-2.0', true],
      ['older', 'GPL-2.0', false],
      ['silent', '', false],
    ],
  )
})

test('an audit fails on what is grave, and is skipped where the registry keeps no record', () => {
  const report = (severity: string) => JSON.stringify({ vulnerabilities: { ws: { severity, range: '<8' } } })
  assert.deepEqual(judge(report('high')), { kind: 'done', grave: ['ws <8: high'], others: 0 })
  assert.deepEqual(judge(report('low')), { kind: 'done', grave: [], others: 1 })
  assert.deepEqual(judge('{"vulnerabilities":{}}'), { kind: 'done', grave: [], others: 0 })
  assert.equal(judge('{"message":"405 Method Not Allowed"}').kind, 'skipped')
  assert.equal(judge('').kind, 'skipped')
})
