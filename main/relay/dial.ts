/** How a workstation reaches the broker: over TCP, or over WebSocket where only port 443 is open. */
import {
  connect,
  nkeyAuthenticator,
  wsconnect,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node'
import { WebSocket } from 'ws'
import type { Credential } from './credential.ts'
import { inboxOf } from './subjects.ts'

/** An attempt that takes longer has failed (ms), and so has a broker that does not answer two pings. */
const WITHIN = 10_000
const PING_EACH = 20_000

/** Makes a WebSocket. Electron's knows the system's proxy and certificates; Node's own knows only what it is told. */
export type SocketFactory = (url: string) => unknown

/**
 * Connects once; the caller decides when to try again.
 * @param makeSocket for `ws://` and `wss://`; left out: one that trusts the credential's CA
 * @throws if no server can be reached, or none lets this workstation in
 */
export async function dial(credential: Credential, makeSocket?: SocketFactory): Promise<NatsConnection> {
  const { servers, workstation, seed, ca } = credential
  const options: ConnectionOptions = {
    servers: [...servers],
    name: workstation,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    inboxPrefix: inboxOf(workstation),
    timeout: WITHIN,
    pingInterval: PING_EACH,
    maxPingOut: 2,
    // A connection that broke is made anew by whoever follows it, with the cursor of then.
    reconnect: false,
  }
  if (!servers.every((server) => server.startsWith('ws'))) {
    return connect({ ...options, ...(ca === null ? {} : { tls: { ca } }) })
  }
  const own: SocketFactory = (url) => new WebSocket(url, { ...(ca === null ? {} : { ca }), perMessageDeflate: false })
  const make = makeSocket ?? own
  return wsconnect({
    ...options,
    wsFactory: (url: string) => Promise.resolve({ socket: make(url) as never, encrypted: url.startsWith('wss:') }),
  })
}
