/** Browser mode's bridge: the contract's three channels over one WebSocket for each page. */
import type { Server } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { CHANNELS, type Reply } from '../../../preload/contract.ts'
import type { AppHandle } from '../port.ts'
import { createRateLimit } from '../rate.ts'
import type { Pages } from './pages.ts'

/** Bytes of one message from a page; a command is far smaller. */
const MAX_MESSAGE = 64 * 1024
/** Pages at a time: tabs, and a few that are about to go. */
const MAX_PAGES = 16

export interface WebBridge {
  /** Pages that are connected. */
  count(): number
  close(): void
}

/** A command with the number that its reply will bear. */
function parseMessage(data: string): { readonly id: number; readonly command: unknown } | null {
  try {
    const { id, [CHANNELS.command]: command } = JSON.parse(data) as Record<string, unknown>
    return typeof id === 'number' ? { id, command } : null
  } catch {
    return null
  }
}

/** @param onCount the number of connected pages has changed */
export function createWebBridge(
  server: Server,
  pages: Pages,
  app: AppHandle,
  onCount: (count: number) => void,
): WebBridge {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE })

  server.on('upgrade', (request, socket, head) => {
    // A WebSocket is not bound by the same-origin rule: Origin must be there, and be ours.
    const isOurs = request.headers.origin !== undefined && pages.admits(request) && request.url === '/bridge'
    if (!isOurs || sockets.clients.size >= MAX_PAGES) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(request, socket, head, connect)
  })

  function connect(socket: WebSocket): void {
    const allowed = createRateLimit(() => performance.now())
    let sending = false
    let outdated = false

    /** One State is under way at a time; a page that is slow to read gets the latest, not all of them. */
    function push(): void {
      outdated = sending
      if (sending) return
      sending = true
      socket.send(JSON.stringify({ [CHANNELS.state]: app.getState() }), () => {
        sending = false
        if (outdated) push()
      })
    }

    async function carryOut(data: string): Promise<void> {
      const message = parseMessage(data)
      if (message === null) {
        socket.close(1003)
        return
      }
      const refusal: Reply = { ok: false, message: 'Too much at once. Try again in a moment.' }
      const reply = allowed() ? await app.runUnchecked(message.command) : refusal
      socket.send(JSON.stringify({ id: message.id, reply }), () => {})
    }

    const unsubscribe = app.subscribe(push)
    socket.on('message', (data, isBinary) => {
      // Once it is being closed, what else comes is not listened to.
      if (socket.readyState !== socket.OPEN) return
      if (isBinary) socket.close(1003)
      else void carryOut((data as Buffer).toString('utf8'))
    })
    // What breaks a connection ends it; the page connects again.
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      unsubscribe()
      onCount(sockets.clients.size)
    })
    onCount(sockets.clients.size)
    push()
  }

  return {
    count: () => sockets.clients.size,
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
