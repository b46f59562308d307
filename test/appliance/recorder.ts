import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import type { Variables } from './event.ts'

/** A post as it came in. */
export interface Recorded {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The body read as an urlencoded form in UTF-8. */
  readonly variables: Variables
  /** Number of the connection that brought it, from 1. */
  readonly connection: number
}

/** What a recipient does with a post: a status; or it never answers; or cuts the connection at once or within the reply. */
export type Answer = number | 'hang' | 'cut' | 'cut-reply'

export interface RecorderOptions {
  /** Asked for each post; 200 if left out. */
  readonly answer?: (post: Recorded, index: number) => Answer
  /** Port 0 or left out: any. */
  readonly port?: number
  /** Serves https. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A recipient for tests: it notes what comes, and answers as it is told. */
export interface Recorder {
  readonly url: string
  readonly port: number
  readonly posts: readonly Recorded[]
  close(): Promise<void>
}

export async function startRecorder(options: RecorderOptions = {}): Promise<Recorder> {
  const posts: Recorded[] = []
  const connections = new WeakMap<object, number>()
  let lastConnection = 0

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (!connections.has(request.socket)) {
      lastConnection += 1
      connections.set(request.socket, lastConnection)
    }
    const post: Recorded = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body,
      variables: [...new URLSearchParams(body.toString('utf8'))],
      connection: connections.get(request.socket) ?? 0,
    }
    posts.push(post)
    const answer = options.answer?.(post, posts.length - 1) ?? 200
    if (answer === 'hang') return
    if (answer === 'cut') response.destroy()
    else if (answer === 'cut-reply') {
      response.writeHead(200, { 'Content-Length': 100 })
      response.write('not all of it', () => response.destroy())
    } else {
      response.writeHead(answer, { 'Content-Length': 0, ...(answer >= 300 && answer < 400 ? { Location: '/' } : {}) })
      response.end()
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch(() => response.destroy())
  }
  const server = options.tls === undefined ? createServer(listener) : createSecureServer(options.tls, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`,
    port,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
