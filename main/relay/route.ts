/** What one event means to whom: the pure part of the router. */
import { parseEvent, type OutboundEvent } from '../events/event.ts'
import { applyEvent, type Session } from '../sessions/session.ts'
import { audienceOf, type Audience } from './audience.ts'
import type { EventMessage } from './message.ts'
import { MAX_MESSAGE } from './streams.ts'

/** What the router knows of a session. */
export interface Routed {
  /** Number in RAW of the last event that was published. */
  readonly through: number
  readonly session: Session | null
  /** Its events, oldest first, for who joins later. */
  readonly events: readonly EventMessage[]
}

/** One message to publish. */
export interface Publication {
  readonly audience: Audience
  /** Recognises the same publication after a restart. */
  readonly id: string
  readonly message: EventMessage
}

/** Events of a session kept for later audiences; of a longer one the beginning and the end. */
const KEPT = { first: 20, last: 180 } as const
/** What is remembered of a session has to fit into a message (characters, of which some take three bytes). */
export const LONGEST = MAX_MESSAGE / 4

function understood(message: EventMessage): OutboundEvent | null {
  const event = parseEvent(message.variables)
  return 'malformed' in event ? null : event
}

/** What one event means: the session after it, and what is to be published to whom, in this order. Pure. */
export function route(
  before: Routed | null,
  message: EventMessage,
  seq: number,
): { readonly after: Routed; readonly publications: readonly Publication[] } | null {
  const { lsid } = message
  const event = understood(message)
  if (lsid === null || event === null || event.lsid === null) return null
  if (before !== null && seq <= before.through) return { after: before, publications: [] }
  const earlier = before?.events ?? []
  const isNothingNew = before?.session == null && event.kind === 'other'
  const session = isNothingNew
    ? null
    : applyEvent(before?.session ?? null, { ...event, lsid, seq, time: event.at ?? message.receivedAt })
  const saw = before?.session == null ? new Set<Audience>() : audienceOf(before.session)
  const see = session === null ? new Set<Audience>() : audienceOf(session)
  const publications: Publication[] = []
  for (const audience of [...new Set([...see, ...saw])].toSorted()) {
    const history = saw.has(audience) ? [] : earlier
    const all = [...history.map((each) => ({ ...each, history: true })), message]
    for (const [index, each] of all.entries()) {
      publications.push({ audience, id: `${seq}.${audience}.${index}`, message: each })
    }
  }
  const events = [...earlier, message]
  const kept =
    events.length > KEPT.first + KEPT.last ? [...events.slice(0, KEPT.first), ...events.slice(-KEPT.last)] : events
  return { after: { through: seq, session, events: kept }, publications }
}

/** As JSON that fits: without events from the middle, and if need be without any. */
export function toText(routed: Routed): string {
  let { events } = routed
  for (;;) {
    const text = JSON.stringify({ ...routed, events })
    if (text.length <= LONGEST || events.length === 0) return text
    events = events.filter((_, index) => index !== Math.floor(events.length / 2) && index % 4 !== 3)
  }
}
