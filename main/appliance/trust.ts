/** Certificates under plain Node. Electron's own fetch goes by the system's anyway. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Fetch } from './exchange.ts'

/**
 * Node's fetch, made to trust what the system trusts: by itself it knows only the certificates that it brings along, not
 * those that a company has installed. They are read at the first request, since that takes a moment.
 */
export function createTrustingFetch(): Fetch {
  let hasTrust = false
  return (url, init) => {
    if (!hasTrust) {
      const trusted = (['bundled', 'system', 'extra'] as const).flatMap((kind) => getCACertificates(kind))
      setDefaultCACertificates([...new Set(trusted)])
      hasTrust = true
    }
    return fetch(url, init)
  }
}
