import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { lockFolder } from '../../main/lock.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { temporaryFolder, within } from './support.ts'

/** Another process that takes the folder, says whether it has it, and stays until it is ended. */
function contend(t: TestContext, folder: string) {
  const module = JSON.stringify(new URL('../../main/lock.ts', import.meta.url).href)
  const code = `
    const { lockFolder } = await import(${module})
    console.log(lockFolder(${JSON.stringify(folder)}) === null ? 'refused' : 'taken')
    setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  atEnd(t, () => child.kill('SIGKILL'))
  let said = ''
  child.stdout.on('data', (part: Buffer) => (said += part.toString()))
  return { child, answer: () => until(() => said.trim() || null, 'the answer of the other process', 20_000) }
}

test('a folder is taken once, also within one process, and given back', (t) => {
  const folder = join(temporaryFolder(t), 'a', 'data')
  const unlock = lockFolder(folder)
  assert.ok(unlock !== null)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(lockFolder(folder), null)
  unlock()
  const again = lockFolder(folder)
  assert.ok(again !== null)
  again()
})

test('a process that is killed gives its folder back', async (t) => {
  const folder = temporaryFolder(t)
  const { child, answer } = contend(t, folder)
  assert.equal(await answer(), 'taken')
  assert.equal(lockFolder(folder), null)
  child.kill('SIGKILL')
  await within(once(child, 'exit'), 'its end')
  const unlock = lockFolder(folder)
  assert.ok(unlock !== null)
  unlock()
})

test('of several that start at once one has the folder', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  const all = Array.from({ length: 4 }, () => contend(t, folder))
  const answers = await Promise.all(all.map(({ answer }) => answer()))
  assert.deepEqual(answers.toSorted(), ['refused', 'refused', 'refused', 'taken'])
})

test('two folders are two', (t) => {
  const folder = temporaryFolder(t)
  const first = lockFolder(join(folder, 'a'))
  const second = lockFolder(join(folder, 'b'))
  assert.ok(first !== null && second !== null)
  first()
  second()
})
