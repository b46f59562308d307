import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Progress } from '../../main/appliance/connection.ts'
import { suggestedName } from '../../main/appliance/download.ts'
import { recordingsOf } from '../../main/appliance/files.ts'
import { apiInfo, example, failure, LSID, noTime, stub, xml } from './appliance-client-stub.ts'

const folder = mkdtempSync(join(tmpdir(), 'rep-tray-files-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
function target(): string {
  count += 1
  return join(folder, `${count}.bin`)
}

const SCREEN = { kind: 'session', lsid: LSID, instance: null } as const
const VIDEO = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(300_000, 7)])

function inPieces(bytes: Uint8Array, size: number, end: 'close' | 'break' | 'stall' = 'close'): Response {
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (at < bytes.length) {
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)))
        at += size
      } else if (end === 'close') controller.close()
      else if (end === 'break') controller.error(new TypeError('terminated'))
      else await new Promise(() => undefined)
    },
  })
  const headers = {
    'Content-Type': 'video/mp4',
    'Content-Disposition': 'attachment; filename="../rec 1.mp4"',
    ...(end === 'close' ? { 'Content-Length': String(bytes.length) } : {}),
  }
  return new Response(body, { headers })
}

test('what a session’s report offers', async () => {
  const { client } = stub(({ asked }) =>
    asked === 'SupportSession' ? xml(example('SupportSession-full.xml')) : undefined,
  )
  const [first, second] = await client.supportSessions({ lsid: LSID })
  assert.ok(first !== undefined && second !== undefined)
  assert.deepEqual(
    recordingsOf(first).map(({ kind, instance }) => [kind, instance]),
    [
      ['session', null],
      ['commandShell', 0],
      ['commandShell', 1],
    ],
  )
  assert.deepEqual(recordingsOf(second), [])
  assert.equal((await client.findRecordings(LSID))?.length, 3)
  const unknown = stub(({ asked }) => (asked === 'SupportSession' ? xml('<session_list/>') : undefined))
  assert.equal(await unknown.client.findRecordings(LSID), null)
})

test('a recording is written as it comes, with progress, and nothing else is left', async () => {
  const { client, seen } = stub(({ asked }) =>
    asked === 'SupportSessionRecording' ? inPieces(VIDEO, 10_000) : undefined,
  )
  const file = target()
  writeFileSync(file, 'what was there before')
  const progress: Progress[] = []
  const done = await client.downloadRecording(SCREEN, file, { onProgress: (one) => progress.push(one) })
  assert.deepEqual(done, { file, bytes: VIDEO.length, contentType: 'video/mp4', suggestedName: 'rec 1.mp4' })
  assert.ok(readFileSync(file).equals(VIDEO))
  assert.equal(statSync(file).mode & 0o077, 0)
  assert.deepEqual(progress.at(-1), { bytes: VIDEO.length, totalBytes: VIDEO.length, part: 1, parts: 1 })
  assert.ok(progress.length > 20)
  assert.equal(seen.at(-1)?.raw, `generate_report=SupportSessionRecording&lsid=${LSID}`)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.part')),
    [],
  )
})

test('the kinds of recordings, and the backup, by their names in the API', async () => {
  const { client, seen } = stub(({ asked }) =>
    ['/oauth2/token', 'get_api_info'].includes(asked) ? undefined : inPieces(VIDEO, 1e6),
  )
  await client.downloadRecording({ kind: 'commandShell', lsid: LSID, instance: 0 }, target())
  assert.equal(seen.at(-1)?.raw, `generate_report=CommandShellRecording&lsid=${LSID}&instance=0`)
  await client.downloadRecording({ kind: 'presentation', lsid: LSID, instance: null }, target())
  assert.equal(seen.at(-1)?.raw, `generate_report=PresentationSessionRecording&lsid=${LSID}`)
  await client.downloadRecording({ kind: 'showMyScreen', lsid: LSID, instance: null }, target())
  assert.equal(seen.at(-1)?.raw, `generate_report=ShowMyScreenRecording&lsid=${LSID}`)
  await client.backup(target())
  assert.equal(seen.at(-1)?.path, '/api/backup')
})

