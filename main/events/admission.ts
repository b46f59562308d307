/** Who may come in: the token first, since whoever has none is to learn nothing, and to cost the appliance nothing. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP, type BlockList } from 'node:net'
import { TOKEN_PARAMETERS } from './interpret.ts'
import { senderOf } from './strangers.ts'

/** Tokens of one URL that are looked at. */
const MAX_GIVEN = 8

export interface AdmissionOptions {
  /** Hashes of the tokens that are valid now; two while one is replaced by the other. */
  readonly tokens: () => readonly Uint8Array[]
  /** Host names, in lower case, by which the appliance may call this computer; addresses are always fine. */
  readonly names: () => ReadonlySet<string>
  /** Source addresses that may send; null: all. */
  readonly allow: () => BlockList | null
  /** Whoever knows the token was refused all the same, because of the name or the address that they used. */
  readonly onRefused: (reason: 'name' | 'address', detail: string) => void
  /** The answer to a question of our own (see probe.ts), if this is one. */
  readonly answer?: (question: string) => string | null
}

export type Verdict =
  | { readonly kind: 'event'; readonly token: Uint8Array }
  /** We ask ourselves whether we are reached. */
  | { readonly kind: 'probe'; readonly answer: string }
  /** It has the token, but may not come in like this. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'stranger' }

/** SHA-256 of a token; tokens are kept and compared in this form only. */
export function tokenHash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** `[::1]:8180`, `tray.example.net:8180` → the name or address alone, in lower case, without the dot of the root. */
function hostName(host: string): string {
  const match = /^(?:\[([^\]]+)\]|([^:]*?)\.?)(?::\d+)?$/.exec(host)
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase()
}

/** A function that decides about a request. `query`: the variables of its URL. */
export function createAdmission(options: AdmissionOptions) {
  /** The valid one of these tokens. Compared by hash, each with each, in constant time. */
  function validToken(given: readonly string[]): Uint8Array | null {
    const hashes = given.map(tokenHash)
    let valid: Uint8Array | null = null
    for (const known of options.tokens()) {
      for (const hash of hashes) if (timingSafeEqual(known, hash)) valid = known
    }
    return valid
  }

  /** A page that rebinds its name to this computer sends that name; it can send neither an address nor no Host at all. */
  function isForUs(host: string | undefined): boolean {
    const name = hostName(host ?? '')
    if (host === undefined || isIP(name) !== 0 || options.names().has(name)) return true
    options.onRefused('name', name)
    return false
  }

  function maySend(sender: string): boolean {
    const allow = options.allow()
    if (allow === null || allow.check(sender, isIP(sender) === 6 ? 'ipv6' : 'ipv4')) return true
    options.onRefused('address', sender)
    return false
  }

  return (request: IncomingMessage, query: URLSearchParams): Verdict => {
    const given = TOKEN_PARAMETERS.flatMap((name) => query.getAll(name)).slice(0, MAX_GIVEN)
    const isPlainPost = request.method === 'POST' && request.headers.origin === undefined
    const token = validToken(given)
    if (token === null) {
      const answer = isPlainPost ? (options.answer?.(given[0] ?? '') ?? null) : null
      if (answer === null) return { kind: 'stranger' }
      return isForUs(request.headers.host) ? { kind: 'probe', answer } : { kind: 'refused' }
    }
    // The appliance's own address may be one that is not allowed; this computer's own need not be.
    if (!isPlainPost || !maySend(senderOf(request.socket)) || !isForUs(request.headers.host)) return { kind: 'refused' }
    return { kind: 'event', token }
  }
}
