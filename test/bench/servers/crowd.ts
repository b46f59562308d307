/**
 * Workstations for benches, many in one process: the real feed, without an application and a disk behind it. It is told
 * what to do by messages, and tells what it measures.
 */
import { createUser } from '@nats-io/nkeys'
import { connect } from '@nats-io/transport-node'
import { createFeed, CURSOR_NOTE, type Feed } from '../../../main/relay/feed.ts'
import { signerOf, type Signer } from '../../../main/relay/keys.ts'
import { inboxOf } from '../../../main/relay/subjects.ts'

/** What the bench asks for. */
export type Order =
  /** Makes so many workstations; answers with their public keys. */
  | { readonly type: 'make'; readonly first: number; readonly count: number }
  | { readonly type: 'attach'; readonly server: string }
  /** Times (ms) from being posted to being stored of what came since it was asked last; and how many are attached. */
  | { readonly type: 'take' }

export interface Taken {
  readonly times: readonly number[]
  readonly attached: number
  /** Connections that were made so far. */
  readonly connections: number
}

interface Member {
  readonly name: string
  readonly signer: Signer
  feed: Feed | null
  attached: boolean
}

const members: Member[] = []
let times: number[] = []
let connections = 0

/** The same clock in all processes of this computer (ms). */
export const present = (): number => performance.timeOrigin + performance.now()

function attach(member: Member, server: string): void {
  const { name, signer } = member
  let cursor: string | null = null
  member.feed = createFeed({
    credential: () => ({ site: 'site', servers: [server], workstation: name, seed: '', ca: null }),
    dial: async () => {
      const sign = (nonce = '') => ({
        nkey: signer.publicKey,
        sig: Buffer.from(signer.sign(nonce)).toString('base64url'),
      })
      const connection = await connect({
        servers: [server],
        name,
        authenticator: sign,
        inboxPrefix: inboxOf(name),
        timeout: 10_000,
        pingInterval: 20_000,
        reconnect: false,
      })
      connections += 1
      return connection
    },
    journal: () => ({
      append: (_, note) => {
        cursor = note.value
        return Promise.resolve({ seq: 1, repeated: false })
      },
      note: (note) => (note === CURSOR_NOTE ? cursor : null),
    }),
    now: Date.now,
    random: Math.random,
    onStatus: ({ kind }) => {
      member.attached = kind === 'attached'
    },
    onEvent: ({ variables, history }) => {
      const sent = Number(variables['sent'])
      if (!history && Number.isFinite(sent)) times.push(present() - sent)
    },
    onUnread: () => undefined,
  })
  member.feed.start()
}

function make(first: number, count: number): readonly string[] {
  for (let index = 0; index < count; index += 1) {
    const signer = signerOf(new TextDecoder().decode(createUser().getSeed()))
    members.push({ name: `ws-${first + index}`, signer, feed: null, attached: false })
  }
  return members.map(({ signer }) => signer.publicKey)
}

function carryOut(order: Order): unknown {
  switch (order.type) {
    case 'make':
      return make(order.first, order.count)
    case 'attach':
      for (const member of members) attach(member, order.server)
      return null
    case 'take': {
      const taken = times
      times = []
      return { times: taken, attached: members.filter((member) => member.attached).length, connections } satisfies Taken
    }
  }
}

if (process.send !== undefined) {
  // The bench may have ended meanwhile.
  process.on('message', (order: Order) => process.send?.({ answer: carryOut(order) }, () => undefined))
  process.on('disconnect', () => process.exit())
}
