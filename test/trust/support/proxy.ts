/** A bad network: a TCP proxy that resets connections, cuts them in the middle of what is said, and is slow. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Random } from '../../appliance/random.ts'

/** Of all pieces that pass: how many lead to a reset, are cut in half, are held up (by at most so many ms). */
export interface Weather {
  readonly reset: number
  readonly halve: number
  readonly slow: number
  readonly delay: number
}

export interface Proxy {
  readonly port: number
  readonly counts: { connections: number; reset: number; halved: number; slowed: number }
  weather: Weather
  close(): void
}

export const FAIR: Weather = { reset: 0, halve: 0, slow: 0, delay: 0 }

export async function createProxy(target: number, random: Random, weather: Weather): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const counts = { connections: 0, reset: 0, halved: 0, slowed: 0 }
  const proxy = { weather }

  function pipe(from: Socket, to: Socket): void {
    let line: Promise<void> = Promise.resolve()
    async function pass(before: Promise<void>, piece: Buffer, wait: number): Promise<void> {
      await before
      if (wait > 0) await setTimeout(wait)
      if (!to.destroyed) to.write(piece)
      from.resume()
    }
    from.on('data', (piece: Buffer) => {
      const { reset, halve, slow, delay } = proxy.weather
      const chance = random.next()
      if (chance < reset) {
        counts.reset += 1
        from.resetAndDestroy()
        to.resetAndDestroy()
      } else if (chance < reset + halve) {
        counts.halved += 1
        to.write(piece.subarray(0, piece.length >> 1), () => {
          from.destroy()
          to.destroy()
        })
      } else {
        const isSlow = chance < reset + halve + slow
        if (isSlow) counts.slowed += 1
        const wait = isSlow ? random.next() * delay : 0
        from.pause()
        line = pass(line, piece, wait)
      }
    })
    from.on('close', () => void line.finally(() => to.destroy()))
    from.on('error', () => to.destroy())
  }

  const server = createServer((client) => {
    counts.connections += 1
    const broker = connect(target, '127.0.0.1')
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
    }
    pipe(client, broker)
    pipe(broker, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(proxy, {
    port: (server.address() as AddressInfo).port,
    counts,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
}
