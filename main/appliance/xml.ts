/**
 * XML replies of the appliance as a small tree. Namespaces and prefixes are ignored, since they differ between product
 * lines and between the manual and the wire; a DOCTYPE is refused, so that no entity is ever declared or expanded.
 *
 * The parser (fast-xml-parser) is used through its callbacks only. A tree of its own would take ten to twenty times the
 * size of the document; here whoever reads takes each element as it is complete, and what was taken is not kept.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { isApplianceError, unreadable } from './errors.ts'

/** An element: local names only, all text decoded. */
export class XmlElement {
  readonly name: string
  #text = ''
  #attributes: readonly string[]
  #children: XmlElement[] | null = null

  /** @param attributes name, value, name, value, … */
  constructor(name: string, attributes: readonly string[]) {
    this.name = name
    this.#attributes = attributes
  }

  /** What is written directly inside the element, its children left out; without blanks around it. */
  get text(): string {
    return this.#text.trim()
  }

  /** The attribute's value; null if there is none. */
  attr(name: string): string | null {
    const at = this.#attributes.findIndex((each, index) => index % 2 === 0 && each === name)
    return at < 0 ? null : (this.#attributes[at + 1] ?? null)
  }

  /** All attributes, by their local names. */
  attrs(): readonly (readonly [string, string])[] {
    const pairs: [string, string][] = []
    for (let at = 0; at + 1 < this.#attributes.length; at += 2) {
      pairs.push([this.#attributes[at] ?? '', this.#attributes[at + 1] ?? ''])
    }
    return pairs
  }

  /** The first child of that name. */
  child(name: string): XmlElement | null {
    return this.#children?.find((child) => child.name === name) ?? null
  }

  /** All children, or those of that name: a list also if there is one or none. */
  children(name?: string): readonly XmlElement[] {
    const all = this.#children ?? []
    return name === undefined ? all : all.filter((child) => child.name === name)
  }

  /** Text of the first child of that name; null if there is no such child. */
  textOf(name: string): string | null {
    return this.child(name)?.text ?? null
  }

  /** For the reader alone. Blanks in front are not kept, for most are there to indent what follows. */
  addText(text: string): void {
    if (this.#text !== '' || text.trim() !== '') this.#text += text
  }

  /** For the reader alone. */
  addChild(child: XmlElement): void {
    if (this.#children === null) this.#children = [child]
    else this.#children.push(child)
  }
}

export interface XmlOptions {
  /**
   * Sees each element below the root as soon as it is complete, children before parents, with the name of its parent
   * and its depth (the root's children have 1). True: taken, and not kept in the tree.
   */
  readonly take?: (element: XmlElement, parent: string, depth: number) => boolean
}

/** Elements inside one another. The deepest reply known has eight. */
export const MAX_DEPTH = 50
/** Characters between one `<` and the next: the parser needs some sixty bytes for each while it reads them. */
export const MAX_RUN = 1024 * 1024

/** What is thrown out of the parser's callback when a document has a DOCTYPE. */
const DOCTYPE = 'DOCTYPE'

/**
 * Reads a document and returns its root.
 * @throws ApplianceError `unreadable` for anything but well-formed XML within the limits, HTML pages included
 */
export function readXml(document: string, options: XmlOptions = {}): XmlElement {
  const text = document.charCodeAt(0) === 0xfeff ? document.slice(1) : document
  if (!/^\s*</.test(text)) throw unreadable(text.trim() === '' ? 'It is empty.' : 'It is no XML.', 'no-xml')
  if (/^<(!doctype\s+html|html)\b/i.test(firstTag(text))) {
    throw unreadable('It is a web page: a login page, or a proxy’s.', 'html')
  }
  if (longestRun(text) > MAX_RUN) throw unreadable(`A text in it has more than ${MAX_RUN} characters.`, 'too-large')
  try {
    // Deprecated in favour of a package of its own, and still the only check that tags match that the parser comes with.
    const valid = XMLValidator.validate(text)
    if (valid !== true)
      throw unreadable(`It is no well-formed XML: ${valid.err.code} in line ${valid.err.line}.`, 'no-xml')
    return build(text, options)
  } catch (error) {
    if (isApplianceError(error)) throw error
    if (error instanceof Error && error.message === DOCTYPE) throw unreadable('It has a DOCTYPE.', 'doctype')
    // The parser's messages quote the document, so they are not passed on.
    throw unreadable('It is no XML that can be read.', 'no-xml')
  }
}

/** The beginning of the first tag that is neither a declaration nor a comment. */
function firstTag(text: string): string {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : null
    if (end === null) return text.slice(at, at + 20)
    at = text.indexOf(end, at + 2)
    if (at < 0) break
  }
  return ''
}

function longestRun(text: string): number {
  let longest = 0
  for (let at = text.indexOf('<'); at >= 0;) {
    const next = text.indexOf('<', at + 1)
    longest = Math.max(longest, (next < 0 ? text.length : next) - at)
    at = next
  }
  return longest
}

/** What the parser tells of where it is. */
interface Position {
  getDepth(): number
}

function build(text: string, { take }: XmlOptions): XmlElement {
  const open: XmlElement[] = []
  const names = new Map<string, string>()
  const texts = createShelf()
  let root: XmlElement | null = null

  /** Elements deeper than `depth` are complete. */
  function close(depth: number): void {
    while (open.length > depth) {
      const element = open.pop()
      const parent = open.at(-1)
      if (element === undefined || parent === undefined) continue
      if (!taken(element, parent.name)) parent.addChild(element)
    }
  }

  function taken(element: XmlElement, parent: string): boolean {
    try {
      return take?.(element, parent, open.length) ?? false
    } catch {
      throw unreadable(`<${element.name.slice(0, 60)}> could not be understood.`, 'reader')
    }
  }

  /** The part behind the prefix, the same string each time. */
  function local(name: string): string {
    const known = names.get(name)
    if (known !== undefined) return known
    const made = own(name.slice(name.indexOf(':') + 1))
    names.set(own(name), made)
    return made
  }

  function attributesOf(given: unknown): readonly string[] {
    const entries = Object.entries((given ?? {}) as Record<string, string>)
    const list = entries.filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    return list.length === 0 ? NO_ATTRIBUTES : list.flatMap(([name, value]) => [local(name), texts(value)])
  }

  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
    parseTagValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
    jPath: false,
    processEntities: true,
    entityDecoder: DECODER,
    updateTag: (name, position, attributes) => {
      const depth = (position as Position).getDepth()
      // The validator lets a second root pass if the first one is empty.
      if (depth === 1 && root !== null) throw unreadable('It has more than one root element.', 'no-xml')
      close(depth - 1)
      const element = new XmlElement(local(name), attributesOf(attributes))
      root ??= element
      open.push(element)
      return false
    },
    tagValueProcessor: (_name, value, position) => {
      close((position as Position).getDepth())
      open.at(-1)?.addText(texts(value))
      return ''
    },
  })
  parser.parse(text)
  close(0)
  // Assigned in a callback, which the compiler does not follow.
  const found = root as XmlElement | null
  if (found === null) throw unreadable('It has no root element.', 'no-xml')
  return found
}

const NO_ATTRIBUTES: readonly string[] = []

/**
 * A copy that stands for itself. What the parser cuts out of the document is a view on it for the engine, and a single
 * kept attribute would keep megabytes alive.
 */
function own(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1)
}

/** Texts up to this length are looked for among those that came before. */
const SHARED_LENGTH = 48
/** Different texts that are remembered. */
const SHARED_TEXTS = 20_000

/** Gives each text as one of its own, and the same one each time: reports repeat names and numbers all over. */
function createShelf(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    if (text.length > SHARED_LENGTH) return own(text)
    const found = known.get(text)
    if (found !== undefined) return found
    const made = own(text)
    if (known.size < SHARED_TEXTS) known.set(made, made)
    return made
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities of XML and numeric references, each exactly once; any other stays as it is written. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,8})|#x([0-9a-f]{1,8}));/gi, (whole, name, decimal, hex) => {
    if (typeof name === 'string') return NAMED[name] ?? whole
    return character(typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16))
  })
}

/** The character of a code point, or the replacement character where XML allows none. */
function character(code: number): string {
  const allowed =
    code === 9 || code === 10 || code === 13 || (code >= 0x20 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe)
  return allowed || (code >= 0x10000 && code <= 0x10ffff) ? String.fromCodePoint(code) : '\ufffd'
}

/** In the parser's place for its own decoder, which would take declared entities and HTML's. */
const DECODER = {
  setExternalEntities: () => undefined,
  // Called once for each DOCTYPE, whether it declares anything or not.
  addInputEntities: () => {
    throw new Error(DOCTYPE)
  },
  reset: () => undefined,
  decode: decodeReferences,
  setXmlVersion: () => undefined,
}
