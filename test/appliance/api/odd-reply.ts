import { jsonReply, pageReply, textReply, xmlReply, type Reply } from './reply.ts'
import type { Manner } from './send.ts'
import { mapChildren, mapTree } from './tree.ts'
import { element, writeXml, type XmlElement, type XmlStyle } from './xml.ts'

/** Figures of an odd reply; each kind has its own for those that are left out. */
export interface OddFigures {
  readonly bytes?: number
  readonly ms?: number
  readonly seconds?: number
}

/** What makes a reply odd. */
export interface OddReply {
  /** Sent in place of the reply: what was asked for is not carried out. The namespace is that of the API. */
  readonly instead?: (figures: OddFigures, namespace: string) => Reply
  /** What becomes of the reply. */
  readonly change?: (reply: Reply, figures: OddFigures) => Reply
  readonly manner?: (figures: OddFigures) => Manner
  readonly style?: XmlStyle
  /** Not among those that are drawn at random: it says something that is not so, or takes too long. */
  readonly onlyOnDemand?: true
}

const DEFAULT_HUGE_BYTES = 32 * 1024 * 1024

/** Entities that would fill the memory of whoever expands them, and one that would read a file. */
const DOCTYPE =
  '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">' +
  '<!ENTITY file SYSTEM "file:///etc/passwd">]>\n'

const OTHER_NAMESPACE = 'http://www.beyondtrust.com/sra/namespaces/API/reporting'

const errorElement = element('error', 'The request cannot be carried out & <nothing> was done')

const withRoot =
  (change: (root: XmlElement, figures: OddFigures) => XmlElement) => (reply: Reply, figures: OddFigures) =>
    reply.body.kind === 'xml'
      ? { ...reply, body: { kind: 'xml' as const, root: change(reply.body.root, figures) } }
      : reply

const everywhere = (change: (node: XmlElement) => XmlElement) => withRoot((root) => mapTree(root, change))

const without = <Value>(record: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))

const isList = (root: XmlElement) => typeof root.content !== 'string' && root.name !== 'error'

