/** A workstation's feed in this process, with a real journal; all that the broker sends to it is written down. */
import { join } from 'node:path'
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { openJournal } from '../../../main/events/journal.ts'
import { dial } from '../../../main/relay/dial.ts'
import { createFeed, type Feed, type FeedStatus } from '../../../main/relay/feed.ts'
import { parseMessage } from '../../../main/relay/message.ts'
import type { Credential } from '../../../main/relay/workstations.ts'
import type { Got } from './wandering.ts'

export interface FeedStation {
  readonly feed: Feed
  /** What is new to it, in order. */
  readonly got: readonly Got[]
  /** Every event that came over its connection, before anything of ours has looked at it. */
  readonly onWire: readonly Got[]
  status(): FeedStatus
  /** How often it has connected. */
  connections(): number
  stop(): Promise<void>
}

/** Everything that the broker sends on this connection. */
function listenIn(connection: NatsConnection, hear: (message: Msg) => void): NatsConnection {
  const subscribe = connection.subscribe.bind(connection)
  connection.subscribe = (subject, options = {}) => {
    const { callback } = options
    if (callback === undefined) return subscribe(subject, options)
    return subscribe(subject, {
      ...options,
      callback: (error, message) => {
        hear(message)
        return callback(error, message)
      },
    })
  }
  return connection
}

/** Starts one. @param folder for its journal */
export function startFeedStation(folder: string, credential: Credential, name: string, now = Date.now): FeedStation {
  const journal = openJournal(join(folder, `${name}.db`))
  const got: Got[] = []
  const onWire: Got[] = []
  let status: FeedStatus = { kind: 'stopped' }
  let connections = 0
  const toGot = ({ lsid, digest }: { lsid: string | null; digest: string }): Got => ({
    lsid: lsid ?? '',
    digest: Buffer.from(digest, 'base64url').toString('hex'),
  })
  const feed = createFeed({
    credential: () => credential,
    dial: async (each) => {
      const connection = await dial(each)
      connections += 1
      return listenIn(connection, (message) => {
        const parsed = parseMessage(message.data)
        if (parsed !== null) onWire.push(toGot(parsed))
      })
    },
    journal: () => journal,
    now,
    random: Math.random,
    onStatus: (next) => {
      status = next
    },
    onEvent: (message, { repeated }) => {
      if (!repeated) got.push(toGot(message))
    },
    onUnread: () => undefined,
  })
  feed.start()
  return {
    feed,
    got,
    onWire,
    status: () => status,
    connections: () => connections,
    stop: async () => {
      await feed.stop()
      journal.close()
    },
  }
}
