import * as http from 'node:http'
import * as https from 'node:https'

/** What became of one POST. */
export type PostResult =
  | { readonly kind: 'reply'; readonly status: number }
  /** No whole reply: `code` is the system's name for why (ECONNREFUSED, ECONNRESET, …). */
  | { readonly kind: 'error'; readonly code: string }

/** One POST to a recipient. */
export interface Post {
  readonly url: URL
  readonly contentType: string | null
  readonly body: Buffer
  /** The certificate authorities to trust for an `https` recipient, in place of the public ones. */
  readonly ca: string | Buffer | undefined
  readonly keepAlive: boolean
  /** Aborted: the connection is cut and the result is an error. */
  readonly signal: AbortSignal
}

/** Sends posts; the part of the appliance that touches the network. */
export interface Transport {
  /** Never rejects, and settles once the signal aborts. Redirects are not followed. */
  send(post: Post): Promise<PostResult>
  /** Ends the connections that were kept. */
  close(): void
}

/** HTTP and HTTPS of Node; one connection for each event unless the post asks to keep it. */
export function createTransport(): Transport {
  const keptHttp = new http.Agent({ keepAlive: true })
  const keptHttps = new https.Agent({ keepAlive: true })

  function send(post: Post): Promise<PostResult> {
    return new Promise((resolve) => {
      if (post.signal.aborted) {
        resolve({ kind: 'error', code: 'ABORT_ERR' })
        return
      }
      const secure = post.url.protocol === 'https:'
      const kept = secure ? keptHttps : keptHttp
      const fail = (error: NodeJS.ErrnoException) => resolve({ kind: 'error', code: error.code ?? error.name })
      const request = (secure ? https.request : http.request)(post.url, {
        method: 'POST',
        agent: post.keepAlive ? kept : false,
        signal: post.signal,
        headers: {
          ...(post.contentType === null ? {} : { 'Content-Type': post.contentType }),
          'Content-Length': post.body.length,
          Connection: post.keepAlive ? 'keep-alive' : 'close',
        },
        ...(post.ca === undefined ? {} : { ca: post.ca }),
      })
      request.on('error', fail)
      request.on('response', (response) => {
        response.on('error', fail)
        // A reply that breaks off in its body is no reply.
        response.on('close', () => {
          resolve(
            response.complete
              ? { kind: 'reply', status: response.statusCode ?? 0 }
              : { kind: 'error', code: 'ECONNRESET' },
          )
        })
        response.resume()
      })
      request.end(post.body)
    })
  }

  return {
    send,
    close: () => {
      keptHttp.destroy()
      keptHttps.destroy()
    },
  }
}
