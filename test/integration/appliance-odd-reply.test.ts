import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'

import { XMLParser, XMLValidator } from 'fast-xml-parser'

import { ODD_REPLY_KINDS, type OddFigures, type OddReplyKind } from '../appliance/api/odd-reply.ts'
import { createSystemClock } from '../appliance/clock.ts'
import { findRepresentative } from '../appliance/world.ts'
import { BASIC, LOGIN, startBox, type Box, type Fields } from './appliance-support.ts'

interface Raw {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
  /** Pieces in which the body came. */
  readonly pieces: number
  readonly tookMs: number
  /** Why it is not whole; null: it is. */
  readonly broken: string | null
}

/** Posts a form, and takes whatever comes within that time. */
function postRaw(box: Box, path: string, form: Fields, patienceMs = 5000): Promise<Raw> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let head = { status: 0, headers: {} as NodeJS.Dict<string | string[]> }
    const finish = (broken: string | null) => {
      const body = Buffer.concat(chunks).toString('utf8')
      resolve({ ...head, body, pieces: chunks.length, tookMs: performance.now() - startedAt, broken })
    }
    const outgoing = request(
      box.url + path,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        signal: AbortSignal.timeout(patienceMs),
      },
      (response) => {
        head = { status: response.statusCode ?? 0, headers: response.headers }
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => undefined)
        response.on('close', () => finish(response.complete ? null : 'cut'))
      },
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) => finish(error.name === 'AbortError' ? 'hang' : 'reset'))
    outgoing.end(new URLSearchParams({ ...LOGIN, ...form }).toString())
  })
}

/** A box with real time whose sessions say things that are hard to write. */
async function startOddBox(t: Parameters<typeof startBox>[0]) {
  const box = await startBox(t, { appliance: { clock: createSystemClock(), inventDetails: false } })
  const rep = findRepresentative(box.appliance.world, 12)
  const sessions = [box.start('team:5', { key: 'INC <1> & "2"' }), box.start('team:7')]
  for (const session of sessions) {
    session.pickUp(rep)
    session.log({ type: 'Chat Message', by: 'customer', body: ']]> <b> & "quoted" 👍 ü' })
    session.log({ type: 'Chat Message', by: rep, body: 'second' })
    session.end()
  }
  const lsids = sessions.map(({ lsid }) => lsid).join(',')
  const report = (more: Fields = {}) =>
    postRaw(box, '/api/reporting', { generate_report: 'SupportSession', lsids, ...more })
  return { box, report }
}

