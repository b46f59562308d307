import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { lockFolder } from '../../main/lock.ts'
import { atEnd } from '../at-end.ts'
import { entry, odd, openInFolder, temporaryFolder } from './support.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/journal.ts')

interface Contents {
  readonly events: readonly { readonly seq: number; readonly variables: Readonly<Record<string, string>> }[]
  readonly quarantine: readonly { readonly id: number; readonly reason: string; readonly bodyBase64: string }[]
  readonly sessions: readonly { readonly lsid: string }[]
}

function start(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  atEnd(t, () => child.kill('SIGKILL'))
  return child
}

async function run(t: TestContext, ...args: readonly string[]) {
  const child = start(t, args)
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, errors, code: code as number }
}

const contentsOf = (output: string) => JSON.parse(output) as Contents

test('--json prints all that is stored, while the application writes', async (t) => {
  const journal = openInFolder(t)
  const data = dirname(journal.file)
  // More than is read at a time, a page of which ends within a commit.
  await Promise.all(Array.from({ length: 1_500 }, (_each, index) => journal.append(entry(`s${index}`))))
  await journal.append(entry('s0'))
  await journal.append(entry('odd', { variables: { event: 'ü"\\\n\u2028\0', ['__proto__']: '</script>' } }))
  await journal.quarantine(odd('q', { body: Buffer.from([0, 255, 10]), reason: 'It is “odd”.' }))
  const updatedAt = -5
  const common = { externalKey: null, customer: null, startedAt: null, endedAt: null, updatedAt, revision: 1 }
  journal.index([{ ...common, lsid: 's0', data: '{"lsid":"s0","members":[]}' }], 1, {})

  const state = { stop: false }
  const writer = (async () => {
    for (let index = 0; !state.stop; index += 1) {
      await journal.append(entry(`live${index}`))
      await new Promise(setImmediate)
    }
  })()
  const { output, errors, code } = await run(t, '--data', data, '--json')
  state.stop = true
  await writer

  assert.deepEqual([errors, code], ['', 0])
  const { events, quarantine, sessions } = contentsOf(output)
  assert.ok(events.length >= 1_501)
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map(({ seq }) => seq).toSorted((a, b) => a - b),
  )
  assert.deepEqual(
    { ...events[0], variables: { ...events[0]?.variables } },
    {
      seq: 1,
      receivedAt: 1_000,
      at: 900,
      event: 'support_conference_begin',
      lsid: 's0',
      source: '192.0.2.1',
      variables: { event: 'support_conference_begin', lsid: 's0' },
      seen: 2,
    },
  )
  assert.equal(events[1_500]?.variables['event'], 'ü"\\\n\u2028\0')
  assert.deepEqual(
    quarantine.map(({ bodyBase64, reason }) => [bodyBase64, reason]),
    [['AP8K', 'It is “odd”.']],
  )
  assert.deepEqual(sessions, [{ lsid: 's0', members: [] }])

  const lines = await run(t, '--data', data)
  assert.match(lines.output, /^events:\n {2}\{"seq":1,/)
  assert.match(lines.output, /\nquarantine:\n {2}\{"id":1,[\s\S]*\nsessions:\n {2}\{"lsid":"s0"/)
})

test('an empty journal is printed as that; reading leaves it as it is', async (t) => {
  const journal = openInFolder(t)
  journal.close()
  const { output, code } = await run(t, '--data', dirname(journal.file), '--json')
  assert.deepEqual([contentsOf(output), code], [{ events: [], quarantine: [], sessions: [] }, 0])
  const again = openInFolder(t, journal.file)
  await again.append(entry('a'))
  assert.equal(again.eventsAfter(0, 10).length, 1)
})

test('where there is no journal it says so in one line, and makes none', async (t) => {
  const folder = join(temporaryFolder(t), 'nothing')
  for (const args of [
    ['--data', folder],
    ['--data', folder, '--json'],
  ]) {
    const { output, errors, code } = await run(t, ...args)
    assert.equal(output, '')
    assert.equal(errors, `There is no journal: ${join(folder, 'journal.db')}\n`)
    assert.equal(code, 1)
  }
  assert.equal(existsSync(folder), false)
})

test('what is no journal, and what it does not understand, is said in one line', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'journal.db')
  for (const [content, reason] of [
    ['', /no tables yet/],
    ['no journal '.repeat(100), /not a database/],
  ] as const) {
    writeFileSync(file, content)
    const { output, errors, code } = await run(t, '--data', folder, '--json')
    assert.deepEqual([output, code], ['', 1])
    assert.match(errors, reason)
    assert.equal(errors.trim().split('\n').length, 1)
  }
  assert.deepEqual(readdirSync(folder), ['journal.db'])
  const { errors, code } = await run(t, '--jason')
  assert.match(errors, /^Unknown option '--jason'.*\n$/)
  assert.equal(code, 1)
})

