/** The certificate with which the listener answers. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of certificates. */
export type CertificateCommand = 'certificate.save' | 'certificate.renew'

const later = () => {
  throw new Unable('This is being built.')
}

export function createCertificates(): Pick<Handlers, CertificateCommand> {
  return {
    'certificate.save': later,
    'certificate.renew': later,
  }
}
