import type { XmlElement } from './xml.ts'

/** Changes a document from the root down, as it is written. `change` gets each element with its children still as they were. */
export function mapTree(root: XmlElement, change: (node: XmlElement) => XmlElement): XmlElement {
  const node = change(root)
  if (typeof node.content === 'string') return node
  const children = node.content
  function* mapped() {
    for (const child of children) yield mapTree(child, change)
  }
  return { ...node, content: mapped() }
}

/** The root with its children changed as a whole; text stays. */
export function mapChildren(
  root: XmlElement,
  change: (children: Iterable<XmlElement>) => Iterable<XmlElement>,
): XmlElement {
  return typeof root.content === 'string' ? root : { ...root, content: change(root.content) }
}
