/**
 * A program for journal-failure.test.ts: a real listener and journal in a folder that is soon full. Posts events until
 * one is refused, makes room, posts again, and prints what came of it as JSON.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openJournal } from '../../main/events/journal.ts'
import { createListener, tokenHash } from '../../main/events/listener.ts'
import { ask } from './support.ts'

const folder = process.argv[2] ?? ''
const file = join(folder, 'journal.db')
const ballast = join(folder, 'ballast')
const TOO_MANY = 10_000

const errors: string[] = []
const journal = openJournal(file)
writeFileSync(ballast, Buffer.alloc(200_000))
const listener = createListener({
  journal: () => journal,
  tokens: () => [tokenHash('t')],
  names: () => new Set(),
  allow: () => null,
  now: Date.now,
  onEvent: () => {},
  onQuarantine: () => {},
  onStoreFailure: (error) => errors.push(String(error)),
  onRefused: () => {},
  onProcessingFailure: () => {},
  onToken: () => {},
})
const port = await listener.listen('127.0.0.1', 0)

const acknowledged: string[] = []
let sent = 0

async function post(): Promise<number> {
  sent += 1
  const lsid = `session-${sent}`
  const body = new URLSearchParams({ event: 'support_conference_begin', lsid, filler: 'x'.repeat(2_000) }).toString()
  const { status } = await ask({ port, path: '/?token=t', method: 'POST', body })
  if (status === 200) acknowledged.push(lsid)
  return status
}

let status = 200
while (status === 200 && sent < TOO_MANY) status = await post()
const accepted = acknowledged.length
const refused = [status, await post(), await post()]

rmSync(ballast)
// Where it is not the disk that is full but the file that may not grow.
if (existsSync('/usr/bin/prlimit')) execFileSync('prlimit', ['--fsize=unlimited', '--pid', String(process.pid)])
const acceptedAfter = [await post(), await post(), await post()]

await listener.close()
journal.close()
const database = new DatabaseSync(file)
const stored = new Set(
  database
    .prepare('SELECT lsid FROM events')
    .all()
    .map((row) => row['lsid']),
)
const integrity = Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})[0]
database.close()
const lost = acknowledged.filter((lsid) => !stored.has(lsid)).length
console.log(JSON.stringify({ accepted, refused, acceptedAfter, lost, error: errors[0], integrity }))
