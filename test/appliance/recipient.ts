import type { Clock } from './clock.ts'
import { encode, valueOf, type OutboundEvent } from './event.ts'
import { createQueue, type Attempt, type Delivery, type Queue, type QueueTimes } from './queue.ts'
import type { Random } from './random.ts'
import type { Transport } from './transport.ts'

/** Times of a recipient that sets none, in milliseconds. The real box's own defaults are not known. */
export const DEFAULT_TIMES: QueueTimes = { retryIntervalMs: 5_000, retryDurationMs: 600_000, timeoutMs: 10_000 }

/** What `/login > Management > Outbound Events` lets the administrator set for a recipient, as far as it matters. */
export interface RecipientOptions extends Partial<QueueTimes> {
  /** Label in reports; by default the URL's host and port, which hides a token in its query. */
  readonly name?: string
  /** "Events to Send": names; all if left out. What has no event name is sent to everybody. */
  readonly events?: readonly string[]
  /** "Use a CA certificate": the authority (PEM) to trust for this `https` URL. */
  readonly ca?: string | Buffer
  /** Keeps the connection from one event to the next; by default each event has a new one. */
  readonly keepAlive?: boolean
}

export interface RecipientParts {
  readonly name: string
  readonly clock: Clock
  readonly transport: Transport
  /** Decides which replies are lost. */
  readonly random: Random
  readonly lostReply: number
  readonly onAttempt: (attempt: Attempt) => void
  readonly onSettled: (delivery: Delivery) => void
}

/** A recipient with its queue. */
export interface Recipient {
  readonly queue: Queue
  /** True if the event is among those that the recipient is to get. */
  takes(event: OutboundEvent): boolean
}

/** Makes a recipient; throws on a URL that is not http or https. */
export function createRecipient(url: string | URL, options: RecipientOptions, parts: RecipientParts): Recipient {
  const target = new URL(url)
  if (!['http:', 'https:'].includes(target.protocol)) throw new Error(`${target.protocol} is neither http: nor https:`)
  const wanted = options.events === undefined ? null : new Set(options.events)
  return {
    queue: createQueue({
      ...DEFAULT_TIMES,
      ...timesOf(options),
      recipient: parts.name,
      clock: parts.clock,
      post: (event, signal) =>
        parts.transport.send({
          ...encode(event),
          url: target,
          ca: options.ca,
          keepAlive: options.keepAlive ?? false,
          signal,
        }),
      loseReply: () => parts.random.chance(parts.lostReply),
      onAttempt: parts.onAttempt,
      onSettled: parts.onSettled,
    }),
    takes: (event) => {
      const name = valueOf(event.variables, 'event')
      return wanted === null || name === undefined || wanted.has(name)
    },
  }
}

/** The times that are set, and nothing else. */
export function timesOf(options: Partial<QueueTimes>): Partial<QueueTimes> {
  const { retryIntervalMs, retryDurationMs, timeoutMs } = options
  return {
    ...(retryIntervalMs === undefined ? {} : { retryIntervalMs }),
    ...(retryDurationMs === undefined ? {} : { retryDurationMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
}

/** The name, numbered if it is taken. */
export function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} (${number})`
  return name
}
