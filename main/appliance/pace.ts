/** How often the appliance is asked: its limits are per API account, all of its users together. */
import { ApplianceError } from './errors.ts'
import { race, type Delay } from './waiting.ts'

export interface PaceOptions {
  readonly now: () => number
  readonly delay: Delay
  /** Requests in any second; 20 is the appliance's own limit. */
  readonly perSecond?: number
  /** Requests in any hour; 15,000 is the appliance's own limit for the whole account. */
  readonly perHour?: number
}

export interface Pace {
  /**
   * Waits until a request may go, in the order of asking.
   * @throws ApplianceError `rateLimited` if that would take longer than a few seconds, `cancelled`
   */
  take(signal?: AbortSignal): Promise<void>
  /** Learns from a reply's X-RateLimit-* headers. */
  heed(headers: Headers): void
  /** Lets no request go for so many ms. */
  hold(ms: number): void
  /** Requests of the last hour. */
  used(): number
}

/** A little more than a second, so that what left in two seconds does not arrive in one. */
const SECOND = 1_100
const HOUR = 3_600_000
/** A pause up to this is waited for, a longer one is an error (ms). */
const PATIENCE = 5_000
/** The appliance does not say when an hour's budget is there again. */
const UNKNOWN_PAUSE = 60_000
/** A limit up to this is meant per second. */
const SECOND_LIMIT = 100

/** @see Pace */
export function createPace({ now, delay, perSecond = 20, perHour = 15_000 }: PaceOptions): Pace {
  /** When requests left, oldest first, none older than an hour. */
  let left: number[] = []
  let held = { from: 0, ms: 0 }
  let last: Promise<unknown> = Promise.resolve()

  function forget(time: number): void {
    // A clock that was set back leaves times in the future behind: those are as good as old.
    const first = left.findIndex((at) => at > time - HOUR && at <= time)
    if (first < 0) left = []
    else if (first > 0) left = left.slice(first)
  }

  /** Ms until a request may go. */
  function wait(time: number): number {
    forget(time)
    const pause = time < held.from ? 0 : held.from + held.ms - time
    if (left.length >= perHour) return Math.max(pause, (left[left.length - perHour] ?? time) + HOUR - time)
    const nth = left[left.length - perSecond]
    return Math.max(pause, nth === undefined ? 0 : Math.min(nth + SECOND - time, SECOND), 0)
  }

  function hold(ms: number): void {
    const time = now()
    if (time < held.from || time + ms > held.from + held.ms) held = { from: time, ms }
  }

  async function room(signal: AbortSignal | undefined): Promise<void> {
    for (let ms = wait(now()); ms > 0; ms = wait(now())) {
      if (ms > PATIENCE) {
        throw new ApplianceError('rateLimited', 'The appliance was asked too often; this will work again soon.', {
          detail: `${left.length} requests in the last hour; the next may go in ${Math.ceil(ms / 1000)} s.`,
          code: 'budget',
          retryAfter: ms,
        })
      }
      await delay(ms, signal)
    }
    left.push(now())
  }

  return {
    take: (signal) => {
      const before = last
      const turn = race(before, signal).then(() => room(signal))
      // Whoever comes next waits for this one and, if this one gave up, still for those before it.
      last = Promise.allSettled([before, turn])
      return turn
    },
    heed: (headers) => {
      const [limit, remaining] = ['x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) =>
        wholeNumber(headers, name),
      )
      if (remaining !== 0) return
      hold(limit !== null && limit !== undefined && limit <= SECOND_LIMIT ? SECOND : UNKNOWN_PAUSE)
    },
    hold,
    used: () => {
      forget(now())
      return left.length
    },
  }
}

function wholeNumber(headers: Headers, name: string): number | null {
  const text = headers.get(name)
  return text !== null && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : null
}

/** `Retry-After` in ms, whether it is given as seconds or as a date; null if it is not there or not to be read. */
export function retryAfterOf(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1000
  const date = text === '' ? Number.NaN : Date.parse(text)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
