/** The streams of the relay: made where they are missing, brought up to date where they differ. */
import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream'
import { STREAMS } from './subjects.ts'

/** How much the broker keeps. */
export interface Keeping {
  /** Copies in a cluster: 1, 3 or 5. */
  readonly replicas: number
  readonly rawDays: number
  readonly eventDays: number
  /** Of each of the three streams, at most; the broker sets it aside when it makes them. */
  readonly megabytes: number
  /** Attached workstations at a time. Without a limit of its own a stream takes 1,000 (nats-server 2.15). */
  readonly maxConsumers: number
}

/** A repeat is recognised by its id for so long (ns); the workstations' journals recognise it for good. */
const DUPLICATES = 60 * 60 * 1e9
const DAY = 24 * 60 * 60 * 1e9
/** A session that nothing happened to for so long is over; its end was never sent. */
const SESSION_DAYS = 7
/** Consumers of the relay's own streams: routers, those that were killed a moment ago among them, and tools. */
const OWN_CONSUMERS = 100
/** The longest message (bytes): what the listener takes at most, and what JSON and base64 add to it. */
export const MAX_MESSAGE = 2 * 1024 * 1024

/** The configuration of each stream. */
export function streamConfigs(keeping: Keeping): readonly (Partial<StreamConfig> & { name: string })[] {
  const { replicas, megabytes, maxConsumers } = keeping
  const common = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
    duplicate_window: DUPLICATES,
    max_msg_size: MAX_MESSAGE,
    deny_delete: false,
    deny_purge: false,
    allow_direct: false,
  }
  return [
    {
      ...common,
      name: STREAMS.raw,
      subjects: ['raw.>'],
      max_age: keeping.rawDays * DAY,
      max_bytes: megabytes * 1024 * 1024,
      max_consumers: OWN_CONSUMERS,
    },
    {
      ...common,
      name: STREAMS.events,
      subjects: ['ev.>'],
      max_age: keeping.eventDays * DAY,
      max_bytes: megabytes * 1024 * 1024,
      max_consumers: maxConsumers,
    },
    {
      ...common,
      name: STREAMS.sessions,
      subjects: ['sessions.>'],
      max_age: SESSION_DAYS * DAY,
      max_msgs_per_subject: 1,
      max_bytes: megabytes * 1024 * 1024,
      max_consumers: OWN_CONSUMERS,
    },
  ]
}

/**
 * Makes the streams, or changes what may be changed.
 * @throws the broker's error if it refuses, for example because a cluster has too few members for so many copies
 */
export async function ensureStreams(manager: JetStreamManager, keeping: Keeping): Promise<void> {
  for (const config of streamConfigs(keeping)) {
    const found = await manager.streams.info(config.name).catch((error: unknown) => {
      if ((error as { code?: number }).code === 10059 || /not found/i.test((error as Error).message)) return null
      throw error
    })
    if (found === null) await manager.streams.add(config)
    else await manager.streams.update(config.name, { ...found.config, ...config })
  }
}
