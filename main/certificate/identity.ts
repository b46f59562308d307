/** The certificate with which the listener answers: what it says, for whom it is, and how long it lasts. */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { CertificateInfo } from '../../preload/contract.ts'

export interface Identity {
  readonly secure: SecureContextOptions
  readonly info: CertificateInfo
  /** ms since 1970 */
  readonly validFrom: number
  /** Host names that it is for, in lower case; no wildcards. */
  readonly names: readonly string[]
  /** Authorities that come with it, by which it can be checked here; PEM. */
  readonly authorities: readonly string[]
  /** Is it for this host name or address? */
  covers(host: string): boolean
}

/** Why a certificate cannot be used; the message is a sentence for the rep. */
export class CertificateError extends Error {
  /** True: it would take a passphrase, and there is none. */
  readonly needsPassphrase: boolean
  constructor(message: string, { needsPassphrase = false } = {}) {
    super(message)
    this.needsPassphrase = needsPassphrase
  }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates of a PEM text. @throws if one of them is none */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  return (pem.match(PEM_CERTIFICATE) ?? []).map((each) => new X509Certificate(each))
}

/** What a person calls it: the common name, failing that all of the name, or the first name that it is for. */
function titleOf(name: string | undefined, names: readonly string[]): string {
  const common = /^CN=(.+)$/m.exec(name ?? '')?.[1]
  return common ?? (name?.replaceAll('\n', ', ') || names[0] || 'no name')
}

/** Those that vouch for themselves, so that whoever is given them needs no other. */
function isRoot(certificate: X509Certificate): boolean {
  return certificate.ca && certificate.checkIssued(certificate)
}

/** @param chain others that come with it */
export function identityOf(
  certificate: X509Certificate,
  chain: readonly X509Certificate[],
  secure: SecureContextOptions,
  own: boolean,
): Identity {
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((each) => (/^DNS:[\w.-]+$/.test(each) ? [each.slice(4).toLowerCase()] : []))
  return {
    secure,
    info: {
      subject: titleOf(certificate.subject, names),
      issuer: titleOf(certificate.issuer, []),
      expiresAt: Date.parse(certificate.validTo),
      fingerprint: certificate.fingerprint256,
      own,
    },
    validFrom: Date.parse(certificate.validFrom),
    names,
    authorities: chain.filter(isRoot).map(String),
    covers: (host) => {
      const found = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)
      return found !== undefined
    },
  }
}

/** ms */
const WARNED_AHEAD = 30 * 86_400_000

/** How it stands with a certificate at this time. */
export function stateOf({ info, validFrom }: Identity, now: number): 'good' | 'expiring' | 'expired' | 'early' {
  if (now >= info.expiresAt) return 'expired'
  if (now < validFrom) return 'early'
  return now >= info.expiresAt - WARNED_AHEAD ? 'expiring' : 'good'
}
