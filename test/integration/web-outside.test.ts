/** Browser mode on a desktop: what it opens there, and where files go. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { downloadsFolder } from '../../main/shell/web/downloads.ts'
import { build } from '../electron/harness.ts'
import { post } from '../electron/events.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { ask, temporaryFolder } from './support.ts'
import { openPage, type StartedWeb } from './web-support.ts'

before(build)

/** The program as shipped, on a desktop whose browser writes down what it is to show. */
async function onDesktop(t: TestContext, args: readonly string[] = []) {
  const folder = temporaryFolder(t)
  const log = join(folder, 'opened')
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${log}'\n`, { mode: 0o755 })
  const policy = { 'listener.port': 0, 'browser.port': 0, 'ticket.url': 'https://tickets.example.com/{key}' }
  writeFileSync(join(folder, 'policy.json'), JSON.stringify({ ...policy, 'listener.token': 'a-token' }))
  const program = join(import.meta.dirname, '../../dist/main/web.js')
  const given = ['--data', join(folder, 'data'), '--policy', join(folder, 'policy.json'), ...args]
  const child = spawn(process.execPath, [program, ...given], {
    env: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder, DISPLAY: ':none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  atEnd(t, () => child.kill('SIGKILL'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()))
  const opened = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [])
  const link = await until(() => /^window: (\S+)$/m.exec(printed)?.[1], 'the window')
  const recipient = await until(() => /^listening: (\S+)$/m.exec(printed)?.[1], 'the listener')
  const { port, pathname, search } = new URL(link)
  const enter = async () => {
    const { headers } = await ask({ port: Number(port), path: `${pathname}${search}` })
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }
  const page = () => openPage(t, { port: Number(port), enter } as StartedWeb)
  return { link, recipient, opened, page, printed: () => printed }
}

const isLinux = process.platform === 'linux'
const skip = isLinux ? false : 'its stand-in for the browser is xdg-open'

/** The browser gets a link of its own, which is good once. */
function assertPage(opened: readonly string[], link: string): void {
  const [first = '', ...others] = opened.map((each) => new URL(each).origin)
  assert.deepEqual([first, others], [new URL(link).origin, []])
  assert.notEqual(opened[0], link)
}

test('the page and a ticket are opened in the desktop’s browser', { skip }, async (t) => {
  const { link, recipient, opened, page } = await onDesktop(t)
  await until(() => opened().length === 1, 'the window')
  assertPage(opened(), link)
  const { command } = await page()
  await post(recipient, 'support_conference_begin', { lsid: 's', external_key: 'INC 1;$(touch x)' })
  const url = 'https://tickets.example.com/INC%201%3B%24%28touch%20x%29'
  assert.deepEqual(await command({ type: 'ticket.open', lsid: 's' }), { ok: true, value: { url, opened: true } })
  await until(() => opened().length === 2, 'the ticket')
  assert.equal(opened()[1], url)
})

test('started for a link, it opens the page that looks it up', { skip }, async (t) => {
  const { link, opened, page, printed } = await onDesktop(t, ['rep-tray://ticket/INC0010023'])
  await until(() => opened().length === 1, 'the window')
  assertPage(opened(), link)
  const { states } = await page()
  const state = await until(() => states.at(-1), 'the State')
  assert.deepEqual(state.goTo?.place, { view: 'lookup', query: 'INC0010023' })
  assert.doesNotMatch(printed(), /INC0010023/)
})

test('told to open nothing, it leaves that to the page', { skip }, async (t) => {
  const { opened, page, recipient } = await onDesktop(t, ['--no-open'])
  const { command } = await page()
  await post(recipient, 'support_conference_begin', { lsid: 's', external_key: 'INC1' })
  const url = 'https://tickets.example.com/INC1'
  assert.deepEqual(await command({ type: 'ticket.open', lsid: 's' }), { ok: true, value: { url, opened: false } })
  assert.deepEqual(opened(), [])
})

test('files go where the user has their downloads', (t) => {
  const home = temporaryFolder(t)
  const folder = (lines: string | null, env = {}) => {
    const config = join(home, '.config')
    mkdirSync(config, { recursive: true })
    writeFileSync(join(config, 'user-dirs.dirs'), lines ?? '')
    return downloadsFolder('linux', home, env)
  }
  const plain = join(home, 'Downloads')
  assert.equal(folder('# XDG_DOWNLOAD_DIR="$HOME/no"\nXDG_DOWNLOAD_DIR="$HOME/Laden"\n'), join(home, 'Laden'))
  assert.equal(folder('XDG_DESKTOP_DIR="$HOME/D"\nXDG_DOWNLOAD_DIR="/srv/in \\"quotes\\""\n'), '/srv/in "quotes"')
  for (const bad of ['XDG_DOWNLOAD_DIR="relative"', 'XDG_DOWNLOAD_DIR=$HOME/x', 'XDG_DOWNLOAD_DIR=""', ''])
    assert.equal(folder(bad), plain, bad)
  assert.equal(folder('XDG_DOWNLOAD_DIR="$HOME/Laden"', { XDG_CONFIG_HOME: '/nonexistent' }), plain)
  assert.equal(downloadsFolder('win32', home, {}), plain)
  assert.equal(downloadsFolder('darwin', home, {}), plain)
})