/** Documents are the same if they say the same, however they are written. */
function meaning(xml: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    removeNSPrefix: true,
    parseTagValue: false,
    ignorePiTags: true,
    htmlEntities: true,
    numberParseOptions: { hex: false, leadingZeros: false, skipLike: /.*/ },
  })
  return JSON.parse(JSON.stringify(parser.parse(xml)).replaceAll(/"@_(xmlns|bg)[^,}]*,?/g, ''))
}

/** So that it does not take long. */
const FIGURES: Readonly<Partial<Record<OddReplyKind, OddFigures>>> = {
  drip: { bytes: 200, ms: 2 },
  split: { bytes: 13 },
  slow: { ms: 100 },
}

const SAME: readonly OddReplyKind[] = [
  'slow',
  'split',
  'drip',
  'cdata',
  'references',
  'prefix',
  'namespace',
  'mark',
  'comment',
  'wrong-type',
  'no-type',
]

test('replies that are written oddly say the same', async (t) => {
  const { box, report } = await startOddBox(t)
  const plain = await report()
  assert.equal(XMLValidator.validate(plain.body), true)
  for (const kind of SAME) {
    box.api.next(kind, FIGURES[kind] ?? {})
    const odd = await report()
    assert.deepEqual([odd.status, odd.broken], [200, null], kind)
    assert.deepEqual(meaning(odd.body.replace('\ufeff', '')), meaning(plain.body), kind)
    if (kind === 'slow') assert.ok(odd.tookMs >= 95, String(odd.tookMs))
    if (kind === 'drip' || kind === 'split') assert.ok(odd.pieces > 20, `${odd.pieces} pieces`)
    if (['cdata', 'references', 'prefix', 'namespace', 'mark', 'comment'].includes(kind)) {
      assert.notEqual(odd.body, plain.body, kind)
    }
  }
  assert.equal((await report()).body, plain.body, 'only the next one was odd')
})

test('replies that say something else', async (t) => {
  const { box, report } = await startOddBox(t)
  const body = async (kind: OddReplyKind) => {
    box.api.next(kind)
    const reply = await report()
    assert.deepEqual([reply.status, reply.broken], [200, null], kind)
    return reply.body
  }
  assert.match(await body('error'), /^<\?xml[^]*\n<error xmlns="[^"]*reporting">The request [^<]*&amp; /)
  assert.match(await body('error-in-list'), /<session_list [^>]*>\s*<error>[^<]*<\/error>\s*<\/session_list>/)
  assert.match(await body('login-page'), /^<!DOCTYPE html>/)
  assert.equal(await body('not-found'), 'Document Not Found')
  assert.equal(await body('empty'), '')
  assert.notEqual(XMLValidator.validate(await body('malformed')), true)
  assert.match(await body('doctype'), /<!ENTITY c "&b;/)
  assert.match(await body('none'), /<session_list [^>]*><\/session_list>/)
  const single = await body('single')
  assert.equal(single.match(/<session /g)?.length, 1)
  assert.equal(single.match(/<event /g)?.length, 1)
  const open = await body('empty-end-time')
  assert.equal(open.match(/<end_time><\/end_time>/g)?.length, 2)
  const encoded = await body('encoded-body')
  assert.equal(encoded.includes('<body>'), false)
  const [, base64 = ''] = /<encoded_body>([^<]*)</.exec(encoded) ?? []
  assert.equal(Buffer.from(base64, 'base64').toString(), ']]> <b> & "quoted" 👍 ü')
  assert.equal((await body('no-key')).includes('external_key'), false)
  assert.match(await body('strangers'), /<session_list [^>]*future="1">\s*<future>/)
  const reordered = await body('reordered')
  assert.ok(reordered.indexOf('<session_details>') < reordered.indexOf('<start_time'))
  assert.equal(XMLValidator.validate(reordered), true)
})

test('replies of others than the API', async (t) => {
  const { box, report } = await startOddBox(t)
  for (const [kind, status] of [
    ['proxy-page', 502],
    ['redirect', 302],
    ['unauthorized', 401],
    ['rate-limited', 429],
    ['busy', 503],
    ['failure', 500],
  ] as const) {
    box.api.next(kind, { seconds: 7 })
    const { status: seen, headers, body } = await report()
    assert.equal(seen, status, kind)
    if (kind === 'busy') assert.equal(headers['retry-after'], '7')
    if (kind === 'redirect') assert.equal(headers['location'], '/login')
    if (kind === 'unauthorized') assert.deepEqual(Object.keys(JSON.parse(body) as object), ['error', 'message'])
  }
  const lsid = box.start('team:5').lsid
  box.api.next('busy')
  await postRaw(box, '/api/command', { action: 'terminate_session', lsid })
  assert.equal(box.appliance.sessions.has(lsid), true, 'what was answered in place of the API was not carried out')
})

test('connections that break, and one that says nothing', async (t) => {
  const { box, report } = await startOddBox(t)
  const whole = await report()
  box.api.next('cut', { bytes: 400 })
  const cut = await report()
  assert.deepEqual([cut.status, cut.broken], [200, 'cut'])
  assert.equal(cut.body, whole.body.slice(0, 400))
  box.api.next('cut', { bytes: 1e9 })
  const late = await report()
  assert.deepEqual([late.broken, late.body], ['cut', whole.body], 'all of it came, but not its end')
  box.api.next('cut-at-once')
  assert.deepEqual([(await report()).broken, box.api.requests.at(-1)?.odd], ['reset', 'cut-at-once'])
  box.api.next('hang')
  const silent = await postRaw(box, '/api/reporting', { generate_report: 'SupportSession' }, 200)
  assert.equal(silent.broken, 'hang')
})

test('a huge reply is made while it is sent', async (t) => {
  const { box, report } = await startOddBox(t)
  const before = process.memoryUsage().arrayBuffers
  box.api.next('huge', { bytes: 8_000_000 })
  const { body } = await report()
  assert.ok(body.length > 8_000_000)
  assert.ok(body.includes('<session '), 'what was asked for is at its end')
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000)
})

test('orders wait for what they are meant for', async (t) => {
  const box = await startBox(t)
  const status = async (path: string, form: Fields) => (await box.post(path, { ...LOGIN, ...form })).status
  box.api.next('busy', { on: 'SupportSession', times: 2 })
  box.api.next('failure', { on: 'token' })
  box.api.next('proxy-page')
  assert.equal(await status('/api/command', { action: 'get_api_info' }), 502)
  assert.equal(await status('/api/command', { action: 'get_api_info' }), 200)
  assert.equal(await status('/api/reporting', { generate_report: 'SupportSessionListing' }), 200)
  assert.equal(await status('/api/reporting', { generate_report: 'SupportSession' }), 503)
  assert.equal(await status('/api/reporting', { generate_report: 'SupportSession' }), 503)
  assert.equal(await status('/api/reporting', { generate_report: 'SupportSession' }), 200)
  assert.equal((await box.post('/oauth2/token', {}, { Authorization: BASIC })).status, 500)
  box.api.next('busy')
  box.api.clearNext()
  assert.equal(await status('/api/command', { action: 'get_api_info' }), 200)
  assert.deepEqual(box.api.requests.map(({ name, odd }) => `${name} ${String(odd)}`).slice(0, 2), [
    'get_api_info proxy-page',
    'get_api_info null',
  ])
})

test('at random about as many replies are odd as asked for, of all kinds', async (t) => {
  const box = await startBox(t, { oddReplies: 0.5, appliance: { clock: createSystemClock() } })
  for (let batch = 0; batch < 10; batch += 1) {
    await Promise.all(Array.from({ length: 30 }, () => postRaw(box, '/api/command', { action: 'get_api_info' })))
  }
  assert.equal(box.api.requests.length, 300)
  const odd = box.api.requests.map((each) => each.odd).filter((kind) => kind !== null)
  assert.ok(odd.length > 110 && odd.length < 190, String(odd.length))
  assert.ok(new Set(odd).size > 15, [...new Set(odd)].join(' '))
  for (const kind of ['hang', 'huge', 'none'] as const) assert.equal(odd.includes(kind), false)
  assert.ok(ODD_REPLY_KINDS.length >= 25)
})
