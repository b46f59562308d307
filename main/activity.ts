/** Events as the activity log shows them, and events read again from the journal. */
import type { ActivityEntry } from '../preload/contract.ts'
import { parseEvent, type OutboundEvent } from './events/event.ts'
import type { StoredEvent } from './events/journal.ts'
import { clip } from './sessions/session.ts'

/** Characters of a text in the log. */
const LONGEST = 300

/** A line of the activity log. */
export function activityEntry(
  event: OutboundEvent,
  seq: number,
  at: number,
  receivedAt: number,
  customer: string | null,
): ActivityEntry {
  const member = event.kind === 'memberAdded' || event.kind === 'memberDeparted' ? event.member.name : null
  const subject = event.kind === 'ownerChanged' ? event.owner.name || event.owner.id : member
  const { event: name, lsid, externalKey } = event
  const short = (text: string | null) => (text === null ? null : clip(text, LONGEST))
  return {
    seq,
    at,
    receivedAt,
    event: clip(name, LONGEST),
    known: event.kind !== 'other',
    lsid: short(lsid),
    externalKey: short(externalKey),
    customer,
    subject: short(subject),
  }
}

/** A stored event, read again. What is in the journal was an event when it came, so it is one now. */
export function rereadEvent(stored: StoredEvent): OutboundEvent {
  const event = parseEvent(stored.variables)
  if ('malformed' in event) {
    const { event: name, lsid, variables, at } = stored
    return { kind: 'other', event: name, at, version: '', externalKey: null, lsid, variables }
  }
  return event
}
