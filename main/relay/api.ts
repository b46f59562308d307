/**
 * The appliance's API through the relay: the part that both ends know. A request is one message; its answer comes in
 * pieces on the workstation's inbox, with the progress between them, so that a long report fits through the broker.
 */
import { ApplianceError, isApplianceError, type ApplianceErrorKind } from '../appliance/errors.ts'
import type { ApplianceClient } from '../appliance/client.ts'
import type { Progress } from '../appliance/connection.ts'

/** Methods of the client that a workstation can use from afar. Files and free commands are not among them. */
export const REMOTE_METHODS = [
  'info',
  'can',
  'getApiInfo',
  'getLoggedInReps',
  'getSupportTeams',
  'generateSessionKey',
  'transferSession',
  'joinSession',
  'leaveSession',
  'setSessionAttributes',
  'getSessionAttributes',
  'terminateSession',
  'supportSessions',
  'listSessions',
] as const satisfies readonly (keyof ApplianceClient)[]

export type RemoteMethod = (typeof REMOTE_METHODS)[number]

/** What a workstation sends. `id`: drawn by it, to cancel the request by. */
export type ApiRequest =
  | { readonly id: string; readonly method: RemoteMethod; readonly parameter: unknown }
  /** Ends the request with this id. */
  | { readonly cancel: string }

/** What it is sent in answer: any number of these, the last one with `end` or `error`. */
export type ApiAnswer =
  | { readonly progress: Progress }
  /** A piece of the result's JSON, in order. */
  | { readonly piece: string; readonly index: number }
  | { readonly end: true; readonly pieces: number }
  | { readonly error: RemoteError }

export interface RemoteError {
  readonly kind: ApplianceErrorKind
  readonly message: string
  readonly detail: string
  readonly code: string | null
  readonly retryAfter: number | null
}

/** Characters of JSON in one piece: with all of them encoded in three bytes and escaped it still fits into a message. */
export const PIECE = 128 * 1024

export function toRemoteError(error: unknown): RemoteError {
  if (isApplianceError(error)) return error.toJSON()
  return { kind: 'unreadable', message: 'The relay could not do this.', detail: '', code: 'relay', retryAfter: null }
}

export function fromRemoteError({ kind, message, detail, code, retryAfter }: RemoteError): ApplianceError {
  return new ApplianceError(kind, message, {
    detail,
    ...(code === null ? {} : { code }),
    ...(retryAfter === null ? {} : { retryAfter }),
  })
}

/** The pieces of a result. `undefined` and null are the same on the wire. */
export function piecesOf(result: unknown): readonly string[] {
  const json = JSON.stringify(result ?? null)
  const pieces: string[] = []
  for (let at = 0; at < json.length; at += PIECE) pieces.push(json.slice(at, at + PIECE))
  return pieces
}
