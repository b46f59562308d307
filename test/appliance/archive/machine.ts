import { createRandom } from '../random.ts'
import type { Customer, Representative } from '../world.ts'

/** What a client tells the appliance about the computer that it runs on. */
export interface Machine {
  readonly username: string
  readonly hostname: string
  readonly os: string
  /** With the port; IPv6 in brackets. */
  readonly publicIp: string
  readonly privateIp: string
}

const SYSTEMS = [
  [8, 'Windows 11 Enterprise (24H2)'],
  [7, 'Windows 10 Pro (22H2)'],
  [2, 'Windows Server 2022 Datacenter'],
  [2, 'macOS 14.6'],
  [1, 'Ubuntu 24.04 LTS'],
  [1, 'Unknown'],
] as const

/** The customer's computer: the same customer at the same computer always has the same. Addresses are documentation's. */
export function machineOf(customer: Customer): Machine {
  const random = createRandom(0).fork(`machine ${customer.name} ${customer.computer}`)
  const publicIp = random.chance(0.15)
    ? `[2001:db8:${random.hex(4)}::${random.hex(4)}]`
    : `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.int(1, 254)}`
  const [first = 'user', ...rest] = asciiWords(customer.name)
  return {
    username: `${first.charAt(0)}${rest.at(-1) ?? first.slice(1)}`,
    hostname: customer.computer,
    os: random.weighted(SYSTEMS) ?? 'Unknown',
    publicIp: `${publicIp}:${random.int(1024, 65_535)}`,
    privateIp: `10.${random.int(0, 31)}.${random.int(0, 255)}.${random.int(1, 254)}`,
  }
}

/** A representative's computer; older consoles do not tell all of it. */
export function consoleOf(rep: Representative): Machine {
  const random = createRandom(0).fork(`console ${rep.id}`)
  const tells = random.chance(0.7)
  return {
    username: rep.username,
    hostname: tells ? `SD-${rep.username.toUpperCase().slice(0, 8)}` : 'Unknown',
    os: tells ? (random.weighted(SYSTEMS) ?? 'Unknown') : 'Unknown',
    publicIp: `198.51.100.${random.int(1, 254)}:${random.int(1024, 65_535)}`,
    privateIp: tells ? `10.200.${random.int(0, 15)}.${random.int(1, 254)}` : 'Unknown',
  }
}

/** The words of a name in lower-case ASCII, as log-in names have them; names of other scripts give none. */
function asciiWords(name: string): readonly string[] {
  const plain = name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[øłđ]/g, (letter) => ({ ø: 'o', ł: 'l', đ: 'd' })[letter] ?? '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z ]/g, '')
  return plain.split(' ').filter((word) => word.length > 1)
}
