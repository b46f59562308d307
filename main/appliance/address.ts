/** Where the appliance is: from what was entered to an origin, by the rule that plain http goes to this computer only. */
import { invalid } from './errors.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * The origin of an appliance given as `support.example.com`, with a port, or as a URL without a path.
 * @returns for example `https://support.example.com`
 * @throws ApplianceError `invalid` for a path, credentials, another scheme, or http beyond loopback
 */
export function originOf(host: string): string {
  const text = host.trim()
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || !URL.canParse(given)) throw invalid('The appliance’s address is not a host name.')
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalid('The appliance’s address must begin with https.')
  if (url.username !== '' || url.password !== '') throw invalid('The appliance’s address must not contain credentials.')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid('The appliance’s address must be a host name, without a path.')
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw invalid('The appliance is spoken to over https only, because credentials are sent.')
  }
  return url.origin
}
