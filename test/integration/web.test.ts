import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openJournal } from '../../main/events/journal.ts'
import { tokenHash } from '../../main/events/listener.ts'
import { lockFolder } from '../../main/lock.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { ask, BEGIN, rawSocket, temporaryFolder, within } from './support.ts'
import { openPage, start, type StartedWeb } from './web-support.ts'

const isGone = (port: number) => assert.rejects(ask({ port }), { code: 'ECONNREFUSED' })
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

/** The recipient URL, and the token in it. */
function recipientOf({ app }: StartedWeb): { url: URL; token: string } {
  const url = new URL(app.recipientUrl() ?? '')
  return { url, token: url.searchParams.get('token') ?? '' }
}

async function post({ port, pathname, search }: URL, body = BEGIN): Promise<number> {
  return (await ask({ port: Number(port), path: `${pathname}${search}`, method: 'POST', body })).status
}

test('what is kept is for this user alone, and has no secret in clear text', async (t) => {
  const web = await start(t)
  const { token, url } = recipientOf(web)
  assert.equal(await post(url), 200)
  await openPage(t, web)
  const cookie = (await web.enter()).split('=')[1] ?? ''
  assert.equal(mode(web.dataDir), '700')
  assert.equal(mode(join(web.dataDir, 'settings.json')), '600')
  assert.equal(mode(join(web.dataDir, 'journal.db')), '600')
  await web.app.run({ type: 'settings.set', key: 'me.repId', value: '12' })
  await web.app.run({ type: 'recipient.renew' })
  const renewed = recipientOf(web).token
  assert.notEqual(renewed, token)
  assert.equal(mode(join(web.dataDir, 'settings.json')), '600', 'after writing it again')
  await web.stop()
  const files = readdirSync(web.dataDir, { withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { name } of files) {
    const content = readFileSync(join(web.dataDir, name)).toString('latin1')
    for (const secret of [token, renewed, web.token, cookie]) assert.equal(content.includes(secret), false, name)
  }
})

test('State and log have no secret', async (t) => {
  const web = await start(t)
  const { token, url } = recipientOf(web)
  assert.equal(await post(url), 200)
  assert.equal(await post(url, 'no event'), 200)
  assert.equal(await post(new URL(url.href.replace(token, 'wrong'))), 404)
  await web.app.run({ type: 'recipient.renew' })
  const { states } = await openPage(t, web)
  const cookie = (await web.enter()).split('=')[1] ?? ''
  const state = await until(() => states.at(-1), 'the State')
  const hash = Buffer.from(tokenHash(token))
  const secrets = [token, hash.toString('hex'), hash.toString('base64'), recipientOf(web).token, web.token, cookie]
  for (const secret of secrets) {
    assert.ok(secret.length >= 32)
    assert.equal(JSON.stringify(state).includes(secret), false)
    assert.equal(web.logged.join('\n').includes(secret), false)
  }
  assert.equal(JSON.stringify(state).includes('tokenHashes'), false)
})

test('after a restart the appliance’s token is still good, though nobody can read it any more', async (t) => {
  const first = await start(t)
  const { token, url } = recipientOf(first)
  // Without a time stamp it happened now, so that the session is still live after the restart.
  assert.equal(await post(url, 'event=support_conference_begin&lsid=abc'), 200)
  await first.app.run({ type: 'settings.set', key: 'me.repId', value: '12' })
  await first.stop()

  const second = await start(t, { dataDir: first.dataDir })
  assert.equal(second.app.recipientUrl(), null)
  const { addresses } = second.app.getState().health.listener
  assert.equal(await post(new URL(`http://${addresses[0]}/events?token=${token}`), 'event=second'), 200)
  assert.equal(second.app.getState().settings['me.repId'], '12')
  assert.equal(second.app.getState().sessions[0]?.lsid, 'abc')
  assert.notEqual(second.token, first.token, 'the link to the window is new')
})

test('a token from the policy or the environment is taken, and the policy’s wins', async (t) => {
  const env = { REP_TRAY_LISTENER_TOKEN: 'from-the-environment' }
  assert.equal(recipientOf(await start(t, { env })).token, 'from-the-environment')
  const policy = { 'listener.token': 'from-the-policy-file' }
  const web = await start(t, { env, policy })
  assert.equal(recipientOf(web).token, 'from-the-policy-file')
  assert.equal(JSON.stringify(web.app.getState()).includes('from-the-policy-file'), false)
  assert.equal((await web.app.run({ type: 'recipient.renew' })).ok, false)
  const empty = await start(t, { env: { REP_TRAY_LISTENER_TOKEN: '' } })
  assert.match(recipientOf(empty).token, /^[\w-]{32}$/)
  assert.equal(await post(new URL(empty.app.recipientUrl()?.replace(/token=.*/, 'token=') ?? '')), 404)
})

test('a folder is one process’s, until that stops', async (t) => {
  const first = await start(t)
  await assert.rejects(start(t, { dataDir: first.dataDir }), /running already/)
  assert.equal((await first.get('/')).status, 403, 'the first one is not troubled')
  await first.stop()
  await start(t, { dataDir: first.dataDir })
})

test('stopping frees all: ports, journal, lock', async (t) => {
  const web = await start(t)
  const { url } = recipientOf(web)
  assert.equal(await post(url), 200)
  const silent = await Promise.all([rawSocket(t, Number(url.port)), rawSocket(t, web.port)])
  await within(web.stop(), 'the stop')
  await isGone(web.port)
  await isGone(Number(url.port))
  for (const { closed } of silent) await within(closed, 'the end of a silent connection')
  assert.equal(existsSync(join(web.dataDir, 'journal.db-wal')), false)
  const journal = openJournal(join(web.dataDir, 'journal.db'))
  assert.equal(journal.indexedThrough, journal.eventsAfter(0, 1)[0]?.seq, 'what was under way is in the index')
  journal.close()
  const unlock = lockFolder(web.dataDir)
  assert.ok(unlock !== null)
  unlock()
})

test('a start that fails frees all as well', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  await assert.rejects(start(t, { dataDir, rendererDir: dataDir }), /build them first/)
  const unlock = lockFolder(dataDir)
  assert.ok(unlock !== null)
  unlock()
})

