/** How this computer is reached: by which names, from which addresses, at which URL. */
import { BlockList, isIP } from 'node:net'
import type { Settings } from '../../preload/contract.ts'

/** Who may send events, and by which host names they may call this computer. */
export interface Reach {
  /** In lower case. */
  readonly names: ReadonlySet<string>
  /** null: any address. */
  readonly allow: BlockList | null
}

/** @param computer the system's own host name */
export function reachOf(settings: Pick<Settings, 'listener.names' | 'listener.allow'>, computer: string): Reach {
  const own = computer.toLowerCase()
  const names = [
    'localhost',
    own,
    own.split('.')[0] ?? own,
    ...settings['listener.names'].map((name) => name.toLowerCase()),
  ]
  return { names: new Set(names.map((name) => name.replace(/\.$/, ''))), allow: blockList(settings['listener.allow']) }
}

function blockList(networks: readonly string[]): BlockList | null {
  if (networks.length === 0) return null
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** Addresses that mean "all of this computer's". */
const ANY = new Set(['0.0.0.0', '::'])

/**
 * The URL to enter at the appliance under Management › Outbound Events.
 * @param address the one listened on; for "all" the computer's name is taken
 */
export function recipientUrl(address: string, port: number, token: string, computer: string): string {
  const host = ANY.has(address) ? computer : address.includes(':') ? `[${address}]` : address
  return `http://${host}:${port}/events?token=${encodeURIComponent(token)}`
}
