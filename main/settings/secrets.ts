/**
 * Secrets: of the appliance's account, and of the listener's key. They come from the policy, from the environment, or from the user; the user's are
 * kept in the system's vault, and where there is none only until the application ends. Never in State, logs or settings.
 */

import type { SecretName, SecretSource } from '../../preload/contract.ts'

/** The secrets there are, with the variable of the environment that may hold each. */
const SECRETS: Readonly<Record<SecretName, string>> = {
  'appliance.clientSecret': 'REP_TRAY_CLIENT_SECRET',
  'appliance.password': 'REP_TRAY_PASSWORD',
  'listener.passphrase': 'REP_TRAY_LISTENER_PASSPHRASE',
}

export const SECRET_NAMES = Object.keys(SECRETS) as readonly SecretName[]

/** Is this the name of a secret? */
export function isSecretName(name: unknown): name is SecretName {
  return SECRET_NAMES.some((each) => each === name)
}

/** What a vault is given: what the user entered, and the token that the appliance gave for it. */
export type VaultName = SecretName | 'appliance.token'

/** Where the system keeps secrets: a keychain, or what encrypts with the user's login. */
export interface Vault {
  /** The secret, or null if it has none of that name. @throws if it cannot be read (locked, another backend, damaged) */
  read(name: VaultName): Promise<string | null>
  /** Keeps a secret, or forgets it (null). @throws if the vault does not take it */
  write(name: VaultName, value: string | null): Promise<void>
}

export interface Secrets {
  /** Reads the vault. What cannot be read is told to `onFailure`, and counts as none. */
  load(): Promise<void>
  /** Once it is loaded; null: there is none, and what is entered lasts until the application ends. */
  vault(): Vault | null
  get(name: SecretName): string | null
  source(name: SecretName): SecretSource | null
  /** Keeps what the user entered (null: forgets it). Returns where it is now. */
  set(name: SecretName, value: string | null): Promise<SecretSource | null>
}

export interface SecretsOptions {
  /** Opens the vault; null: this system has none. */
  readonly openVault: () => Promise<Vault | null>
  readonly policy: Partial<Record<SecretName, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** The vault failed; the error holds no secret. */
  readonly onFailure: (action: 'read' | 'write', error: unknown) => void
}

/** @see Secrets */
export function createSecrets(options: SecretsOptions): Secrets {
  const { policy, env, onFailure } = options
  let vault: Vault | null = null
  const entered = new Map<SecretName, { readonly value: string; readonly source: 'vault' | 'session' }>()

  function find(name: SecretName): { readonly value: string; readonly source: SecretSource } | null {
    const byPolicy = policy[name]
    if (byPolicy !== undefined) return { value: byPolicy, source: 'policy' }
    const byEnvironment = env[SECRETS[name]]
    if (byEnvironment !== undefined && byEnvironment !== '') return { value: byEnvironment, source: 'environment' }
    return entered.get(name) ?? null
  }

  async function keep(name: SecretName, value: string | null): Promise<'vault' | 'session'> {
    if (vault === null) return 'session'
    try {
      await vault.write(name, value)
      return 'vault'
    } catch (error) {
      onFailure('write', error)
      return 'session'
    }
  }

  return {
    vault: () => vault,
    load: async () => {
      try {
        vault = await options.openVault()
      } catch (error) {
        onFailure('read', error)
      }
      if (vault === null) return
      for (const name of SECRET_NAMES) {
        try {
          const value = await vault.read(name)
          if (value !== null) entered.set(name, { value, source: 'vault' })
        } catch (error) {
          onFailure('read', error)
        }
      }
    },
    get: (name) => find(name)?.value ?? null,
    source: (name) => find(name)?.source ?? null,
    set: async (name, value) => {
      const source = await keep(name, value)
      if (value === null) entered.delete(name)
      else entered.set(name, { value, source })
      return find(name)?.source ?? null
    },
  }
}
