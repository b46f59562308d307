import type { ServerResponse } from 'node:http'

import { wait, type Clock } from '../clock.ts'
import type { Body, Reply } from './reply.ts'
import { writeXml, type XmlStyle } from './xml.ts'

/** How a reply goes over the wire. Left out: at once, in pieces, and whole. */
export interface Manner {
  /** Waits before the head. */
  readonly delayMs?: number
  /** Sends pieces of so many bytes, wherever that cuts a character, */
  readonly pieceBytes?: number
  /** and waits between two of them. */
  readonly pauseMs?: number
  /** Cuts the connection after so many bytes of the body, whether or not that is all of it; 0: before the head. */
  readonly cutAfter?: number
  /** Never answers. */
  readonly hang?: boolean
}

/** Bytes that are collected before they are sent. */
const USUAL_PIECE = 16 * 1024

/** Sends a reply; done when it is handed to the system, or the other side has gone. */
export async function send(
  outgoing: ServerResponse,
  reply: Reply,
  clock: Clock,
  { manner = {}, style = {} }: { readonly manner?: Manner; readonly style?: XmlStyle } = {},
): Promise<void> {
  if (manner.hang === true) return
  const gone = new AbortController()
  const left = new Promise<void>((resolve) => {
    outgoing.once('close', () => {
      gone.abort()
      resolve()
    })
  })
  const pause = async (ms: number | undefined) => {
    if (ms !== undefined) await wait(clock, ms, gone.signal)
  }
  await pause(manner.delayMs)
  if (manner.cutAfter === 0) {
    outgoing.destroy()
    return
  }
  // Without a length it goes out chunked, as the real box does.
  outgoing.writeHead(reply.status, { ...reply.headers, Connection: 'close' })
  let sent = 0
  for (const piece of sized(pieces(reply.body, style), manner.pieceBytes)) {
    const room = (manner.cutAfter ?? Number.POSITIVE_INFINITY) - sent
    await Promise.race([write(outgoing, piece.subarray(0, Math.min(room, piece.length))), left])
    sent += piece.length
    if (gone.signal.aborted || piece.length >= room) break
    await pause(manner.pauseMs)
  }
  if (manner.cutAfter === undefined) outgoing.end()
  else outgoing.destroy()
}

function* pieces(body: Body, style: XmlStyle): Generator<Buffer> {
  if (body.kind === 'bytes') yield* body.chunks
  else if (body.kind === 'text') yield Buffer.from(body.text)
  else for (const text of writeXml(body.root, style)) yield Buffer.from(text)
}

/** The same bytes in pieces of exactly that size; by default the first as it is, and then in large ones. */
function* sized(parts: Iterable<Buffer>, bytes: number | undefined): Generator<Buffer> {
  let collected: Buffer[] = []
  let length = 0
  let first = true
  for (const part of parts) {
    collected.push(part)
    length += part.length
    if (length < (bytes ?? (first ? 1 : USUAL_PIECE))) continue
    const all = Buffer.concat(collected)
    const size = bytes ?? all.length
    const whole = Math.floor(all.length / size)
    for (let piece = 0; piece < whole; piece += 1) yield all.subarray(piece * size, (piece + 1) * size)
    collected = [all.subarray(whole * size)]
    length = all.length - whole * size
    first = false
  }
  if (length > 0) yield Buffer.concat(collected)
}

/** Resolves once the system has taken the bytes. */
const write = (outgoing: ServerResponse, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    outgoing.write(bytes, () => resolve())
  })
