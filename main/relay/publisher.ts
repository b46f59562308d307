/** The broker in the journal's place: the listener's events are durable once the broker has acknowledged them. */
import type { JetStreamClient } from '@nats-io/jetstream'
import type { EventEntry, Journal, QuarantineEntry } from '../events/journal.ts'
import { quarantineMessage, toMessage } from './message.ts'
import { rawEvent, rawQuarantine } from './subjects.ts'

/** An acknowledgement that takes longer is none (ms); the appliance is told to try again. */
const ACK_WITHIN = 5_000

/**
 * What the listener needs of a journal. The digest is the message's id, so that an event sent again is stored once.
 * @param client throws while there is no connection
 */
export function createPublisher(client: () => JetStreamClient, site: string): Pick<Journal, 'append' | 'quarantine'> {
  async function publish(subject: string, digest: Uint8Array, data: string) {
    const msgID = Buffer.from(digest).toString('base64url')
    const { seq, duplicate } = await client().publish(subject, data, { msgID, timeout: ACK_WITHIN })
    return { seq, repeated: duplicate }
  }
  return {
    append: async (entry: EventEntry) => publish(rawEvent(site), entry.digest, JSON.stringify(toMessage(entry))),
    quarantine: async (entry: QuarantineEntry) => publish(rawQuarantine(site), entry.digest, quarantineMessage(entry)),
  }
}
