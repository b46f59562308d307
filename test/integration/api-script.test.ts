/** `npm run api` as a process of its own, against a web server that answers with the published examples. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { apiInfo, example, LSID, serve } from '../unit/appliance-client-stub.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/api.ts')
const folder = mkdtempSync(join(tmpdir(), 'rep-tray-api-'))
const bodies: string[] = []
let server: Awaited<ReturnType<typeof serve>>

const FILES: Readonly<Record<string, string>> = {
  get_support_teams: 'get_support_teams.xml',
  get_logged_in_reps: 'get_logged_in_reps.xml',
  generate_session_key: 'generate_session_key.xml',
  transfer_session: 'transfer_session.xml',
  set_session_attributes: 'set_session_attributes.xml',
  terminate_session: 'error.xml',
  SupportSession: 'SupportSession-full.xml',
  SupportSessionListing: 'SupportSessionListing.xml',
  LicenseUsage: 'get_support_teams.xml',
  get_appliances: 'check_health.xml',
}

function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  let text = ''
  incoming.setEncoding('utf8')
  incoming.on('data', (chunk: string) => {
    text += chunk
  })
  incoming.on('end', () => {
    bodies.push(text)
    const body = new URLSearchParams(text)
    const asked = body.get('action') ?? body.get('generate_report') ?? ''
    if (incoming.url === '/oauth2/token') outgoing.end('{"access_token":"t","expires_in":3600}')
    else if (incoming.url === '/api/backup' || asked.endsWith('Recording')) outgoing.end('binary')
    else if (asked === 'get_api_info') outgoing.end(apiInfo('1.24.1', { perm_backup: '1' }))
    else outgoing.end(example(FILES[asked] ?? 'error.xml'))
  })
}

before(async () => {
  server = await serve(answer)
})
after(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Outcome {
  readonly code: number
  readonly json: unknown
  readonly stdout: string
  readonly stderr: string
}

const SECRETS = { REP_TRAY_CLIENT_ID: 'id', REP_TRAY_CLIENT_SECRET: 'do-not-print' }

function api(words: readonly string[], env: Readonly<Record<string, string>> = SECRETS): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [SCRIPT, ...words],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1
        let json: unknown = null
        try {
          json = JSON.parse(stdout)
        } catch {
          // Help is no JSON.
        }
        resolve({ code, json, stdout, stderr })
      },
    )
  })
}

const asked = (...words: string[]) => api(['--host', server.url, ...words])

async function fails(outcome: Promise<Outcome>, kind: string): Promise<Outcome> {
  const { json, ...rest } = await outcome
  assert.equal(rest.code, 1, rest.stderr)
  const { error } = json as { error: { kind: string; message: string } }
  assert.equal(error.kind, kind)
  assert.match(error.message, /\.$|Invalid Session ID/)
  assert.doesNotMatch(rest.stdout + rest.stderr, /do-not-print/)
  return { json, ...rest }
}

test('a command prints its typed result', async () => {
  const { code, json, stderr } = await asked('get_support_teams', 'showmembers=1')
  assert.equal(code, 0, stderr)
  assert.deepEqual(json, [
    {
      id: '5',
      name: 'Troubleshooting',
      members: [{ id: '12', name: 'John Smith', username: null }],
      issues: [{ id: '3', title: 'Printer', codeName: null }],
    },
  ])
  assert.equal(bodies.at(-1), 'action=get_support_teams&showmembers=1')
  assert.equal(stderr, '')
})

test('commands that do something say that they did', async () => {
  assert.deepEqual((await asked('transfer_session', `lsid=${LSID}`, 'queue_id=rep:12')).json, { success: true })
  assert.equal(bodies.at(-1), `action=transfer_session&lsid=${LSID}&queue_id=rep%3A12`)
  assert.deepEqual(
    (await asked('set_session_attributes', `lsid=${LSID}`, 'session.custom.external_key=INC=1', 'session.custom.room='))
      .json,
    { success: true },
  )
  assert.equal(
    bodies.at(-1),
    `action=set_session_attributes&lsid=${LSID}&session.custom.external_key=INC%3D1&session.custom.room=`,
  )
})

test('a session key', async () => {
  const { json } = await asked(
    'generate_session_key',
    'type=support',
    'queue_id=team:5',
    'external_key=INC0010023',
    'ttl=600',
  )
  assert.equal((json as { externalKeyLost: boolean }).externalKeyLost, false)
  assert.equal(
    bodies.at(-1),
    'action=generate_session_key&type=support&queue_id=team%3A5&ttl=600&session.custom.external_key=INC0010023',
  )
})

test('a report is typed; one that is not known is printed as it is', async () => {
  const listing = await asked('SupportSessionListing', 'end_time=1574600000', 'duration=0')
  assert.deepEqual((listing.json as unknown[])[0], { lsid: LSID, externalKey: 'INC0010023', hasRecording: true })
  const usage = await asked('LicenseUsage', 'start_date=2019-11-24', 'duration=1')
  assert.equal((usage.json as { name: string }).name, 'support_teams')
  assert.equal(bodies.at(-1), 'generate_report=LicenseUsage&start_date=2019-11-24&duration=1')
  const appliances = await asked('get_appliances')
  assert.equal((appliances.json as { name: string }).name, 'health_check')
})

test('files: a recording, and the backup', async () => {
  const file = join(folder, 'a.mp4')
  const { json } = await asked('CommandShellRecording', `lsid=${LSID}`, 'instance=0', `file=${file}`)
  assert.deepEqual(json, { file, bytes: 6, contentType: null, suggestedName: null })
  assert.equal(readFileSync(file, 'utf8'), 'binary')
  assert.equal((await asked('backup', `file=${join(folder, 'b.nsb')}`)).code, 0)
  assert.equal(((await asked('find_recordings', `lsid=${LSID}`)).json as unknown[]).length, 3)
})

test('what can be done here', async () => {
  const { json } = await asked('can')
  assert.deepEqual((json as Record<string, unknown>)['backup'], { ok: true })
})

test('--verbose tells each request, and no parameter of it', async () => {
  const { stderr } = await asked('--verbose', 'terminate_session', `lsid=${LSID}`)
  assert.match(stderr, /POST \/api\/command terminate_session: 200, box, \d+ ms/)
  assert.doesNotMatch(stderr, new RegExp(LSID))
})

test('--help names every command and report', async () => {
  const { code, stdout } = await api(['--help'], {})
  assert.equal(code, 0)
  for (const name of ['get_api_info', 'get_support_teams', 'SupportSession', 'PresentationRecording', 'backup']) {
    assert.match(stdout, new RegExp(`^  ${name}$`, 'm'))
  }
})

test('what is wrong is JSON too, with exit 1', async () => {
  await Promise.all([
    fails(asked('terminate_session', `lsid=${LSID}`), 'box'),
    fails(asked('terminate_session'), 'invalid'),
    fails(asked('terminate_session', `lsid=${LSID}`, 'typo=1'), 'invalid'),
    fails(asked('get_support_teams', 'nonsense'), 'invalid'),
    fails(asked('get_support_teams', 'password=x'), 'invalid'),
    fails(asked(), 'invalid'),
  ])
  await Promise.all([
    fails(api(['get_support_teams']), 'invalid'),
    fails(api(['--bad']), 'invalid'),
    fails(api(['--host', 'http://support.example.com', 'get_support_teams']), 'invalid'),
    fails(api(['--host', server.url, 'get_support_teams'], {}), 'refused'),
    fails(api(['--host', 'http://127.0.0.1:9', 'get_support_teams']), 'unreachable'),
    fails(api(['--host', server.url.replace('http', 'https'), 'get_support_teams']), 'tls'),
  ])
})

test('a user’s name and password for older boxes', async () => {
  const { code } = await api(['--host', server.url, 'get_logged_in_reps'], {
    REP_TRAY_USERNAME: 'u',
    REP_TRAY_PASSWORD: 'p w',
  })
  assert.equal(code, 0)
  assert.equal(bodies.at(-1), 'action=get_logged_in_reps&username=u&password=p+w')
})
