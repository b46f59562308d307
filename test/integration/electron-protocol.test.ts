import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serveFile } from '../../main/shell/electron/protocol.ts'
import { build, launch, temporaryFolder } from '../electron/harness.ts'

before(build)

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** URLs that are no file of the window, however they are written. */
const STRANGE = [
  'app://rep-tray/../../etc/passwd',
  'app://rep-tray/..%2f..%2f..%2fetc/passwd',
  'app://rep-tray/%2e%2e/%2e%2e/etc/passwd',
  'app://rep-tray/..\\..\\main\\index.js',
  'app://rep-tray/%2e%2e%5cmain%5cindex.js',
  'app://rep-tray/../main/index.js',
  'app://rep-tray/%2e%2e%2fmain%2findex.js',
  'app://rep-tray/%252e%252e%252fmain%252findex.js',
  'app://rep-tray//etc/passwd.html',
  'app://rep-tray//main/index.js',
  'app://rep-tray/index.js%00.html',
  'app://rep-tray/index.js%00',
  'app://rep-tray/./.built',
  'app://rep-tray/.built',
  'app://rep-tray/index.html/',
  'app://rep-tray/no-such-file.js',
  'app://rep-tray/index',
  'app://other/index.html',
  'app://rep-tray.example.com/index.html',
  'app://rep-tray:80/index.html',
]

test('the window’s files come with their types and the headers that lock the page up', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  const types = { '': 'text/html', '/': 'text/html', '/index.html': 'text/html', '/index.js': 'text/javascript' }
  for (const [path, type] of Object.entries(types)) {
    const { status, headers, body } = await app.request(`app://rep-tray${path}`)
    assert.equal(status, 200, path)
    assert.equal(headers['content-type'], `${type}; charset=utf-8`)
    assert.equal(headers['content-security-policy'], CSP)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.ok(body.byteLength > 0)
  }
  const { status } = await app.request('app://rep-tray/index.html?x=1#y')
  assert.equal(status, 200)
})

test('nothing else is served', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  for (const url of STRANGE) {
    const { status, headers, body } = await app.request(url)
    assert.equal(status, 404, url)
    assert.equal(body.byteLength, 0, url)
    assert.equal(headers['content-security-policy'], CSP, url)
  }
  assert.equal((await app.request('app://rep-tray/index.html', 'POST')).status, 404)
})

test('also not if the URL comes as it was written', async () => {
  // Chromium and Node clean URLs before they get here; this is about the check itself.
  const root = join(import.meta.dirname, '../../dist/renderer')
  assert.equal((await serveFile(root, { url: 'app://rep-tray/index.html', method: 'GET' })).status, 200)
  for (const url of [...STRANGE, 'app://user@rep-tray/index.html', 'app:index.html', 'index.html']) {
    const { status } = await serveFile(root, { url, method: 'GET' })
    assert.equal(status, 404, url)
  }
})

test('a file with a name that is not plain is not served, even if it is there', async (t) => {
  const root = temporaryFolder(t)
  for (const name of ['plain.js', '.hidden.js', 'a%2fb.js', 'a%20b.js', 'a\\b.js', '-.js', 'a..b.js']) {
    writeFileSync(join(root, name), '1')
  }
  const statusOf = async (name: string) =>
    (await serveFile(root, { url: `app://rep-tray/${name}`, method: 'GET' })).status
  for (const name of ['plain.js', '-.js', 'a..b.js']) assert.equal(await statusOf(name), 200, name)
  for (const name of ['.hidden.js', 'a%2fb.js', 'a%20b.js', 'a\\b.js']) assert.equal(await statusOf(name), 404, name)
})
