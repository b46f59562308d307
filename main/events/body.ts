/** Reads the body of a request, within limits of size and time. */
import type { IncomingMessage } from 'node:http'

/** Bytes that are kept of a body. */
export const MAX_BODY = 1024 * 1024
/** A body over the limit is read on up to here, so that its sender can hear the 200; then the connection is cut. */
const MAX_DRAINED = 16 * 1024 * 1024

export interface BodyLimits {
  /** A body may take so long (ms), … */
  readonly bodyTimeout: number
  /** … and a second more for each so many bytes that came. */
  readonly bodyRate: number
}

export interface Body {
  /** At most {@link MAX_BODY} bytes of it. */
  readonly body: Uint8Array
  /** Bytes of all of it. */
  readonly length: number
}

/**
 * Reads a body; of one over the limit the first part is kept, and the rest read and dropped up to a second limit.
 * @throws if it comes in too slowly, is endless, or its sender goes away
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  const parts: Uint8Array[] = []
  let length = 0
  const start = performance.now()
  let timer: NodeJS.Timeout | null = null
  // A deadline that moves with what comes in: neither silence nor a byte now and then keeps a connection.
  const watch = () => {
    const left = start + limits.bodyTimeout + (length / limits.bodyRate) * 1000 - performance.now()
    if (left > 0) timer = setTimeout(watch, left)
    else request.destroy(new Error('The body comes in too slowly.'))
  }
  watch()
  // By callbacks: an iterator over the request takes as long as all else that is done before the event is stored.
  return new Promise<Body>((resolve, reject) => {
    request.on('data', (chunk: Uint8Array) => {
      if (length < MAX_BODY) parts.push(chunk.subarray(0, MAX_BODY - length))
      length += chunk.byteLength
      if (length > MAX_DRAINED) request.destroy(new Error('The body is endless.'))
    })
    request.on('end', () =>
      resolve({ body: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), length }),
    )
    request.on('error', reject)
    request.on('close', () => reject(new Error('The sender went away.')))
  }).finally(() => {
    if (timer !== null) clearTimeout(timer)
  })
}
