/** In which character set a body is written. */

/** `charset=…` of a Content-Type. */
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i

/** The decoder of the named character set; without one, or one that is unknown: UTF-8 if the bytes are that, else Windows-1252. */
export function decoderOf(bytes: Uint8Array, contentType: string): TextDecoder {
  const named = CHARSET.exec(contentType)?.[1]
  if (named !== undefined) {
    try {
      return new TextDecoder(named)
    } catch {
      // A name that nobody knows.
    }
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return new TextDecoder('utf-8')
  } catch {
    return new TextDecoder('windows-1252')
  }
}
