/**
 * Who is at the other end of a connection from this computer. The link to the window is an argument of the browser for a
 * moment, and on Linux everybody may read the arguments of everybody's programs; so only the same user gets in there.
 */
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Both, since a socket of IPv6 may carry an address of IPv4. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const
/** 127.0.0.1, as the kernel writes it. */
const LOOPBACK = '0100007F'

const isEnd = (column: string | undefined, port: number) => {
  const [address = '', hex = ''] = (column ?? '').split(':')
  return address.endsWith(LOOPBACK) && Number.parseInt(hex, 16) === port
}

/**
 * The user of the socket on loopback that is bound to `from` and connected to `to`; null: it is not in the table.
 * @param table as the kernel prints it (https://docs.kernel.org/networking/proc_net_tcp.html)
 */
export function userOf(table: string, from: number, to: number): number | null {
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , user] = line.trim().split(/\s+/)
    if (isEnd(local, from) && isEnd(remote, to)) return Number(user)
  }
  return null
}

/** Is it certain that somebody else is there? The system's own user could read everything anyway. */
export function isStranger(
  socket: Pick<Socket, 'remotePort' | 'localPort'>,
  self = process.getuid?.() ?? null,
  read = (file: string) => readFileSync(file, 'latin1'),
): boolean {
  if (self === null) return false
  for (const file of TABLES) {
    try {
      const user = userOf(read(file), socket.remotePort ?? 0, socket.localPort ?? 0)
      if (user !== null) return user !== self && user !== 0
    } catch {
      // No such table: not Linux, or one that hides it.
    }
  }
  return false
}
