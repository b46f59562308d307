/** The one error of the appliance client: what went wrong, a sentence for the rep, and the detail for IT. */

/** What can go wrong between us and the appliance. */
export type ApplianceErrorKind =
  /** Name, port, network or proxy: no conversation came about, or it broke off. */
  | 'unreachable'
  /** Somebody answered, but the certificate or the protocol is not to be trusted. */
  | 'tls'
  | 'timeout'
  /** Credentials: wrong, locked, missing. */
  | 'refused'
  /** The account is known and lacks the permission, or the API is switched off. */
  | 'forbidden'
  /** This version of the appliance cannot do it. */
  | 'unsupported'
  | 'rateLimited'
  /** The appliance understood and says no; `message` quotes it. */
  | 'box'
  /** The reply is none that this version can read. */
  | 'unreadable'
  /** What we were asked to send, or where to write, is not right. */
  | 'invalid'
  | 'cancelled'

export interface ApplianceErrorDetails {
  /** For IT; never a secret, a name, a ticket or chat text. */
  readonly detail?: string
  /** Stable name of the cause: `ENOTFOUND`, `CERT_HAS_EXPIRED`, `HTTP 503`, `html`, … */
  readonly code?: string
  /** Worth asking again after so many ms. */
  readonly retryAfter?: number
}

/** Thrown by every method of the client; nothing else is. `message` is the sentence for the rep. */
export class ApplianceError extends Error {
  override readonly name = 'ApplianceError'
  readonly kind: ApplianceErrorKind
  readonly detail: string
  readonly code: string | null
  readonly retryAfter: number | null

  constructor(kind: ApplianceErrorKind, message: string, { detail, code, retryAfter }: ApplianceErrorDetails = {}) {
    super(message)
    this.kind = kind
    this.detail = detail ?? ''
    this.code = code ?? null
    this.retryAfter = retryAfter ?? null
  }

  /** What a command line or a log may show of it. */
  toJSON(): {
    kind: ApplianceErrorKind
    message: string
    detail: string
    code: string | null
    retryAfter: number | null
  } {
    const { kind, message, detail, code, retryAfter } = this
    return { kind, message, detail, code, retryAfter }
  }
}

export function isApplianceError(error: unknown): error is ApplianceError {
  return error instanceof ApplianceError
}

/** The step of a connection test at which it came to this. */
export type ConnectionStep = 'name' | 'port' | 'tls' | 'credentials' | 'permission' | 'version' | 'reply'

const NAME_CODES = /^(ENOTFOUND|EAI_|ERR_NAME_|ERR_DNS_)/

/** Which step of a connection test failed with this error; null if it says nothing about the connection. */
export function stepOf(error: ApplianceError): ConnectionStep | null {
  switch (error.kind) {
    case 'unreachable':
      return NAME_CODES.test(error.code ?? '') ? 'name' : 'port'
    case 'timeout':
      return 'port'
    case 'tls':
      return 'tls'
    case 'refused':
      return 'credentials'
    case 'forbidden':
      return 'permission'
    case 'unsupported':
      return 'version'
    case 'unreadable':
    case 'box':
      return 'reply'
    case 'rateLimited':
    case 'invalid':
    case 'cancelled':
      return null
  }
}

/** Characters of the box's own words that are shown. */
const QUOTED = 300

/** White space, control characters, and the other two line ends. */
const UNPRINTABLE = /[\s\p{Cc}\u2028\u2029]+/gu

/** The appliance's own words, as they may be shown: one line, no control characters, not too long. */
export function quoted(text: string): string {
  const line = text
    .slice(0, QUOTED * 4)
    .replaceAll(UNPRINTABLE, ' ')
    .trim()
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line
}

/** The appliance answered with an `<error>`. Its wording is not documented and may be translated, so it is only shown. */
export function boxError(text: string, detail: string): ApplianceError {
  const words = quoted(text)
  const message = words === '' ? 'The appliance refused this without saying why.' : `The appliance says: ${words}`
  return new ApplianceError('box', message, { detail })
}

export function cancelled(): ApplianceError {
  return new ApplianceError('cancelled', 'This was cancelled.')
}

/** A parameter of ours is not right; `message` says which and why. */
export function invalid(message: string): ApplianceError {
  return new ApplianceError('invalid', message)
}

/** The reply cannot be read; `detail` says what it was. */
export function unreadable(detail: string, code?: string): ApplianceError {
  const message = 'The appliance sent a reply that cannot be read.'
  return new ApplianceError('unreadable', message, code === undefined ? { detail } : { detail, code })
}
