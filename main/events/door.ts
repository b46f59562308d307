/** One address to listen on: a port that is taken or an address that is gone is tried again, for ever. */
import type { Listener } from './listener.ts'

/** Waits between tries (ms); the last one repeats. */
export const WAITS = [1_000, 2_000, 5_000, 10_000, 30_000] as const

export interface DoorOptions {
  readonly address: string
  readonly createListener: () => Listener
  /** Ports to try, read anew at each try; the first that is free is taken. */
  readonly ports: () => readonly number[]
  readonly now: () => number
  /** It listens, or failed, or listens no more. */
  readonly onChange: () => void
  readonly waits: readonly [number, ...number[]]
}

export type DoorState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly port: number }
  /** `retryAt`: when it is tried again. */
  | { readonly kind: 'failed'; readonly error: NodeJS.ErrnoException; readonly retryAt: number }

export interface Door {
  readonly address: string
  readonly state: () => DoorState
  /** Listens if it does not yet, else starts trying. Resolves after the first try. */
  open(): Promise<void>
  /** It listens no more, though nobody closed it; it is tried again. */
  fail(error: NodeJS.ErrnoException): Promise<void>
  /** Closes it for good. */
  close(): Promise<void>
}

/** @see Door */
export function createDoor(options: DoorOptions): Door {
  const { address, now, waits, onChange } = options
  let state: DoorState = { kind: 'closed' }
  let listener: Listener | null = null
  let timer: NodeJS.Timeout | null = null
  let tries = 0
  let isClosed = false
  /** One thing at a time: what is asked for waits for what is under way. */
  let queue: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work)
    // Whoever asked hears of a failure; what comes after it is done all the same.
    queue = done.catch(() => {})
    return done
  }

  function change(next: DoorState): void {
    state = next
    onChange()
  }

  async function listen(): Promise<{ readonly made: Listener; readonly port: number }> {
    const made = options.createListener()
    const [first = 0, ...others] = options.ports()
    const onGone = (error: Error) => void inTurn(() => leave(error, made))
    try {
      return { made, port: await made.listen(address, first, onGone) }
    } catch (error) {
      const [next] = others
      if (next === undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      return { made, port: await made.listen(address, next, onGone) }
    }
  }

  async function attempt(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (isClosed || listener !== null) return
    let found: Awaited<ReturnType<typeof listen>>
    try {
      found = await listen()
    } catch (error) {
      tryLater(error as NodeJS.ErrnoException)
      return
    }
    listener = found.made
    tries = 0
    change({ kind: 'open', port: found.port })
  }

  function tryLater(error: NodeJS.ErrnoException): void {
    const wait = waits[Math.min(tries, waits.length - 1)] ?? waits[0]
    tries += 1
    timer = setTimeout(() => void inTurn(attempt), wait)
    timer.unref()
    change({ kind: 'failed', error, retryAt: now() + wait })
  }

  /** @param left what is gone; if that is not the one in use, nothing happens */
  async function leave(error: NodeJS.ErrnoException, left: Listener | null): Promise<void> {
    if (left === null || listener !== left) return
    listener = null
    await left.close()
    if (!isClosed) tryLater(error)
  }

  return {
    address,
    state: () => state,
    open: () => inTurn(attempt),
    fail: (error) => inTurn(() => leave(error, listener)),
    close: () => {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      return inTurn(async () => {
        const closing = listener
        listener = null
        state = { kind: 'closed' }
        await closing?.close()
      })
    },
  }
}
