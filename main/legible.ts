/** Bytes of unknown origin for a person to look at: as text if they are that, else as a dump; nothing in it acts. */
import { decoderOf } from './events/charset.ts'

export interface Legible {
  readonly form: 'text' | 'hex'
  readonly text: string
  /** There is more of it. */
  readonly cut: boolean
}

/** Bytes that are shown; a dump takes five times the room. */
const SHOWN = { text: 64 * 1024, hex: 8 * 1024 } as const
const IN_LINE = 16

/** So many controls, or one of so many characters: it still counts as text. */
const FEW = 4
const RARE = 20

/** Controls but tab and line ends, and characters that are not seen or turn the direction of what follows. */
const UNSEEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

const named = (character: string) =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** True if the text is none: it holds a NUL, or too much that nobody writes. */
function isBinary(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  const odd = text.match(/[\u0001-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0
  return text.includes('\0') || (odd > FEW && odd * RARE > text.length)
}

function dump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += IN_LINE) {
    const line = Buffer.from(bytes.subarray(at, at + IN_LINE))
    const hex = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const shown = line.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(IN_LINE * 3 - 1)}  ${shown}`)
  }
  return lines.join('\n')
}

/** @param contentType may name the character set */
export function legible(body: Uint8Array, contentType: string): Legible {
  const start = body.subarray(0, SHOWN.text)
  // What was cut in the middle of a character is left out, not shown as broken.
  const text = decoderOf(start, contentType).decode(start, { stream: true })
  if (isBinary(text)) {
    return { form: 'hex', text: dump(body.subarray(0, SHOWN.hex)), cut: body.length > SHOWN.hex }
  }
  return { form: 'text', text: text.replaceAll('\r\n', '\n').replaceAll(UNSEEN, named), cut: body.length > SHOWN.text }
}
