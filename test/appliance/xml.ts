/** An element to be written: text or elements inside, never both. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly content: string | readonly XmlElement[]
}

/** Makes an element; numbers become text. */
export function element(
  name: string,
  content: string | number | readonly XmlElement[],
  attributes: Readonly<Record<string, string | number>> = {},
): XmlElement {
  return { name, attributes, content: typeof content === 'number' ? String(content) : content }
}

/** Writes a document as the real box does: declaration, blank line, tabs. */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n\n${write(root, '')}\n`
}

function write({ name, attributes, content }: XmlElement, indent: string): string {
  const tag = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeAttribute(String(value))}"`),
  ].join(' ')
  if (typeof content === 'string') return `${indent}<${tag}>${escape(content)}</${name}>`
  const children = content.map((child) => `${write(child, `${indent}\t`)}\n`).join('')
  return `${indent}<${tag}>${children === '' ? '' : `\n${children}${indent}`}</${name}>`
}

/** Characters that XML 1.0 has no way to write, not even as a reference. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const escape = (text: string): string =>
  text.replaceAll(FORBIDDEN, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeAttribute = (text: string): string => escape(text).replaceAll('"', '&quot;')
