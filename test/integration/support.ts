/** What the tests of the event path share: a folder, entries for the journal, a listener with its ears open. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { atEnd } from '../at-end.ts'
import { eventDigest } from '../../main/events/event.ts'
import { createListener, tokenHash, type Listener, type ListenerOptions } from '../../main/events/listener.ts'
import { openJournalForReading } from '../../main/events/reading.ts'
import { openJournal, type EventEntry, type Journal, type QuarantineEntry } from '../../main/events/journal.ts'

/** A folder that goes with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An open journal, in a folder of its own unless `file` is given. It is closed when the test ends, if not before. */
export function openInFolder(
  t: TestContext,
  file = join(temporaryFolder(t), 'data', 'journal.db'),
): Journal & { readonly file: string } {
  const journal = openJournal(file)
  let isOpen = true
  const close = () => {
    if (isOpen) journal.close()
    isOpen = false
  }
  atEnd(t, close)
  return Object.assign(Object.create(journal) as Journal, { file, close })
}

/** An event for the journal; `name` tells it from all others. */
export function entry(name: string, own: Partial<EventEntry> = {}): EventEntry {
  const variables = own.variables ?? { event: 'support_conference_begin', lsid: name }
  return {
    digest: eventDigest({ ...variables, name }),
    receivedAt: 1_000,
    at: 900,
    event: variables['event'] ?? '',
    lsid: variables['lsid'] ?? null,
    source: '192.0.2.1',
    variables,
    ...own,
  }
}

/** A body that is no event, for the journal. */
export function odd(name: string, own: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    digest: Buffer.from(`quarantine ${name}`),
    receivedAt: 1_000,
    source: '192.0.2.1',
    reason: 'It is odd.',
    contentType: 'text/plain',
    parameters: {},
    isCut: false,
    body: Buffer.from(name),
    ...own,
  }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Asked {
  readonly port: number
  readonly path?: string
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Uint8Array
  readonly address?: string
}

/** Sends one request on a connection of its own. Rejects if the connection ends without an answer. */
export function ask({ port, path = '/', method = 'GET', headers = {}, body, address = '127.0.0.1' }: Asked) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: address, port, path, method, headers, agent: false }, (response) => {
      const parts: Uint8Array[] = []
      response.on('data', (part: Uint8Array) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

export interface RawSocket {
  readonly socket: Socket
  readonly write: (text: string | Uint8Array) => void
  /** All that came back so far, bytes as characters. */
  readonly received: () => string
  /** Resolves when the other side is gone. */
  readonly closed: Promise<void>
}

/** A connection that says whatever the test wants; it goes with the test. */
export async function rawSocket(t: TestContext, port: number, address = '127.0.0.1'): Promise<RawSocket> {
  const socket = connect({ port, host: address })
  atEnd(t, () => socket.destroy())
  let received = ''
  socket.on('data', (part) => {
    received += part.toString('latin1')
  })
  // A connection that is cut is what many tests want.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return { socket, write: (text) => void socket.write(text), received: () => received, closed }
}

/** Fails if a promise is not settled in time. */
export async function within<Value>(promise: Promise<Value>, what: string, ms = 5_000): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new assert.AssertionError({ message: `Waited ${ms} ms for: ${what}` })), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export const TOKEN = 'the-token-of-these-tests'
/** A recipient path with the token. */
export const RECIPIENT = `/events?token=${TOKEN}`

/** What a listener told, in order. */
export type Told =
  | readonly ['event', string, boolean]
  | readonly ['quarantine', string, boolean]
  | readonly ['store failure' | 'processing failure', string]
  | readonly ['refused', 'name' | 'address', string]
  | readonly ['token', string]

export interface StartedListener {
  readonly listener: Listener
  readonly port: number
  readonly told: Told[]
}

/** A listener on 127.0.0.1 (if nothing else is said) that tells all it has to tell; it ends with the test. */
export async function startListener(
  t: TestContext,
  options: Pick<ListenerOptions, 'journal'> & Partial<ListenerOptions> & { readonly address?: string },
): Promise<StartedListener> {
  const told: Told[] = []
  const { address = '127.0.0.1', ...rest } = options
  const listener = createListener({
    tokens: () => [tokenHash(TOKEN)],
    names: () => new Set(['localhost', 'desk', 'desk.example.net']),
    allow: () => null,
    now: Date.now,
    onEvent: ({ event, appended }) => told.push(['event', event.event, appended.repeated]),
    onQuarantine: (reason, repeated) => told.push(['quarantine', reason, repeated]),
    onStoreFailure: (error) => told.push(['store failure', String(error)]),
    onRefused: (reason, detail) => told.push(['refused', reason, detail]),
    onProcessingFailure: (error) => told.push(['processing failure', String(error)]),
    onToken: (hash) => told.push(['token', Buffer.from(hash).toString('hex')]),
    ...rest,
  })
  const port = await listener.listen(address, 0)
  atEnd(t, () => listener.close())
  return { listener, port, told }
}

/** The body of an event. */
export const BEGIN = 'event=support_conference_begin&version=1&timestamp=1228310790&lsid=abc'

/** A listener with a real journal. */
export async function listen(t: TestContext, options: Partial<ListenerOptions> & { address?: string } = {}) {
  const journal = openInFolder(t)
  const started = await startListener(t, { journal: () => journal, ...options })
  const post = (own: Partial<Asked> = {}) =>
    ask({ port: started.port, path: RECIPIENT, method: 'POST', body: BEGIN, ...own })
  const events = () => journal.eventsAfter(0, 1_000)
  const quarantined = () => {
    const reader = openJournalForReading(journal.file)
    try {
      return reader.quarantined(0, 1_000)
    } finally {
      reader.close()
    }
  }
  return { ...started, journal, post, events, quarantined }
}
