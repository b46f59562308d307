/** Pages for the browser: an address is opened only where it was to be expected. */
import { Unable } from './unable.ts'

/**
 * The address as it may be opened: on exactly this origin, without credentials, and by https; by http only where the
 * origin itself has it, which an appliance on this computer may. What it is compared by is what a browser would do with
 * it, so that no spelling gets around it.
 * @param origin scheme, host and port where the page has to be
 * @param whose who gave the address, as a sentence begins with it
 * @throws an {@link Unable} that says where the address leads instead
 */
export function checkedPage(address: string, origin: string, whose: string): string {
  const url = URL.parse(address)
  const expected = new URL(origin)
  if (url === null) throw new Unable(`${whose} gave an address that is none, so it was not opened.`)
  // `blob:` and its like have the origin of what they hold.
  if (url.protocol !== expected.protocol || !['https:', 'http:'].includes(url.protocol)) {
    throw new Unable(`${whose} gave an address that does not begin with ${expected.protocol}//, so it was not opened.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Unable(`${whose} gave an address with credentials in it, so it was not opened.`)
  }
  if (url.origin !== expected.origin) {
    throw new Unable(`${whose} gave a page on ${url.host} instead of ${expected.host}, so it was not opened.`)
  }
  return url.href
}
