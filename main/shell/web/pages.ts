/**
 * Browser mode's pages: the window's files on 127.0.0.1, for the one browser that was given the link. The link's token
 * becomes a cookie that scripts cannot read; only a request with that cookie, to this very host, sees anything.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { contentSecurityPolicy } from '../csp.ts'
import { isStranger } from './peer.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

interface Page {
  readonly type: string
  readonly body: Uint8Array
}

export interface Pages {
  readonly server: Server
  /** The link that opens the window: good for as long as this process runs. */
  link(): string
  /** A link that is good once, within a minute: the browser that is given it has it among its arguments. */
  onceLink(): string
  /** May this request see anything? It comes to this host, from this host's own page or none, with the cookie. */
  admits(request: IncomingMessage): boolean
  /** Listens on 127.0.0.1. @throws Node's error if it cannot */
  listen(port: number): Promise<void>
  close(): Promise<void>
}

function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}

/** All files of the window by their path; what is not among them does not exist, whatever the path looks like. */
function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (entry.isFile() && type !== undefined)
      pages.set(`/${entry.name}`, { type, body: readFileSync(join(folder, entry.name)) })
  }
  const index = pages.get('/index.html')
  if (index === undefined) throw new Error(`The window's files are not in ${folder}: build them first (npm run build).`)
  // In Electron the preload makes the bridge; here a script does, before the window's own.
  const html = Buffer.from(index.body)
    .toString('utf8')
    .replace('<script ', '<script src="./bridge.js"></script>\n    <script ')
  pages.set('/', { type: index.type, body: Buffer.from(html) })
  pages.delete('/index.html')
  return pages
}

/** How long a link waits that is good once (ms): a browser may have to be started first. */
const ONCE_WITHIN = 60_000

const NO_ENTRY = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rep Tray</title>
<h1>This link does not open Rep Tray</h1>
<p>Use the link that Rep Tray showed when it started. It changes with each start.</p></html>`

/** @param folder the built window */
export function createPages(folder: string): Pages {
  const pages = readPages(folder)
  const token = randomBytes(24).toString('base64url')
  const secret = randomBytes(24).toString('base64url')
  /** Tokens that are good once, and until when. */
  const once = new Map<string, number>()
  let port = 0

  /** Cookies do not tell ports apart, so the name does. */
  const cookieName = () => `rep-tray-${port}`
  const hosts = () => [`127.0.0.1:${port}`, `localhost:${port}`]

  function isGood(given: string): boolean {
    const until = once.get(given)
    once.delete(given)
    return same(given, token) || (until !== undefined && performance.now() < until)
  }

  function hasCookie(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/)
    const prefix = `${cookieName()}=`
    return cookies.some((cookie) => cookie.startsWith(prefix) && same(cookie.slice(prefix.length), secret))
  }

  /** A page of another name that resolves to this computer sends its own name as Host. */
  const isOurHost = (request: IncomingMessage) => hosts().includes(request.headers.host ?? '')

  function admits(request: IncomingMessage): boolean {
    const { origin } = request.headers
    return (
      isOurHost(request) &&
      (origin === undefined || hosts().includes(origin.replace(/^http:\/\//, ''))) &&
      hasCookie(request)
    )
  }

  function answer(response: ServerResponse, status: number, page: Page, headers: Record<string, string> = {}): void {
    response.writeHead(status, {
      'content-type': page.type,
      'content-length': page.body.byteLength,
      'content-security-policy': contentSecurityPolicy(`ws://127.0.0.1:${port} ws://localhost:${port}`),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      ...headers,
    })
    response.end(page.body)
  }

  const html = (text: string): Page => ({ type: TYPES['.html'] ?? '', body: Buffer.from(text) })

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = URL.parse(request.url ?? '', 'http://window')
    if (url === null || !isOurHost(request) || request.method !== 'GET') {
      answer(response, 404, html(''), { connection: 'close' })
      return
    }
    const given = url.searchParams.get('token')
    if (given !== null && url.pathname === '/' && isGood(given)) {
      const cookie = `${cookieName()}=${secret}; HttpOnly; SameSite=Strict; Path=/`
      // Redirected, so that the token is neither in the address bar nor in a Referer.
      answer(response, 303, html(''), { 'set-cookie': cookie, location: '/' })
      return
    }
    if (!admits(request)) {
      answer(response, 403, html(NO_ENTRY))
      return
    }
    const page = pages.get(url.pathname)
    if (page === undefined) answer(response, 404, html(''))
    else answer(response, 200, page)
  }

  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 30_000, requireHostHeader: false },
    serve,
  )
  // Node would answer it by itself, without the headers that every answer has.
  server.on('checkExpectation', serve)
  server.on('connection', (socket) => {
    if (isStranger(socket)) socket.destroy()
  })
  server.on('clientError', (_error, socket) => socket.destroy())

  return {
    server,
    link: () => `http://127.0.0.1:${port}/?token=${token}`,
    onceLink: () => {
      const made = randomBytes(24).toString('base64url')
      for (const [older, until] of once) if (until < performance.now()) once.delete(older)
      once.set(made, performance.now() + ONCE_WITHIN)
      return `http://127.0.0.1:${port}/?token=${made}`
    },
    admits,
    listen: (wanted) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => {
          server.off('error', reject)
          port = (server.address() as AddressInfo).port
          resolve()
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
