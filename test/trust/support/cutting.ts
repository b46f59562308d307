/** A network that cuts connections: before the event is there as a whole, or before its answer is back. */
import { connect } from 'node:net'
import type { Random } from '../../appliance/random.ts'
import { TOKEN } from './application.ts'
import type { Post } from './sender.ts'

export interface Cuts {
  /** Connections that were cut before the whole request was sent, and after it. */
  readonly counts: { before: number; after: number }
  readonly post: Post
}

/**
 * @param whole posts what is not cut
 * @param share of all tries, 0 to 1: cut on the way there, cut on the way back
 */
export function createCuts(
  port: number,
  whole: Post,
  random: Random,
  share: { readonly before: number; readonly after: number },
): Cuts {
  const counts = { before: 0, after: 0 }

  /** Sends as much of the request as it may, and cuts; with a part of the answer, or with none. */
  function cut(body: string, way: 'before' | 'after'): Promise<null> {
    counts[way] += 1
    const request = Buffer.from(
      `POST /events?token=${TOKEN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    const sent = way === 'after' ? request : request.subarray(0, random.int(0, request.length - 1))
    const waitsForAnswer = way === 'after' && random.chance(0.5)
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      const end = () => {
        socket.destroy()
        resolve(null)
      }
      socket.on('error', end)
      socket.on('close', end)
      if (waitsForAnswer) socket.once('data', end)
      socket.write(sent, () => (waitsForAnswer ? undefined : end()))
    })
  }

  return {
    counts,
    post: (body) => {
      const chance = random.next()
      if (chance < share.before) return cut(body, 'before')
      if (chance < share.before + share.after) return cut(body, 'after')
      return whole(body)
    },
  }
}
