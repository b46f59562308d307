/**
 * The attach service: a workstation says how far it has come, and is given a consumer that delivers what came since, of
 * what its representative may see. Consumer and filter are the relay's: a workstation can only read what it is given.
 */
import { AckPolicy, DeliverPolicy, ReplayPolicy, type JetStreamManager } from '@nats-io/jetstream'
import { filtersOf, type Entitlement } from './audience.ts'
import type { Leases } from './leases.ts'
import { STREAMS, tokenOf } from './subjects.ts'

/** What a workstation sends. */
export interface AttachRequest {
  /** Number in the stream of the last event in its journal; 0: none. */
  readonly cursor: number
  /** The stream that the cursor belongs to; null with cursor 0. */
  readonly stream: string | null
  readonly instance: string
  readonly startedAt: number
  /** True: only keeps the lease. */
  readonly renew: boolean
}

/** What it is answered. */
export type AttachReply =
  | {
      readonly ok: true
      readonly consumer: string
      /** Identifies the stream, so that a cursor is not used on another. */
      readonly stream: string
      /** The first number that will be delivered. */
      readonly from: number
      /** True: events between the cursor and `from` are no longer kept. */
      readonly incomplete: boolean
      readonly rep: string
      readonly teams: readonly string[]
      readonly general: boolean
      readonly site: string
    }
  | { readonly ok: true; readonly renewed: true }
  /** `displaced`: another session of this workstation is newer. `unknown`: no such workstation, or revoked. */
  | { readonly ok: false; readonly reason: 'displaced' | 'unknown' | 'invalid' | 'busy'; readonly message: string }

/** A consumer that nobody pulls from goes away by itself (ns). */
const IDLE = 10 * 60 * 1e9
/** Attaches under way at a time: the broker drops requests beyond its own limit. */
const AT_ONCE = 64

export interface AttachOptions {
  readonly manager: () => JetStreamManager
  readonly site: string
  readonly leases: Leases
  /** Who a workstation works for; null: nobody (any more). */
  readonly entitlement: (workstation: string) => Entitlement | null
}

export interface Attach {
  handle(workstation: string, request: unknown): Promise<AttachReply>
  /** Gives attached workstations the filters that hold now, and detaches those that are no longer entitled to any. */
  refresh(): Promise<void>
}

function isRequest(value: unknown): value is AttachRequest {
  if (typeof value !== 'object' || value === null) return false
  const { cursor, stream, instance, startedAt, renew } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(cursor) &&
    (cursor as number) >= 0 &&
    (stream === null || (typeof stream === 'string' && stream.length <= 100)) &&
    typeof instance === 'string' &&
    instance !== '' &&
    instance.length <= 64 &&
    typeof startedAt === 'number' &&
    Number.isFinite(startedAt) &&
    typeof renew === 'boolean'
  )
}

/** @see Attach */
export function createAttach({ manager, site, leases, entitlement }: AttachOptions): Attach {
  /** Filters of each consumer, as they were given last. */
  const attached = new Map<string, string>()
  let underWay = 0

  async function remove(workstation: string): Promise<void> {
    attached.delete(workstation)
    await manager()
      .consumers.delete(STREAMS.events, tokenOf(workstation))
      .catch(() => false)
  }

  async function attach(workstation: string, request: AttachRequest, given: Entitlement): Promise<AttachReply> {
    const { created: stream, state } = await manager().streams.info(STREAMS.events)
    const isSame = request.stream === stream && request.cursor <= state.last_seq
    const wanted = isSame ? request.cursor + 1 : 1
    const from = Math.max(wanted, state.first_seq)
    const filters = filtersOf(site, given)
    await remove(workstation)
    await manager().consumers.add(STREAMS.events, {
      name: tokenOf(workstation),
      filter_subjects: filters,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: IDLE,
    })
    attached.set(workstation, filters.join(' '))
    const incomplete = request.cursor > 0 && from > request.cursor + 1
    return { ok: true, consumer: tokenOf(workstation), stream, from, incomplete, ...given, site }
  }

  return {
    handle: async (workstation, request) => {
      if (!isRequest(request)) return { ok: false, reason: 'invalid', message: 'This is no request to attach.' }
      const given = entitlement(workstation)
      if (given === null) {
        return { ok: false, reason: 'unknown', message: 'The relay does not know this workstation (any more).' }
      }
      if (!leases.take(workstation, request)) {
        return { ok: false, reason: 'displaced', message: 'A newer session of this workstation is connected.' }
      }
      if (request.renew) return { ok: true, renewed: true }
      if (underWay >= AT_ONCE) return { ok: false, reason: 'busy', message: 'Too many attach at once.' }
      underWay += 1
      try {
        return await attach(workstation, request, given)
      } finally {
        underWay -= 1
      }
    },
    refresh: async () => {
      for (const [workstation, filters] of attached) {
        const given = entitlement(workstation)
        if (given === null) {
          leases.end(workstation)
          await remove(workstation)
          continue
        }
        const wanted = filtersOf(site, given)
        if (wanted.join(' ') === filters) continue
        // A consumer that is gone meanwhile gets them when it attaches again.
        await manager()
          .consumers.update(STREAMS.events, tokenOf(workstation), { filter_subjects: wanted })
          .then(() => attached.set(workstation, wanted.join(' ')))
          .catch(() => attached.delete(workstation))
      }
    },
  }
}
