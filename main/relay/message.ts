/** What goes through the broker: events as the listener understood them, as JSON. */
import type { EventEntry, QuarantineEntry } from '../events/journal.ts'

/** An event on its way. Times in ms. */
export interface EventMessage extends Omit<EventEntry, 'digest'> {
  /** base64url; the same event sent again has the same. */
  readonly digest: string
  /** True: it happened before its receiver could see the session, and is sent so that the session is whole. */
  readonly history: boolean
}

export function toMessage({ digest, ...entry }: EventEntry, history = false): EventMessage {
  return { ...entry, digest: Buffer.from(digest).toString('base64url'), history }
}

export function toEntry(message: EventMessage): EventEntry {
  const { digest, history: _, ...entry } = message
  return { ...entry, digest: Buffer.from(digest, 'base64url') }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** Reads a message. null: it is none, and whoever made it is no relay of ours. */
export function parseMessage(data: Uint8Array): EventMessage | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder().decode(data))
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null) return null
  const { digest, receivedAt, at, event, lsid, source, variables, history } = parsed as Record<string, unknown>
  const isWhole =
    isText(digest) &&
    isTime(receivedAt) &&
    isTime(at) &&
    isText(event) &&
    (lsid === null || isText(lsid)) &&
    isText(source) &&
    typeof variables === 'object' &&
    variables !== null &&
    Object.values(variables).every(isText) &&
    typeof history === 'boolean'
  return isWhole ? (parsed as EventMessage) : null
}

/** A body that was no event, for the administrator; its bytes in base64. */
export function quarantineMessage(quarantined: QuarantineEntry): string {
  const { digest: _, body, ...entry } = quarantined
  return JSON.stringify({ ...entry, body: Buffer.from(body).toString('base64') })
}
