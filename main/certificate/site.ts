/** The site's own certificate: from a PEM file with its chain, or from a PKCS#12 file. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls'
import { CertificateError, certificatesOf, identityOf, type Identity } from './identity.ts'

export interface SiteFiles {
  readonly certificateFile: string
  /** Empty: the key is in the other file. */
  readonly keyFile: string
  readonly passphrase: string | null
}

/** Larger than any chain. */
const MAX_BYTES = 1024 * 1024

/** Changes when one of the files does; what is not there counts, too. */
export async function stampOf({ certificateFile, keyFile }: SiteFiles): Promise<string> {
  const stamps = [certificateFile, keyFile].map(async (file) => {
    if (file === '') return ''
    return stat(file).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
    )
  })
  return (await Promise.all(stamps)).join('; ')
}

async function read(file: string): Promise<Buffer> {
  try {
    const content = await readFile(file)
    if (content.byteLength <= MAX_BYTES) return content
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? 'is not there.'
        : code === 'EACCES' || code === 'EPERM'
          ? 'may not be read by you: whoever Rep Tray runs for needs the right to.'
          : `cannot be read (${code}).`
    throw new CertificateError(`${file} ${why}`)
  }
  throw new CertificateError(`${file} is too large for a certificate.`)
}

/** @throws a {@link CertificateError} with a sentence that says what is wrong */
export async function loadSite(files: SiteFiles): Promise<Identity> {
  const { certificateFile, keyFile, passphrase } = files
  if (certificateFile === '') {
    throw new CertificateError('Enter the certificate’s file under Settings › Receiving events.')
  }
  const content = await read(certificateFile)
  const text = content.toString('latin1')
  if (!text.includes('-----BEGIN ')) return fromPkcs12(certificateFile, content, passphrase)
  const keyText = keyFile === '' ? text : (await read(keyFile)).toString('latin1')
  return fromPem(text, keyText, files)
}

function fromPem(text: string, keyText: string, files: SiteFiles): Identity {
  const { certificateFile } = files
  let certificates: readonly X509Certificate[]
  try {
    certificates = certificatesOf(text)
  } catch {
    throw new CertificateError(`${certificateFile} has a certificate in it that cannot be read.`)
  }
  if (certificates.length === 0) throw new CertificateError(`There is no certificate in ${certificateFile}.`)
  const key = readKey(keyText, files)
  const leaf = certificates.find((each) => each.checkPrivateKey(key))
  if (leaf === undefined) {
    throw new CertificateError(`The private key does not belong to the certificate in ${certificateFile}.`)
  }
  const chain = certificates.filter((each) => each !== leaf)
  const secure = {
    // The listener's own first, whatever the order in the file.
    cert: [leaf, ...chain].map(String).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  return usable(leaf, chain, secure, certificateFile)
}

function readKey(text: string, { certificateFile, keyFile, passphrase }: SiteFiles): KeyObject {
  const file = keyFile === '' ? certificateFile : keyFile
  const [pem] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(text) ?? []
  if (pem === undefined) {
    const advice = keyFile === '' ? ' If it is in a file of its own, enter that file, too.' : ''
    throw new CertificateError(`There is no private key in ${file}.${advice}`)
  }
  const isEncrypted = /ENCRYPTED/.test(pem)
  if (isEncrypted && passphrase === null) {
    const message = `The private key in ${file} is encrypted. Enter its passphrase under Settings › Receiving events.`
    throw new CertificateError(message, { needsPassphrase: true })
  }
  try {
    return createPrivateKey({ key: pem, ...(passphrase === null ? {} : { passphrase }) })
  } catch {
    throw new CertificateError(
      isEncrypted
        ? `The passphrase does not open the private key in ${file}.`
        : `The private key in ${file} cannot be read.`,
    )
  }
}

function fromPkcs12(file: string, pfx: Buffer, passphrase: string | null): Identity {
  const secure = { pfx, ...(passphrase === null ? {} : { passphrase }) }
  let leaf: X509Certificate | undefined
  try {
    const side = new TLSSocket(new Duplex({ read: () => {}, write: () => {} }), {
      isServer: true,
      secureContext: createSecureContext(secure),
    })
    leaf = side.getX509Certificate()
    side.destroy()
  } catch (error) {
    throw pkcs12Error(file, (error as Error).message, passphrase)
  }
  if (leaf === undefined) throw new CertificateError(`There is no certificate in ${file}.`)
  return usable(leaf, [], secure, file)
}

function pkcs12Error(file: string, message: string, passphrase: string | null): CertificateError {
  if (/mac verify|password/i.test(message)) {
    return passphrase === null
      ? new CertificateError(`${file} is encrypted. Enter its passphrase under Settings › Receiving events.`, {
          needsPassphrase: true,
        })
      : new CertificateError(`The passphrase does not open ${file}.`)
  }
  if (/unsupported/i.test(message)) {
    return new CertificateError(`${file} is encrypted in an outdated way. Export it again with AES-256.`)
  }
  return new CertificateError(`${file} is neither a PEM file nor a PKCS#12 file.`)
}

/** The last word has who is to use it: a key that is too short, say. */
function usable(
  leaf: X509Certificate,
  chain: readonly X509Certificate[],
  secure: SecureContextOptions,
  file: string,
): Identity {
  try {
    createSecureContext(secure)
  } catch (error) {
    const [, reason = 'unknown'] = /:([^:]+)$/.exec((error as Error).message) ?? []
    throw new CertificateError(`The certificate in ${file} cannot be used (${reason}).`)
  }
  return identityOf(leaf, chain, secure, false)
}