test('a reader that stops early is no error', async (t) => {
  const journal = openInFolder(t)
  const variables = { event: 'e', filler: 'x'.repeat(1_000) }
  await Promise.all(Array.from({ length: 3_000 }, (_each, index) => journal.append(entry(`s${index}`, { variables }))))
  const child = start(t, ['--data', dirname(journal.file), '--json'])
  const errors = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = (await once(child, 'exit')) as [number]
  assert.deepEqual([await errors, code], ['', 0])
})

test('--help explains itself', async (t) => {
  const { output, code } = await run(t, '--help')
  assert.equal(code, 0)
  for (const option of ['--data', '--json', '--help', 'backup [FILE]', 'restore FILE'])
    assert.ok(output.includes(option), option)
})

test('a backup is made while the application writes, and put back when it does not run', async (t) => {
  const journal = openInFolder(t)
  const data = dirname(journal.file)
  await Promise.all(Array.from({ length: 250 }, (_each, index) => journal.append(entry(`s${index}`))))
  await journal.quarantine(odd('q'))
  const named = join(temporaryFolder(t), 'copy.db')
  assert.deepEqual(await run(t, 'backup', named, '--data', data), { output: `${named}\n`, errors: '', code: 0 })
  const { output } = await run(t, 'backup', '--data', data)
  assert.match(output, /backups[/\\]journal-[\dT-]+\.db\n$/)
  const again = await run(t, 'backup', named, '--data', data)
  assert.deepEqual([again.errors, again.code], [`There is a file already: ${named}\n`, 1])
  journal.close()

  const other = temporaryFolder(t)
  const unlock = lockFolder(other)
  const refused = await run(t, 'restore', named, '--data', other)
  assert.deepEqual([refused.code, /Rep Tray is running/.test(refused.errors)], [1, true])
  unlock?.()
  for (const [path, counts] of [
    [named, '250 events restored, 0 were there already; 1 bodies'],
    [output.trim(), '0 events restored, 250 were there already; 0 bodies'],
  ] as const) {
    const restored = await run(t, 'restore', path, '--data', other)
    assert.deepEqual([restored.errors, restored.code], ['', 0])
    assert.ok(restored.output.startsWith(counts), restored.output)
  }
  const restored = openInFolder(t, join(other, 'journal.db'))
  assert.deepEqual(
    restored.eventsAfter(0, 1_000).map(({ lsid }) => lsid),
    Array.from({ length: 250 }, (_each, index) => `s${index}`),
  )
  assert.ok(
    restored.indexedFrom > (restored.eventsBefore(null, 1)[0]?.seq ?? 0),
    'the index is made with the next start',
  )
  const nothing = await run(t, 'restore', join(other, 'none.db'), '--data', other)
  assert.deepEqual([nothing.code, /no such file/.test(nothing.errors)], [1, true])
  const unknown = await run(t, 'rename', '--data', other)
  assert.deepEqual([unknown.code, /Unknown command/.test(unknown.errors)], [1, true])
})
