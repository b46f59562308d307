/** `npm start` as scripts and services use it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { atEnd } from '../at-end.ts'
import { lockFolder } from '../../main/lock.ts'
import { end, eventually, outputOf } from '../desktop/desktop.ts'

const root = resolve(import.meta.dirname, '../..')
const reason = 'Windows has no signals'

test(
  'a signal to npm ends the application cleanly, and frees its folder',
  { skip: process.platform === 'win32' && reason },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rep-tray-npm-'))
    atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
    const policy = join(folder, 'policy.json')
    writeFileSync(
      policy,
      JSON.stringify({ listener: { port: 0, token: 'a-token-for-this-test' }, browser: { port: 0 } }),
    )

    /** Starts it, and ends the npm that runs it as soon as it listens. Returns where it listened. */
    async function startAndEnd(): Promise<string> {
      const args = ['start', '--', '--browser', '--no-open', '--data', join(folder, 'data'), '--policy', policy]
      const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      atEnd(t, () => end(npm))
      const printed = outputOf(npm)
      const url = await eventually('listening', () => /^listening: (\S+)$/m.exec(printed())?.[1] ?? null, 60_000)
      const body = new URLSearchParams({ event: 'support_conference_begin', lsid: 'one' })
      assert.equal((await fetch(url, { method: 'POST', body })).status, 200)
      await end(npm)
      const unlock = await eventually('the folder is free', () => lockFolder(join(folder, 'data')))
      unlock()
      return url
    }

    const url = await startAndEnd()
    await assert.rejects(fetch(url, { method: 'POST' }), 'nothing listens any more')
    await startAndEnd()
  },
)
