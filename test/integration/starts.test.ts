import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test, type TestContext } from 'node:test'
import { handOver, receiveStarts } from '../../main/starts.ts'
import { build, launch } from '../electron/harness.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { temporaryFolder } from './support.ts'
import { openPage, start } from './web-support.ts'

const LINK = 'rep-tray://ticket/INC0010023'

/** A data folder whose owner hears of starts. */
function receiver(t: TestContext, dataDir = join(temporaryFolder(t), 'data')) {
  const heard: string[] = []
  const end = receiveStarts(dataDir, (link) => heard.push(link))
  t.after(end)
  return { dataDir, heard, end }
}

const left = (dataDir: string) => readdirSync(join(dataDir, 'starts'))

/** Runs browser mode's program, as shipped, to its end. */
async function runWeb(t: TestContext, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = join(import.meta.dirname, '../../dist/main/web.js')
  const child = spawn(process.execPath, [program, '--no-open', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  atEnd(t, () => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

before(build)

test('a start is handed over, once, and leaves nothing behind', async (t) => {
  const { dataDir, heard } = receiver(t)
  assert.deepEqual(await Promise.all([LINK, '', LINK].map((link) => handOver(dataDir, link))), [true, true, true])
  assert.deepEqual(heard.toSorted(), ['', LINK, LINK])
  assert.deepEqual(left(dataDir), [])
  if (process.platform !== 'win32') assert.equal(statSync(join(dataDir, 'starts')).mode & 0o777, 0o700)
})

test('one that came while the first was being made ready is heard', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(dataDir)
  const handed = handOver(dataDir, LINK)
  const { heard } = receiver(t, dataDir)
  assert.equal(await handed, true)
  assert.deepEqual(heard, [LINK])
})

test('what is too old or too long, or no start at all, is not', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  mkdirSync(join(dataDir, 'starts'), { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(dataDir, 'starts', name), text)
  write('old.start', LINK)
  utimesSync(join(dataDir, 'starts/old.start'), new Date(), new Date(Date.now() - 60_000))
  write('long.start', 'x'.repeat(10_000))
  write('half.start.new', LINK)
  mkdirSync(join(dataDir, 'starts/folder.start'))
  const { heard } = receiver(t, dataDir)
  assert.equal(await handOver(dataDir, ''), true)
  assert.deepEqual(heard, [''])
})

test('a folder that goes, or cannot be made, is no reason to fail', async (t) => {
  const { dataDir, heard, end } = receiver(t)
  rmSync(join(dataDir, 'starts'), { recursive: true })
  end()
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, '')
  assert.doesNotThrow(receiveStarts(file, () => assert.fail('nobody started')))
  assert.deepEqual(heard, [])
})

test('with nobody to hear, the link is taken back', async (t) => {
  const { dataDir, end } = receiver(t)
  end()
  assert.equal(await handOver(dataDir, LINK), false)
  assert.deepEqual(left(dataDir), [])
})

test('browser mode: a second start hands its link to the first, and ends', async (t) => {
  const web = await start(t)
  const second = await runWeb(t, '--data', web.dataDir, LINK)
  assert.deepEqual(second, { code: 0, output: 'Rep Tray is running already, and was told.\n' })
  const page = await openPage(t, web)
  const state = await until(() => page.states.at(-1), 'the State')
  assert.deepEqual(state.goTo?.place, { view: 'lookup', query: 'INC0010023' })
  await runWeb(t, '--data', web.dataDir, 'rep-tray://session/0f3c5a7e9b1d')
  assert.deepEqual(web.app.getState().goTo?.place, { view: 'session', lsid: '0f3c5a7e9b1d' })
  assert.doesNotMatch(web.logged.join('\n'), /INC0010023|0f3c5a7e9b1d/)
})

test('browser mode hands over to Electron, too', async (t) => {
  const app = launch(t, { args: ['--hidden'] })
  await app.recipient()
  assert.equal((await runWeb(t, '--data', app.dataDir, LINK)).code, 0)
  await until(() => app.calls.some((call) => call.method === 'show'), 'the quick lookup')
  assert.deepEqual(app.calls.find((call) => call.method === 'loadURL')?.args, ['app://rep-tray/index.html#quick'])
})

test('browser mode: what is no link is said to be none', async (t) => {
  const dataDir = join(temporaryFolder(t), 'data')
  const { code, output } = await runWeb(t, '--data', dataDir, 'rep-tray://quit/now')
  assert.equal(code, 1)
  assert.match(output, /This is no link of Rep Tray/)
})
