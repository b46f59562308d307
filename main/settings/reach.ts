/** How this computer is reached: by which names, from which addresses, at which URL. */
import { BlockList, isIP } from 'node:net'
import type { Settings } from '../../preload/contract.ts'
import type { Identity } from '../certificate/identity.ts'
import { endpoint, isAny } from '../events/addresses.ts'

/** Who may send events, and by which host names they may call this computer. */
export interface Reach {
  /** In lower case. */
  readonly names: ReadonlySet<string>
  /** null: any address. */
  readonly allow: BlockList | null
}

type Covering = Pick<Identity, 'covers' | 'names'>

/** Names of a certificate that are this computer's: its own name in some domain. What else it is for may be others'. */
function ownNames(computer: string, { names }: Covering): readonly string[] {
  const [own = ''] = computer.toLowerCase().split('.')
  return names.filter((name) => name.split('.')[0] === own)
}

/**
 * @param computer the system's own host name
 * @param identity the certificate; null: plain HTTP
 */
export function reachOf(
  settings: Pick<Settings, 'listener.names' | 'listener.allow'>,
  computer: string,
  identity: Covering | null = null,
): Reach {
  const own = computer.toLowerCase()
  const names = [
    'localhost',
    own,
    own.split('.')[0] ?? own,
    ...settings['listener.names'].map((name) => name.toLowerCase()),
    ...(identity === null ? [] : ownNames(computer, identity)),
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

/**
 * The host by which the appliance is to call this computer: the address listened on, or for "all" the computer's name.
 * With a certificate, rather one of its names or addresses that the certificate is for.
 * @param address the one listened on
 */
export function recipientHost(
  address: string,
  settings: Settings,
  computer: string,
  identity: Covering | null,
): string {
  const usual = isAny(address) ? computer : address
  if (identity === null) return usual
  const others = [...settings['listener.names'], computer, ...ownNames(computer, identity)]
  return [usual, ...others].find((host) => identity.covers(host)) ?? usual
}

/** The URL to enter at the appliance under Management › Outbound Events. */
export function recipientUrl(at: {
  readonly host: string
  readonly port: number
  readonly token: string
  readonly isSecure: boolean
}): string {
  return `${at.isSecure ? 'https' : 'http'}://${endpoint(at.host, at.port)}/events?token=${encodeURIComponent(at.token)}`
}
