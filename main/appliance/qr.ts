/** QR codes of links, so that a customer can open one on another device. */
import { encode } from 'uqr'
import type { QrCode } from '../../preload/contract.ts'

/** The code of a text with medium error correction; null if the text is too long for any. */
export function qrOf(text: string): QrCode | null {
  try {
    const { data } = encode(text, { ecc: 'M', border: 0 })
    return data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
  } catch {
    return null
  }
}
