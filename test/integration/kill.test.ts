import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openJournal } from '../../main/events/journal.ts'
import { atEnd } from '../at-end.ts'
import { ask, RECIPIENT, temporaryFolder, within } from './support.ts'

const PROGRAM = join(import.meta.dirname, 'kill.ts')
const KILLS = 8
const SENDERS = 4
/** A run lives this long at most after its first answer (ms). */
const LIFE = 250

async function start(t: TestContext, folder: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  atEnd(t, () => child.kill('SIGKILL'))
  const [line] = (await within(once(child.stdout, 'data'), 'the port', 20_000)) as [Buffer]
  return { child, port: Number(line) }
}

/** One appliance: one event in flight, and the same again until it is answered 200. */
function createSender(name: string) {
  const acknowledged: string[] = []
  let next = 0
  return {
    acknowledged,
    /** Sends until the other side is gone. */
    send: async (port: number) => {
      for (;;) {
        const lsid = `${name}-${String(next).padStart(6, '0')}`
        const body = `event=support_conference_begin&lsid=${lsid}`
        try {
          const { status } = await ask({ port, path: RECIPIENT, method: 'POST', body })
          assert.equal(status, 200)
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error
          return
        }
        acknowledged.push(lsid)
        next += 1
      }
    },
  }
}

test(`killed ${KILLS} times at any moment: what was answered 200 is there, once, and in order`, async (t) => {
  const folder = temporaryFolder(t)
  const senders = Array.from({ length: SENDERS }, (_each, index) => createSender(`appliance${index}`))
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, port } = await start(t, folder)
    const sending = senders.map(({ send }) => send(port))
    setTimeout(() => child.kill('SIGKILL'), Math.random() * LIFE)
    await within(Promise.all(sending), 'the senders to notice', 20_000)
  }
  const file = join(folder, 'journal.db')
  const journal = openJournal(file)
  const stored = journal.eventsAfter(0, 1_000_000).map(({ lsid }) => lsid ?? '')
  journal.close()
  const database = new DatabaseSync(file)
  assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
  database.close()

  for (const [index, { acknowledged }] of senders.entries()) {
    const own = stored.filter((lsid) => lsid.startsWith(`appliance${index}-`))
    assert.deepEqual(own.slice(0, acknowledged.length), acknowledged, 'all that was answered, once, in order')
    assert.ok(own.length <= acknowledged.length + 1, 'and at most the one that was under way')
  }
  const total = senders.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
  t.diagnostic(`${total} events were answered 200`)
  assert.ok(total > 0)
})
