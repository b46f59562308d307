/** Serves the window's files under app://rep-tray, with the headers that lock the page up. */
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { CustomScheme } from 'electron'
import { APP_ORIGIN } from '../../../preload/contract.ts'
import { contentSecurityPolicy } from '../csp.ts'
import type { Parts } from './electron.ts'

const { protocol: SCHEME, host: HOST } = new URL(APP_ORIGIN)

/** To be registered before `ready`: makes app:// a standard, secure origin, as https is. */
export const PRIVILEGED_SCHEME: CustomScheme = {
  scheme: SCHEME.slice(0, -1),
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

/** The page that the window loads. */
export const START_URL = `${APP_ORIGIN}/index.html`

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Plain names only. No dot at the start, no percent sign, no backslash: so nothing can be hidden in a path. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/

/** True for what lies under app://rep-tray. The URL's `origin` does not say so: Node gives `null` for other schemes. */
export function isOwnUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return protocol === SCHEME && host === HOST && username === '' && password === ''
}

function respond(status: number, type: string, body: Uint8Array<ArrayBuffer> | null): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  })
}

/** Answers one request with a file of `root`; whatever is not plainly one of them is 404. */
export async function serveFile(root: string, request: Pick<Request, 'url' | 'method'>): Promise<Response> {
  const missing = respond(404, 'text/plain; charset=utf-8', null)
  if (request.method !== 'GET' || !isOwnUrl(request.url)) return missing
  const { pathname } = new URL(request.url)
  const path = pathname === '/' || pathname === '' ? '/index.html' : pathname
  const type = TYPES[extname(path)]
  if (type === undefined || !PLAIN_PATH.test(path)) return missing
  try {
    return respond(200, type, await readFile(join(root, path)))
  } catch {
    return missing
  }
}

/** Registers the scheme's handler; after `ready`. */
export function serveWindow(electron: Parts<'protocol'>, root: string): void {
  electron.protocol.handle(PRIVILEGED_SCHEME.scheme, (request) => serveFile(root, request))
}
