/** Requests that are nearly right: odd in line, headers, framing, encoding, parts, size, order or end. */
import { connect } from 'node:net'
import type { Random } from '../../appliance/random.ts'

/** What one connection says, in so many pieces, and how it ends. */
export interface Mischief {
  readonly pieces: readonly Uint8Array[]
  /** Requests in it, whole or not. */
  readonly requests: number
  /** `leave`: it stays open and says no more. */
  readonly end: 'finish' | 'reset' | 'leave'
}

/** The event that mischief brings when it is right enough to be read. */
export const MISCHIEF = 'event=mischief&lsid=x'

const CRLF = '\r\n'

const lines = (path: string) => [
  `POST ${path} HTTP/1.0`,
  `POST http://desk${path} HTTP/1.1`,
  `POST ${path} HTTP/9.9`,
  `POST ${path}`,
  `POST ${path}  HTTP/1.1`,
  `POST\t${path} HTTP/1.1`,
  `post ${path} HTTP/1.1`,
  `POST ${path}#x HTTP/1.1`,
  `POST ?${path} HTTP/1.1`,
  `POST //[${path} HTTP/1.1`,
  `POST /%zz%00${path} HTTP/1.1`,
  `POST ${path}&${'x=y&'.repeat(400)} HTTP/1.1`,
  `POST /?${'token=a&'.repeat(900)} HTTP/1.1`,
  `POST /?token=${'a'.repeat(20_000)} HTTP/1.1`,
  `POST ${path}&event=%ff%fe&lsid=%00 HTTP/1.1`,
  `GET ${path} HTTP/1.1`,
  'CONNECT desk:80 HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'PRI * HTTP/2.0\r\n\r\nSM',
  'GET /',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\x05\x01\x00',
  '\0\0\0\0',
  '',
]

const HEADERS = [
  'Host: desk',
  'Host: desk\r\nHost: evil.example',
  'Host: [::1',
  'Host:',
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
  'Connection: close',
  'Connection: keep-alive, Host',
  'Content-Encoding: gzip',
  'Trailer: Host',
  ' folded',
  ':empty name',
  'no colon',
  'Nul: \0',
  '__proto__: x',
  'constructor: x',
  'Origin: http://evil.example',
  'X-Forwarded-For: 192.0.2.1',
]

const framings = (length: number) => [
  'Content-Length: 0',
  'Content-Length: 1',
  `Content-Length: ${length + 7}`,
  'Content-Length: 99999',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999999',
  'Content-Length: 0x10',
  'Content-Length: 1e3',
  `Content-Length: +${length}`,
  `Content-Length: ${length}, ${length}`,
  `Content-Length: ${length}\r\nContent-Length: 3`,
  `Content-Length: ${length}\r\nTransfer-Encoding: chunked`,
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: \x0bchunked',
  'X: y',
]

const TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded; charset=utf-16le',
  'application/x-www-form-urlencoded; charset="\\"',
  'APPLICATION/X-WWW-FORM-URLENCODED;CHARSET=nonsense',
  'multipart/form-data; boundary=x',
  'multipart/form-data; boundary="x"',
  'multipart/form-data; boundary="',
  'multipart/form-data',
  `multipart/form-data; boundary=${'b'.repeat(300)}`,
  'multipart/mixed; boundary=x',
  'application/json',
  'text/plain',
  '\xff\xfe',
  '',
]

const PARTS = [
  'Content-Disposition: form-data; name="event"\r\n\r\nmischief',
  'Content-Disposition: form-data; name="lsid"\r\n\r\nx',
  'Content-Disposition: form-data; name="lsid"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx',
  'Content-Disposition: form-data; name=""\r\n\r\n',
  'Content-Disposition: form-data; name="__proto__"\r\n\r\nx',
  'Content-Disposition: form-data; name="a\r\nb"\r\n\r\nx',
  'Content-Disposition: attachment\r\n\r\nx',
  'Content-Type: multipart/form-data; boundary=y\r\n\r\n--y\r\n\r\n--y--',
  'no headers at all',
  '\r\n\r\n\r\n',
  '',
]

const TEXTS = [
  MISCHIEF,
  '',
  'event',
  '=',
  '&&&&',
  'event=mischief&lsid=%',
  'event=mischief&lsid=%zz&lsid=%u0041',
  'event=mischief&lsid=%ff%fe%00',
  'event=mischief&lsid=\xe4\xf6\xfc\x80\x9f',
  'event=mischief&lsid=\xc3\xa4\xf0\x9f\x98\x80',
  'event=mischief&timestamp=-1e999&lsid=x',
  'event=mischief&timestamp=99999999999999999999&lsid=x',
  '__proto__=x&constructor=y&event=mischief',
  'event=mischief&event=other&lsid=x&Isid=y',
  `event=${'m'.repeat(3_000)}`,
  `event=mischief&${'a=b&'.repeat(600)}`,
  `event=mischief&conference_id=${':'.repeat(500)}`,
  '{"event":"mischief"}',
]