const ODD_REPLIES = {
  error: {
    help: '<error> as the root, HTTP 200',
    instead: (_, namespace) => xmlReply({ ...errorElement, attributes: { xmlns: namespace } }),
  },
  'error-in-list': {
    help: '<error> in the list that was asked for, HTTP 200',
    change: withRoot((root) => (isList(root) ? { ...root, content: [errorElement] } : root)),
  },
  'login-page': {
    help: 'the HTML of a login page, HTTP 200',
    instead: () => pageReply(200, 'Login', 'Username & password, please'),
  },
  'proxy-page': { help: 'the HTML of a proxy, HTTP 502', instead: () => pageReply(502, 'Bad Gateway', 'No answer') },
  'not-found': { help: '"Document Not Found", HTTP 200', instead: () => textReply(200, 'Document Not Found') },
  redirect: {
    help: 'HTTP 302 to the login page',
    instead: () => ({ ...textReply(302, ''), headers: { Location: '/login' } }),
  },
  unauthorized: {
    help: 'HTTP 401 and JSON, as for a token that died',
    instead: () => jsonReply(401, { error: 'access_denied', message: 'The access token is no longer valid' }),
  },
  'rate-limited': { help: 'HTTP 429', instead: () => textReply(429, 'Too Many Requests') },
  busy: {
    help: 'HTTP 503 with Retry-After (1 s)',
    instead: ({ seconds = 1 }) => {
      const page = pageReply(503, 'Service Unavailable', 'The software is being upgraded')
      return { ...page, headers: { ...page.headers, 'Retry-After': String(seconds) } }
    },
  },
  failure: { help: 'HTTP 500', instead: () => pageReply(500, 'Internal Server Error', 'Something is wrong') },
  empty: { help: 'no body, HTTP 200', instead: () => textReply(200, '') },
  malformed: {
    help: 'XML that breaks off, in a reply that is whole',
    change: (reply) => {
      if (reply.body.kind !== 'xml') return reply
      const text = [...writeXml(reply.body.root)].join('')
      return { ...reply, body: { kind: 'text', text: text.slice(0, text.lastIndexOf('</') - 1) } }
    },
  },
  'wrong-type': {
    help: 'text/html as the content type',
    change: (reply) => ({ ...reply, headers: { ...reply.headers, 'Content-Type': 'text/html; charset=iso-8859-1' } }),
  },
  'no-type': {
    help: 'no content type',
    change: (reply) => ({ ...reply, headers: without(reply.headers, 'Content-Type') }),
  },
  slow: { help: 'waits before it answers (300 ms)', manner: ({ ms = 300 }) => ({ delayMs: ms }) },
  drip: {
    help: 'a few bytes at a time (32), with a wait between them (5 ms)',
    manner: ({ bytes = 32, ms = 5 }) => ({ pieceBytes: bytes, pauseMs: ms }),
  },
  split: { help: 'in pieces that cut characters apart (3 bytes)', manner: ({ bytes = 3 }) => ({ pieceBytes: bytes }) },
  cut: {
    help: 'the connection breaks within the body (after 150 bytes)',
    manner: ({ bytes = 150 }) => ({ cutAfter: bytes }),
  },
  'cut-at-once': { help: 'the connection breaks before the reply', manner: () => ({ cutAfter: 0 }) },
  hang: { help: 'no answer at all', manner: () => ({ hang: true }), onlyOnDemand: true },
  cdata: { help: 'text as CDATA', style: { cdata: true } },
  references: { help: 'text as references by number and by name', style: { references: true } },
  namespace: {
    help: "the namespace of the vendor's other product line",
    change: withRoot((root) => ({ ...root, attributes: { ...root.attributes, xmlns: OTHER_NAMESPACE } })),
  },
  prefix: { help: 'a prefix before each name', style: { prefix: 'bg' } },
  mark: { help: 'a byte order mark in front', style: { mark: true } },
  comment: {
    help: 'a comment and a processing instruction before the root',
    style: { prolog: '<!-- a < b --><?x y?>\n' },
  },
  doctype: { help: 'a document type with entities that must not be expanded', style: { prolog: DOCTYPE } },
  strangers: {
    help: 'unknown elements and attributes everywhere',
    change: everywhere((node) =>
      node.name === 'future'
        ? node
        : {
            ...mapChildren(node, function* (children) {
              yield element('future', [element('name', 'not yours', { id: 99 })])
              yield* children
            }),
            attributes: { ...node.attributes, future: '1' },
          },
    ),
  },
  reordered: {
    help: 'the children of an element in another order',
    change: everywhere((node) =>
      mapChildren(node, (children) => {
        if (!Array.isArray(children)) return children
        const list: readonly XmlElement[] = children
        return new Set(list.map(({ name }) => name)).size > 1 ? list.toReversed() : list
      }),
    ),
  },
  single: {
    help: 'of each list the first child alone',
    change: everywhere((node) =>
      mapChildren(node, function* (children) {
        const names = new Set<string>()
        for (const child of children) {
          if (!names.has(child.name)) yield child
          names.add(child.name)
        }
      }),
    ),
    onlyOnDemand: true,
  },
  none: {
    help: 'the root without its children',
    change: withRoot((root) => mapChildren(root, () => [])),
    onlyOnDemand: true,
  },
  'empty-end-time': {
    help: 'end_time without a time',
    change: everywhere((node) => (node.name === 'end_time' ? element('end_time', '') : node)),
    onlyOnDemand: true,
  },
  'encoded-body': {
    help: 'each body in base64',
    change: everywhere((node) =>
      node.name === 'body' && typeof node.content === 'string'
        ? element('encoded_body', Buffer.from(node.content).toString('base64'))
        : node,
    ),
  },
  'no-key': {
    help: 'no external_key anywhere',
    change: everywhere((node) =>
      mapChildren({ ...node, attributes: without(node.attributes, 'external_key') }, function* (children) {
        for (const child of children) if (child.name !== 'external_key') yield child
      }),
    ),
    onlyOnDemand: true,
  },
  huge: {
    help: `unknown elements of many bytes in front (${DEFAULT_HUGE_BYTES / 1024 / 1024} MiB)`,
    change: withRoot((root, { bytes = DEFAULT_HUGE_BYTES }) =>
      mapChildren(root, function* (children) {
        const filler = element('filler', 'Lorem ipsum '.repeat(1000))
        for (let made = 0; made < bytes; made += 12_000) yield filler
        yield* children
      }),
    ),
    onlyOnDemand: true,
  },
} satisfies Record<string, OddReply & { readonly help: string }>

/** A way in which a reply can be odd. */
export type OddReplyKind = keyof typeof ODD_REPLIES

export const isOddReplyKind = (text: string): text is OddReplyKind => Object.hasOwn(ODD_REPLIES, text)

/** Each kind with what it does. */
export const ODD_REPLY_KINDS: readonly (readonly [kind: OddReplyKind, help: string])[] = Object.entries(
  ODD_REPLIES,
).map(([kind, { help }]) => [kind as OddReplyKind, help])

/** Those that may be drawn at random. */
export const DRAWN_KINDS: readonly OddReplyKind[] = ODD_REPLY_KINDS.map(([kind]) => kind).filter(
  (kind) => oddReply(kind).onlyOnDemand !== true,
)

export function oddReply(kind: OddReplyKind): OddReply {
  return ODD_REPLIES[kind]
}
