/**
 * The attach service: a workstation says how far it has come, and is given a consumer that delivers what came since, of
 * what its representative may see. Consumer and filter are the relay's: a workstation can only read what it is given.
 */
import { randomBytes } from 'node:crypto'
import {
  AckPolicy,
  DeliverPolicy,
  ReplayPolicy,
  type ConsumerInfo,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream'
import { audiencesOf, filtersOf, type Audience, type Entitlement } from './audience.ts'
import type { Leases } from './leases.ts'
import { eventSubject, STREAMS, tokenOf } from './subjects.ts'
import { createTurnstile } from './turnstile.ts'

/** What a workstation sends. */
export interface AttachRequest {
  /** Number in the stream of the last event in its journal; 0: none. */
  readonly cursor: number
  /** The stream that the cursor belongs to; null with cursor 0. */
  readonly stream: string | null
  /** Whose events it has up to its cursor; null: nobody's. */
  readonly audiences: readonly Audience[] | null
  readonly instance: string
  readonly startedAt: number
  /** True: only keeps the lease. */
  readonly renew: boolean
}

/** What it is answered. */
export type AttachReply =
  | {
      readonly ok: true
      /** As the broker described it. */
      readonly consumer: ConsumerInfo
      /** Identifies the stream, so that a cursor is not used on another. */
      readonly stream: string
      /** The first number that will be delivered. */
      readonly from: number
      /** True: events between the cursor and `from` are no longer kept. */
      readonly incomplete: boolean
      /** Whose events it is given. */
      readonly audiences: readonly Audience[]
      /** What it may see only now: of these subjects what comes before this number is to be passed over, for it follows as history. */
      readonly gained: { readonly subjects: readonly string[]; readonly before: number }
      readonly rep: string
      readonly teams: readonly string[]
      readonly general: boolean
      readonly site: string
      /** Origin of the appliance whose API the relay asks; null: it asks none. */
      readonly appliance: string | null
    }
  | { readonly ok: true; readonly renewed: true }
  /** `displaced`: another session of this workstation is newer. `unknown`: no such workstation, or revoked. */
  | { readonly ok: false; readonly reason: 'displaced' | 'unknown' | 'invalid' | 'busy'; readonly message: string }

/** A consumer that nobody pulls from goes away by itself (ns). */
const IDLE = 10 * 60 * 1e9
/** Attaches under way at a time: the broker drops requests beyond its own limit. */
const AT_ONCE = 64
/** Whoever waited longer than this (ms) has given up. */
const WAIT = 8_000
const EXISTS = 10_148

export interface AttachOptions {
  readonly manager: () => JetStreamManager
  readonly site: string
  readonly appliance: string | null
  readonly leases: Leases
  /** Who a workstation works for; null: nobody (any more). */
  readonly entitlement: (workstation: string) => Entitlement | null
  /**
   * Publishes for a representative what happened in the live sessions of these audiences; resolves with the number in
   * the stream at which that begins. Rejects if there is no router.
   */
  readonly gain: (rep: string, audiences: readonly Audience[]) => Promise<number>
  /** A clock that nobody sets (ms). */
  readonly elapsed: () => number
}

export interface Attach {
  handle(workstation: string, request: unknown): Promise<AttachReply>
  /** Ends the delivery to those whose entitlement is another one now: they attach again, and learn of it. */
  refresh(): Promise<void>
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most

function isRequest(value: unknown): value is AttachRequest {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, stream, audiences, instance, startedAt, renew } = value as Record<string, unknown>
  const isAudiences =
    Array.isArray(audiences) && audiences.length <= 1_000 && audiences.every((each) => isText(each, 200))
  return (
    Number.isSafeInteger(cursor) &&
    (cursor as number) >= 0 &&
    (stream === null || isText(stream, 100)) &&
    (audiences === null || isAudiences) &&
    isText(instance, 64) &&
    typeof startedAt === 'number' &&
    Number.isFinite(startedAt) &&
    typeof renew === 'boolean'
  )
}

/** @see Attach */
export function createAttach(options: AttachOptions): Attach {
  const { manager, site, appliance, leases, entitlement, gain, elapsed } = options
  const turnstile = createTurnstile({ atOnce: AT_ONCE, wait: WAIT, elapsed })
  let asked: Promise<StreamInfo> | null = null
  let refreshing: Promise<void> = Promise.resolve()

  /** All who ask at the same time share an answer. */
  function info(): Promise<StreamInfo> {
    asked ??= manager()
      .streams.info(STREAMS.events)
      .finally(() => {
        asked = null
      })
    return asked
  }

  async function remove(name: string): Promise<void> {
    await manager()
      .consumers.delete(STREAMS.events, name)
      .catch(() => false)
  }

  async function add(name: string, from: number, filters: string[]): Promise<ConsumerInfo> {
    const config = {
      name,
      filter_subjects: filters,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: IDLE,
      // No two are the same, so that one that is there is refused rather than handed out half read.
      metadata: { attach: randomBytes(9).toString('base64url') },
    }
    return manager()
      .consumers.add(STREAMS.events, config)
      .catch(async (error: unknown) => {
        if ((error as { code?: number }).code !== EXISTS) throw error
        await remove(name)
        return manager().consumers.add(STREAMS.events, config)
      })
  }

  /** Where the delivery begins, and whose events it is to have. */
  async function plan(request: AttachRequest, given: Entitlement) {
    const { created: stream, state } = await info()
    const isSame = request.stream === stream && request.cursor <= state.last_seq
    const from = Math.max(isSame ? request.cursor + 1 : 1, state.first_seq)
    const wanted = audiencesOf(given)
    const before = isSame && request.cursor > 0 ? (request.audiences ?? []) : wanted
    const fresh = wanted.filter((audience) => !before.includes(audience))
    const common = { stream, from, incomplete: request.cursor > 0 && from > request.cursor + 1 }
    if (fresh.length === 0) return { ...common, audiences: wanted, gained: { subjects: [], before: 0 } }
    try {
      const begin = await gain(given.rep, fresh)
      const subjects = fresh.map((audience) => eventSubject(site, audience))
      return { ...common, audiences: wanted, gained: { subjects, before: begin } }
    } catch {
      // Nobody routes now. What is new has to wait: without what happened before, a board would be wrong.
      const rest = wanted.filter((audience) => !fresh.includes(audience))
      return { ...common, audiences: rest, gained: { subjects: [], before: 0 } }
    }
  }

  async function attach(workstation: string, request: AttachRequest): Promise<AttachReply> {
    const given = entitlement(workstation)
    if (given === null) return UNKNOWN
    const { audiences, ...rest } = await plan(request, given)
    const name = tokenOf(workstation)
    const filters = audiences.map((audience) => eventSubject(site, audience)).toSorted()
    if (filters.length === 0) throw new Error('The router does not answer.')
    const consumer = await add(name, rest.from, filters)
    // Changed meanwhile: the change has not seen this consumer.
    if (JSON.stringify(entitlement(workstation)) !== JSON.stringify(given)) {
      await remove(name)
      return { ok: false, reason: 'busy', message: 'What this workstation may see has just changed.' }
    }
    return { ok: true, consumer, audiences, ...rest, ...given, site, appliance }
  }

  async function endOutdated(): Promise<void> {
    for await (const { name, config } of manager().consumers.list(STREAMS.events)) {
      const given = entitlement(name)
      if (given === null) leases.end(name)
      const filters = (config.filter_subjects ?? [config.filter_subject ?? '']).toSorted().join(' ')
      if (given === null || filters !== filtersOf(site, given).join(' ')) await remove(name)
    }
  }

  return {
    handle: async (workstation, request) => {
      if (!isRequest(request)) return { ok: false, reason: 'invalid', message: 'This is no request to attach.' }
      if (entitlement(workstation) === null) return UNKNOWN
      if (!leases.take(workstation, request)) {
        return { ok: false, reason: 'displaced', message: 'A newer session of this workstation is connected.' }
      }
      if (request.renew) return { ok: true, renewed: true }
      return (
        (await turnstile(() => attach(workstation, request))) ?? {
          ok: false,
          reason: 'busy',
          message: 'Too many attach at once.',
        }
      )
    },
    refresh: () => {
      refreshing = refreshing.catch(() => {}).then(endOutdated)
      return refreshing
    },
  }
}

const UNKNOWN: AttachReply = {
  ok: false,
  reason: 'unknown',
  message: 'The relay does not know this workstation (any more).',
}
