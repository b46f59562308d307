import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Appended, Journal } from '../../main/events/journal.ts'
import { tokenHash } from '../../main/events/listener.ts'
import { until } from '../electron/until.ts'
import { ask, BEGIN, listen, openInFolder, rawSocket, RECIPIENT, startListener, TOKEN, within } from './support.ts'

const TOKEN_HEX = Buffer.from(tokenHash(TOKEN)).toString('hex')

/** A journal that stores when the test says so. */
function slowJournal() {
  const pending: PromiseWithResolvers<Appended>[] = []
  const wait = () => {
    const deferred = Promise.withResolvers<Appended>()
    pending.push(deferred)
    return deferred.promise
  }
  const journal: Pick<Journal, 'append' | 'quarantine'> = { append: wait, quarantine: wait }
  return { journal, pending }
}

test('an event is stored with all its variables, and answered with a bare 200', async (t) => {
  const now = 1_228_310_795_000
  const { post, events, told } = await listen(t, { now: () => now })
  const { status, headers, body } = await post()
  assert.deepEqual([status, body], [200, ''])
  assert.deepEqual(Object.keys(headers).toSorted(), ['connection', 'content-length', 'date'])
  const [stored, ...others] = events()
  assert.deepEqual(
    { ...stored, variables: { ...stored?.variables } },
    {
      seq: 1,
      receivedAt: now,
      at: 1_228_310_790_000,
      event: 'support_conference_begin',
      lsid: 'abc',
      source: '127.0.0.1',
      variables: { event: 'support_conference_begin', version: '1', timestamp: '1228310790', lsid: 'abc' },
      seen: 1,
    },
  )
  assert.equal(others.length, 0)
  assert.deepEqual(told, [
    ['event', 'support_conference_begin', false],
    ['token', TOKEN_HEX],
  ])
})

