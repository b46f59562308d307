/** The main job on a real desktop: an event comes in over HTTP, and the notification daemon shows it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { chromium } from 'playwright'
import { atEnd } from '../at-end.ts'
import { end, eventually, outputOf, startDesktop } from './desktop.ts'

const root = resolve(import.meta.dirname, '../..')
const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'

const isLinux = process.platform === 'linux'
const reason = 'needs Xvfb, D-Bus and a notification daemon, which are Linux programs'

test(
  'an event that is posted becomes a desktop notification; a click on it opens the session',
  { skip: isLinux ? false : reason },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rep-tray-notification-'))
    atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
    const desktop = await startDesktop()
    atEnd(t, () => desktop.close())

    const policy = {
      listener: { addresses: ['127.0.0.1'], port: 0, token: 'a-token-for-this-test' },
      me: { repId: 12, teams: [5] },
      browser: { port: 0 },
      setup: { done: true },
    }
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy))
    const args = [
      'scripts/start.ts',
      '--browser',
      '--no-open',
      '--data',
      join(folder, 'data'),
      '--policy',
      join(folder, 'policy.json'),
    ]
    const application = spawn(process.execPath, args, {
      cwd: root,
      env: desktop.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    atEnd(t, () => end(application))
    const printed = outputOf(application)
    const listening = await eventually('listening', () => /^listening: (\S+)$/m.exec(printed())?.[1] ?? null)
    const link = await eventually('window', () => /^window: (\S+)$/m.exec(printed())?.[1] ?? null)

    const browser = await chromium.launchPersistentContext(join(folder, 'chromium'), {
      executablePath: process.env['CHROMIUM_PATH'] || '/usr/bin/chromium',
      headless: false,
      env: desktop.env,
      viewport: null,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    atEnd(t, () => browser.close())
    await browser.grantPermissions(['notifications'], { origin: new URL(link).origin })
    const page = await browser.newPage()
    await page.goto(link)
    await page.getByText(/^Listening on/).waitFor()

    const post = async (event: string, more: Record<string, string> = {}) => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const body = new URLSearchParams({
        event,
        version: '1',
        timestamp,
        lsid: LSID,
        external_key: 'INC0010023',
        ...more,
      })
      assert.equal((await fetch(listening, { method: 'POST', body })).status, 200)
    }
    await post('support_conference_begin')
    await post('support_conference_owner_changed', { conference_id: 'general', conference_name: 'General' })
    await post('support_conference_member_added', { type: 'customer', display_name: 'Jane <b>Doe</b>' })
    await post('support_conference_owner_changed', { conference_id: 'rep:12', conference_name: 'John Smith' })

    const shown = await eventually('the daemon shows the notification', () =>
      desktop.notifications().includes("summary: 'Session transferred to you'") ? desktop.notifications() : null,
    )
    assert.match(shown, /Jane .*Doe.* · INC0010023/)
    assert.equal(shown.match(/summary: /g)?.length, 1, 'one notification for the one thing that matters')

    await desktop.clickNewest()
    await page.getByRole('heading', { name: 'Jane <b>Doe</b>' }).waitFor()
    await page.getByText(LSID).first().waitFor()
  },
)
