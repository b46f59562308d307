/** electron-updater's own code against a server of a site, as far as it runs without Electron. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { AppImageUpdater, NsisUpdater } from 'electron-updater'
import { atEnd } from '../at-end.ts'
import { wrapUpdater } from '../../main/shell/electron/updater.ts'
import { build, launch } from '../electron/harness.ts'
import { until } from '../electron/until.ts'

before(build)

const { ElectronHttpExecutor } = createRequire(import.meta.url)('electron-updater/out/electronHttpExecutor.js') as {
  ElectronHttpExecutor: new () => { createRequest: typeof request }
}

/** electron-updater's own requests, with Node's network in place of Electron's. */
function overNode(): object {
  return Object.assign(new ElectronHttpExecutor(), {
    createRequest: (options: RequestOptions, answered: (response: IncomingMessage) => void) =>
      request(options, answered),
  })
}

// It is run once when it is in its place.
const NEW = Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), Buffer.alloc(50_000, 'newer ')])
const sha512 = (data: Buffer) => createHash('sha512').update(data).digest('base64')

interface Feed {
  readonly url: string
  readonly asked: string[]
}

/** A folder on a server: what latest.yml says, and what is really there. */
async function serve(t: TestContext, version: string, checksum = sha512(NEW)): Promise<Feed> {
  const asked: string[] = []
  const [image, setup] = [`rep-tray-${version}-x64.AppImage`, `rep-tray-${version}-setup-x64.exe`]
  const file = (name: string) => `  - url: ${name}\n    sha512: ${checksum}\n    size: ${NEW.length}\n`
  const info = `version: ${version}
files:
${file(image)}${file(setup)}path: ${image}
sha512: ${checksum}
releaseDate: '2026-11-22T00:00:00.000Z'
releaseNotes: "<p>It is faster.</p>"
`
  const server = createServer((asking, response) => {
    const path = new URL(asking.url ?? '', 'http://x').pathname
    asked.push(path)
    if (/^\/latest.*\.yml$/.test(path)) response.end(info)
    else if (/^\/rep-tray-.*\.(AppImage|exe)$/.test(path)) response.end(NEW)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  atEnd(t, () => void server.close())
  await new Promise((done) => server.once('listening', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

/** Version 1.0.0, installed, with electron-updater's own updater and an application that only it knows. */
function installed(t: TestContext, Kind: typeof AppImageUpdater | typeof NsisUpdater = AppImageUpdater) {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-update-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'Rep Tray.AppImage')
  writeFileSync(program, 'older')
  writeFileSync(join(folder, 'app-update.yml'), 'updaterCacheDirName: rep-tray-updater\nprovider: generic\nurl: x\n')
  mkdirSync(join(folder, 'data'))
  const quitting: ((code: number) => void)[] = []
  const updater = new Kind(null, {
    version: '1.0.0',
    name: 'rep-tray',
    isPackaged: true,
    appUpdateConfigPath: join(folder, 'app-update.yml'),
    userDataPath: join(folder, 'data'),
    baseCachePath: join(folder, 'cache'),
    whenReady: () => Promise.resolve(),
    relaunch: () => {},
    quit: () => {},
    onQuit: (handler) => quitting.push(handler),
  })
  Object.assign(updater, { httpExecutor: overNode() })
  updater.disableDifferentialDownload = true
  const earlier = process.env['APPIMAGE']
  process.env['APPIMAGE'] = program
  atEnd(t, () => {
    if (earlier === undefined) delete process.env['APPIMAGE']
    else process.env['APPIMAGE'] = earlier
  })
  const state = { mayInstall: true }
  return {
    state,
    program: () => readFileSync(program),
    updater: wrapUpdater(updater, { mayInstall: () => state.mayInstall }),
    quit: () => {
      for (const handler of quitting) handler(0)
    },
    quitting,
    folder,
  }
}

test('a newer version is downloaded, and in its place after the end', async (t) => {
  const { url } = await serve(t, '1.1.0')
  const app = installed(t)
  assert.deepEqual(await app.updater.fetch(url), { version: '1.1.0', notes: 'It is faster.' })
  assert.equal(app.program().toString(), 'older', 'not before the end')
  app.quit()
  assert.deepEqual(app.program(), NEW)
})

test('it is downloaded once', async (t) => {
  const { url, asked } = await serve(t, '1.1.0')
  const app = installed(t)
  for (const _ of [1, 2]) assert.equal((await app.updater.fetch(url))?.version, '1.1.0')
  assert.equal(asked.filter((path) => path.endsWith('.AppImage')).length, 1)
  assert.equal(app.quitting.length, 1)
})

test('one that was tampered with is refused, and nothing of it is left', async (t) => {
  const { url } = await serve(t, '1.1.0', sha512(Buffer.from('what the site has made')))
  const app = installed(t)
  await assert.rejects(app.updater.fetch(url), { code: 'ERR_CHECKSUM_MISMATCH' })
  app.quit()
  assert.equal(app.program().toString(), 'older')
  assert.equal(existsSync(join(app.folder, 'cache/rep-tray-updater/pending/rep-tray-1.1.0-x64.AppImage')), false)
})

for (const version of ['0.9.0', '1.0.0', '1.0.0-beta.1'])
  test(`${version} in place of 1.0.0 is refused`, async (t) => {
    const { url, asked } = await serve(t, version)
    const app = installed(t)
    assert.equal(await app.updater.fetch(url), null)
    assert.deepEqual(asked, ['/latest-linux.yml'])
    app.quit()
    assert.equal(app.program().toString(), 'older')
  })

test('during a session nothing is installed, even if the program ends', async (t) => {
  const { url } = await serve(t, '1.1.0')
  const app = installed(t)
  await app.updater.fetch(url)
  app.state.mayInstall = false
  app.quit()
  assert.equal(app.program().toString(), 'older')
})

test('a session that begins while it comes in does not lose the update', async (t) => {
  const { url } = await serve(t, '1.1.0')
  const app = installed(t)
  app.state.mayInstall = false
  await app.updater.fetch(url)
  app.state.mayInstall = true
  app.quit()
  assert.deepEqual(app.program(), NEW)
})

test('Windows’ own is downloaded and checked alike', async (t) => {
  const good = await serve(t, '1.1.0')
  const app = installed(t, NsisUpdater)
  // What verifies the publisher is Windows'; without a publisher's name it is not asked.
  assert.equal((await app.updater.fetch(good.url))?.version, '1.1.0')
  assert.ok(good.asked.includes('/rep-tray-1.1.0-setup-x64.exe'))
  const bad = await serve(t, '1.2.0', sha512(Buffer.from('else')))
  await assert.rejects(installed(t, NsisUpdater).updater.fetch(bad.url), { code: 'ERR_CHECKSUM_MISMATCH' })
})

test('the application as it is shipped asks the policy’s server, a minute after its start', async (t) => {
  const { url, asked } = await serve(t, '9.0.0')
  const surroundings = { packaged: true, platform: 'linux' } as const
  const env = { APPIMAGE: '/nonexistent/Rep Tray.AppImage' }
  const app = launch(t, { surroundings, env, args: ['--hidden'], policy: { 'update.url': url } })
  await app.recipient()
  await until(() => app.evaluate(({ timers }) => timers.fire(60_000) > 0), 'the first look')
  // There is no network of Electron's here, so it goes no further than trying.
  await until(() => /problem update: Updates cannot be looked for/.test(app.output()), 'the attempt')
  assert.deepEqual(asked, [])
  assert.equal(await app.quit(), 0)
})

test('the application as it is shipped looks for nothing where a package manager updates it', async (t) => {
  const app = launch(t, {
    surroundings: { packaged: true, platform: 'linux' },
    args: ['--hidden'],
    policy: { 'update.url': 'http://127.0.0.1:9/' },
  })
  await app.recipient()
  await app.evaluate(({ timers }) => timers.fire(60_000))
  assert.doesNotMatch(app.output(), /update/)
  assert.equal(await app.quit(), 0)
})
