import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Owner } from '../world.ts'

/** What a session that is started with the key is to have. */
export interface KeyOrder {
  readonly queue: Owner
  /** Text of the issue, where the key was made for one. */
  readonly issue: string | null
  readonly externalKey: string | null
  readonly attributes: ReadonlyMap<string, string>
  readonly ttlSeconds: number
}

export interface SessionKey extends KeyOrder {
  /** 32 hexadecimal digits, for the URL. */
  readonly ak: string
  /** Seven digits, for the public site. */
  readonly shortKey: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Keys with which customers start sessions. A key is good for any number of them until it expires. */
export interface SessionKeys {
  make(order: KeyOrder): SessionKey
  /** The key of that URL or of that short form; undefined if there is none or it has expired. */
  find(akOrShortKey: string): SessionKey | undefined
}

export function createSessionKeys(random: Random, clock: Clock): SessionKeys {
  const keys = new Map<string, SessionKey>()

  function unused(make: () => string): string {
    let text = make()
    while (keys.has(text)) text = make()
    return text
  }

  return {
    make: (order) => {
      const key: SessionKey = {
        ...order,
        ak: unused(() => random.hex(32)),
        shortKey: unused(() => String(random.int(1_000_000, 9_999_999))),
        expiresAt: clock.now() + order.ttlSeconds * 1000,
      }
      keys.set(key.ak, key)
      keys.set(key.shortKey, key)
      return key
    },
    find: (text) => {
      const key = keys.get(text)
      return key !== undefined && key.expiresAt > clock.now() ? key : undefined
    },
  }
}
