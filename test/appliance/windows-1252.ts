/** What Windows-1252 has from 0x80 to 0x9F; a blank stands for a byte without a character. */
const HIGH = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

/** True if the text has a character outside ASCII, and all of it fits into Windows-1252. */
export function differsInWindows1252(text: string): boolean {
  const characters = Array.from(text)
  return characters.some((character) => character > '~') && characters.every((character) => byteOf(character) !== null)
}

/** Encodes text; what Windows-1252 does not have becomes `?`. */
export function encodeWindows1252(text: string): Uint8Array {
  return Uint8Array.from(Array.from(text), (character) => byteOf(character) ?? 0x3f)
}

function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code
  const index = HIGH.indexOf(character)
  return index === -1 ? null : 0x80 + index
}
