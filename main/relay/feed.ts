/**
 * Events from the site's relay: attach, pull, store, and go on from there. The cursor is stored with the event in one
 * transaction, so that whatever ends, nothing is left out and nothing comes twice.
 */
import { randomBytes } from 'node:crypto'
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Appended, EventEntry } from '../events/journal.ts'
import type { AttachReply, AttachRequest } from './attach.ts'
import type { Credential } from './credential.ts'
import { parseMessage, toEntry, type EventMessage } from './message.ts'
import { READING, serviceSubject } from './subjects.ts'

/** The name of the note in the journal. */
export const CURSOR_NOTE = 'relay.cursor'

/** Where in which stream this workstation is, and whose events it has up to there. */
interface Cursor {
  readonly stream: string
  readonly seq: number
  readonly audiences: readonly string[]
}

/** Waits after a failure (ms): doubled each time, as much of it as chance wants, so that a whole site does not come at once. */
const WAIT = { first: 500, longest: 10_000 } as const
/** A workstation that was displaced looks again after this (ms): the other one may be gone. */
const DISPLACED = 60_000
/** The lease is renewed well before it ends (ms). */
const RENEW_EACH = 20_000
const ANSWER_WITHIN = 10_000
/** A connection that ends is no failure yet (ms): the broker ends each one after an hour or two, to ask anew who it is. */
const BLIP = 5_000
/** Messages on their way at a time. */
const AHEAD = 256

/** How it stands with the relay. */
export type FeedStatus =
  | { readonly kind: 'connecting' }
  /** `incomplete`: events from before were no longer kept. */
  | {
      readonly kind: 'attached'
      readonly server: string
      readonly incomplete: boolean
      readonly rep: string
      readonly teams: readonly string[]
      readonly general: boolean
      readonly appliance: string | null
    }
  /** `isBlip`: it was attached until a moment ago, and most probably is again in a moment. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly retryAt: number; readonly isBlip: boolean }
  | { readonly kind: 'displaced'; readonly retryAt: number }
  | { readonly kind: 'refused'; readonly message: string; readonly retryAt: number }
  | { readonly kind: 'stopped' }

export interface FeedOptions {
  /** Reads the credential, anew for each connection. */
  readonly credential: () => Credential
  readonly dial: (credential: Credential) => Promise<NatsConnection>
  readonly journal: () => {
    append(entry: EventEntry, note: { readonly name: string; readonly value: string }): Promise<Appended>
    note(name: string): string | null
  }
  readonly now: () => number
  /** 0 to 1 */
  readonly random: () => number
  readonly onStatus: (status: FeedStatus) => void
  /** An event is stored. `history`: it happened before this representative could see its session. */
  readonly onEvent: (message: EventMessage, appended: Appended) => void
  /** Something came that is no event of ours; it is passed over. */
  readonly onUnread: () => void
}

export interface Feed {
  start(): void
  /** Tries at once if it is waiting. */
  retry(): void
  /** The connection of now, for requests to the relay; null while there is none. */
  connection(): NatsConnection | null
  stop(): Promise<void>
}

class Displaced extends Error {}
class Refused extends Error {}

