/**
 * The token in the recipient URL. It is shown when it is made and kept as a hash alone, so that no file holds it in
 * clear text: the listener only ever has to recognise it. While a new one replaces an old one both are valid; and so are
 * those in between, if it is renewed again before the appliance has used one: nobody knows which of them was entered there.
 */
import { randomBytes } from 'node:crypto'
import { tokenHash } from '../events/listener.ts'
import type { UserSettings } from './settings.ts'

/** Where the hashes stand among the user's settings: the present one, then older ones, last the one that is in use. */
const STORED_AS = 'listener.tokenHashes'
/** Tokens that are valid at once. The one in use is never among those that have to go. */
const MAX_VALID = 4

export interface Tokens {
  /** Hashes of all valid tokens. */
  hashes(): readonly Uint8Array[]
  /** The present token, if this run has seen it in clear text. */
  current(): string | null
  /** True: the administrator set it; it cannot be renewed here. */
  readonly fixed: boolean
  /** Makes a new token. Those before it stay valid until it is used. @throws if it cannot be kept */
  renew(): string
  /** A token was used: those before it are void. */
  used(hash: Uint8Array): void
}

/**
 * @param fixed a token from the policy or the environment; null: one is made at the first start and kept
 * @param random 128 bits or more of randomness
 */
export function createTokens(user: UserSettings, fixed: string | null, random = () => randomBytes(24)): Tokens {
  // An environment variable that is set but empty is no token: everybody could guess it.
  if (fixed !== null && fixed !== '') {
    const hashes = [tokenHash(fixed)]
    return { hashes: () => hashes, current: () => fixed, fixed: true, renew: () => fixed, used: () => {} }
  }

  let current: string | null = null
  let hashes = readHashes(user.read()[STORED_AS])

  function store(changed: readonly Uint8Array[]): void {
    user.write({ ...user.read(), [STORED_AS]: changed.map((hash) => Buffer.from(hash).toString('hex')) })
    hashes = changed
  }

  function renew(): string {
    const token = random().toString('base64url')
    store([tokenHash(token), ...hashes.slice(0, MAX_VALID - 2), ...hashes.slice(MAX_VALID - 2).slice(-1)])
    current = token
    return token
  }

  if (hashes.length === 0) renew()
  return {
    hashes: () => hashes,
    current: () => current,
    fixed: false,
    renew,
    used: (hash) => {
      const index = hashes.findIndex((each) => Buffer.compare(each, hash) === 0)
      if (index >= 0 && index < hashes.length - 1) store(hashes.slice(0, index + 1))
    },
  }
}

function readHashes(stored: unknown): readonly Uint8Array[] {
  if (!Array.isArray(stored)) return []
  return (stored as unknown[])
    .filter((each): each is string => typeof each === 'string' && /^[0-9a-f]{64}$/.test(each))
    .slice(0, MAX_VALID)
    .map((hex) => Buffer.from(hex, 'hex'))
}
