/**
 * The appliance's token from run to run: it gives out thirty per account, and one more ends the oldest. In the system's
 * vault, as the secret that it was made with; where there is none, until the application ends.
 */
import type { Token, TokenKeeper } from '../appliance/auth.ts'
import type { Vault } from './secrets.ts'

/** One longer than this (characters) is not kept: some vaults take a line of four thousand. */
const LONGEST = 2_000

interface Kept extends Token {
  readonly account: string
}

export interface KeptToken extends TokenKeeper {
  /** The secret is another one now. Never rejects. */
  forget(): Promise<void>
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { account, value: token, goodUntil } = value as Partial<Record<keyof Kept, unknown>>
  return typeof account === 'string' && typeof token === 'string' && (goodUntil === null || Number.isFinite(goodUntil))
}

function parse(text: string | null): Kept | null {
  try {
    const kept: unknown = JSON.parse(text ?? 'null')
    return isKept(kept) ? kept : null
  } catch {
    return null
  }
}

/** @param vault null: this system has none */
export function createKeptToken(vault: () => Vault | null): KeptToken {
  let last: Kept | null = null
  let writing: Promise<void> = Promise.resolve()

  /** One after the other: what is forgotten must not be overtaken by what was kept before. */
  async function write(kept: Kept | null): Promise<void> {
    last = kept
    const isShort = kept !== null && kept.value.length <= LONGEST
    const store = async () => vault()?.write('appliance.token', isShort ? JSON.stringify(kept) : null)
    writing = writing.then(store, store)
    await writing
  }

  return {
    load: async (account) => {
      last ??= parse((await vault()?.read('appliance.token')) ?? null)
      return last?.account === account ? { value: last.value, goodUntil: last.goodUntil } : null
    },
    save: (account, token) => write(token === null ? null : { account, ...token }),
    forget: () => write(null).catch(() => undefined),
  }
}
