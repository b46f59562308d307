import { wait, type Clock } from './clock.ts'
import type { OutboundEvent } from './event.ts'
import type { PostResult } from './transport.ts'

/** What became of one attempt to deliver an event. */
export type AttemptResult =
  | PostResult
  /** No whole reply within the time-out. */
  | { readonly kind: 'timeout' }
  /** 200 came, but the appliance acts as though it had not. */
  | { readonly kind: 'lost' }

/** One attempt, as it is reported when it is over. Times in milliseconds since 1970. */
export interface Attempt {
  readonly recipient: string
  readonly event: OutboundEvent
  /** 1 for the first attempt at this event. */
  readonly number: number
  readonly startedAt: number
  readonly endedAt: number
  readonly result: AttemptResult
}

/** The end of an event's time in a queue. Times in milliseconds since 1970. */
export interface Delivery {
  readonly recipient: string
  readonly event: OutboundEvent
  readonly outcome: 'acknowledged' | 'dropped'
  /** Result of each attempt, the first one first. */
  readonly attempts: readonly AttemptResult[]
  readonly firstAttemptAt: number
  readonly settledAt: number
}

/** The times of a recipient, in milliseconds. */
export interface QueueTimes {
  /** From the end of a failed attempt to the next one; at least 1. */
  readonly retryIntervalMs: number
  /** From the first attempt at an event to its being dropped. 0: one attempt only. */
  readonly retryDurationMs: number
  /** For one attempt, from connecting to the end of the reply. */
  readonly timeoutMs: number
}

export interface QueueOptions extends QueueTimes {
  readonly recipient: string
  readonly clock: Clock
  /** Posts the event; never rejects, and settles once the signal aborts. */
  readonly post: (event: OutboundEvent, signal: AbortSignal) => Promise<PostResult>
  /** Asked after each 200: true makes the appliance forget that it came. */
  readonly loseReply: () => boolean
  readonly onAttempt: (attempt: Attempt) => void
  readonly onSettled: (delivery: Delivery) => void
}

/** The events on their way to one recipient. */
export interface Queue {
  push(event: OutboundEvent): void
  /** Events neither acknowledged nor dropped, the one in flight included. */
  length(): number
  /** Resolves when the queue is empty or closed. */
  idle(): Promise<void>
  /** Cuts the attempt in flight, and delivers nothing any more. What waits stays counted. */
  close(): Promise<void>
}

/**
 * The queue of one recipient, by the rules of the vendor's guide: one event in flight, strictly in order; nothing but
 * HTTP 200 is success; what fails is tried again at an interval and holds up all behind it, until it is dropped.
 *
 * Our reading where the guide is silent: the interval runs from the end of the failed attempt; no attempt starts once
 * the duration is over; an event is dropped at that moment, or when the attempt in flight then has failed.
 */
export function createQueue(options: QueueOptions): Queue {
  const { clock, recipient } = options
  const stop = new AbortController()
  const wakeUp: (() => void)[] = []
  let events: OutboundEvent[] = []
  /** Index of the first event that waits; what lies before it is done, and cut off now and then. */
  let first = 0
  let running: Promise<void> | null = null

  async function attempt(event: OutboundEvent): Promise<AttemptResult> {
    const cut = new AbortController()
    const cutNow = () => cut.abort()
    let late = false
    const cancel = clock.after(options.timeoutMs, () => {
      late = true
      cutNow()
    })
    stop.signal.addEventListener('abort', cutNow, { once: true })
    const result = await options.post(event, cut.signal)
    stop.signal.removeEventListener('abort', cutNow)
    cancel()
    if (result.kind === 'error' && late) return { kind: 'timeout' }
    if (result.kind === 'reply' && result.status === 200 && options.loseReply()) return { kind: 'lost' }
    return result
  }

  /** Tries until the event is settled; null if the queue was closed meanwhile. */
  async function deliver(event: OutboundEvent): Promise<Delivery | null> {
    const firstAttemptAt = clock.now()
    const deadline = firstAttemptAt + options.retryDurationMs
    const attempts: AttemptResult[] = []
    const settled = (outcome: Delivery['outcome']): Delivery => ({
      recipient,
      event,
      outcome,
      attempts,
      firstAttemptAt,
      settledAt: clock.now(),
    })
    do {
      const startedAt = clock.now()
      const result = await attempt(event)
      if (stop.signal.aborted) return null
      attempts.push(result)
      options.onAttempt({ recipient, event, number: attempts.length, startedAt, endedAt: clock.now(), result })
      if (result.kind === 'reply' && result.status === 200) return settled('acknowledged')
      const left = deadline - clock.now()
      if (left > 0) await wait(clock, Math.min(Math.max(options.retryIntervalMs, 1), left), stop.signal)
      if (stop.signal.aborted) return null
    } while (clock.now() < deadline)
    return settled('dropped')
  }

  async function run(): Promise<void> {
    for (let event = events[first]; event !== undefined; event = events[first]) {
      const delivery = await deliver(event)
      if (delivery === null) return
      first += 1
      if (first >= 1024 && first * 2 >= events.length) {
        events = events.slice(first)
        first = 0
      }
      options.onSettled(delivery)
    }
    running = null
    for (const wake of wakeUp.splice(0)) wake()
  }

  return {
    push: (event) => {
      events.push(event)
      if (!stop.signal.aborted) running ??= run()
    },
    length: () => events.length - first,
    idle: () =>
      new Promise((resolve) => {
        if (running === null || stop.signal.aborted) resolve()
        else wakeUp.push(resolve)
      }),
    close: async () => {
      stop.abort()
      await running
      for (const wake of wakeUp.splice(0)) wake()
    },
  }
}
