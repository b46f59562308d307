import { randomBytes, timingSafeEqual } from 'node:crypto'

import type { Clock } from '../clock.ts'

/** An account of `/login > Management > API Configuration`, or a user's name and password. */
export interface Account {
  readonly id: string
  readonly secret: string
}

/** One hour. */
export const TOKEN_LIFE_SECONDS = 3600

/** One more kills the oldest. */
export const TOKENS_PER_ACCOUNT = 30

/** What an authentication error says, with HTTP 401. `error` is one of the vendor's names, `message` is invented. */
export interface OAuthError {
  readonly error: string
  readonly message: string
}

export type TokenReply =
  | { readonly access_token: string; readonly token_type: 'Bearer'; readonly expires_in: number }
  | OAuthError

/** The tokens of one API account. */
export interface TokenDesk {
  /** Answers `POST /oauth2/token`: Basic header, or `client_id` and `client_secret` in the form. */
  readonly issue: (authorization: string | undefined, form: URLSearchParams) => TokenReply
  /** Null: the header holds a token that is valid now. */
  readonly refuse: (authorization: string | undefined) => OAuthError | null
  /** A new secret: all tokens die, and a lock is taken off. */
  readonly setSecret: (secret: string) => void
  /** All tokens die; the secret stays. */
  readonly revokeTokens: () => void
  /** Tokens that are valid now. */
  readonly valid: number
}

export interface TokenDeskOptions {
  readonly lifeSeconds?: number
  /** Failed log-ins in a row after which the account is locked; left out: it never is. */
  readonly lockAfter?: number
}

/** Tokens live as long as the clock says. */
export function createTokenDesk(account: Account, clock: Clock, options: TokenDeskOptions = {}): TokenDesk {
  const life = options.lifeSeconds ?? TOKEN_LIFE_SECONDS
  let { secret } = account
  let failures = 0
  /** Expiry by token, the oldest first. */
  const tokens = new Map<string, number>()

  function bury(): void {
    for (const [token, expiry] of tokens) if (expiry <= clock.now()) tokens.delete(token)
  }

  return {
    issue: (authorization, form) => {
      const given = basicCredentials(authorization) ?? {
        id: form.get('client_id') ?? '',
        secret: form.get('client_secret') ?? '',
      }
      if (failures >= (options.lockAfter ?? Number.POSITIVE_INFINITY)) {
        return { error: 'access_denied', message: 'The account is locked' }
      }
      if (!isSame(given, { id: account.id, secret })) {
        failures += 1
        return { error: 'invalid_client', message: 'Client authentication failed' }
      }
      failures = 0
      if (form.get('grant_type') !== 'client_credentials') {
        return { error: 'unsupported_grant_type', message: 'The grant type is not supported' }
      }
      bury()
      const [oldest] = tokens.keys()
      if (oldest !== undefined && tokens.size >= TOKENS_PER_ACCOUNT) tokens.delete(oldest)
      const token = randomBytes(24).toString('base64url')
      tokens.set(token, clock.now() + life * 1000)
      return { access_token: token, token_type: 'Bearer', expires_in: life }
    },
    refuse: (authorization) => {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
      const expiry = token === undefined ? undefined : tokens.get(token)
      return expiry !== undefined && expiry > clock.now()
        ? null
        : { error: 'access_denied', message: 'The access token is missing, unknown or has expired' }
    },
    setSecret: (next) => {
      secret = next
      failures = 0
      tokens.clear()
    },
    revokeTokens: () => tokens.clear(),
    get valid() {
      bury()
      return tokens.size
    },
  }
}

/** True if both have the same id and secret. */
export function isSame(given: Account, account: Account): boolean {
  const equal = (left: string, right: string) => {
    const [a, b] = [Buffer.from(left), Buffer.from(right)]
    return a.length === b.length && timingSafeEqual(a, b)
  }
  return equal(given.id, account.id) && equal(given.secret, account.secret)
}

function basicCredentials(authorization: string | undefined): Account | null {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id, secret: secret.join(':') }
}
