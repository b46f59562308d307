/** The second guard before the system's browser: whoever asked, only two sites are ever opened. */
import type { Settings } from '../../preload/contract.ts'
import { originOf } from '../appliance/address.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function hostOf(address: () => string): string | null {
  try {
    return new URL(address()).host
  } catch {
    return null
  }
}

/**
 * The page's address as it may be opened; null if it may not. It is on the appliance or on the ticket system of the
 * settings as they are now, over https, or over plain http on this computer.
 */
export function openable(page: string, settings: Pick<Settings, 'appliance.host' | 'ticket.url'>): string | null {
  const url = URL.parse(page)
  if (url === null || url.username !== '' || url.password !== '') return null
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return null
  const known = [hostOf(() => originOf(settings['appliance.host'])), hostOf(() => settings['ticket.url'])]
  // As it was understood here, so that nobody after us understands something else.
  return known.includes(url.host) ? url.href : null
}
