/**
 * The token in the recipient URL. It is shown when it is made and kept as a hash alone, so that no file holds it in
 * clear text: the listener only ever has to recognise it. While a new one replaces an old one both are valid.
 */
import { randomBytes } from 'node:crypto'
import { tokenHash } from '../events/listener.ts'
import type { UserSettings } from './settings.ts'

/** Where the hashes stand among the user's settings: the present one, and the one that it replaces. */
const STORED_AS = 'listener.tokenHashes'

export interface Tokens {
  /** Hashes of all valid tokens. */
  hashes(): readonly Uint8Array[]
  /** The present token, if this run has seen it in clear text. */
  current(): string | null
  /** True: the administrator set it; it cannot be renewed here. */
  readonly fixed: boolean
  /** Makes a new token. The present one stays valid until the new one is used. */
  renew(): string
  /** A token was used: if it was the new one, the old one is void. */
  used(hash: Uint8Array): void
}

/**
 * @param fixed a token from the policy or the environment; null: one is made at the first start and kept
 * @param random 128 bits or more of randomness
 */
export function createTokens(user: UserSettings, fixed: string | null, random = () => randomBytes(24)): Tokens {
  if (fixed !== null) {
    const hashes = [tokenHash(fixed)]
    return { hashes: () => hashes, current: () => fixed, fixed: true, renew: () => fixed, used: () => {} }
  }

  let current: string | null = null
  let hashes = readHashes(user.read()[STORED_AS])

  function store(): void {
    user.write({ ...user.read(), [STORED_AS]: hashes.map((hash) => Buffer.from(hash).toString('hex')) })
  }

  function renew(): string {
    current = random().toString('base64url')
    hashes = [tokenHash(current), ...hashes.slice(0, 1)]
    store()
    return current
  }

  if (hashes.length === 0) renew()
  return {
    hashes: () => hashes,
    current: () => current,
    fixed: false,
    renew,
    used: (hash) => {
      if (hashes.length < 2 || Buffer.compare(hash, hashes[0] ?? new Uint8Array()) !== 0) return
      hashes = hashes.slice(0, 1)
      store()
    },
  }
}

function readHashes(stored: unknown): readonly Uint8Array[] {
  if (!Array.isArray(stored)) return []
  return (stored as unknown[])
    .filter((each): each is string => typeof each === 'string' && /^[0-9a-f]{64}$/.test(each))
    .slice(0, 2)
    .map((hex) => Buffer.from(hex, 'hex'))
}