test('the backup needs its permission', async () => {
  const { client, seen } = stub(({ asked }) =>
    asked === 'get_api_info' ? xml(apiInfo('1.24.1', { perm_backup: '0' })) : undefined,
  )
  const error = await failure(client.backup(target()))
  assert.equal(error.kind, 'forbidden')
  assert.match(error.detail, /perm_backup/)
  assert.ok(!seen.some(({ path }) => path === '/api/backup'))
})

const INSTEAD: Readonly<Record<string, readonly [() => Response, string]>> = {
  'an error': [() => xml('<?xml version="1.0"?>\n\n<error xmlns="x">This recording has expired.</error>'), 'box'],
  'an error that claims to be a video': [
    () => new Response('<error>Expired</error>', { headers: { 'Content-Type': 'video/mp4' } }),
    'box',
  ],
  'an error with a prefix and a byte order mark': [
    () => new Response('\ufeff  <bg:error xmlns:bg="x">No</bg:error>'),
    'box',
  ],
  'a web page': [() => new Response(example('web-page.html')), 'unreadable'],
  '"Document Not Found"': [() => new Response('Document Not Found'), 'forbidden'],
  'another report': [() => xml('<session_list/>'), 'unreadable'],
  nothing: [() => new Response(''), 'unreadable'],
  'less than was said': [() => new Response('abc', { headers: { 'Content-Length': '5' } }), 'unreadable'],
  'a connection that breaks': [() => inPieces(VIDEO, 50_000, 'break'), 'unreachable'],
}
for (const [name, [reply, kind]] of Object.entries(INSTEAD)) {
  test(`${name} instead of a recording: an error, and the file of before stays`, async () => {
    const { client } = stub(({ asked }) => (asked === 'SupportSessionRecording' ? reply() : undefined), {
      delay: noTime,
    })
    const file = target()
    writeFileSync(file, 'before')
    assert.equal((await failure(client.downloadRecording(SCREEN, file))).kind, kind)
    assert.equal(readFileSync(file, 'utf8'), 'before')
    assert.deepEqual(
      readdirSync(folder).filter((each) => each.endsWith('.part')),
      [],
    )
  })
}

test('cancelled in the middle: nothing is left', async () => {
  const stop = new AbortController()
  const { client } = stub(({ asked }) =>
    asked === 'SupportSessionRecording' ? inPieces(VIDEO, 50_000, 'stall') : undefined,
  )
  const file = target()
  const outcome = failure(
    client.downloadRecording(SCREEN, file, {
      signal: stop.signal,
      onProgress: ({ bytes }) => {
        if (bytes > 100_000) stop.abort()
      },
    }),
  )
  assert.equal((await outcome).kind, 'cancelled')
  assert.throws(() => statSync(file))
  assert.deepEqual(
    readdirSync(folder).filter((each) => each.endsWith('.part')),
    [],
  )
})

test('a folder that is not there is our mistake, said plainly', async () => {
  const { client } = stub(({ asked }) => (asked === 'SupportSessionRecording' ? inPieces(VIDEO, 50_000) : undefined))
  const error = await failure(client.downloadRecording(SCREEN, join(folder, 'missing', 'x.mp4')))
  assert.equal(error.kind, 'invalid')
  assert.equal(error.code, 'ENOENT')
  assert.match(error.message, /could not be written/)
})

test('file names that the appliance suggests are names, never paths', () => {
  const names = {
    'attachment; filename=a.flv': 'a.flv',
    'attachment; filename="a \\"b\\".flv"': 'a _b_.flv',
    'attachment; filename="C:\\\\Windows\\\\x.exe"': 'x.exe',
    "attachment; filename=x; filename*=UTF-8''%C3%A4%2F..%2Fb.mp4": 'b.mp4',
    "attachment; filename=x.mp4; filename*=UTF-8''%ZZ": 'x.mp4',
    'attachment; filename="..."': null,
    'attachment; filename="a:b|c?.mp4 "': 'a_b_c_.mp4',
    attachment: null,
  }
  for (const [header, name] of Object.entries(names)) assert.equal(suggestedName(header), name, header)
  assert.equal(suggestedName(null), null)
})