test('if the window’s port is taken any other does', async (t) => {
  const other = createServer()
  atEnd(t, () => other.close())
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const web = await start(t, { policy: { 'browser.port': port } })
  assert.notEqual(web.port, port)
  assert.equal((await web.get('/', { headers: { cookie: await web.enter() } })).status, 200)
})

test('settings that cannot be read are kept, and the start goes on without them', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'settings.json'), '{"me.repId": "12", broken')
  const web = await start(t, { dataDir })
  assert.ok(web.app.getState().problems.some(({ id }) => id === 'settings.damaged'))
  assert.equal(readFileSync(join(dataDir, 'settings.json.bad'), 'utf8'), '{"me.repId": "12", broken')
})

test('a session index or notes that are damaged keep no event out, and are made anew', async (t) => {
  for (const damage of ["UPDATE sessions SET data = '{'", "UPDATE meta SET value = '[{' WHERE name = 'alerts'"]) {
    const first = await start(t)
    assert.equal(await post(recipientOf(first).url, 'event=support_conference_begin&lsid=abc'), 200)
    await first.app.run({ type: 'notification.test' })
    await first.stop()
    const database = new DatabaseSync(join(first.dataDir, 'journal.db'))
    assert.equal(database.prepare(damage).run().changes, 1)
    database.close()

    const second = await start(t, { dataDir: first.dataDir })
    await second.app.run({ type: 'recipient.renew' })
    assert.equal(await post(recipientOf(second).url, 'event=support_conference_end&lsid=abc'), 200)
    const { sessions, problems } = second.app.getState()
    assert.deepEqual([sessions[0]?.lsid, sessions[0]?.status], ['abc', 'ended'])
    assert.deepEqual(
      problems.filter(({ id }) => id.startsWith('journal')),
      [],
    )
  }
})

// ------------------------------------------------------------------------------------------------- the command line

const PROGRAM = join(import.meta.dirname, '../../main/web.ts')
/** The bundler puts the version in; here a module that is loaded first does. */
const VERSION = 'data:text/javascript,globalThis.__VERSION__="0.0.0-test"'

function spawnWeb(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', VERSION, PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  atEnd(t, () => child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout.on('data', (part: Buffer) => (output.out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (output.err += part.toString()))
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  return { child, output, ended }
}

test('the program says where window and listener are, and ends with a signal, whoever is connected', async (t) => {
  const folder = temporaryFolder(t)
  const dataDir = join(folder, 'data')
  const policyFile = join(folder, 'policy.json')
  writeFileSync(
    policyFile,
    JSON.stringify({ listener: { port: 0, token: 'a-token-of-the-policy' }, browser: { port: 0 } }),
  )
  const args = ['--data', dataDir, '--policy', policyFile, '--no-open']
  const { child, output, ended } = spawnWeb(t, args)
  const [, link = ''] = await until(() => /^window: (.*)$/m.exec(output.out), 'the window', 20_000)
  const [, recipient = ''] = await until(() => /^listening: (.*)$/m.exec(output.out), 'the listener', 20_000)
  assert.equal(new URL(recipient).searchParams.get('token'), 'a-token-of-the-policy')
  assert.equal(await post(new URL(recipient)), 200)
  assert.equal((await ask({ port: Number(new URL(link).port) })).status, 403)

  const second = spawnWeb(t, args)
  assert.deepEqual(await within(second.ended, 'the second process', 20_000), [0, null])
  assert.equal(second.output.out, 'Rep Tray is running already, and was told.\n')
  assert.equal(second.output.err, '')

  const slow = await rawSocket(t, Number(new URL(recipient).port))
  slow.write('POST / HTTP/1.1\r\n')
  child.kill('SIGTERM')
  child.kill('SIGINT')
  assert.deepEqual(await within(ended, 'the end', 10_000), [0, null])
  assert.equal(output.err.includes('a-token-of-the-policy'), false)
})

test('--help and --version; what it does not understand it ignores, and says so', async (t) => {
  const folder = temporaryFolder(t)
  const policyFile = join(folder, 'policy.json')
  writeFileSync(policyFile, JSON.stringify({ listener: { port: 0 }, browser: { port: 0 } }))
  const help = spawnWeb(t, ['--help'])
  const version = spawnWeb(t, ['--version'])
  const odd = spawnWeb(t, ['--dta=x', '--data', join(folder, 'data'), '--policy', policyFile, '--no-open', 'file.txt'])
  const all = await within(Promise.all([help.ended, version.ended]), 'both', 20_000)
  assert.deepEqual(
    all.map(([code]) => code),
    [0, 0],
  )
  for (const option of ['--data', '--policy', '--hidden', '--browser', '--no-open', '--version', '--help'])
    assert.ok(help.output.out.includes(option))
  assert.equal(version.output.out, '0.0.0-test\n')
  await until(() => /^window: /m.exec(odd.output.out), 'the window', 20_000)
  assert.match(odd.output.err, /not known here, and ignored: --dta, something without --\n/)
})
