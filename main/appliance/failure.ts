/** What a failed request means: from the codes of Node's fetch and of Chromium's network stack to an ApplianceError. */
import { ApplianceError, unreadable, type ApplianceErrorKind } from './errors.ts'

/**
 * The code of a failure: Node hides it in `cause`, and a list of them behind a happy-eyeballs attempt; Chromium
 * (Electron's net.fetch) writes `net::ERR_…` into the message.
 */
export function codeOf(error: unknown): string {
  const seen = new Set<unknown>()
  for (let at = error; at instanceof Error && !seen.has(at); at = nextOf(at)) {
    seen.add(at)
    const chromium = /\bnet::(ERR_[A-Z0-9_]+)/.exec(at.message)?.[1]
    if (chromium !== undefined) return chromium
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code
  }
  return ''
}

function nextOf(error: Error): unknown {
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
}

interface Meaning {
  readonly kind: ApplianceErrorKind
  readonly message: string
}

/** Tried from top to bottom. The first group are Node's names, ERR_… are Chromium's too. */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_CERT_DATE_INVALID)$/,
    { kind: 'tls', message: 'The appliance’s certificate is out of date, or this computer’s clock is wrong.' },
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|ERR_CERT_COMMON_NAME_INVALID)$/,
    { kind: 'tls', message: 'The appliance’s certificate is made out to another name.' },
  ],
  [/^(CERT_REVOKED|ERR_CERT_REVOKED)$/, { kind: 'tls', message: 'The appliance’s certificate was revoked.' }],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_UNTRUSTED|ERR_CERT_AUTHORITY_INVALID|CERT_CHAIN|INVALID_CA/,
    { kind: 'tls', message: 'This computer does not trust the appliance’s certificate.' },
  ],
  [
    /^(CERT_|ERR_CERT_|ERR_TLS_|ERR_SSL_|ERR_BAD_SSL|EPROTO$|ERR_OSSL_)/,
    { kind: 'tls', message: 'No secure connection to the appliance came about.' },
  ],
  [
    /^(ENOTFOUND|EAI_|ERR_NAME_|ERR_DNS_)/,
    { kind: 'unreachable', message: 'The appliance’s name is not known on this network.' },
  ],
  [
    /PROXY|TUNNEL/,
    {
      kind: 'unreachable',
      message: 'The proxy server between this computer and the appliance does not let it through.',
    },
  ],
  [
    /^(ERR_INTERNET_DISCONNECTED|ENETDOWN)$/,
    { kind: 'unreachable', message: 'This computer is not connected to a network.' },
  ],
  [
    /^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/,
    { kind: 'unreachable', message: 'Nothing answers at the appliance’s address.' },
  ],
  [
    /^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT|ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT)$/,
    { kind: 'timeout', message: 'The appliance did not answer in time.' },
  ],
]

/** Codes after which the same request may succeed at once: the connection broke, it was not refused. */
const TRANSIENT = new RegExp(
  `^(${[
    'ECONNRESET|EPIPE|EAI_AGAIN|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE|BROKEN_OFF',
    'ERR_CONNECTION_(RESET|CLOSED|ABORTED)|ERR_EMPTY_RESPONSE|ERR_NETWORK_CHANGED|ERR_NETWORK_IO_SUSPENDED',
    'ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONTENT_LENGTH_MISMATCH',
  ].join('|')})$`,
)

/** May a read that failed with this error be asked again? */
export function isTransient(error: ApplianceError): boolean {
  return error.kind === 'unreachable' && (TRANSIENT.test(error.code ?? '') || /^HTTP 50[234]$/.test(error.code ?? ''))
}

/** Classifies what fetch, or reading its body, threw. */
export function fromNetwork(error: unknown): ApplianceError {
  if (error instanceof ApplianceError) return error
  const code = codeOf(error) || (isBrokenOff(error) ? 'BROKEN_OFF' : '')
  const found = MEANINGS.find(([pattern]) => pattern.test(code))
  const detail = code === '' ? 'The connection failed without a code.' : code
  if (found !== undefined) return new ApplianceError(found[1].kind, found[1].message, { detail, code })
  if (/^(HPE_(?!INVALID_EOF_STATE)|ERR_INVALID_HTTP_RESPONSE|ERR_CONTENT_DECODING|Z_|ERR_INVALID_CHUNKED)/.test(code)) {
    return unreadable(`No HTTP: ${code}`, code)
  }
  // Electron's net.fetch rejects where Node's answers with the redirect itself.
  if (error instanceof Error && /redirect/i.test(error.message)) return redirected(null)
  return new ApplianceError('unreachable', 'The connection to the appliance broke off.', { detail, code })
}

/** Node's fetch says no more than this where the connection ended within a body. */
function isBrokenOff(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'terminated'
}

/** The appliance sends us elsewhere. Not followed: the request carries credentials. */
export function redirected(location: string | null): ApplianceError {
  const target = location !== null && URL.canParse(location) ? ` to ${new URL(location).host}` : ''
  return new ApplianceError('unreadable', 'The appliance has another address than the one that is set.', {
    detail: `The request was redirected${target}; that is not followed.`,
    code: 'redirect',
  })
}

/**
 * What an HTTP status other than success means, where no `<error>` in the body says it better.
 * @param retryAfter ms, from the header
 */
export function fromStatus(status: number, retryAfter: number | null): ApplianceError {
  const code = `HTTP ${status}`
  const details = { detail: code, code, ...(retryAfter === null ? {} : { retryAfter }) }
  switch (status) {
    case 401:
      return new ApplianceError('refused', 'The appliance does not accept the account.', details)
    case 403:
      return new ApplianceError('forbidden', 'The account may not do this on the appliance.', details)
    case 404:
      return notThere(code)
    case 407:
      return new ApplianceError('unreachable', 'The proxy server asks for a name and password.', details)
    case 408:
    case 504:
      return new ApplianceError('unreachable', 'The appliance takes too long to answer.', details)
    case 429:
      return new ApplianceError('rateLimited', 'The appliance is asked too often; this will work again soon.', details)
    case 502:
    case 503:
      return new ApplianceError('unreachable', 'The appliance is there but cannot answer now.', details)
    default:
      return new ApplianceError('unreadable', 'The appliance could not answer this.', details)
  }
}

/** "Document Not Found": the API is off, or the account lacks the permission; the appliance does not tell which. */
export function notThere(detail: string): ApplianceError {
  return new ApplianceError('forbidden', 'The appliance’s API is switched off, or the account may not use it.', {
    detail: `${detail}: see "Enable XML API" and the account’s permissions under Management › API Configuration.`,
    code: 'not-there',
  })
}
