/**
 * Links of other programs into this one: `rep-tray://ticket/INC0010023` looks a ticket up, `rep-tray://session/LSID`
 * shows a session. Any web page can make such a link, so it can do no more than that, and what is not exactly one is none.
 */
import type { Command } from '../preload/contract.ts'

/** As the installers register it; see `protocols` of electron-builder.yml. */
export const LINK_SCHEME = 'rep-tray'

/** What a link can ask for. */
export type LinkCommand = Extract<Command, { type: 'lookup.quick' | 'window.show' }>

/** Characters of a link, and of what it names. */
const MOST = { link: 2048, name: 200 } as const

/** Scheme, host, and one segment of a path in the characters that RFC 3986 (3.3) has for it. */
const SHAPE = /^rep-tray:\/\/(ticket|session)\/((?:[\w.~!$&'()*+,;=:@-]|%[\da-f]{2})+)$/i

/** Does this argument mean to be a link, be it a good one or not? */
export function isLink(text: string): boolean {
  return /^rep-tray:/i.test(text)
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/** What a link asks for; null if it is none. Neither is ever logged: it may name a customer's ticket. */
export function readLink(text: string): LinkCommand | null {
  const [, host = '', segment = ''] = text.length > MOST.link ? [] : (SHAPE.exec(text) ?? [])
  const name = decoded(segment)?.trim() ?? ''
  // Controls and invisible characters could make one thing look like another.
  if (name === '' || name.length > MOST.name || /[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return null
  return host.toLowerCase() === 'ticket'
    ? { type: 'lookup.quick', query: name }
    : { type: 'window.show', place: { view: 'session', lsid: name } }
}
