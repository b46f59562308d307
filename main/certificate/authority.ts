/**
 * Makes certificates: a root of our own, and what it issues. A bundle by itself, since the library for it is as large as
 * the rest of main and hardly ever needed. RSA, because boxes of many years may not know elliptic curves.
 */
import 'reflect-metadata'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const DAY = 86_400_000
const ROOT_DAYS = 3_650
/** More is taken by no verifier that goes by the rules of browsers. */
const LEAF_DAYS = 397
/** The appliance's clock may be behind ours. */
const CLOCK_LEEWAY = DAY

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2_048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const

/** A certificate and its private key; PEM. */
export interface Issued {
  readonly cert: string
  readonly key: string
}

type Keys = Awaited<ReturnType<typeof makeKeys>>

async function makeKeys() {
  const keys = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify'])
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  const lines = pkcs8.match(/.{1,64}/g) ?? []
  return { ...keys, pem: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n') }
}

/** 127 bits, positive: never the same twice, and nothing that could be guessed before it is issued. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16))
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  return bytes.toString('hex')
}

function issued(certificate: X509Certificate, keys: Keys): Issued {
  return { cert: `${certificate.toString('pem')}\n`, key: keys.pem }
}

/**
 * A root. It may issue certificates of servers alone, and no further authorities. It names no hosts that it is for: those
 * change, and with each change it would have to be given to the appliance anew.
 * @param now ms since 1970
 */
export async function makeRoot(computer: string, now: number): Promise<Issued> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Rep Tray on ${computer}`.slice(0, 64)] }],
    notBefore: new Date(now - CLOCK_LEEWAY),
    notAfter: new Date(now + ROOT_DAYS * DAY),
    signingAlgorithm: RSA,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return issued(certificate, keys)
}

/**
 * A certificate of a server for these host names and addresses, the first being its title.
 * @param now ms since 1970
 */
export async function issue(root: Issued, names: readonly [string, ...string[]], now: number): Promise<Issued> {
  const keys = await makeKeys()
  const authority = new X509Certificate(root.cert)
  const der = Buffer.from(root.key.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const signingKey = await crypto.subtle.importKey('pkcs8', der, RSA, false, ['sign'])
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [names[0].slice(0, 64)] }],
    issuer: authority.subjectName,
    notBefore: new Date(now - CLOCK_LEEWAY),
    notAfter: new Date(Math.min(now + (LEAF_DAYS * DAY - CLOCK_LEEWAY), authority.notAfter.getTime())),
    signingAlgorithm: RSA,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      // The second is for the oldest ways to agree on a key.
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  })
  return issued(certificate, keys)
}
