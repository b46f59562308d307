import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { auditEvents } from '../appliance/audit.ts'
import { valueOf } from '../appliance/event.ts'
import { startRecorder, type Recorder, type RecorderOptions } from '../appliance/recorder.ts'

const MAIN = fileURLToPath(new URL('../appliance/main.ts', import.meta.url))

interface Run {
  readonly code: number | null
  readonly out: readonly string[]
  readonly err: readonly string[]
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Run>
  /** Resolves with the first line of stdout that matches. */
  line(pattern: RegExp): Promise<string>
}

/** There, `kill` ends a process without its being told. */
const noSignals = process.platform === 'win32' ? 'Windows has no signals' : false

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

/** Starts the program. Pieces of the command line that begin with an option are split at their blanks. */
function start(t: TestContext, ...pieces: readonly string[]): Running {
  const args = pieces.flatMap((piece) => (piece.startsWith('--') ? piece.split(' ') : [piece]))
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk
  })
  const ended = new Promise<Run>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out: linesOf(out), err: linesOf(err) }))
  })
  return {
    child,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = linesOf(out).find((line) => pattern.test(line))
          if (found !== undefined) resolve(found)
        }
        child.stdout.on('data', look)
        child.on('close', () => reject(new Error(`ended without ${String(pattern)}: ${out}${err}`)))
        look()
      }),
  }
}

const run = (t: TestContext, ...pieces: readonly string[]): Promise<Run> => start(t, ...pieces).ended

async function startTestRecorder(t: TestContext, options: RecorderOptions = {}): Promise<Recorder> {
  const recorder = await startRecorder(options)
  t.after(() => recorder.close())
  return recorder
}

test('--help explains itself and ends well', async (t) => {
  const { code, out, err } = await run(t, '--help')
  assert.equal(code, 0)
  assert.deepEqual(err, [])
  assert.match(out.join('\n'), /--recipient URL/)
})

test('wrong use is one line on stderr and exit code 2', async (t) => {
  for (const line of ['--what', '--random', '--scenario nowhere --recipient http://127.0.0.1:9/']) {
    const { code, out, err } = await run(t, line)
    assert.equal(code, 2)
    assert.deepEqual(out, [])
    assert.equal(err.length, 1)
    assert.match(err[0] ?? '', /^appliance: .* \(--help tells more\)$/)
  }
})

test('--scenario basic: a line for each attempt, the summary, exit code 0', async (t) => {
  const recorder = await startTestRecorder(t)
  const { code, out, err } = await run(t, `--recipient ${recorder.url}?token=very-secret --scenario basic --speed 20`)
  assert.deepEqual([code, err], [0, []])
  assert.equal(recorder.posts.length, 13)
  assert.deepEqual(auditEvents(recorder.posts.map(({ variables }) => variables)), [])
  assert.equal(out.length, 1 + 13 + 2)
  assert.match(out[0] ?? '', new RegExp(`^seed \\d+, to 127\\.0\\.0\\.1:${recorder.port}$`))
  assert.match(out[1] ?? '', /^\d\d:\d\d:\d\d {2}200 +attempt 1 {2}[0-9a-f]{32} {2}support_conference_begin$/)
  assert.match(out.at(-1) ?? '', /: 13 delivered, 0 dropped, 0 left; 13 attempts, 0 replies lost$/)
  assert.ok(!out.join('\n').includes('very-secret'), 'no token in the output')
})

test('what a recipient refuses for too long is dropped: exit code 1', async (t) => {
  const recorder = await startTestRecorder(t, {
    answer: ({ variables }) => (valueOf(variables, 'event')?.endsWith('_begin') === true ? 500 : 200),
  })
  const { code, out } = await run(
    t,
    `--recipient ${recorder.url} --scenario basic --speed 100 --json`,
    '--retry-interval 0.02 --retry-duration 0.2',
  )
  assert.equal(code, 1)
  const records = out.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(records[0]?.['type'], 'start')
  const drops = records.filter(({ type }) => type === 'drop')
  assert.deepEqual(
    drops.map(({ event }) => event),
    ['support_conference_begin'],
  )
  const attempts = records.filter(({ type, event }) => type === 'attempt' && event === 'support_conference_begin')
  assert.equal(attempts.length, drops[0]?.['attempts'])
  assert.deepEqual(
    attempts.map(({ attempt }) => attempt),
    attempts.map((_, index) => index + 1),
  )
  const summary = records.at(-1) as { type: string; events: number; recipients: Record<string, unknown>[] }
  assert.equal(summary.type, 'summary')
  assert.equal(summary.events, 13)
  assert.equal(summary.recipients[0]?.['acknowledged'], 12)
  assert.equal(summary.recipients[0]?.['dropped'], 1)
})

