/**
 * The router: reads what the appliance sent, in order, works out who may see it, and publishes it once for each
 * audience. Whoever may see a session from now on first gets what happened in it before, so that their board is whole.
 *
 * It keeps its place itself, and reads on from there with an ordered consumer: a durable one would, after a crash, hand
 * out newer messages before those that were under way. What was published twice has the same id and is stored once.
 */
import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream'
import { parseEvent, type OutboundEvent } from '../events/event.ts'
import { applyEvent, type Session } from '../sessions/session.ts'
import { audienceOf, type Audience } from './audience.ts'
import { parseMessage, type EventMessage } from './message.ts'
import { eventSubject, rawEvent, sessionSubject, STREAMS, tokenOf } from './subjects.ts'

/** What the router knows of a session. */
interface Routed {
  /** Number in RAW of the last event that was published. */
  readonly through: number
  readonly session: Session | null
  /** Its events, oldest first, for who joins later. */
  readonly events: readonly EventMessage[]
}

/** How far the router has come, and in which RAW: a stream that was made anew counts from 1 again. */
interface Progress {
  readonly through: number
  readonly stream: string
}

/** One message to publish. */
export interface Publication {
  readonly audience: Audience
  /** Recognises the same publication after a restart. */
  readonly id: string
  readonly message: EventMessage
}

/** Events of a session kept for later audiences; of a longer one the beginning and the end. */
const KEPT = { first: 20, last: 180 } as const
/** Sessions worked on before their state is written at the latest. */
const BATCH = 64
const ACK_WITHIN = 5_000
/** A session is forgotten so long after its last event (ms): the end was long ago, or was never sent. */
const FORGOTTEN = { ended: 24 * 60 * 60 * 1000, silent: 7 * 24 * 60 * 60 * 1000 } as const
/** Events between two looks for what to forget. */
const LOOK_EACH = 1_000

function understood(message: EventMessage): OutboundEvent | null {
  const event = parseEvent(message.variables)
  return 'malformed' in event ? null : event
}

/** What one event means: the session after it, and what is to be published to whom, in this order. Pure. */
export function route(
  before: Routed | null,
  message: EventMessage,
  seq: number,
): { readonly after: Routed; readonly publications: readonly Publication[] } | null {
  const { lsid } = message
  const event = understood(message)
  if (lsid === null || event === null || event.lsid === null) return null
  if (before !== null && seq <= before.through) return { after: before, publications: [] }
  const earlier = before?.events ?? []
  const isNothingNew = before?.session == null && event.kind === 'other'
  const session = isNothingNew
    ? null
    : applyEvent(before?.session ?? null, { ...event, lsid, seq, time: event.at ?? message.receivedAt })
  const saw = before?.session == null ? new Set<Audience>() : audienceOf(before.session)
  const see = session === null ? new Set<Audience>() : audienceOf(session)
  const publications: Publication[] = []
  for (const audience of [...new Set([...see, ...saw])].toSorted()) {
    const history = saw.has(audience) ? [] : earlier
    const all = [...history.map((each) => ({ ...each, history: true })), message]
    for (const [index, each] of all.entries()) {
      publications.push({ audience, id: `${seq}.${audience}.${index}`, message: each })
    }
  }
  const events = [...earlier, message]
  const kept =
    events.length > KEPT.first + KEPT.last ? [...events.slice(0, KEPT.first), ...events.slice(-KEPT.last)] : events
  return { after: { through: seq, session, events: kept }, publications }
}

export interface RouterOptions {
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
  readonly site: string
  readonly log: (line: string) => void
  /** Everything up to this number of RAW is published, and so many events are still to be. */
  readonly onProgress: (through: number, pending: number) => void
}

export interface Router {
  /** Routes until it is stopped or something fails. Rejects with what failed; a new one then goes on where this one was. */
  run(): Promise<void>
  /** A session as it is now; null if nothing happened to it for long. */
  session(lsid: string): Session | null
  stop(): void
}

