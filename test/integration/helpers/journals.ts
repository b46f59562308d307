/** Events put straight into a journal, as they lie there when a process has died before it worked them in. */
import { eventDigest, parseEvent, type Variables } from '../../../main/events/event.ts'
import { openJournal, type Journal } from '../../../main/events/journal.ts'
import type { Received } from '../../../main/events/listener.ts'

/** Stores events as the listener does, and nothing more. `ago`: received and happened so many ms before now. */
export async function storeOnly(file: string, lsid: string, events: readonly Variables[], ago = 0): Promise<void> {
  const journal = openJournal(file)
  try {
    for (const [index, own] of events.entries()) await append(journal, { version: '1', lsid, ...own }, ago - index)
  } finally {
    journal.close()
  }
}

/** Appends an event to an open journal, as the listener does; with what the listener passes on. */
export async function append(journal: Pick<Journal, 'append'>, variables: Variables, ago = 0): Promise<Received> {
  const event = parseEvent(variables)
  if ('malformed' in event) throw new Error(event.malformed)
  const receivedAt = Date.now() - ago
  const appended = await journal.append({
    digest: eventDigest(variables),
    receivedAt,
    at: event.at ?? receivedAt,
    event: event.event,
    lsid: event.lsid,
    source: '127.0.0.1',
    variables,
  })
  return { event, appended, receivedAt }
}
