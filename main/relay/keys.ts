/** Nkeys by the system's own Ed25519: the broker asks about each connection, and all of a site may come back at once. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { fromSeed } from '@nats-io/nkeys'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SPKI (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** Bytes of a text in base32; the rest of the last letter is left out. */
function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let value = 0
  let bits = 0
  for (const letter of text) {
    const at = LETTERS.indexOf(letter)
    if (at < 0) throw new Error('This is no nkey.')
    value = ((value << 5) | at) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}

export interface Signer {
  readonly publicKey: string
  sign(text: string): Uint8Array
}

/** @param seed as it stands in a key file @throws if it is none */
export function signerOf(seed: string): Signer {
  // Checks prefix and check sum, which are not looked at below.
  const publicKey = fromSeed(new TextEncoder().encode(seed)).getPublicKey()
  const raw = fromBase32(seed).subarray(2, 34)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key) }
}

/** Was this text signed with the private half of this nkey? */
export function isSignedBy(publicKey: string, text: string, signature: Uint8Array): boolean {
  try {
    const raw = fromBase32(publicKey).subarray(1, 33)
    const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), key, signature)
  } catch {
    return false
  }
}
