import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { openJournal } from '../../main/events/journal.ts'
import { atEnd } from '../at-end.ts'
import { entry, odd, openInFolder as open, temporaryFolder } from './support.ts'

test('an entry that cannot be stored is rejected, and those in the same commit are not', async (t) => {
  const journal = open(t)
  const bad = entry('bad', { receivedAt: 1.5 })
  const outcomes = await Promise.allSettled([
    journal.append(entry('a')),
    journal.append(bad),
    journal.append(entry('b')),
  ])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(
    journal.eventsAfter(0, 10).map(({ lsid }) => lsid),
    ['a', 'b'],
  )
})

test('while another process locks the file appends are rejected; after that they work', async (t) => {
  const journal = open(t)
  await journal.append(entry('a'))
  const other = new DatabaseSync(journal.file, { timeout: 0 })
  atEnd(t, () => other.close())
  other.exec('BEGIN IMMEDIATE')
  await assert.rejects(journal.append(entry('b')), /locked/)
  other.exec('ROLLBACK')
  await journal.append(entry('b'))
  assert.equal(journal.eventsAfter(0, 10).length, 2)
})

test('a file that is gone takes nothing any more, since it would be lost', async (t) => {
  const journal = open(t)
  await journal.append(entry('a'))
  assert.equal(journal.isInPlace, true)
  renameSync(journal.file, `${journal.file}.away`)
  assert.equal(journal.isInPlace, false)
  await assert.rejects(journal.append(entry('b')), /gone/)
  await assert.rejects(journal.quarantine(odd('b')), /gone/)
  writeFileSync(journal.file, '')
  assert.equal(journal.isInPlace, false, 'another file in its place is not it')
  await assert.rejects(journal.append(entry('b')), /gone/)
  rmSync(journal.file)
  renameSync(`${journal.file}.away`, journal.file)
  assert.equal(journal.isInPlace, true)
  await journal.append(entry('c'))
})

test('a place where no folder can be is refused with the system’s reason', (t) => {
  const file = join(temporaryFolder(t), 'file')
  writeFileSync(file, '')
  assert.throws(() => openJournal(join(file, 'journal.db')), { code: /EEXIST|ENOTDIR/ })
})

const PROGRAM = join(import.meta.dirname, 'full-disk.ts')

/** What full-disk.ts found out. */
interface Outcome {
  readonly accepted: number
  readonly refused: readonly number[]
  readonly acceptedAfter: readonly number[]
  readonly lost: number
  readonly error: string
  readonly integrity: string
}

/** Runs full-disk.ts by a shell command in which `$0` is Node, `$1` the program and `$2` the folder. */
async function outcomeOf(t: TestContext, shell: string, command: string, prefix: readonly string[] = []) {
  const folder = temporaryFolder(t)
  const args = [...prefix, shell, '-c', command, process.execPath, PROGRAM, folder]
  const { stdout } = await promisify(execFile)('env', args, { timeout: 30_000 })
  return JSON.parse(stdout) as Outcome
}

function checkOutcome(outcome: Outcome, error: RegExp): void {
  assert.ok(outcome.accepted > 10, `${outcome.accepted} events were stored before`)
  assert.deepEqual(outcome.refused, [503, 503, 503])
  assert.match(outcome.error, error)
  assert.deepEqual(outcome.acceptedAfter, [200, 200, 200])
  assert.equal(outcome.lost, 0)
  assert.equal(outcome.integrity, 'ok')
}

const isLinux = process.platform === 'linux'

test(
  'a file that may not grow: 503 and not 200, and on by itself when it may',
  { skip: isLinux ? false : 'ulimit and prlimit are Linux’s' },
  async (t) => {
    // The limit comes as an error of the write, since the signal that would come with it is ignored.
    checkOutcome(await outcomeOf(t, 'bash', `trap '' XFSZ; ulimit -S -f 600; exec "$0" "$1" "$2"`), /disk I\/O error/)
  },
)

const canMount = isLinux && spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

test(
  'a full disk: 503 and not 200, and on by itself when there is room',
  { skip: canMount ? false : 'this system lets nobody mount' },
  async (t) => {
    const command = `mount -t tmpfs -o size=2m tmpfs "$2" && exec "$0" "$1" "$2"`
    checkOutcome(await outcomeOf(t, 'sh', command, ['unshare', '-rm']), /full/)
  },
)