/** @see Feed */
export function createFeed(options: FeedOptions): Feed {
  const { journal, now, random, onStatus } = options
  // Tells two processes with the same credential apart.
  const instance = randomBytes(12).toString('base64url')
  const startedAt = now()
  let current: NatsConnection | null = null
  let stopped = false
  let failures = 0
  /** When it was attached last, and when that ended. */
  let attachedAt: number | null = null
  let lostAt = -Infinity
  let wake = () => {}
  let loop: Promise<void> = Promise.resolve()

  function cursorOf(): Cursor | null {
    const note = journal().note(CURSOR_NOTE)
    return note === null ? null : (JSON.parse(note) as Cursor)
  }

  async function ask(connection: NatsConnection, workstation: string, renew: boolean): Promise<AttachReply> {
    const cursor = cursorOf()
    const request: AttachRequest = {
      cursor: cursor?.seq ?? 0,
      stream: cursor?.stream ?? null,
      audiences: cursor?.audiences ?? null,
      instance,
      startedAt,
      renew,
    }
    const reply = await connection.request(serviceSubject('attach', workstation), JSON.stringify(request), {
      timeout: ANSWER_WITHIN,
    })
    const answer = reply.json<AttachReply>()
    if (answer.ok) return answer
    if (answer.reason === 'displaced') throw new Displaced(answer.message)
    if (answer.reason === 'unknown') throw new Refused(answer.message)
    throw new Error(answer.message)
  }

  /** Follows the stream until something ends it. */
  async function follow(connection: NatsConnection, { workstation }: Credential): Promise<void> {
    const attached = await ask(connection, workstation, false)
    if (!('consumer' in attached)) throw new Error('The relay gave an answer that cannot be read.')
    const { stream, consumer: info, incomplete, rep, teams, general, appliance, audiences, gained } = attached
    const had = cursorOf()
    const consumer = jetstream(connection, { apiPrefix: READING }).consumers.getConsumerFromInfo(info)
    const messages = await consumer.consume({
      max_messages: AHEAD,
      idle_heartbeat: 5_000,
      abort_on_missing_resource: true,
    })
    let ending: unknown = null
    const renewal = setInterval(() => {
      ask(connection, workstation, true).catch((error: unknown) => {
        // A relay that is away for a moment takes nothing from what the broker delivers.
        if (!(error instanceof Displaced || error instanceof Refused)) return
        ending = error
        messages.stop()
      })
    }, RENEW_EACH)
    onStatus({ kind: 'attached', server: connection.getServer(), incomplete, rep, teams, general, appliance })
    failures = 0
    attachedAt = now()
    let delivered = 0
    try {
      for await (const raw of messages) {
        delivered += 1
        // Something got lost on the way, or the consumer is another one by now: attach again, from the cursor.
        if (raw.info.deliverySequence !== delivered) throw new Error('There is a gap in what the relay delivers.')
        // What may be seen only now comes whole, and in its order, as history.
        if (raw.seq < gained.before && gained.subjects.includes(raw.subject)) continue
        const known = raw.seq < gained.before ? (had?.audiences ?? []) : audiences
        const place: Cursor = { stream, seq: raw.seq, audiences: known }
        const cursor = { name: CURSOR_NOTE, value: JSON.stringify(place) }
        const message = parseMessage(raw.data)
        if (message === null) {
          options.onUnread()
          continue
        }
        // When it came here: an event that waited for this workstation is as late as one that waited at the appliance.
        const appended = await journal().append({ ...toEntry(message), receivedAt: now() }, cursor)
        options.onEvent(message, appended)
      }
    } finally {
      clearInterval(renewal)
      messages.stop()
    }
    throw ending ?? new Error('The relay ended the delivery.')
  }

  function backOff(error: unknown): number {
    if (error instanceof Displaced || error instanceof Refused) return DISPLACED
    failures += 1
    return random() * Math.min(WAIT.longest, WAIT.first * 2 ** failures)
  }

  function statusOf(error: unknown, retryAt: number): FeedStatus {
    if (error instanceof Displaced) return { kind: 'displaced', retryAt }
    if (error instanceof Refused) return { kind: 'refused', message: error.message, retryAt }
    return { kind: 'failed', error, retryAt, isBlip: now() - lostAt < BLIP }
  }

  async function pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    wake = () => {}
  }

  async function run(): Promise<void> {
    const isStopped = () => stopped
    while (!isStopped()) {
      onStatus({ kind: 'connecting' })
      let error: unknown = null
      try {
        const credential = options.credential()
        current = await options.dial(credential)
        if (!isStopped()) await follow(current, credential)
      } catch (caught) {
        error = caught
      }
      await current?.close().catch(() => undefined)
      current = null
      if (isStopped()) break
      if (attachedAt !== null) lostAt = now()
      attachedAt = null
      const wait = backOff(error)
      onStatus(statusOf(error, now() + wait))
      await pause(wait)
    }
  }

  return {
    start: () => {
      loop = run()
    },
    retry: () => wake(),
    connection: () => current,
    stop: async () => {
      stopped = true
      wake()
      await current?.close().catch(() => undefined)
      await loop
      onStatus({ kind: 'stopped' })
    },
  }
}