test('the same seed sends the same, in as many events as asked for', async (t) => {
  const bodies = async (seed: number) => {
    const recorder = await startTestRecorder(t)
    const { code } = await run(
      t,
      `--recipient ${recorder.url} --random --rate 2000 --events 100 --odd 0.2 --quiet`,
      `--seed ${seed} --custom-fields`,
    )
    assert.equal(code, 0)
    return recorder.posts.map(({ body }) => body.toString('latin1').replaceAll(/timestamp(=|"\r\n\r\n)\d+/g, ''))
  }
  const first = await bodies(7)
  assert.equal(first.length, 100)
  assert.deepEqual(await bodies(7), first)
  assert.notDeepEqual(await bodies(8), first)
})

test('a backlog and lost replies, to two recipients', async (t) => {
  const [one, two] = [await startTestRecorder(t), await startTestRecorder(t)]
  const { code, out } = await run(
    t,
    `--recipient ${one.url} --recipient ${two.url} --backlog 50 --age 7200`,
    '--lost-reply 0.3 --retry-interval 0.001 --quiet --only support_conference_owner_changed',
    '--only support_conference_begin',
  )
  assert.equal(code, 0)
  assert.equal(out.length, 4)
  for (const { posts } of [one, two]) {
    const unique = new Set(posts.map(({ body }) => body.toString()))
    assert.ok(unique.size > 10 && unique.size < 50)
    assert.ok(posts.length > unique.size)
    const age = Date.now() / 1000 - Number(valueOf(posts[0]?.variables ?? [], 'timestamp'))
    assert.ok(age >= 7199 && age < 7230, String(age))
    for (const { variables } of posts) assert.match(valueOf(variables, 'event') ?? '', /_(begin|owner_changed)$/)
  }
})

test('a scenario of one\u2019s own, repeated for a while', async (t) => {
  const recorder = await startTestRecorder(t)
  const folder = await mkdtemp(join(tmpdir(), 'appliance-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'mine.json')
  const steps = [{ after: 0.02, do: 'start', session: 'a', queue: 'rep:you', customer: 'Me' }]
  await writeFile(file, JSON.stringify({ steps, rest: 0.02 }))
  const { code } = await run(t, `--recipient ${recorder.url} --for 0.5 --you 17 --quiet`, '--scenario', file)
  assert.equal(code, 0)
  assert.ok(recorder.posts.length > 6)
  const begin = valueOf(recorder.posts[1]?.variables ?? [], 'conference_id')
  assert.equal(begin, 'rep:17')
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends it cleanly, with the summary`, { skip: noSignals }, async (t) => {
    const recorder = await startTestRecorder(t)
    const running = start(t, `--recipient ${recorder.url} --random --rate 50`)
    await running.line(/ 200 /)
    running.child.kill(signal)
    const { code, out, err } = await running.ended
    assert.deepEqual([code, err], [0, []])
    assert.match(out.at(-1) ?? '', / delivered, 0 dropped, 0 left; /)
  })
}

test('ended while its recipient is away, it says what is left: exit code 1', { skip: noSignals }, async (t) => {
  const recorder = await startTestRecorder(t, { answer: () => 503 })
  const running = start(t, `--recipient ${recorder.url} --backlog 5`)
  await running.line(/ 503 /)
  running.child.kill('SIGTERM')
  const { code, out } = await running.ended
  assert.equal(code, 1)
  assert.match(out.at(-1) ?? '', /: 0 delivered, 0 dropped, 5 left; 1 attempts/)
})

test('the API alone is served until a signal', { skip: noSignals }, async (t) => {
  const running = start(t, '--api-port 0 --username me --password mine --profile 14.1')
  const url = (await running.line(/^api: /)).slice('api: '.length)
  const form = new URLSearchParams({ action: 'get_api_info', username: 'me', password: 'mine' })
  const response = await fetch(`${url}/api/command`, { method: 'POST', body: form })
  assert.match(await response.text(), /<api_version>1\.11\.0</)
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 0)
})

test('the site alone is served with a scenario that goes nowhere else, and tells of each request', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'appliance-'))
  t.after(() => rm(folder, { recursive: true }))
  const certificate = join(folder, 'ca.pem')
  const running = start(
    t,
    '--api-port 0 --profile 24.x --history 50 --seed 1 --scenario basic --for 20 --permission backup=1 --report-lag 2x',
    '--api-tls',
    certificate,
  )
  const url = (await running.line(/^api: https:/)).slice('api: '.length)
  const ca = await readFile(certificate, 'utf8')
  assert.match(ca, /BEGIN CERTIFICATE/)
  const status = await new Promise<number>((resolve, reject) => {
    request(`${url}/api/start_session?issue_menu=1&id=3`, { ca }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
  assert.equal(status, 200)
  await running.line(/^\d\d:\d\d:\d\d {2}200 +GET \/api\/start_session/)
  running.child.kill('SIGTERM')
  await running.ended
})

test('with --for the API is served that long, beside what is sent', async (t) => {
  const recorder = await startTestRecorder(t)
  const running = start(t, `--api-port 0 --for 1 --recipient ${recorder.url} --random --events 5 --rate 500`)
  const url = (await running.line(/^api: /)).slice('api: '.length)
  await running.line(/attempt 1/)
  assert.equal((await fetch(`${url}/check_health`)).status, 200)
  const { code } = await running.ended
  assert.equal(code, 0)
  assert.equal(recorder.posts.length, 5)
})
