import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** A request as it came in. */
export interface Request {
  readonly method: string
  readonly path: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The form in the body; empty for other kinds of bodies. */
  readonly form: URLSearchParams
  /** Query and form together; the form's value comes first. */
  readonly parameters: URLSearchParams
}

/** Bytes that a request body may have. */
const BODY_LIMIT = 1024 * 1024

/** Reads a request with its body; null if that is too long. */
export async function readRequest(incoming: IncomingMessage): Promise<Request | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming) {
    const bytes = chunk as Buffer
    length += bytes.length
    if (length <= BODY_LIMIT) chunks.push(bytes)
  }
  if (length > BODY_LIMIT) return null
  const target = `http://appliance${incoming.url ?? '/'}`
  const url = new URL(URL.canParse(target) ? target : 'http://appliance/')
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const form = new URLSearchParams(isForm ? Buffer.concat(chunks).toString('utf8') : '')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    url: incoming.url ?? '/',
    headers: incoming.headers,
    form,
    parameters: new URLSearchParams([...form, ...url.searchParams]),
  }
}
