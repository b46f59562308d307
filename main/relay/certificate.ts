/** The certificate of the relay's listener: from files that somebody else renews, and taken over without a restart. */
import type { SecureContextOptions } from 'node:tls'
import { CertificateError, stateOf, type Identity } from '../certificate/identity.ts'
import { loadSite, stampOf, type SiteFiles } from '../certificate/site.ts'

export interface RelayCertificate {
  /** The one that holds; null: plain HTTP, or there is none yet. */
  current(): Identity | null
  /** What TLS needs of it; null: plain HTTP. @throws if there is to be one and is none */
  secure(): SecureContextOptions | null
  /** Looks whether the files have changed. Never rejects. True: another one holds now. */
  refresh(): Promise<boolean>
}

/**
 * @param files null: plain HTTP
 * @param log is told once of what is wrong, until something else is
 */
export function createRelayCertificate(
  files: SiteFiles | null,
  now: () => number,
  log: (line: string) => void,
): RelayCertificate {
  let identity: Identity | null = null
  let stamp = ''
  let told = ''

  function tell(line: string): void {
    if (line !== told && line !== '') log(`certificate: ${line}`)
    told = line
  }

  async function look(from: SiteFiles): Promise<boolean> {
    const present = await stampOf(from)
    if (present === stamp) return false
    try {
      const loaded = await loadSite(from)
      stamp = present
      const isOther = loaded.info.fingerprint !== identity?.info.fingerprint
      if (isOther) identity = loaded
      tell('')
      return isOther
    } catch (error) {
      const why = error instanceof CertificateError ? error.message : 'The certificate cannot be read.'
      tell(identity === null ? why : `${why} The one before is kept.`)
      return false
    }
  }

  return {
    current: () => identity,
    secure: () => {
      if (files === null) return null
      if (identity !== null) return identity.secure
      throw Object.assign(new Error('There is no certificate.'), { code: 'NO_CERTIFICATE' })
    },
    refresh: async () => {
      if (files === null) return false
      const isOther = await look(files)
      const state = identity === null ? 'good' : stateOf(identity, now())
      if (state !== 'good') tell(`it is ${state} (until ${new Date(identity?.info.expiresAt ?? 0).toISOString()})`)
      return isOther
    },
  }
}
