/** Keeps the listener listening: a port that is taken or an address that is gone is tried again, for ever. */
import type { Health } from '../../preload/contract.ts'
import type { Listener } from './listener.ts'

/** Waits between tries (ms); the last one repeats. */
const WAITS = [1_000, 2_000, 5_000, 10_000, 30_000] as const

export interface ListeningOptions {
  readonly createListener: () => Listener
  /** Where to listen, read anew at each try. */
  readonly target: () => { readonly address: string; readonly port: number }
  readonly now: () => number
  /** `error`: Node's error of the last try, null once it listens. */
  readonly onChange: (health: Health['listener'], error: NodeJS.ErrnoException | null) => void
  /** Waits between tries (ms), if not the usual ones. */
  readonly waits?: readonly [number, ...number[]]
}

export interface Listening {
  /** Listens, or starts trying; resolves after the first try. */
  start(): Promise<void>
  /** Closes and listens anew: the target changed. Also cuts a wait short. */
  restart(): Promise<void>
  /** Tries at once if it is not listening. */
  retry(): Promise<void>
  stop(): Promise<void>
}

/** `address:port`, with brackets around IPv6. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** @see Listening */
export function createListening(options: ListeningOptions): Listening {
  const waits = options.waits ?? WAITS
  let listener: Listener | null = null
  let timer: NodeJS.Timeout | null = null
  let tries = 0
  let stopped = false
  /** One thing at a time: a restart waits for what is under way. */
  let queue: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work)
    // Whoever asked hears of a failure; what comes after it is done all the same.
    queue = done.catch(() => {})
    return done
  }

  async function open(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (stopped || listener !== null) return
    try {
      const { address, port } = options.target()
      const candidate = options.createListener()
      const bound = await candidate.listen(address, port)
      listener = candidate
      tries = 0
      options.onChange(
        { status: 'listening', addresses: [endpoint(address, bound)], retryAt: null, certificate: null },
        null,
      )
    } catch (error) {
      const wait = waits[Math.min(tries, waits.length - 1)] ?? waits[0]
      tries += 1
      timer = setTimeout(() => void inTurn(open), wait)
      timer.unref()
      options.onChange(
        { status: 'failed', addresses: [], retryAt: options.now() + wait, certificate: null },
        error as NodeJS.ErrnoException,
      )
    }
  }

  async function close(): Promise<void> {
    const closing = listener
    listener = null
    await closing?.close()
  }

  return {
    start: () => inTurn(open),
    retry: () => inTurn(open),
    restart: () =>
      inTurn(async () => {
        await close()
        tries = 0
        await open()
      }),
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      return inTurn(async () => {
        await close()
        options.onChange({ status: 'stopped', addresses: [], retryAt: null, certificate: null }, null)
      })
    },
  }
}