test('nothing is answered, and nothing told, before the event is durable', async (t) => {
  const { journal, pending } = slowJournal()
  const { port, told } = await startListener(t, { journal: () => journal })
  for (const body of [BEGIN, 'no event']) {
    const { write, received } = await rawSocket(t, port)
    write(`POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await until(() => pending.length === 1, 'the journal to be asked')
    // As many turns as a careless answer would need by far.
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate)
    assert.equal(received(), '')
    assert.deepEqual(told, [])
    pending.pop()?.resolve({ seq: 1, repeated: false })
    await until(() => received().startsWith('HTTP/1.1 200 OK\r\n'), 'the answer')
    assert.equal(told.length, 2)
    told.length = 0
  }
})

test('what cannot be stored is answered 503, reported, and stored when it comes again', async (t) => {
  let isBroken = true
  const journal = openInFolder(t)
  const broken = () => Promise.reject(new Error('disk full'))
  const { port, told } = await startListener(t, {
    journal: () => (isBroken ? { append: broken, quarantine: broken } : journal),
  })
  for (const body of [BEGIN, 'no event']) {
    isBroken = true
    told.length = 0
    const refused = await ask({ port, path: RECIPIENT, method: 'POST', body })
    assert.deepEqual([refused.status, refused.body], [503, ''])
    assert.deepEqual(told, [['store failure', 'Error: disk full']])
    isBroken = false
    assert.equal((await ask({ port, path: RECIPIENT, method: 'POST', body })).status, 200)
  }
  assert.equal(journal.eventsAfter(0, 10).length, 1)
})

test('a journal that is not even open is a 503 as well', async (t) => {
  const { port, told } = await startListener(t, {
    journal: () => {
      throw new Error('not open')
    },
  })
  assert.equal((await ask({ port, path: RECIPIENT, method: 'POST', body: BEGIN })).status, 503)
  assert.deepEqual(told, [['store failure', 'Error: not open']])
})

test('what fails after the answer cannot touch it', async (t) => {
  const fail = () => {
    throw new Error('a mistake')
  }
  for (const options of [{ onEvent: fail, onQuarantine: fail }, { onToken: fail }]) {
    const { post, told, events } = await listen(t, options)
    assert.equal((await post()).status, 200)
    assert.equal((await post({ body: 'no event' })).status, 200)
    await until(() => told.filter(([kind]) => kind === 'processing failure').length === 2, 'both reports')
    assert.equal(events().length, 1)
  }
})

test('a sender who goes away in the middle leaves nothing', async (t) => {
  const { port, events, told, post } = await listen(t)
  const { write, socket } = await rawSocket(t, port)
  write(`POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${BEGIN.length}\r\n\r\n${BEGIN.slice(0, 50)}`)
  await new Promise<void>((resolve) => void socket.end(resolve))
  assert.equal((await post()).status, 200)
  assert.equal(events().length, 1)
  assert.deepEqual(
    told.filter(([kind]) => kind !== 'token'),
    [['event', 'support_conference_begin', false]],
  )
})

test('a sender who goes away before the answer has the event stored, and it is known when it comes again', async (t) => {
  const journal = openInFolder(t)
  const gate = Promise.withResolvers<void>()
  let asked = 0
  const append: Journal['append'] = async (entry) => {
    asked += 1
    const appended = await journal.append(entry)
    await gate.promise
    return appended
  }
  const { port, told } = await startListener(t, { journal: () => ({ ...journal, append }) })
  const { write, socket } = await rawSocket(t, port)
  write(`POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\nContent-Length: ${BEGIN.length}\r\n\r\n${BEGIN}`)
  await until(() => asked === 1, 'the event')
  socket.destroy()
  gate.resolve()
  await until(() => told.length === 2, 'the event to be worked in')
  assert.equal((await ask({ port, path: RECIPIENT, method: 'POST', body: BEGIN })).status, 200)
  assert.deepEqual(
    told.filter(([kind]) => kind === 'event').map(([, , repeated]) => repeated),
    [false, true],
  )
  assert.equal(journal.eventsAfter(0, 10)[0]?.seen, 2)
})

test('a body that is no event is set aside with its bytes, answered 200, and told', async (t) => {
  const { post, events, quarantined, told } = await listen(t)
  const bodies: readonly [string | Uint8Array, string, RegExp][] = [
    ['', 'application/x-www-form-urlencoded', /no variable "event"/],
    ['{"event":"support_conference_begin"}', 'application/json', /no variable "event"/],
    [Buffer.from([0, 255, 254, 10, 13]), 'application/octet-stream', /no variable "event"/],
    ['event=support_conference_end', 'text/plain', /no "lsid"/],
    [`event=support_conference_end&lsid=${'x'.repeat(256)}`, 'text/plain', /256 characters/],
    ['--x\r\nbroken', 'multipart/form-data; boundary=x', /multipart/],
    [BEGIN, 'multipart/form-data', /multipart/],
  ]
  for (const [body, type, reason] of bodies) {
    told.length = 0
    assert.equal((await post({ body, headers: { 'content-type': type } })).status, 200, type)
    const kept = quarantined().at(-1)
    assert.deepEqual(Buffer.from(kept?.body ?? []), Buffer.from(body as string))
    assert.equal(kept?.contentType, type)
    assert.match(kept?.reason ?? '', reason)
    assert.deepEqual(told, [
      ['quarantine', kept?.reason, false],
      ['token', TOKEN_HEX],
    ])
  }
  assert.equal(quarantined().length, bodies.length)
  assert.equal(events().length, 0)
  told.length = 0
  assert.equal((await post({ body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 200)
  assert.equal(quarantined().length, bodies.length)
  assert.deepEqual(told[0]?.[2], true)
})

test('a body up to a megabyte is an event; a larger one is set aside with its first megabyte', async (t) => {
  const { post, events, quarantined } = await listen(t)
  const limit = 1024 * 1024
  const fill = (length: number) => `${BEGIN}&filler=`.padEnd(length, 'x')
  assert.equal((await post({ body: fill(limit) })).status, 200)
  assert.equal(events()[0]?.variables['filler']?.length, limit - BEGIN.length - '&filler='.length)
  assert.equal((await post({ body: fill(limit + 1) })).status, 200)
  assert.equal((await post({ body: fill(10 * limit) })).status, 200)
  assert.equal(events().length, 1)
  const kept = quarantined()
  assert.deepEqual(
    kept.map(({ body }) => body.byteLength),
    [limit],
  )
  assert.equal(kept[0]?.seen, 2)
  assert.match(kept[0]?.reason ?? '', /larger than 1048576 bytes/)
})

test('an endless body is cut off and not stored', async (t) => {
  const { port, events, quarantined, post } = await listen(t)
  const { write, socket, closed, received } = await rawSocket(t, port)
  write(`POST ${RECIPIENT} HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n`)
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 120), Buffer.from('\r\n')])
  const pump = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', pump)
  pump()
  await within(closed, 'the connection to be cut')
  assert.equal(received(), '')
  assert.equal((await post()).status, 200)
  assert.deepEqual([events().length, quarantined().length], [1, 0])
})

test('an event that this version does not know is stored and told like any other', async (t) => {
  const { post, events, told } = await listen(t)
  const body = 'event=access_session_start&version=9&lsid=x&color=red&__proto__=1&constructor=2'
  assert.equal((await post({ body })).status, 200)
  const variables = Object.entries(events()[0]?.variables ?? {})
  assert.deepEqual(variables.slice(2), [
    ['lsid', 'x'],
    ['color', 'red'],
    ['__proto__', '1'],
    ['constructor', '2'],
  ])
  assert.deepEqual(told[0], ['event', 'access_session_start', false])
})

test('an event that comes again is answered 200, counted, and told as a repeat', async (t) => {
  const { post, events, told } = await listen(t)
  const answers = await Promise.all([post(), post(), post()])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  // The order of variables and the way they are written do not matter.
  const other = 'lsid=%61bc&timestamp=1228310790&version=1&event=support_conference_begin'
  assert.equal((await post({ body: other })).status, 200)
  assert.deepEqual(
    events().map(({ seen }) => seen),
    [4],
  )
  const repeats = told.filter(([kind]) => kind === 'event').map(([, , repeated]) => repeated)
  assert.deepEqual(repeats, [false, true, true, true])
})

test('variables of the URL belong to the event; those of the body win', async (t) => {
  const { post, events } = await listen(t)
  const path = `${RECIPIENT}&appliance_id=Default&lsid=url&note=J%C3%B6rg+x&note=last&__proto__=1`
  assert.equal((await post({ path, body: 'event=e&lsid=body&token=a+variable' })).status, 200)
  const { variables = {} } = events()[0] ?? {}
  const names = ['__proto__', 'appliance_id', 'event', 'lsid', 'note', 'token']
  assert.deepEqual(Object.keys(variables).toSorted(), names)
  assert.deepEqual(
    names.map((name) => variables[name]),
    ['1', 'Default', 'e', 'body', 'last', 'a variable'],
  )
  assert.equal((await post({ path: `${RECIPIENT}&event=all+in+the+url`, body: '' })).status, 200)
  assert.equal(events()[1]?.event, 'all in the url')
})

test('multipart and Windows-1252 come in over the wire, too', async (t) => {
  const { post, events } = await listen(t)
  const part = (name: string, value: string) =>
    `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const body = Buffer.from(`${part('event', 'e')}${part('display_name', 'J\xf6rg')}--xx--\r\n`, 'latin1')
  assert.equal((await post({ body, headers: { 'content-type': 'multipart/form-data; boundary=xx' } })).status, 200)
  assert.equal((await post({ body: Buffer.from('event=f&display_name=J\xf6rg', 'latin1') })).status, 200)
  assert.deepEqual(
    events().map(({ variables }) => variables['display_name']),
    ['Jörg', 'Jörg'],
  )
})

test('an event without a readable time stamp happened when it came in', async (t) => {
  const { post, events } = await listen(t, { now: () => 7_000 })
  await post({ body: 'event=a' })
  await post({ body: 'event=b&timestamp=soon' })
  await post({ body: 'event=c&timestamp=0' })
  assert.deepEqual(
    events().map(({ at }) => at),
    [7_000, 7_000, 0],
  )
})