const chunkings = (text: string) => {
  const size = text.length.toString(16)
  return [
    `${size}\r\n${text}\r\n0\r\n\r\n`,
    `${size};ext=1\r\n${text}\r\n0\r\nHost: evil\r\n\r\n`,
    `${size};${'x'.repeat(5_000)}\r\n${text}\r\n0\r\n\r\n`,
    `fffffffffffffffff\r\n${text}\r\n`,
    `-1\r\n${text}\r\n0\r\n\r\n`,
    `5\r\n${text}\r\n0\r\n\r\n`,
    `${size}\n${text}\n0\n\n`,
    '0\r\n\r\n',
  ]
}

/** Draws mischief for a recipient path with its token, the same for the same chances. */
export function createMischief(random: Random, path: string): () => Mischief {
  const LINES = lines(path)
  /** As it should be, two times of three. */
  const mostly = <Value>(good: Value, others: () => Value): Value => (random.chance(2 / 3) ? good : others())
  const noise = (most: number) =>
    String.fromCharCode(...Array.from({ length: random.int(0, most) }, () => random.int(0, 255)))

  function multipart(): string {
    const parts = Array.from({ length: random.int(0, 4) }, () => `--x${CRLF}${random.pick(PARTS)}${CRLF}`)
    return `${random.pick(['', 'preamble\r\n'])}${parts.join('')}${random.pick(['--x--\r\n', '--x', ''])}`
  }

  function text(): string {
    if (random.chance(1 / 1_500))
      return `event=mischief&lsid=${'x'.repeat(random.pick([70_000, 1_048_600, 1_300_000]))}`
    return random.chance(0.1) ? noise(80) : random.chance(0.25) ? multipart() : random.pick(TEXTS)
  }

  function request(): string {
    const said = mostly(MISCHIEF, text)
    const headers = Array.from({ length: random.int(0, 2) }, () => random.pick(HEADERS))
    if (random.chance(0.3)) headers.push(`Content-Type: ${random.pick(TYPES)}`)
    if (random.chance(0.005)) headers.push(`Long: ${'x'.repeat(20_000)}`)
    if (random.chance(0.005)) headers.push(...Array.from({ length: 2_500 }, (_, index) => `X${index}: y`))
    const framing = mostly(`Content-Length: ${said.length}`, () => random.pick(framings(said.length)))
    const body = framing.includes('chunked')
      ? mostly(chunkings(said)[0] ?? '', () => random.pick(chunkings(said)))
      : said
    const line = mostly(`POST ${path} HTTP/1.1`, () => (random.chance(0.8) ? random.pick(LINES) : noise(40)))
    return [line, ...headers, framing, '', body].join(mostly(CRLF, () => random.pick(['\n', '\r'])))
  }

  /** A few bytes changed, put in, taken out or said twice. */
  function mutated(bytes: Buffer): Buffer {
    const at = random.int(0, Math.min(bytes.length, 400))
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
    switch (random.int(0, 3)) {
      case 0:
        return Buffer.concat([before, Buffer.from(noise(4), 'latin1'), after])
      case 1:
        return Buffer.concat([before, after.subarray(random.int(1, 8))])
      case 2:
        return Buffer.concat([before, bytes.subarray(Math.max(0, at - 20), at), after])
      default:
        return Buffer.concat([before, Buffer.from([random.int(0, 255)]), after.subarray(1)])
    }
  }

  return () => {
    const requests = random.chance(0.7) ? 1 : random.int(2, 4)
    let bytes: Buffer = Buffer.from(Array.from({ length: requests }, request).join(''), 'latin1')
    if (random.chance(0.3)) bytes = mutated(bytes)
    const cuts = Array.from({ length: random.int(0, 2) }, () => random.int(0, Math.min(bytes.length, 600)))
    const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length]
    const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place))
    const isTorn = random.chance(0.15)
    return {
      pieces: isTorn ? pieces.slice(0, -1) : pieces,
      requests,
      end: random.chance(0.01) ? 'leave' : random.chance(0.25) ? 'reset' : 'finish',
    }
  }
}

/** Commits it; resolves when the connection is gone, whoever ended it. */
export function commit({ pieces, end }: Mischief, port: number, localAddress?: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
    const next = (index: number) => {
      const piece = pieces[index]
      if (piece !== undefined) {
        socket.write(piece)
        // In a packet of its own.
        setImmediate(() => next(index + 1))
      } else if (end === 'reset') socket.resetAndDestroy()
      else if (end === 'finish') socket.end()
    }
    socket.setNoDelay(true)
    socket.once('connect', () => next(0))
  })
}
