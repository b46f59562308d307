/** What a reply says: the root element that was asked for, or the error that it is. */
import { ApplianceError, boxError, unreadable } from './errors.ts'
import { notThere } from './failure.ts'
import { readXml, type XmlElement, type XmlOptions } from './xml.ts'

/** What the appliance sends instead of XML when its API is off, the path unknown, or the permission missing. */
const NOT_FOUND = /\bdocument not found\b/i

/**
 * Reads the text of a reply. An `<error>` is looked for first, as the root and right inside it, since application
 * errors come with HTTP 200.
 * @param name what was asked, for the detail
 * @throws ApplianceError `box`, `forbidden`, `unreadable`
 */
export function readReply(text: string, name: string, options: XmlOptions = {}): XmlElement {
  let error: string | null = null
  let root: XmlElement
  try {
    root = readXml(text, {
      take: (element, parent, depth) => {
        if (depth === 1 && element.name === 'error') error ??= element.text
        return options.take?.(element, parent, depth) ?? false
      },
    })
  } catch (failure) {
    if (NOT_FOUND.test(text.slice(0, 64 * 1024))) throw notThere(`"Document Not Found" (${name})`)
    if (failure instanceof ApplianceError) {
      const { message, detail, code } = failure
      throw new ApplianceError('unreadable', message, {
        detail: `${name}: ${detail}`,
        ...(code === null ? {} : { code }),
      })
    }
    throw failure
  }
  if (root.name === 'error') throw boxError(root.text, name)
  if (error !== null) throw boxError(error, name)
  return root
}

/** The `<error>` of a body that came with another status than 200; null if it has none. */
export function errorIn(body: string, name: string): ApplianceError | null {
  try {
    readReply(body, name)
  } catch (error) {
    if (error instanceof ApplianceError && (error.kind === 'box' || error.code === 'not-there')) return error
  }
  return null
}

/** Makes sure that the root is the one that was asked for. */
export function expectRoot(root: XmlElement, ...names: readonly string[]): XmlElement {
  if (names.includes(root.name)) return root
  throw unreadable(`Its root is <${root.name.slice(0, 60)}>, not <${names.join('> or <')}>.`, 'root')
}
