/** The appliance's client at a workstation that has no account of its own: what it is asked goes through the relay. */
import { randomBytes } from 'node:crypto'
import type { NatsConnection } from '@nats-io/transport-node'
import type { ApplianceClient } from '../appliance/client.ts'
import type { CallOptions } from '../appliance/connection.ts'
import { ApplianceError, cancelled } from '../appliance/errors.ts'
import { fromRemoteError, REMOTE_METHODS, type ApiAnswer, type ApiRequest, type RemoteMethod } from './api.ts'
import { inboxOf, serviceSubject } from './subjects.ts'

/** Without a sign of life for so long the relay is gone (ms); a report is asked for with progress, so it gives some. */
const SILENCE = 60_000

/** The methods that work from afar. The others say so. */
export type RemoteClient = Pick<ApplianceClient, RemoteMethod>

const away = () => new ApplianceError('unreachable', 'The relay of your site does not answer.', { code: 'relay' })

/**
 * @param connection the connection of now
 * @param nameOf the workstation's name, once there is a connection
 * @throws nothing; each method rejects with an ApplianceError and nothing else
 */
export function createRemoteClient(connection: () => NatsConnection | null, nameOf: () => string): RemoteClient {
  async function call(method: RemoteMethod, parameter: unknown, options: CallOptions = {}): Promise<unknown> {
    const { signal, onProgress } = options
    const nats = connection()
    if (nats === null || nats.isClosed()) throw away()
    if (signal?.aborted === true) throw cancelled()
    const workstation = nameOf()
    const subject = serviceSubject('api', workstation)
    const id = randomBytes(12).toString('base64url')
    const inbox = `${inboxOf(workstation)}.${id}`
    const subscription = nats.subscribe(inbox)
    const pieces: string[] = []
    let timer: NodeJS.Timeout | undefined
    let failure: ApplianceError | null = null

    function end(error: ApplianceError): void {
      failure = error
      subscription.unsubscribe()
    }
    function wait(): void {
      clearTimeout(timer)
      timer = setTimeout(() => end(away()), SILENCE)
    }
    function cancel(): void {
      nats?.publish(subject, JSON.stringify({ cancel: id } satisfies ApiRequest))
      end(cancelled())
    }

    signal?.addEventListener('abort', cancel, { once: true })
    try {
      wait()
      nats.publish(subject, JSON.stringify({ id, method, parameter } satisfies ApiRequest), { reply: inbox })
      for await (const message of subscription) {
        wait()
        // Nobody listens on the other side: the broker says so with an empty message.
        if (message.headers?.code === 503) throw away()
        const answer = message.json<ApiAnswer>()
        if ('error' in answer) throw fromRemoteError(answer.error)
        if ('progress' in answer) onProgress?.(answer.progress)
        else if ('piece' in answer) pieces[answer.index] = answer.piece
        else if (pieces.length !== answer.pieces) throw away()
        else return JSON.parse(pieces.join('')) as unknown
      }
      throw failure ?? away()
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      subscription.unsubscribe()
    }
  }

  const takesNothing = new Set<RemoteMethod>(['info', 'getApiInfo', 'getLoggedInReps'])
  const methods = REMOTE_METHODS.map((method) => [
    method,
    takesNothing.has(method)
      ? (options?: CallOptions) => call(method, null, options)
      : (parameter: unknown, options?: CallOptions) => call(method, parameter ?? null, options),
  ])
  return Object.fromEntries(methods) as RemoteClient
}
