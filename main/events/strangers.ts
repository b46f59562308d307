/**
 * Connections, above all of those who have not shown the token yet. Anybody can open them, so there is an end to them in
 * number and in time, and whoever has most of them has to make room: the appliance gets through while others press.
 * Times in ms.
 */
import { isIP, type Socket } from 'node:net'

/** Failed attempts of one network that are remembered; the oldest is forgotten for a new one. */
const MAX_NETWORKS = 1_000

/** Attempts beyond the free ones that count. */
const MAX_COUNTED = 20

export interface StrangerLimits {
  /** Connections at once, with or without the token. */
  readonly maxConnections: number
  /** Within this a new connection has to show the token. */
  readonly strangerTimeout: number
  /** Attempts without the token that a network has free; each counts for `attemptLife`. */
  readonly freeAttempts: number
  readonly attemptLife: number
  /** The first answer that is held back is held back for so long, each further one twice as long up to the longest. */
  readonly firstDelay: number
  readonly longestDelay: number
  /** Answers of one network that are held back at once; who wants more is cut off. */
  readonly maxDelayed: number
}

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>

export interface Strangers {
  /** A connection came in; another one may have to go. */
  enter(socket: Socket): void
  /** It has shown the token, or brought an event: it is the last of all that would have to make room. */
  welcome(peer: Peer): void
  /** It has shown none: for how long its answer is to be held back; null: it is cut off. */
  fail(address: string): number | null
  /** An answer that was held back is given, or nobody waits for it any more. */
  release(address: string): void
  /** Makes room: the system has no more descriptors. */
  shed(): void
  /** Those who have not shown the token go. */
  stop(): void
}

interface Guest {
  readonly socket: Socket
  readonly network: string
  readonly since: number
}

interface Attempts {
  count: number
  at: number
  delayed: number
}

/** An IPv6 site has a whole /64 to try from; an IPv4 one has its address. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const zeros = address.includes('::') ? Array<string>(Math.max(missing, 0)).fill('0') : []
  return [...groups, ...zeros, ...tail.split(':')].slice(0, 4).join(':')
}

/** Addresses of IPv4 senders look like `::ffff:192.0.2.1` on a socket that serves both families. */
export function senderOf(socket: Peer): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}

/** The same on both layers of a TLS connection. */
const keyOf = ({ remoteAddress, remotePort }: Peer) => `${remoteAddress} ${remotePort}`

/**
 * @see Strangers
 * @param now milliseconds that are never set back
 * @param onCut one was cut off, and why
 */
export function createStrangers(
  limits: StrangerLimits,
  now: () => number,
  onCut: (why: 'slow' | 'many') => void,
): Strangers {
  /** In the order in which they came. */
  const guests = new Map<string, Guest>()
  /** Those who have shown the token; who brought something last comes last. */
  const known = new Map<string, Guest>()
  const perNetwork = new Map<string, number>()
  const attempts = new Map<string, Attempts>()
  let timer: NodeJS.Timeout | null = null

  /** Only that socket: the next one may have the same port already when the end of this one is told. */
  function forget(key: string, socket: Socket): void {
    if (known.get(key)?.socket === socket) known.delete(key)
    const guest = guests.get(key)
    if (guest?.socket !== socket) return
    guests.delete(key)
    const left = (perNetwork.get(guest.network) ?? 1) - 1
    if (left === 0) perNetwork.delete(guest.network)
    else perNetwork.set(guest.network, left)
    if (guests.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  function cut(key: string, guest: Guest, why: 'slow' | 'many'): void {
    onCut(why)
    forget(key, guest.socket)
    guest.socket.destroy()
  }

  /** The oldest stranger of the network that has most of them; where there is none, who brought nothing for longest. */
  function cutOne(): void {
    let largest = ''
    for (const [network, count] of perNetwork) if (count > (perNetwork.get(largest) ?? 0)) largest = network
    for (const [key, guest] of guests) {
      if (guest.network === largest) return cut(key, guest, 'many')
    }
    for (const [key, guest] of known) return cut(key, guest, 'many')
  }

  function sweep(): void {
    const latest = now() - limits.strangerTimeout
    for (const [key, guest] of guests) {
      if (guest.since > latest) return
      cut(key, guest, 'slow')
    }
  }

  return {
    enter: (socket) => {
      const key = keyOf(socket)
      // It is gone again already.
      if (socket.remoteAddress === undefined) return void socket.destroy()
      socket.once('close', () => forget(key, socket))
      if (guests.size + known.size >= limits.maxConnections) cutOne()
      const network = networkOf(senderOf(socket))
      guests.set(key, { socket, network, since: now() })
      perNetwork.set(network, (perNetwork.get(network) ?? 0) + 1)
      timer ??= setInterval(sweep, limits.strangerTimeout / 20).unref()
    },
    welcome: (peer) => {
      const key = keyOf(peer)
      const guest = guests.get(key) ?? known.get(key)
      if (guest === undefined) return
      forget(key, guest.socket)
      known.set(key, guest)
    },
    fail: (address) => {
      const network = networkOf(address)
      const tried = attempts.get(network) ?? { count: 0, at: now(), delayed: 0 }
      const at = now()
      const left = Math.max(0, tried.count - (at - tried.at) / limits.attemptLife)
      // However many there were, they are forgotten some minutes after the last.
      const count = Math.min(left + 1, limits.freeAttempts + MAX_COUNTED)
      const tooMany = count - limits.freeAttempts
      const isCut = tooMany > 0 && tried.delayed >= limits.maxDelayed
      const isDelayed = tooMany > 0 && !isCut
      // The latest last: the first is forgotten first.
      attempts.delete(network)
      attempts.set(network, { count, at, delayed: tried.delayed + (isDelayed ? 1 : 0) })
      if (attempts.size > MAX_NETWORKS) for (const [oldest] of attempts.entries().take(1)) attempts.delete(oldest)
      if (isCut) return null
      return isDelayed ? Math.min(limits.longestDelay, limits.firstDelay * 2 ** (tooMany - 1)) : 0
    },
    release: (address) => {
      const tried = attempts.get(networkOf(address))
      if (tried !== undefined && tried.delayed > 0) tried.delayed -= 1
    },
    shed: () => {
      for (let left = Math.ceil(guests.size / 2); left > 0; left -= 1) cutOne()
    },
    stop: () => {
      for (const { socket } of guests.values()) socket.destroy()
    },
  }
}
