/** Keeps the listener listening, at each of its addresses by itself: one that fails is tried again while others listen. */
import { networkInterfaces } from 'node:os'
import type { Health } from '../../preload/contract.ts'
import { endpoint, isPresent, socketsFor } from './addresses.ts'
import { createDoor, WAITS, type Door, type DoorOptions } from './door.ts'

export { endpoint } from './addresses.ts'

/** An address at which nothing can come in, and Node's error of the last try. */
export interface Failure {
  readonly where: string
  readonly error: NodeJS.ErrnoException
}

export interface ListeningOptions extends Pick<DoorOptions, 'createListener' | 'now'> {
  /** Where to listen, read anew at start and restart. The port is 0 for any. */
  readonly target: () => { readonly addresses: readonly string[]; readonly port: number }
  /** `failures`: one for each address that does not listen. */
  readonly onChange: (health: Omit<Health['listener'], 'certificate'>, failures: readonly Failure[]) => void
  /** Waits between tries (ms), if not the usual ones. */
  readonly waits?: DoorOptions['waits']
  /** The system's network interfaces of now. */
  readonly interfaces?: typeof networkInterfaces
}

export interface Listening {
  /** Listens, or starts trying; resolves after the first try. */
  start(): Promise<void>
  /** Closes and listens anew: the target changed. Also cuts waits short. */
  restart(): Promise<void>
  /** Tries at once where it is not listening. */
  retry(): Promise<void>
  /** Looks whether this computer still has the addresses: a socket outlives its address without a word. */
  check(): Promise<void>
  stop(): Promise<void>
}

/** @see Listening */
export function createListening(options: ListeningOptions): Listening {
  const { createListener, now, target, interfaces = networkInterfaces, waits = WAITS } = options
  let doors: readonly Door[] = []
  let stopped = false
  /** While several doors are opened it is told once, at the end. */
  let isHolding = false
  let hasNews = false
  /** One thing at a time: a restart waits for what is under way. */
  let queue: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  /** All that are to take any free port take the same, where they can. */
  function ports(): readonly number[] {
    const { port } = target()
    if (port !== 0) return [port]
    const others = doors.map((door) => door.state()).flatMap((state) => (state.kind === 'open' ? [state.port] : []))
    return [...others.slice(0, 1), 0]
  }

  function tell(): void {
    hasNews = true
    if (stopped || isHolding) return
    hasNews = false
    const states = doors.map((door) => ({ address: door.address, state: door.state() }))
    const addresses = states.flatMap(({ address, state }) =>
      state.kind === 'open' ? [endpoint(address, state.port)] : [],
    )
    const failed = states.flatMap(({ address, state }) => (state.kind === 'failed' ? [{ address, ...state }] : []))
    if (doors.length === 0) {
      options.onChange({ status: 'stopped', addresses: [], retryAt: null }, [])
      return
    }
    if (addresses.length === 0 && failed.length === 0) return
    options.onChange(
      {
        status: addresses.length > 0 ? 'listening' : 'failed',
        addresses,
        retryAt: failed.length === 0 ? null : Math.min(...failed.map(({ retryAt }) => retryAt)),
      },
      failed.map(({ address, error }) => ({ where: endpoint(address, target().port), error })),
    )
  }

  async function open(): Promise<void> {
    if (stopped) return
    if (doors.length === 0) {
      doors = socketsFor(target().addresses).map((address) =>
        createDoor({ address, createListener, ports, now, onChange: tell, waits }),
      )
    }
    isHolding = true
    if (doors.length === 0) tell()
    // One after the other, so that the later ones can take the port of the first.
    for (const door of doors) await door.open()
    isHolding = false
    if (hasNews) tell()
  }

  async function close(): Promise<void> {
    const closing = doors
    doors = []
    await Promise.all(closing.map((door) => door.close()))
  }

  return {
    start: () => inTurn(open),
    retry: () => inTurn(open),
    restart: () =>
      inTurn(async () => {
        await close()
        await open()
      }),
    check: () =>
      inTurn(async () => {
        const present = interfaces()
        for (const door of doors) {
          if (isPresent(door.address, present)) continue
          await door.fail(Object.assign(new Error('The address is gone.'), { code: 'EADDRNOTAVAIL' }))
        }
      }),
    stop: () => {
      stopped = true
      return inTurn(async () => {
        await close()
        options.onChange({ status: 'stopped', addresses: [], retryAt: null }, [])
      })
    },
  }
}
