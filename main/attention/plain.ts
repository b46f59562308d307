/** Names and keys from outside, as a line for a menu or a notification. */
import { clip } from '../sessions/session.ts'

/** Line breaks, other controls, and what turns the direction of all that follows. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu

/** One line of at most `most` characters. */
export function plain(text: string, most: number): string {
  return clip(text.replace(UNFIT, ' ').trim(), most)
}
