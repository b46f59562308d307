/** Addresses to listen on: which of those that are set make a socket, and which this computer has. */
import { isIP, SocketAddress } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/** Addresses that mean "all of this computer's", by family. */
const ANY = { ipv4: '0.0.0.0', ipv6: '::' } as const

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** The same address in the form in which the system writes it: `0:0::1` → `::1`. The zone stays: `fe80::1%eth0`. */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address
  const [, zone] = address.split('%')
  const plain = new SocketAddress({ address, family: 'ipv6' }).address
  return zone === undefined ? plain : `${plain}%${zone}`
}

/** Does this address mean all of this computer's? */
export function isAny(address: string): boolean {
  return address === ANY.ipv4 || (isIP(address) === 6 && plainAddress(address) === ANY.ipv6)
}

/** Can only programs on this computer reach this address? */
export function isLoopback(address: string): boolean {
  return /^127\.|^(::ffff:)127\./i.test(address) || (isIP(address) === 6 && plainAddress(address) === '::1')
}

/** `address:port`, with brackets around IPv6. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** What {@link endpoint} made, in its two parts. */
export function endpointParts(where: string): { readonly address: string; readonly port: number } {
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(where) ?? []
  return { address, port: Number(port) }
}

/** The sockets that these addresses take: one that another covers is left out, since the system refuses it. */
export function socketsFor(addresses: readonly string[]): readonly string[] {
  const plain = [...new Set(addresses.map(plainAddress))]
  const isDual = plain.includes(ANY.ipv6) && !leavesIpv4(plain)
  return plain.filter((address) => {
    if (address === ANY.ipv4 || address === ANY.ipv6) return true
    return !plain.includes(ANY[familyOf(address)]) && !isDual
  })
}

/** A socket for :: serves both families, unless there is one for all of IPv4 beside it. */
export function leavesIpv4(addresses: readonly string[]): boolean {
  return addresses.includes(ANY.ipv4)
}

/** Does this computer have the address now? One without a name of its own (any, loopback) it always has. */
export function isPresent(address: string, interfaces: Interfaces): boolean {
  if (isAny(address) || isLoopback(address)) return true
  const [bare = ''] = plainAddress(address)
    .replace(/^::ffff:(?=\d+\.)/, '')
    .split('%')
  return ownAddresses(interfaces).some((own) => own === bare)
}

/** All addresses of this computer, loopback among them. */
export function ownAddresses(interfaces: Interfaces): readonly string[] {
  return Object.values(interfaces).flatMap((each) => (each ?? []).map(({ address }) => plainAddress(address)))
}
