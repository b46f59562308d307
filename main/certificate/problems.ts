/** What can go wrong with certificates, in words. */
import type { CertificateInfo, Problem } from '../../preload/contract.ts'
import { CertificateError } from './identity.ts'

type Words = Omit<Problem, 'since'>

/** 2027-03-09 */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** The certificate cannot be used. `kept`: the one that holds on. */
export function cannotUse(error: unknown, kept: CertificateInfo | null): Words {
  const why =
    error instanceof CertificateError ? error.message : `The certificate could not be made: ${(error as Error).message}`
  return {
    id: 'certificate.load',
    severity: kept === null ? 'error' : 'warning',
    title: kept === null ? 'There is no certificate for HTTPS' : 'The new certificate cannot be used',
    detail: kept === null ? why : `${why} The one before is kept, until ${dayOf(kept.expiresAt)}.`,
    dismissible: false,
  }
}

/** The certificate ends soon, has ended, or has not begun. */
export function notInTime(state: 'expiring' | 'expired' | 'early', info: CertificateInfo): Words {
  const day = dayOf(info.expiresAt)
  const title = {
    expiring: `The certificate for events ends on ${day}`,
    expired: `The certificate for events ended on ${day}`,
    early: 'The certificate for events is not valid yet',
  }[state]
  const advice = info.own
    ? 'Make a new one under Settings › Receiving events.'
    : 'Put a new one in the place of its file: it is taken over by itself.'
  return {
    id: 'certificate.time',
    severity: state === 'expiring' ? 'warning' : 'error',
    title,
    detail:
      state === 'early'
        ? 'The appliance refuses it until then. Or is this computer’s clock wrong?'
        : `After that the appliance refuses it, and no events come in. ${advice}`,
    dismissible: false,
  }
}

/** The certificate is not for the host by which the appliance calls. */
export function notFor({ subject }: CertificateInfo, host: string): Words {
  return {
    id: 'certificate.name',
    severity: 'error',
    title: `The certificate is not for ${host}`,
    detail: `It is for ${subject}. The appliance refuses a certificate that is not for the host in its URL. Get one for ${host}, or enter a name that it is for under Settings › Receiving events › Names of this computer.`,
    dismissible: false,
  }
}

/** There was a root, and it could not be used any more. */
export function newRoot(): Words {
  return {
    id: 'certificate.root',
    severity: 'warning',
    title: 'The appliance needs the new root certificate',
    detail: 'Save it under Settings › Receiving events, and upload it at the appliance with the recipient.',
    dismissible: true,
  }
}
