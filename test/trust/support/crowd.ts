/**
 * A process of many connections that come to nothing: silent ones, and those that dribble a request. Started with
 * `fork`; told a {@link Crowd}, it sends back a {@link Dispersal} once all its connections are gone, or time is up.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

export interface Crowd {
  readonly port: number
  readonly count: number
  /** Recipient path with its token, for those of the crowd that have it. */
  readonly path: string
  /** `slow`: they dribble, each in a way of its own; `silent`: they say nothing. */
  readonly kind: 'slow' | 'silent'
  /** Connections that are being opened at once. */
  readonly pace: number
  /** ms after which it gives up waiting for their end */
  readonly patience: number
}

export interface Dispersal {
  readonly opened: number
  /** Those that were still there at the end. */
  readonly left: number
  /** How long the one that was kept longest was kept (ms). */
  readonly longest: number
  /** Most that were open at once, as seen from here. */
  readonly most: number
  /** Errors by code before a connection came about. */
  readonly failed: Readonly<Record<string, number>>
}

/** Between two bytes (ms). */
const DRIBBLE = 200

/** What each kind of slow sender says first; then a byte now and then. */
function beginnings(path: string): readonly string[] {
  const post = `POST ${path} HTTP/1.1\r\nHost: desk\r\n`
  return [
    '',
    'P',
    post,
    `${post}X-Slow: `,
    `${post}Content-Length: 100000\r\n\r\nevent=`,
    `${post}Transfer-Encoding: chunked\r\n\r\n5\r\nev`,
    'POST /?token=wrong HTTP/1.1\r\nHost: desk\r\nContent-Length: 100000\r\n\r\nevent=',
  ]
}

async function gather({ port, count, path, kind, pace, patience }: Crowd): Promise<Dispersal> {
  const open = new Set<Socket>()
  const texts = kind === 'slow' ? beginnings(path) : ['']
  const failed: Record<string, number> = {}
  let [opened, longest, most] = [0, 0, 0]

  function join(number: number): Promise<void> {
    return new Promise((resolve) => {
      // Many addresses on this computer, where it has them: one has not ports enough.
      const own = process.platform === 'linux' ? { localAddress: `127.0.1.${1 + (number % 8)}` } : {}
      const socket = connect({ port, host: '127.0.0.1', ...own })
      let since = 0
      socket.on('connect', () => {
        since = performance.now()
        opened += 1
        open.add(socket)
        most = Math.max(most, open.size)
        const text = texts[number % texts.length] ?? ''
        if (text !== '') socket.write(text)
        // Who dribbles does not even read the answer. The end of a connection is then told by the next byte.
        if (kind === 'slow') socket.pause()
        resolve()
      })
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (since === 0) failed[error.code ?? 'unknown'] = (failed[error.code ?? 'unknown'] ?? 0) + 1
      })
      socket.on('close', () => {
        if (since > 0) longest = Math.max(longest, performance.now() - since)
        open.delete(socket)
        resolve()
      })
    })
  }

  const dribbling =
    kind === 'slow' &&
    setInterval(() => {
      for (const socket of open) socket.write('x')
    }, DRIBBLE)
  const start = performance.now()
  let next = 0
  const lanes = Array.from({ length: pace }, async () => {
    while (next < count && performance.now() < start + 2 * patience) await join(next++)
  })
  await Promise.all(lanes)
  const end = performance.now() + patience
  while (open.size > 0 && performance.now() < end) await setTimeout(10)
  if (dribbling !== false) clearInterval(dribbling)
  const left = open.size
  for (const socket of open) socket.destroy()
  return { opened, left, longest, most, failed }
}

process.on('disconnect', () => process.exit(1))
process.once('message', (crowd) => {
  void gather(crowd as Crowd).then((dispersal) => process.send?.(dispersal, () => process.exit(0)))
})
