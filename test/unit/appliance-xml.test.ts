import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'

import { mapTree } from '../appliance/api/tree.ts'
import { element, isForbidden, writeXml, type XmlElement, type XmlStyle } from '../appliance/api/xml.ts'

const written = (root: XmlElement, style: XmlStyle = {}) => [...writeXml(root, style)].join('')

const STYLES: readonly XmlStyle[] = [
  {},
  { cdata: true },
  { references: true },
  { prefix: 'bg' },
  { mark: true, prolog: '<!-- c -->\n' },
]

/** Text and attributes as a reader gets them back. */
function readBack(xml: string): { readonly text: unknown; readonly attribute: unknown } {
  const parser = new XMLParser({
    ignoreAttributes: false,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    processEntities: true,
  })
  const document = parser.parse(xml.replace('\ufeff', '')) as Record<string, { a: unknown } | undefined>
  const leaf = document['root']?.a
  if (typeof leaf === 'string') return { text: leaf, attribute: '' }
  const { '#text': text = '', '@_b': attribute = '' } = leaf as Record<string, unknown>
  return { text, attribute }
}

/** What XML can say; a reader may take a line end for another. */
const sayable = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((text) => !isForbidden(text) && !/[\r\n\t\u0085\u2028]|^\s|\s$/.test(text) && text.isWellFormed())

test('whatever can be said in XML comes back as it was, in each way of writing', () => {
  fc.assert(
    fc.property(sayable, sayable, fc.constantFrom(...STYLES), (text, attribute, style) => {
      fc.pre(text !== '')
      const xml = written(element('root', [element('a', text, { b: attribute })], { xmlns: 'urn:x' }), style)
      assert.equal(XMLValidator.validate(xml.replace('\ufeff', '')), true, xml)
      assert.deepEqual(readBack(xml), { text, attribute })
    }),
    { numRuns: 1000 },
  )
})

test('what XML cannot say is replaced; line ends in attributes and lone returns are kept', () => {
  assert.equal(isForbidden('a\u0000'), true)
  assert.equal(isForbidden('a\tb\nc'), false)
  const xml = written(element('root', [element('a', 'x\u0000y\rz', { b: '1\n2\t3"' })]))
  assert.match(xml, /<a b="1&#10;2&#9;3&quot;">x\ufffdy&#13;z<\/a>/)
})

test('the form of the real box: a blank line, tabs, and no other way to be empty', () => {
  const root = element('list', [
    element('one', ''),
    element('two', '', { id: 2 }),
    element('three', [element('four', 4)]),
    element('none', []),
  ])
  assert.equal(
    written(root),
    '<?xml version="1.0" encoding="UTF-8"?>\n\n<list>\n\t<one></one>\n\t<two id="2" />\n\t<three>\n\t\t<four>4</four>\n' +
      '\t</three>\n\t<none></none>\n</list>\n',
  )
})

test('a long list is made while it is written', () => {
  let made = 0
  function* children() {
    for (;;) {
      made += 1
      yield element('child', made)
    }
  }
  const pieces = writeXml(mapTree(element('list', children()), (node) => node))
  for (let taken = 0; taken < 5; taken += 1) pieces.next()
  assert.ok(made <= 4, `${made} were made`)
  pieces.return(undefined)
})
