import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { isApplianceError } from '../../main/appliance/errors.ts'
import { readReply } from '../../main/appliance/reply.ts'
import { SESSIONS } from '../../main/appliance/report-rows.ts'
import type { SupportSession } from '../../main/appliance/report.ts'
import { flag, isoTime, link, secondsOf, unixTime, wholeNumber } from '../../main/appliance/value.ts'
import { decodeReferences, readXml, type XmlElement } from '../../main/appliance/xml.ts'

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

test('an element: name, attributes, text, children, one or many alike', () => {
  const root = readXml('<p:r xmlns:p="x" p:a="1" b=\'two\'>  one <p:c>1</p:c> two <c>2</c><d/> </p:r>')
  assert.equal(root.name, 'r')
  assert.equal(root.attr('a'), '1')
  assert.equal(root.attr('b'), 'two')
  assert.equal(root.attr('c'), null)
  assert.deepEqual(root.attrs(), [
    ['a', '1'],
    ['b', 'two'],
  ])
  assert.match(root.text, /^one +two$/)
  assert.deepEqual(
    root.children().map(({ name }) => name),
    ['c', 'c', 'd'],
  )
  assert.deepEqual(
    root.children('c').map(({ text }) => text),
    ['1', '2'],
  )
  assert.deepEqual(root.children('x'), [])
  assert.equal(root.child('d')?.text, '')
  assert.deepEqual(root.child('d')?.children(), [])
  assert.equal(root.textOf('c'), '1')
  assert.equal(root.textOf('x'), null)
})

test('references are decoded once, in text and in attributes; in CDATA not at all', () => {
  const root = readXml('<r a="&amp;lt;&#65;&quot;">&amp;lt;&#x41;&#x1F600;&nbsp;<![CDATA[&amp;<x>]]>&apos;</r>')
  assert.equal(root.attr('a'), '&lt;A"')
  assert.equal(root.text, "&lt;A😀&nbsp;&amp;<x>'")
})

test('references to what is no character give a replacement', () => {
  assert.equal(decodeReferences('&#0;&#8;&#xD800;&#xFFFE;&#x110000;&#99999999;'), '\ufffd'.repeat(6))
  assert.equal(decodeReferences('&#9;&#10;&#13;'), '\t\n\r')
  assert.equal(decodeReferences('& &; &#; &#x; &unknown; &AMP;'), '& &; &#; &#x; &unknown; &AMP;')
})

test('any text comes back as it was written', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 80 })
    .filter((each) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(each))
  fc.assert(
    fc.property(text, text, (one, two) => {
      const root = readXml(`<r a="${escaped(one)}"><b>${escaped(two)}</b></r>`)
      assert.equal(root.attr('a'), one)
      assert.equal(root.textOf('b'), two.trim())
    }),
    { numRuns: 1000 },
  )
})

test('what is taken is not kept, and children come before their parents', () => {
  const order: string[] = []
  const root = readXml('<l><s><e>1</e><e>2</e><x/></s><s><e>3</e></s>t</l>', {
    take: (element, parent, depth) => {
      order.push(`${parent}/${element.name}@${depth}`)
      return element.name === 'e'
    },
  })
  assert.deepEqual(order, ['s/e@2', 's/e@2', 's/x@2', 'l/s@1', 's/e@2', 'l/s@1'])
  assert.deepEqual(
    root.children('s').map((each) => each.children().map(({ name }) => name)),
    [['x'], []],
  )
  assert.equal(root.text, 't')
})

test('a DOCTYPE is refused wherever it stands; the word in a text is only a word', () => {
  for (const document of [
    '<!DOCTYPE r><r/>',
    '<r><!DOCTYPE r [<!ENTITY a "b">]>&a;</r>',
    '<?xml version="1.0"?><!DOCTYPE r []><r/>',
  ]) {
    assert.throws(
      () => readXml(document),
      (error) => isApplianceError(error) && error.kind === 'unreadable',
      document,
    )
  }
  assert.equal(readXml('<r><![CDATA[<!DOCTYPE html>]]></r>').text, '<!DOCTYPE html>')
  assert.equal(readXml('<r>&lt;!DOCTYPE r></r>').text, '<!DOCTYPE r>')
  assert.equal(readXml('<r><!-- <!DOCTYPE r> --></r>').text, '')
})

