/** The broker in the journal's place: the listener's events are durable once the broker has acknowledged them. */
import type { JetStreamClient } from '@nats-io/jetstream'
import type { EventEntry, Journal, QuarantineEntry } from '../events/journal.ts'
import { quarantineMessage, toMessage } from './message.ts'
import { MAX_MESSAGE } from './streams.ts'
import { rawEvent, rawQuarantine } from './subjects.ts'

/** An acknowledgement that takes longer is none (ms); the appliance is told to try again. */
const ACK_WITHIN = 5_000
/** Longer than anything that the appliance sends; what is longer all the same is set aside, cut off (bytes). */
const LONGEST = MAX_MESSAGE - 64 * 1024

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
  const quarantine = async (entry: QuarantineEntry) =>
    publish(rawQuarantine(site), entry.digest, quarantineMessage(entry))

  return {
    quarantine,
    append: async (entry: EventEntry) => {
      const data = JSON.stringify(toMessage(entry))
      if (Buffer.byteLength(data) <= LONGEST) return publish(rawEvent(site), entry.digest, data)
      const { digest, receivedAt, source } = entry
      const body = Buffer.from(data).subarray(0, LONGEST / 2)
      const reason = 'The event is too long for the broker.'
      const about = { reason, contentType: 'application/json', parameters: {}, isCut: true }
      return quarantine({ digest, receivedAt, source, body, ...about })
    },
  }
}
