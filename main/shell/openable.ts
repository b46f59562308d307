/** The second guard before the system's browser: whoever asked, only two sites are ever opened. */
import type { State } from '../../preload/contract.ts'
import { originOf } from '../appliance/address.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

interface Knowing {
  readonly settings: Pick<State['settings'], 'appliance.host' | 'ticket.url'>
  readonly appliance: Pick<State['appliance'], 'origin'>
}

function hostOf(address: () => string): string | null {
  try {
    return new URL(address()).host
  } catch {
    return null
  }
}

/**
 * The page's address as it may be opened; null if it may not. It is on the appliance or on the ticket system of the
 * settings as they are now, over https, or over plain http on this computer. Where the settings have no appliance, it is
 * the one that was reached.
 */
export function openable(page: string, { settings, appliance }: Knowing): string | null {
  const url = URL.parse(page)
  if (url === null || url.username !== '' || url.password !== '') return null
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return null
  const site = settings['appliance.host'] || (appliance.origin ?? '')
  const known = [hostOf(() => originOf(site)), hostOf(() => settings['ticket.url'])]
  // As it was understood here, so that nobody after us understands something else.
  return known.includes(url.host) ? url.href : null
}
