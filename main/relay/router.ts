/**
 * The router: reads what the appliance sent, in order, works out who may see it, and publishes it once for each
 * audience. Whoever may see a session from now on first gets what happened in it before, so that their board is whole.
 *
 * It keeps its place itself, and reads on from there with an ordered consumer: a durable one would, after a crash, hand
 * out newer messages before those that were under way. What was published twice has the same id and is stored once.
 */
import { DeliverPolicy, type JetStreamClient, type JetStreamManager, type JsMsg } from '@nats-io/jetstream'
import type { Session } from '../sessions/session.ts'
import { audienceOf, repAudience, type Audience } from './audience.ts'
import { parseMessage, type EventMessage } from './message.ts'
import { LONGEST, route, toText, type Publication, type Routed } from './route.ts'
import {
  allSessions,
  eventSubject,
  progressSubject,
  rawEvent,
  sessionSubject,
  STREAMS,
  teamsSubject,
} from './subjects.ts'

/** How far the router has come, and in which RAW: a stream that was made anew counts from 1 again. */
interface Progress {
  readonly through: number
  readonly stream: string
}

/** Events on their way at a time. */
const AHEAD = 256
/** What is known of sessions, and how far it has come, is written this often (ms); what was published since is done again after a crash, under the same ids. */
const WRITE_EACH = 200
const ACK_WITHIN = 5_000
/** The consumer of a router that was killed goes away by itself after this (ms): one that is killed often leaves some. */
const LEFT_BEHIND = 30_000
/** A session is forgotten so long after its last event (ms): the end was long ago, or was never sent. */
const FORGOTTEN = { ended: 24 * 60 * 60 * 1000, silent: 7 * 24 * 60 * 60 * 1000 } as const
/** Events between two looks for what to forget. */
const LOOK_EACH = 1_000

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
  /**
   * Publishes for a representative what happened in the live sessions of these audiences, between two events, so that
   * what follows follows on it.
   * @returns the number in the stream of events at which that begins, or would
   */
  gain(rep: string, audiences: readonly Audience[]): Promise<number>
  stop(): void
}

/** @see Router */
export function createRouter({ client, manager, site, log, onProgress }: RouterOptions): Router {
  const sessions = new Map<string, Routed>()
  const dirty = new Set<string>()
  let ended = false
  let stopReading = () => {}
  /** Tells this RAW from one that was made anew and counts from 1 again. */
  let epoch = ''
  let isReady = false
  /** One event, or one representative's history, at a time. */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  async function put(subject: string, text: string): Promise<void> {
    await client.publish(subject, text, { timeout: ACK_WITHIN })
  }

  async function send(audience: Audience, message: EventMessage, id?: string): Promise<number> {
    const msgID = id === undefined ? {} : { msgID: `${epoch}.${id}` }
    const options = { ...msgID, timeout: ACK_WITHIN }
    return (await client.publish(eventSubject(site, audience), JSON.stringify(message), options)).seq
  }

  /** What an earlier run knew. */
  async function load(): Promise<Progress | null> {
    let progress: Progress | null = null
    const filter = allSessions(site)
    const { state } = await manager.streams.info(STREAMS.sessions, { subjects_filter: filter })
    if (Object.keys(state.subjects ?? {}).length === 0) return null
    const consumer = await client.consumers.get(STREAMS.sessions, {
      filter_subjects: [filter],
      deliver_policy: DeliverPolicy.LastPerSubject,
      inactive_threshold: LEFT_BEHIND,
    })
    const messages = await consumer.consume()
    for await (const message of messages) {
      if (message.subject === progressSubject(site)) progress = message.json<Progress>()
      else if (message.subject !== teamsSubject(site)) {
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
        for (const { audience, id, message } of mine) await send(audience, message, id)
      }),
    )
  }

  async function remember(lsid: string): Promise<void> {
    const routed = sessions.get(lsid)
    const text = routed === undefined ? '' : toText(routed)
    // A session that does not fit even so is known until this process ends; nobody else has to wait for it.
    if (text !== '' && text.length <= LONGEST) await put(sessionSubject(site, lsid), text)
  }

  async function write(progress: Progress): Promise<void> {
    const changed = [...dirty]
    dirty.clear()
    await Promise.all(changed.map(remember))
    await put(progressSubject(site), JSON.stringify(progress))
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

  async function gain(rep: string, audiences: readonly Audience[]): Promise<number> {
    if (!isReady || ended) throw new Error('The router is not there yet.')
    const { state } = await manager.streams.info(STREAMS.events)
    let begin: number | null = null
    for (const { session, events } of sessions.values()) {
      if (session === null || session.endedAt !== null) continue
      const see = audienceOf(session)
      if (!audiences.some((audience) => see.has(audience))) continue
      for (const message of events) {
        const seq = await send(repAudience(rep), { ...message, history: true })
        begin ??= seq
      }
    }
    return begin ?? state.last_seq + 1
  }

  return {
    gain: (rep, audiences) => inTurn(() => gain(rep, audiences)),
    run: async () => {
      const { created: stream, state } = await manager.streams.info(STREAMS.raw)
      const before = await load()
      const isSame = before?.stream === stream
      if (!isSame) sessions.clear()
      epoch = Date.parse(stream).toString(36)
      const from = Math.max(isSame ? before.through + 1 : 1, state.first_seq)
      log(`router: reads on from event ${from}`)
      const newest = await manager.streams.getMessage(STREAMS.raw, { last_by_subj: rawEvent(site) }).catch(() => null)
      if ((newest?.seq ?? 0) < from) onProgress(from - 1, 0)
      const consumer = await client.consumers.get(STREAMS.raw, {
        filter_subjects: [rawEvent(site)],
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: from,
        inactive_threshold: LEFT_BEHIND,
      })
      if (ended) return
      const messages = await consumer.consume({ max_messages: AHEAD, idle_heartbeat: 5_000 })
      stopReading = () => messages.stop()
      isReady = true
      /** How far it has come since that was written last. */
      let through: number | null = null
      let failure: unknown = null
      let isWriting = false
      let writing = Promise.resolve()
      const keep = async () => {
        if (through === null) return
        const progress = { through, stream }
        through = null
        await write(progress)
      }
      const timer = setInterval(() => {
        if (isWriting) return
        isWriting = true
        writing = keep()
          .catch((error: unknown) => {
            failure = error
            messages.stop()
          })
          .finally(() => {
            isWriting = false
          })
      }, WRITE_EACH)
      try {
        for await (const raw of messages) {
          await inTurn(() => take(raw))
          through = raw.seq
          onProgress(raw.seq, raw.info.pending)
        }
      } finally {
        clearInterval(timer)
        messages.stop()
        // A write that is under way is not to end after one of the router that follows.
        await writing
      }
      if (failure !== null) throw failure
      await keep()
    },
    session: (lsid) => sessions.get(lsid)?.session ?? null,
    stop: () => {
      ended = true
      stopReading()
    },
  }
}
