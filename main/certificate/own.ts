/** The certificate that Rep Tray makes itself: a root for the appliance, and what it issues, in a folder for this user alone. */
import { createPrivateKey, type X509Certificate } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { issue, Issued, makeRoot } from './authority.ts'
import { certificatesOf, identityOf, type Identity } from './identity.ts'

const DAY = 86_400_000
/** A certificate is made anew so long before its end: sooner than anybody is warned. ms */
const RENEWED_AHEAD = 45 * DAY
/** Whoever makes a new certificate anyway gets a new root, too, if it has no more left than this. ms */
const ROOT_LEFT = 365 * DAY

export interface OwnOptions {
  readonly folder: string
  readonly computer: string
  readonly now: () => number
  /** Loads what makes certificates. */
  readonly load: () => Promise<{ readonly makeRoot: typeof makeRoot; readonly issue: typeof issue }>
}

export interface OwnCertificate {
  /** One for these hosts (in lower case): the one there is, or a new one. `isNewRoot`: the appliance needs the root again. */
  get(hosts: readonly string[]): Promise<{ readonly identity: Identity; readonly isNewRoot: boolean }>
  /** The next `get` makes a new one. */
  renew(): void
  /** The root; PEM. null: there is none yet. */
  root(): Promise<string | null>
}

interface Held extends Issued {
  readonly certificate: X509Certificate
}

/** Is this host written in the certificate? Asked by its letters, since no verifier takes every name that a computer can have. */
function names(certificate: X509Certificate, host: string): boolean {
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined
  return identityOf(certificate, [], {}, true).names.includes(host)
}

/** @see OwnCertificate */
export function createOwnCertificate({ folder, computer, now, load }: OwnOptions): OwnCertificate {
  let isRenewing = false

  const file = (name: string) => join(folder, name)

  /** Written beside it and then put in its place: there is a whole one at any time. */
  async function write(name: string, content: string): Promise<void> {
    const staging = file(`${name}.new`)
    const handle = await open(staging, 'w', 0o600)
    try {
      await handle.chmod(0o600)
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(staging, file(name))
  }

  /** What was kept under this name; null: nothing, or nothing that is of use. */
  async function held(name: string): Promise<Held | null> {
    try {
      const pem = await readFile(file(`${name}.pem`), 'utf8')
      const [certificate] = certificatesOf(pem)
      const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(pem) ?? []
      if (certificate === undefined || key === undefined) return null
      return certificate.checkPrivateKey(createPrivateKey(key))
        ? { certificate, cert: certificate.toString(), key }
        : null
    } catch {
      return null
    }
  }

  /** Key and certificate in one file, so that they always belong together. */
  async function keep(name: string, made: Issued): Promise<Held> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    await write(`${name}.pem`, made.key + made.cert)
    const [certificate] = certificatesOf(made.cert)
    if (certificate === undefined) throw new Error('The certificate that was made cannot be read.')
    return { ...made, certificate }
  }

  async function findRoot(): Promise<{ readonly root: Held; readonly isNewRoot: boolean }> {
    const found = await held('root')
    const left = found === null ? 0 : Date.parse(found.certificate.validTo) - now()
    if (found !== null && left > (isRenewing ? ROOT_LEFT : 0)) return { root: found, isNewRoot: false }
    const authority = await load()
    return { root: await keep('root', await authority.makeRoot(computer, now())), isNewRoot: true }
  }

  function isGood(leaf: Held, root: Held, hosts: readonly string[]): boolean {
    const { certificate } = leaf
    const end = Date.parse(certificate.validTo)
    // One that lasts as long as its root does cannot be made to last longer.
    const isLasting = end - now() > RENEWED_AHEAD || end >= Date.parse(root.certificate.validTo)
    return (
      isLasting &&
      now() >= Date.parse(certificate.validFrom) &&
      certificate.verify(root.certificate.publicKey) &&
      hosts.every((host) => names(certificate, host))
    )
  }

  return {
    renew: () => {
      isRenewing = true
    },
    root: async () => (await held('root'))?.cert ?? null,
    get: async (hosts) => {
      const { root, isNewRoot } = await findRoot()
      let leaf = isRenewing ? null : await held('listener')
      if (leaf === null || !isGood(leaf, root, hosts)) {
        const [first = 'localhost', ...others] = hosts
        const authority = await load()
        leaf = await keep('listener', await authority.issue(root, [first, ...others], now()))
      }
      isRenewing = false
      const secure = { cert: leaf.cert + root.cert, key: leaf.key }
      return { identity: identityOf(leaf.certificate, [root.certificate], secure, true), isNewRoot }
    },
  }
}
