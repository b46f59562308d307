/** QR codes of links, so that a customer can open one on another device. */
import { encode } from 'uqr'
import type { QrCode } from '../../preload/contract.ts'

/**
 * The code of a text; null if the text is too long for any. As few modules as will do, since small ones are hard to
 * read from a screen, and in those as much error correction as fits.
 */
export function qrOf(text: string): QrCode | null {
  try {
    const { data } = encode(text, { ecc: 'L', boostEcc: true, border: 0 })
    return data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
  } catch {
    return null
  }
}
