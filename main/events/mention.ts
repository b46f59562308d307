/** Does a body that nobody could read speak of somebody? Looked for in every form in which the appliance could write it. */
import { decoderOf } from './charset.ts'

/** Bytes as text of one character each, so that text can be looked for in any bytes. */
const asLatin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** `+` and `%xx` undone, byte by byte; a body that is no form is not harmed by it. */
const unescaped = (text: string) =>
  text
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** A letter or digit next to it makes another word of it: “Ann” is not in “Hannah”. */
const isWordPart = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)

/** Does the word stand in this text, by itself? */
export function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!isWordPart(text[at - 1]) && !isWordPart(text[at + word.length])) return true
  return false
}

/** @param words the exact texts, none of them empty */
export function mentions(body: Uint8Array, contentType: string, words: readonly string[]): boolean {
  const raw = asLatin1(body)
  const plain = unescaped(raw)
  const decode = (bytes: Uint8Array) => decoderOf(bytes, contentType).decode(bytes)
  // As text in its own character set: as it stands, and with its escapes undone. JSON in it may have escapes of its own.
  const texts = [raw, decode(body), ...(plain === raw ? [] : [decode(Buffer.from(plain, 'latin1'))])]
  return words.some((word) => {
    const json = JSON.stringify(word).slice(1, -1)
    return texts.some((text) => hasWord(text, word) || (json !== word && hasWord(text, json)))
  })
}
