/** The certificate with which the listener answers: the site's or an own one, taken over, renewed and watched by itself. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { SecureContextOptions } from 'node:tls'
import type { Problem, Settings } from '../preload/contract.ts'
import { CertificateError, stateOf, type Identity } from './certificate/identity.ts'
import { createOwnCertificate } from './certificate/own.ts'
import * as problems from './certificate/problems.ts'
import { loadSite, stampOf } from './certificate/site.ts'
import type { Handlers } from './command.ts'
import { save } from './saved.ts'
import type { Shell } from './shell/port.ts'
import { Unable } from './unable.ts'

/** Commands of certificates. */
export type CertificateCommand = 'certificate.save' | 'certificate.renew'

export interface CertificatesOptions {
  /** The folder of the application's data; own keys go into one of their own in it. */
  readonly dataDir: string
  readonly settings: () => Settings
  /** The passphrase of the key; null: none; undefined: not known yet. */
  readonly passphrase: () => string | null | undefined
  /** Hosts that an own certificate is to be for, in lower case. */
  readonly hosts: () => readonly string[]
  /** The host in the recipient URL. */
  readonly recipientHost: () => string
  readonly now: () => number
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
  readonly report: (problem: Omit<Problem, 'since'>) => void
  readonly solve: (id: string) => void
  /** Another certificate holds, or none any more. */
  readonly onChange: () => void
}

export interface Certificates {
  /** The one that holds; null: the listener speaks plain HTTP, or there is none yet. */
  current(): Identity | null
  /** What TLS needs of it; null: plain HTTP. @throws if there is to be one and is none */
  secure(): SecureContextOptions | null
  /** Looks at settings, files and time, and sets right what has changed. Never rejects. */
  refresh(): Promise<void>
  readonly handlers: Pick<Handlers, CertificateCommand>
}

/** @see Certificates */
export function createCertificates(options: CertificatesOptions): Certificates {
  const { settings, now, report, solve } = options
  const computer = hostname()
  const own = createOwnCertificate({
    folder: join(options.dataDir, 'certificate'),
    computer,
    now,
    load: () => import('./certificate/authority.ts'),
  })
  let identity: Identity | null = null
  /** What the site's certificate was last read from. */
  let stamp = ''
  /** One thing at a time; what is asked for meanwhile is done once more. */
  let queue: Promise<void> = Promise.resolve()

  const mode = () => settings()['listener.https']

  async function fromFiles(): Promise<Identity> {
    const passphrase = options.passphrase()
    const { 'listener.certificateFile': certificateFile, 'listener.keyFile': keyFile } = settings()
    const files = { certificateFile, keyFile, passphrase: passphrase ?? null }
    const present = JSON.stringify([certificateFile, keyFile, passphrase, await stampOf(files)])
    if (identity !== null && !identity.info.own && stamp === present) return identity
    const loaded = await loadSite(files)
    stamp = present
    return loaded
  }

  async function fromOwn(): Promise<Identity> {
    const hosts = options.hosts().filter((host) => /^[\w.:-]+$/.test(host))
    const hadRoot = (await own.root()) !== null
    const made = await own.get(hosts)
    if (made.isNewRoot && hadRoot) report(problems.newRoot())
    return made.identity
  }

  /** The same certificate stays the same object: the listener goes by that. */
  function use(next: Identity | null): void {
    const isSame = next?.info.fingerprint === identity?.info.fingerprint && next?.info.own === identity?.info.own
    if (isSame) return
    identity = next
    options.onChange()
  }

  async function renewed(): Promise<void> {
    if (mode() === 'off') {
      solve('certificate.load')
      return use(null)
    }
    try {
      use(mode() === 'own' ? await fromOwn() : await fromFiles())
      solve('certificate.load')
    } catch (error) {
      // The vault is still being asked for it.
      const isPending = error instanceof CertificateError && error.needsPassphrase && options.passphrase() === undefined
      if (!isPending) report(problems.cannotUse(error, identity?.info ?? null))
    }
  }

  function judge(): void {
    const state = identity === null ? 'good' : stateOf(identity, now())
    if (identity === null || state === 'good') solve('certificate.time')
    else report(problems.notInTime(state, identity.info))
    const host = options.recipientHost()
    if (identity === null || identity.covers(host)) solve('certificate.name')
    else report(problems.notFor(identity.info, host))
  }

  function refresh(): Promise<void> {
    queue = queue
      .then(renewed)
      .then(judge)
      .catch((error: unknown) => report(problems.cannotUse(error, identity?.info ?? null)))
    return queue
  }

  function requireOwn(): void {
    if (mode() === 'own') return
    throw new Unable('Choose an own certificate under Settings › Receiving events › HTTPS first.')
  }

  return {
    current: () => identity,
    secure: () => {
      if (mode() === 'off') return null
      if (identity !== null) return identity.secure
      throw Object.assign(new Error('There is no certificate.'), { code: 'NO_CERTIFICATE' })
    },
    refresh,
    handlers: {
      'certificate.save': async () => {
        requireOwn()
        await refresh()
        const root = await own.root()
        if (root === null) throw new Unable('There is no own certificate: it could not be made.')
        return save(options.shell, `rep-tray-root-${computer.replaceAll(/[^\w.-]/g, '_')}.crt`, root)
      },
      'certificate.renew': async () => {
        requireOwn()
        const before = identity?.info.fingerprint
        own.renew()
        await refresh()
        if (identity?.info.fingerprint === before) throw new Unable('No new certificate could be made.')
        return null
      },
    },
  }
}
