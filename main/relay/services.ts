/** What the relay answers over the broker: who may connect, attaching, and the appliance's API. */
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { answerQuestion, readQuestion, type AccessOptions } from './access.ts'
import { piecesOf, toRemoteError, type ApiAnswer } from './api.ts'
import type { Attach } from './attach.ts'
import type { Gateway } from './gateway.ts'
import { inboxOf } from './subjects.ts'

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
  readonly now: () => number
  readonly onRefused: () => void
  readonly onFailure: (error: unknown) => void
}

/** The workstation that a subject belongs to. The broker lets nobody publish on another's. */
const workstationOf = ({ subject }: Msg): string => subject.split('.')[2] ?? ''

function parse(message: Msg): unknown {
  try {
    return message.json()
  } catch {
    return null
  }
}

/** Starts answering. It ends with the connection. */
export function serve(options: ServicesOptions): void {
  const { connection, access, attach, gateway, now, onRefused, onFailure } = options
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
    on(AUTH_SUBJECT, (message) => {
      const question = readQuestion(message.data)
      if (question !== null) message.respond(answerQuestion(question, access))
    })
  }

  on('relay.attach.*', async (message) => {
    const reply = await attach.handle(workstationOf(message), parse(message))
    if (!reply.ok) onRefused()
    message.respond(JSON.stringify(reply))
  })

  on('relay.api.*', async (message) => {
    const workstation = workstationOf(message)
    const prefix = `${inboxOf(workstation)}.`
    const request = parse(message)
    // Answers go to the workstation's own inbox and nowhere else, whatever it names.
    if (typeof request !== 'object' || request === null || message.reply?.startsWith(prefix) !== true) return
    const key = (id: string) => `${workstation} ${id}`
    if ('cancel' in request) {
      running.get(key(String(request.cancel)))?.abort()
      return
    }
    const answer = (part: ApiAnswer) => message.respond(JSON.stringify(part))
    const { method, parameter } = request as { method?: unknown; parameter?: unknown }
    const id = key(message.reply.slice(prefix.length))
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
