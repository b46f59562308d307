/** An element to be written: text or elements inside, never both. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  /** The children of a root may be made while they are written, and then only once. */
  readonly content: string | Iterable<XmlElement>
}

/** Makes an element; numbers become text. */
export function element(
  name: string,
  content: string | number | Iterable<XmlElement>,
  attributes: Readonly<Record<string, string | number>> = {},
): XmlElement {
  return { name, attributes, content: typeof content === 'number' ? String(content) : content }
}

/** Ways to write the same document that any reader must take. */
export interface XmlStyle {
  /** Text as CDATA sections. */
  readonly cdata?: boolean
  /** Each character of a text as a reference, by its number or its name. */
  readonly references?: boolean
  /** Put before the name of each element, and bound to its namespace. */
  readonly prefix?: string
  /** Between the declaration and the root: a document type, a comment. */
  readonly prolog?: string
  /** A byte order mark at the very start. */
  readonly mark?: boolean
}

/** Writes a document as the real box does, in pieces: declaration, blank line, tabs. */
export function* writeXml(root: XmlElement, style: XmlStyle = {}): Generator<string> {
  yield `${style.mark === true ? '\ufeff' : ''}<?xml version="1.0" encoding="UTF-8"?>\n${style.prolog ?? ''}\n`
  if (typeof root.content === 'string') {
    yield `${write(root, '', style)}\n`
    return
  }
  const name = nameIn(root, style)
  yield `<${openTag(root, style)}>`
  let first = true
  for (const child of root.content) {
    yield `${first ? '\n' : ''}${write(child, '\t', style)}\n`
    first = false
  }
  yield `</${name}>\n`
}

function write(node: XmlElement, indent: string, style: XmlStyle): string {
  const { attributes, content } = node
  const [tag, name] = [openTag(node, style), nameIn(node, style)]
  if (content === '' && Object.keys(attributes).length > 0) return `${indent}<${tag} />`
  if (typeof content === 'string') return `${indent}<${tag}>${text(content, style)}</${name}>`
  const children = Array.from(content, (child) => `${write(child, `${indent}\t`, style)}\n`).join('')
  return `${indent}<${tag}>${children === '' ? '' : `\n${children}${indent}`}</${name}>`
}

const nameIn = ({ name }: XmlElement, { prefix }: XmlStyle) => (prefix === undefined ? name : `${prefix}:${name}`)

function openTag(node: XmlElement, style: XmlStyle): string {
  const attributes = Object.entries(node.attributes).map(([key, value]) => {
    const known = key === 'xmlns' && style.prefix !== undefined ? `xmlns:${style.prefix}` : key
    return `${known}="${escapeAttribute(String(value))}"`
  })
  return [nameIn(node, style), ...attributes].join(' ')
}

function text(content: string, { cdata, references }: XmlStyle): string {
  const allowed = content.replaceAll(FORBIDDEN, '\ufffd')
  if (references === true) return allowed.replaceAll(/[^\s]/gu, reference)
  if (cdata === true && allowed !== '' && !allowed.includes('\r')) {
    return `<![CDATA[${allowed.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
  }
  return escape(allowed)
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** By name where there is one; in decimal and in hexadecimal by turns. */
function reference(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return NAMED[character] ?? (code % 2 === 0 ? `&#${code};` : `&#x${code.toString(16).toUpperCase()};`)
}

/** Characters that XML 1.0 has no way to write, not even as a reference. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** True if the text cannot be written in XML. */
export const isForbidden = (content: string): boolean => content.search(FORBIDDEN) >= 0

/** Most texts need nothing done to them. */
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[&<>"\u0000-\u001f\ufffe\uffff]/

const escape = (content: string): string =>
  SPECIAL.test(content)
    ? content
        .replaceAll(FORBIDDEN, '\ufffd')
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        // A reader takes a bare one for a line end.
        .replaceAll('\r', '&#13;')
    : content

const escapeAttribute = (content: string): string =>
  SPECIAL.test(content)
    ? escape(content).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
    : content
