/** Browser mode among other users of this computer: what they can read gives them nothing. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { chromium } from 'playwright'
import { createPages } from '../../main/shell/web/pages.ts'
import { isStranger, userOf } from '../../main/shell/web/peer.ts'
import { atEnd } from '../at-end.ts'
import { until } from './helpers/application.ts'
import { start } from './web-support.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1FF6 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C350 0100007F:1FF6 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1FF6 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0000000000000000 20 4 30 10 -1
`
const MAPPED = TABLE.replaceAll('0100007F', '0000000000000000FFFF00000100007F')

test('the kernel says whose the other end is', () => {
  assert.deepEqual([userOf(TABLE, 50_000, 8182), userOf(TABLE, 8182, 50_000)], [1001, 1000])
  assert.equal(userOf(MAPPED, 50_000, 8182), 1001)
  assert.equal(userOf(TABLE, 50_001, 8182), null)
  const socket = { remotePort: 50_000, localPort: 8182 }
  assert.equal(
    isStranger(socket, 1000, () => TABLE),
    true,
  )
  assert.equal(
    isStranger(socket, 1001, () => TABLE),
    false,
  )
  assert.equal(
    isStranger(socket, 1000, () => TABLE.replaceAll(' 1001 ', ' 0 ')),
    false,
  )
  assert.equal(
    isStranger(socket, 1000, () => 'nothing'),
    false,
  )
  assert.equal(
    isStranger(socket, 1000, () => {
      throw new Error('hidden')
    }),
    false,
  )
  assert.equal(isStranger(socket, null), false)
})

const isRoot = process.platform === 'linux' && process.getuid?.() === 0

test(
  'another user of this computer gets nothing, whatever they know',
  { skip: isRoot ? false : 'it takes root to be another user' },
  async (t) => {
    const web = await start(t)
    const script = `exec 3<>/dev/tcp/127.0.0.1/${web.port}; printf 'GET /?token=${web.token} HTTP/1.1\\r\\nHost: 127.0.0.1:${web.port}\\r\\nConnection: close\\r\\n\\r\\n' >&3; cat <&3`
    const ask = async (who: { uid: number; gid: number } | null) => {
      const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], ...who })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
      await once(child, 'close')
      return output
    }
    assert.equal(await ask({ uid: 65_534, gid: 65_534 }), '')
    assert.match(await ask(null), /^HTTP\/1.1 303 .*set-cookie/s)
  },
)

test('the link that a browser is given is good once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-once-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'index.html'), '<script src="./x.js"></script>')
  const pages = createPages(folder)
  await pages.listen(0)
  atEnd(t, () => pages.close())
  const status = async (url: string) => (await fetch(url, { redirect: 'manual' })).status
  const [first, second] = [pages.onceLink(), pages.onceLink()]
  assert.notEqual(first, second)
  assert.deepEqual([await status(first), await status(first), await status(second)], [303, 403, 303])
  assert.deepEqual([await status(pages.link()), await status(pages.link())], [303, 303])
  const late = pages.onceLink()
  const now = performance.now()
  t.mock.method(performance, 'now', () => now + 60_001)
  assert.equal(await status(late), 403)
})

test(
  'no program that is started from here is told a secret, by argument or environment',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rep-tray-secrecy-'))
    atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
    // Stands for every program: writes down what it was told.
    const told = join(folder, 'told.txt')
    const spy = join(folder, 'spy')
    writeFileSync(
      spy,
      `#!/bin/sh\n{ echo "run: $0 $*"; tr '\\0' '\\n' </proc/self/environ; cat; } >>'${told}' </dev/null\nexit 1\n`,
    )
    chmodSync(spy, 0o755)
    for (const name of ['xdg-open', 'secret-tool', 'dbus-send', 'gdbus']) {
      writeFileSync(join(folder, name), readFileSync(spy))
      chmodSync(join(folder, name), 0o755)
    }
    const secrets = ['tok-3141592653589', 'sec-2718281828459', 'pwd-1618033988749', 'pph-5772156649015']
    const [token, clientSecret, password, passphrase] = secrets
    const child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, '../../dist/main/web.js'), '--data', join(folder, 'data')],
      {
        env: {
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          DISPLAY: ':99',
          BROWSER: spy,
          REP_TRAY_LISTENER_TOKEN: token,
          REP_TRAY_CLIENT_SECRET: clientSecret,
          REP_TRAY_PASSWORD: password,
          REP_TRAY_LISTENER_PASSPHRASE: passphrase,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let printed = ''
    let logged = ''
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()))
    atEnd(t, async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    })
    const link = await until(() => /window: \S+token=(\S+)/.exec(printed)?.[1], 'the link')
    const seen = () => {
      try {
        return readFileSync(told, 'utf8')
      } catch {
        return ''
      }
    }
    await until(() => /run: \S* ?http/.test(seen()) || /run: .*127\.0\.0\.1/.test(seen()), 'the browser')
    for (const secret of [...secrets, link]) {
      assert.equal(seen().includes(secret ?? '-'), false, `${secret} in ${seen()}`)
      assert.equal(logged.includes(secret ?? '-'), false)
      assert.equal(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').includes(secret ?? '-'), false)
    }
    assert.match(seen(), /token=/, 'the browser has a link of its own')
  },
)

test('the token of the link is in no header of any request that follows', async (t) => {
  const web = await start(t)
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  atEnd(t, () => browser.close())
  const page = await browser.newPage()
  const sent: { url: string; headers: Record<string, string> }[] = []
  page.on('request', async (request) => sent.push({ url: request.url(), headers: await request.allHeaders() }))
  await page.goto(web.link)
  await page.goto(`http://127.0.0.1:${web.port}/index.js`)
  await until(() => sent.length > 2, 'some requests')
  for (const { url, headers } of sent) {
    if (url !== web.link) assert.equal(`${url} ${JSON.stringify(headers)}`.includes(web.token), false, url)
    assert.equal(headers['referer'], undefined, url)
  }
})
