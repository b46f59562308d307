/** Secrets by Electron's safeStorage: encrypted with the user's login, in a file beside the settings. */
import type { UserSettings } from '../../settings/settings.ts'
import type { Vault } from '../../settings/secrets.ts'
import type { Parts } from './electron.ts'

/** One secret in the file: the ciphertext, and what it was encrypted by, since another backend cannot read it. */
interface Sealed {
  readonly backend: string
  readonly data: string
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false
  const { backend, data } = value as Partial<Sealed>
  return typeof backend === 'string' && typeof data === 'string'
}

export interface ElectronVaultOptions {
  readonly platform: NodeJS.Platform
  /** The file; its values are {@link Sealed}. */
  readonly file: UserSettings
}

/**
 * The vault, once Electron is ready; null if there is none. On Linux the backend `basic_text` encrypts with a password
 * that everybody knows, so it counts as none.
 */
export async function openElectronVault(
  electron: Parts<'safeStorage'>,
  options: ElectronVaultOptions,
): Promise<Vault | null> {
  const { safeStorage } = electron
  const { platform, file } = options
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : platform
  if (backend === 'basic_text') return null

  const write: Vault['write'] = async (name, value) => {
    const { [name]: _, ...others } = file.read()
    if (value === null) {
      file.write(others)
      return
    }
    const data = await safeStorage.encryptStringAsync(value)
    file.write({ ...others, [name]: { backend, data: data.toString('base64') } satisfies Sealed })
  }

  return {
    write,
    read: async (name) => {
      const sealed = file.read()[name]
      if (sealed === undefined) return null
      if (!isSealed(sealed)) throw new Error('What is kept is damaged.')
      if (sealed.backend !== backend) throw new Error(`It was kept by ${sealed.backend}; now there is ${backend}.`)
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed.data, 'base64'))
      // The key was changed: keep it under the new one.
      if (shouldReEncrypt) await write(name, result)
      return result
    },
  }
}
