/** What the relay answers over the broker: who may connect, attaching, and the appliance's API. */
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { createAccess, readQuestion, type AccessOptions } from './access.ts'
import { piecesOf, toRemoteError, type ApiAnswer } from './api.ts'
import type { Attach } from './attach.ts'
import type { Gateway } from './gateway.ts'
import type { Audience } from './audience.ts'
import { GAIN, inboxOf } from './subjects.ts'

/** The broker's question about each connection (docs.nats.io, auth callout). */
const AUTH_SUBJECT = '$SYS.REQ.USER.AUTH'
/** Progress is told at most this often (ms). */
const PROGRESS_EACH = 200

export interface ServicesOptions {
  readonly connection: NatsConnection
  /** null: the broker knows the workstations itself. */
  readonly access: AccessOptions | null
  readonly attach: Attach
  /** null: this relay has no account at the appliance. */
  readonly gateway: Gateway | null
  /** Publishes the live sessions of these audiences for a representative; null: this relay does not route. */
  readonly gain: ((rep: string, audiences: readonly Audience[]) => Promise<number>) | null
  readonly now: () => number
  readonly onRefused: () => void
  readonly onFailure: (error: unknown) => void
}

/** The workstation that a subject belongs to. The broker lets nobody publish on another's. */
const workstationOf = ({ subject }: Msg): string => subject.split('.')[2] ?? ''

/**
 * May this be answered? Where workstations have an account of their own the broker has put a subject of its own in place
 * of theirs; in no case is an answer to go where somebody names a stream's subject or the broker's own API.
 */
function isAnswerable({ reply = '' }: Msg, workstation: string): boolean {
  return reply.startsWith('_R_.') || reply.startsWith(`${inboxOf(workstation)}.`)
}

function parse(message: Msg): unknown {
  try {
    return message.json()
  } catch {
    return null
  }
}

/** Starts answering. It ends with the connection. */
export function serve(options: ServicesOptions): void {
  const { connection, access, attach, gateway, gain, now, onRefused, onFailure } = options
  const running = new Map<string, AbortController>()

  async function carryOut(handle: (message: Msg) => void | Promise<void>, message: Msg): Promise<void> {
    try {
      await handle(message)
    } catch (error) {
      onFailure(error)
    }
  }

  function on(subject: string, handle: (message: Msg) => void | Promise<void>): void {
    connection.subscribe(subject, {
      queue: 'relay',
      callback: (error, message) => {
        if (error !== null) onFailure(error)
        else void carryOut(handle, message)
      },
    })
  }

  if (access !== null) {
    const answerTo = createAccess(access)
    on(AUTH_SUBJECT, (message) => {
      const question = readQuestion(message.data)
      if (question !== null) message.respond(answerTo(question))
    })
  }

  if (gain !== null) {
    on(GAIN, async (message) => {
      const { rep, audiences } = message.json<{ rep: string; audiences: readonly Audience[] }>()
      message.respond(JSON.stringify({ before: await gain(rep, audiences) }))
    })
  }

  on('relay.attach.*', async (message) => {
    const workstation = workstationOf(message)
    if (!isAnswerable(message, workstation)) return
    const reply = await attach.handle(workstation, parse(message))
    if (!reply.ok) onRefused()
    message.respond(JSON.stringify(reply))
  })

  on('relay.api.*', async (message) => {
    const workstation = workstationOf(message)
    const request = parse(message)
    if (typeof request !== 'object' || request === null) return
    const key = (id: unknown) => `${workstation} ${String(id)}`
    if ('cancel' in request) {
      running.get(key(request.cancel))?.abort()
      return
    }
    if (!isAnswerable(message, workstation)) return
    const answer = (part: ApiAnswer) => message.respond(JSON.stringify(part))
    const { method, parameter, id: named } = request as { method?: unknown; parameter?: unknown; id?: unknown }
    const id = key(named)
    const controller = new AbortController()
    running.set(id, controller)
    let told = -Infinity
    try {
      if (gateway === null) throw new Error('This relay has no account at the appliance.')
      const result = await gateway.call(workstation, method, parameter, {
        signal: controller.signal,
        onProgress: (progress) => {
          if (now() - told < PROGRESS_EACH) return
          told = now()
          answer({ progress })
        },
      })
      const pieces = piecesOf(result)
      for (const [index, piece] of pieces.entries()) answer({ piece, index })
      answer({ end: true, pieces: pieces.length })
    } catch (error) {
      answer({ error: toRemoteError(error) })
    } finally {
      running.delete(id)
    }
  })
}
