/**
 * How requests are authorised: an API account (OAuth2 client credentials, since 16.1) or, for older boxes, a user's name
 * and password among the parameters. Which of the two follows from the credentials.
 */
import { createHash } from 'node:crypto'
import { ApplianceError, isApplianceError, unreadable } from './errors.ts'
import { post, readBriefly, readJson, readText, type Fetch, type Timeouts } from './exchange.ts'
import { fromStatus } from './failure.ts'
import { retryAfterOf } from './pace.ts'
import { race, type Delay } from './waiting.ts'

interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

export type Credentials = ClientCredentials | { readonly username: string; readonly password: string }

/** A token of an API account. */
export interface Token {
  readonly value: string
  /** ms; a little before it expires. null: the appliance did not say, so until it is refused. */
  readonly goodUntil: number | null
}

/**
 * Keeps tokens between runs: the appliance allows thirty per account, and one more kills the oldest. A token is as
 * secret as the credentials.
 */
export interface TokenKeeper {
  /** @param account names appliance and credentials without telling them */
  load(account: string): Promise<Token | null>
  save(account: string, token: Token | null): Promise<void>
}

/** What goes with a request. */
export interface Authorization {
  readonly kind: 'client' | 'user'
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: readonly (readonly [string, string])[]
}

export interface AuthOptions {
  readonly origin: string
  readonly credentials: () => Credentials | null | Promise<Credentials | null>
  readonly fetch: Fetch
  readonly now: () => number
  readonly delay: Delay
  readonly timeouts: Timeouts
  readonly tokens?: TokenKeeper | undefined
  /** Asked before each request for a token. */
  readonly take: () => Promise<void>
  readonly log: (line: string) => void
}

export interface Auth {
  authorize(signal?: AbortSignal): Promise<Authorization>
  /** The token of `used` was not accepted: the next `authorize` gets a new one, unless somebody did already. */
  renew(used: Authorization): void
  /** The credentials of now were not accepted: they are not sent again for a while, lest the account be locked. */
  refuse(error: ApplianceError): void
  /** Forgets the token, unless a keeper has it, and the refusal. */
  forget(): void
}

/** A token is renewed this long before it expires, a very short-lived one at half its life (ms). */
const EARLY = 60_000
/** Refused credentials are not sent again for so long (ms). */
const REFUSED = 5 * 60_000

/** @see Auth */
export function createAuth(options: AuthOptions): Auth {
  const { now, tokens } = options
  let token: Token | null = null
  /** Whom `token` and `refusal` belong to. */
  let owner = ''
  let refusal: { readonly error: ApplianceError; readonly until: number } | null = null
  let loaded = false
  let asking: Promise<Token> | null = null

  async function current(): Promise<Credentials> {
    const credentials = await options.credentials()
    if (credentials === null) {
      throw new ApplianceError('refused', 'No account for the appliance has been set up.', { code: 'no-credentials' })
    }
    const account = accountOf(options.origin, credentials)
    if (account !== owner) {
      // Other credentials: a token of before is somebody else's.
      owner = account
      loaded = false
      token = null
      asking = null
      refusal = null
    }
    if (refusal !== null && now() < refusal.until && now() >= refusal.until - REFUSED) throw refusal.error
    return credentials
  }

  function fresh(candidate: Token | null): candidate is Token {
    return candidate !== null && (candidate.goodUntil === null || now() < candidate.goodUntil)
  }

  async function remembered(): Promise<Token | null> {
    if (loaded || tokens === undefined) return null
    loaded = true
    // A keeper that fails costs a token, nothing else.
    return tokens.load(owner).catch(() => null)
  }

  async function ask(credentials: ClientCredentials, mine: string): Promise<Token> {
    try {
      const made = await requestToken(options, credentials)
      if (owner === mine) token = made
      // Nobody waits for a vault to take it.
      void tokens?.save(mine, made).catch(() => undefined)
      return made
    } catch (error) {
      if (owner === mine && isApplianceError(error) && error.kind === 'refused') refuse(error)
      throw error
    }
  }

  function refuse(error: ApplianceError): void {
    refusal = { error, until: now() + REFUSED }
  }

  /** The token, asked for once however many want it. It is nobody's to cancel but each one's to leave. */
  async function tokenOf(credentials: ClientCredentials): Promise<Token> {
    const mine = owner
    const kept = await remembered()
    if (owner === mine) token ??= kept
    if (fresh(token)) return token
    if (asking === null) {
      const asked = ask(credentials, mine).finally(() => {
        if (asking === asked) asking = null
      })
      asking = asked
    }
    return asking
  }

  async function authorize(signal?: AbortSignal): Promise<Authorization> {
    const credentials = await race(current(), signal)
    if ('username' in credentials) {
      const { username, password } = credentials
      return {
        kind: 'user',
        headers: {},
        parameters: [
          ['username', username],
          ['password', password],
        ],
      }
    }
    const { value } = await race(tokenOf(credentials), signal)
    return { kind: 'client', headers: { Authorization: `Bearer ${value}` }, parameters: [] }
  }

  return {
    authorize,
    refuse,
    renew: (used) => {
      if (token !== null && used.headers['Authorization'] === `Bearer ${token.value}`) token = null
    },
    forget: () => {
      token = null
      asking = null
      refusal = null
      loaded = false
    },
  }
}

function accountOf(origin: string, credentials: Credentials): string {
  return createHash('sha256')
    .update(JSON.stringify([origin, credentials]))
    .digest('hex')
    .slice(0, 32)
}

async function requestToken(options: AuthOptions, { clientId, clientSecret }: ClientCredentials): Promise<Token> {
  const { origin, fetch, delay, timeouts, now, log } = options
  await options.take()
  const startedAt = now()
  const exchange = await post({
    fetch,
    delay,
    url: `${origin}/oauth2/token`,
    headers: {
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
    },
    body: 'grant_type=client_credentials',
    timeouts,
  })
  log(`POST /oauth2/token: ${exchange.status}`)
  if (exchange.status !== 200) {
    throw tokenFailure(exchange.status, await readBriefly(exchange), retryAfterOf(exchange.headers, now()))
  }
  const { access_token: value, expires_in: seconds } = readJson(await readText(exchange, 64 * 1024))
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(value))
    throw unreadable('It has no token.', 'no-token')
  const life = typeof seconds === 'number' && seconds > 0 && seconds < 1e9 ? seconds * 1000 : null
  return { value, goodUntil: life === null ? null : startedAt + life - Math.min(EARLY, life / 2) }
}

/** What the appliance means by not giving a token. */
function tokenFailure(status: number, body: string, retryAfter: number | null): ApplianceError {
  if (status === 404) {
    const message = 'This appliance does not know API accounts; it may be too old for them.'
    const detail = 'There is no /oauth2/token. Before 16.1 a user’s name and password are needed instead.'
    return new ApplianceError('unsupported', message, { detail, code: 'no-oauth' })
  }
  const code = oauthCode(body)
  if (status !== 401 && code === null) return fromStatus(status, retryAfter)
  return new ApplianceError('refused', 'The appliance does not accept the account.', {
    detail: `The token was refused (HTTP ${status}, ${code ?? 'no reason given'}): a wrong secret, a locked account, or one that may not be used from this network address.`,
    code: code ?? `HTTP ${status}`,
  })
}

/** The vendor's name of an authentication error; null if the body has none. */
export function oauthCode(body: string): string | null {
  try {
    const { error } = readJson(body)
    return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : null
  } catch {
    return null
  }
}