test('many entities, one inside the other, cost nothing', () => {
  const levels = Array.from({ length: 20 }, (_each, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`)
  const started = performance.now()
  assert.throws(() => readXml(`<!DOCTYPE r [<!ENTITY l0 "lol">${levels.join('')}]><r>&l20;</r>`), isApplianceError)
  assert.ok(performance.now() - started < 1000)
})

test('what would make a careless reader slow is quick', () => {
  const slow = [
    '<!---->'.repeat(50_000),
    `<r ${' '.repeat(100_000)}/>`,
    '<r '.repeat(50_000),
    `<r a="${'&'.repeat(100_000)}"/>`,
    `<r>${'<![CDATA['.repeat(50_000)}</r>`,
    `<r>${'&#'.repeat(100_000)}</r>`,
    `<r>${'<!DOCTYPE'.repeat(20_000)}</r>`,
  ]
  for (const document of slow) {
    const started = performance.now()
    try {
      readXml(document)
    } catch (error) {
      assert.ok(isApplianceError(error))
    }
    assert.ok(performance.now() - started < 2000, document.slice(0, 20))
  }
})

test('values: what cannot be read is null, never a guess', () => {
  assert.deepEqual(
    ['0', ' 12 ', '-3', '', 'x', '1e3', '1.5', '99999999999999999999', null].map((text) => wholeNumber(text)),
    [0, 12, -3, null, null, null, null, null, null],
  )
  assert.deepEqual(
    ['1574601600', '0', '-1', '', '8640000000001', undefined].map((text) => unixTime(text)),
    [1_574_601_600_000, null, null, null, null, null],
  )
  assert.equal(isoTime('2019-10-07T00:32:50.877+0000'), Date.parse('2019-10-07T00:32:50.877Z'))
  assert.equal(isoTime('2019-11-24T15:20:00+02:00'), 1_574_601_600_000)
  assert.equal(isoTime('2019-11-24 13:20:00 Z'), 1_574_601_600_000)
  for (const text of ['2019-11-24T13:20:00', '2019-13-44T99:99:99Z', 'Nov 24, 2019', ''])
    assert.equal(isoTime(text), null, text)
  assert.deepEqual(
    ['1', '0', 'true', 'No', '', 'x'].map((text) => flag(text)),
    [true, false, true, false, null, null],
  )
  assert.deepEqual(
    ['00:15:02', '100:00:00', '0:1:1', '15:02', '00:99:00', ''].map((text) => secondsOf(text)),
    [902, 360_000, 61, null, null, null],
  )
  assert.deepEqual(
    ['https://a/b', ' http://a ', 'javascript:alert(1)', 'file:///x', '//a', ''].map((text) => link(text)),
    ['https://a/b', 'http://a', null, null, null, null],
  )
})

/** A report of about so many bytes. */
function largeReport(size: number): { bytes: Buffer; count: number } {
  const parts = ['<session_list xmlns="x">\n']
  for (let written = 0, number = 0; written < size; number += 1) {
    const events = Array.from(
      { length: 60 },
      (_each, at) =>
        `<event timestamp="${1_574_601_600 + at}" event_type="Chat Message"><performed_by type="customer" gsnumber="${number}">` +
        `Jane Doe</performed_by><body>Message ${at} of session ${number}: it does not print, whatever I try.</body></event>\n`,
    )
    const session = `<session lsid="${String(number).padStart(32, '0')}"><session_details>${events.join('')}</session_details></session>\n`
    parts.push(session)
    written += session.length
  }
  return { bytes: Buffer.from(`${parts.join('')}</session_list>`), count: parts.length - 1 }
}

test('a large report needs less than four times its size, and what is kept of it does not keep it', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const used = () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const { bytes, count } = largeReport(16 * 1024 * 1024)

  /** A function of its own, so that nothing of it is alive when it is over. */
  function read(before: number): { most: number; first: SupportSession | undefined } {
    let most = 0
    const rows: SupportSession[] = []
    const take = SESSIONS.take(rows)
    const watched = (element: XmlElement, parent: string, depth: number) => {
      const taken = take(element, parent, depth)
      if (rows.length === count && most === 0) most = used() - before
      return taken
    }
    readReply(bytes.toString('utf8'), 'SupportSession', { take: watched })
    return { most, first: rows[0] }
  }

  const before = used()
  const { most, first } = read(before)
  await new Promise((resolve) => setImmediate(resolve))
  const needed = most / bytes.length
  const kept = (used() - before) / bytes.length
  assert.equal(first?.events.length, 60)
  assert.ok(needed > 1 && needed < 4, `${needed.toFixed(2)} times its size`)
  assert.ok(kept < 0.2, `${kept.toFixed(2)} of it kept for one session`)
})