/** @see Router */
export function createRouter({ client, manager, site, log, onProgress }: RouterOptions): Router {
  const sessions = new Map<string, Routed>()
  const dirty = new Set<string>()
  let ended = false
  let stopReading = () => {}

  const progressSubject = `sessions.${tokenOf(site)}.~`

  async function put(subject: string, value: unknown): Promise<void> {
    await client.publish(subject, JSON.stringify(value), { timeout: ACK_WITHIN })
  }

  /** What an earlier run knew. */
  async function load(): Promise<Progress | null> {
    let progress: Progress | null = null
    const { state } = await manager.streams.info(STREAMS.sessions)
    if (state.messages === 0) return null
    const consumer = await client.consumers.get(STREAMS.sessions, { deliver_policy: DeliverPolicy.LastPerSubject })
    const messages = await consumer.consume()
    for await (const message of messages) {
      if (message.subject === progressSubject) progress = message.json<Progress>()
      else {
        const routed = message.json<Routed>()
        const lsid = routed.session?.lsid ?? routed.events[0]?.lsid ?? null
        if (lsid !== null) sessions.set(lsid, routed)
      }
      if (message.info.pending === 0) break
    }
    await messages.close()
    return progress
  }

  async function publish(publications: readonly Publication[]): Promise<void> {
    // Within an audience one after the other: were the first of two lost, its repetition would come after the second.
    const byAudience = Map.groupBy(publications, ({ audience }) => audience)
    await Promise.all(
      [...byAudience.values()].map(async (mine) => {
        for (const { audience, id, message } of mine) {
          await client.publish(eventSubject(site, audience), JSON.stringify(message), {
            msgID: id,
            timeout: ACK_WITHIN,
          })
        }
      }),
    )
  }

  async function write(progress: Progress, pending: number): Promise<void> {
    await Promise.all([...dirty].map(async (lsid) => put(sessionSubject(site, lsid), sessions.get(lsid))))
    dirty.clear()
    await put(progressSubject, progress)
    onProgress(progress.through, pending)
  }

  function forget(now: number): void {
    for (const [lsid, { session, events }] of sessions) {
      const at = events.at(-1)?.receivedAt ?? 0
      const life = session?.endedAt == null ? FORGOTTEN.silent : FORGOTTEN.ended
      if (now - at > life && !dirty.has(lsid)) sessions.delete(lsid)
    }
  }

  async function take(raw: JsMsg): Promise<void> {
    const message = parseMessage(raw.data)
    const routed = message === null ? null : route(sessions.get(message.lsid ?? '') ?? null, message, raw.seq)
    if (message === null || message.lsid === null || routed === null) return
    await publish(routed.publications)
    sessions.set(message.lsid, routed.after)
    dirty.add(message.lsid)
    if (raw.seq % LOOK_EACH === 0) forget(message.receivedAt)
  }

  return {
    run: async () => {
      const { created: stream, state } = await manager.streams.info(STREAMS.raw)
      const last = await load()
      const isSame = last?.stream === stream
      if (!isSame) sessions.clear()
      const from = Math.max(isSame ? last.through + 1 : 1, state.first_seq)
      log(`router: reads on from event ${from}`)
      const consumer = await client.consumers.get(STREAMS.raw, {
        filter_subjects: [rawEvent(site)],
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: from,
      })
      if (ended) return
      const messages = await consumer.consume({ max_messages: 4 * BATCH, idle_heartbeat: 5_000 })
      stopReading = () => messages.stop()
      let unwritten = 0
      for await (const raw of messages) {
        await take(raw)
        unwritten += 1
        if (raw.info.pending === 0 || unwritten >= BATCH) {
          await write({ through: raw.seq, stream }, raw.info.pending)
          unwritten = 0
        }
      }
    },
    session: (lsid) => sessions.get(lsid)?.session ?? null,
    stop: () => {
      ended = true
      stopReading()
    },
  }
}
