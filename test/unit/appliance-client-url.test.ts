import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isApplianceError } from '../../main/appliance/errors.ts'
import {
  buildConnectorUrl,
  encodePart,
  proposeGeneration,
  sessionKeyUrl,
  shortKeyUrl,
  URL_GENERATIONS,
  webReportUrl,
  type ConnectorUrlRequest,
  type UrlGeneration,
} from '../../main/appliance/url.ts'

const HOST = 'support.example.com'
const FULL: ConnectorUrlRequest = {
  host: HOST,
  destination: { issueId: 3 },
  customerName: 'Jane Doe',
  company: 'ACME & Söhne',
  companyCode: 'A/C',
  description: 'Es brennt: 100 %?',
  externalKey: 'INC 0010023#1',
}

const built = (generation: UrlGeneration, request: ConnectorUrlRequest) => buildConnectorUrl(generation, request)
const problems = (generation: UrlGeneration, request: ConnectorUrlRequest) =>
  built(generation, request).problems.map(({ field }) => field)

test('the three generations, each in its own words', () => {
  assert.equal(
    built('connector', FULL).url,
    'https://support.example.com/download_customer_connector.ns?issue_menu=1&id=3&customer_name=Jane%20Doe' +
      '&customer_company=ACME%20%26%20S%C3%B6hne&customer_company_code=A%2FC&customer_desc=Es%20brennt%3A%20100%20%25%3F' +
      '&external_key=INC%200010023%231',
  )
  assert.equal(
    built('start.ns', { ...FULL, chatFirst: true }).url,
    'https://support.example.com/api/start_session.ns?issue_menu=1&id=3&c2cjs=1&customer_name=Jane%20Doe' +
      '&customer_company=ACME%20%26%20S%C3%B6hne&customer_company_code=A%2FC&customer_desc=Es%20brennt%3A%20100%20%25%3F' +
      '&external_key=INC%200010023%231',
  )
  const newest = {
    ...FULL,
    destination: { issueCodeName: 'printer' },
    chatFirst: true,
    locale: 'de',
    customFields: { room: '1' },
  }
  assert.equal(
    built('start', newest).url,
    'https://support.example.com/api/start_session?issue_menu=1&codeName=printer&c2cjs=1&customer.name=Jane%20Doe' +
      '&customer.company=ACME%20%26%20S%C3%B6hne&customer.company_code=A%2FC&customer.details=Es%20brennt%3A%20100%20%25%3F' +
      '&session.custom.external_key=INC%200010023%231&locale=de&session.custom.room=1',
  )
})

test('an empty field is left out; without a destination there is no URL', () => {
  assert.equal(
    built('start', { host: HOST, destination: { issueId: 3 }, customerName: '', externalKey: '' }).url,
    'https://support.example.com/api/start_session?issue_menu=1&id=3',
  )
  for (const generation of URL_GENERATIONS) {
    assert.deepEqual(problems(generation, { host: HOST, destination: null }), ['destination'])
  }
})

test('to a representative', () => {
  const request = { host: HOST, destination: { repId: '12', repName: 'John S' }, externalKey: 'X' } as const
  assert.equal(
    built('start', request).url,
    'https://support.example.com/api/start_session?id=12&name=John%20S&session.custom.external_key=X',
  )
})

test('limits: 100 and 1,024 characters, the newest generation’s description in bytes', () => {
  const at = (field: keyof ConnectorUrlRequest, text: string) =>
    ({ host: HOST, destination: { issueId: 3 }, [field]: text }) as ConnectorUrlRequest
  for (const generation of URL_GENERATIONS) {
    for (const field of ['customerName', 'company', 'companyCode'] as const) {
      assert.deepEqual(problems(generation, at(field, '😀'.repeat(100))), [])
      assert.deepEqual(problems(generation, at(field, 'x'.repeat(101))), [field])
    }
    assert.deepEqual(problems(generation, at('externalKey', 'ü'.repeat(1024))), [])
    assert.deepEqual(problems(generation, at('externalKey', 'x'.repeat(1025))), ['externalKey'])
    assert.deepEqual(problems(generation, at('description', 'x'.repeat(1024))), [])
    const inBytes = generation === 'start' ? ['description'] : []
    assert.deepEqual(problems(generation, at('description', 'ü'.repeat(513))), inBytes)
  }
})

test('what a generation does not know is a problem, and there is no URL', () => {
  assert.deepEqual(problems('connector', { ...FULL, chatFirst: true }), ['chatFirst'])
  assert.deepEqual(problems('connector', { ...FULL, destination: { repId: 1, repName: 'J' } }), ['externalKey'])
  assert.deepEqual(problems('start.ns', { ...FULL, destination: { issueCodeName: 'x' } }), ['issueCodeName'])
  assert.deepEqual(problems('start.ns', { ...FULL, locale: 'de', customFields: { a: '1' } }), [
    'locale',
    'customFields',
  ])
  assert.deepEqual(problems('start', { ...FULL, customFields: { 'a&b': '1' } }), ['a&b'])
  assert.deepEqual(problems('start', { ...FULL, destination: { issueId: 'printer' } }), ['issueId'])
  assert.deepEqual(problems('start', { ...FULL, destination: { repId: 1, repName: '' } }), ['repName'])
  assert.deepEqual(problems('start', { ...FULL, host: 'http://support.example.com' }), ['host'])
  assert.equal(built('start', { ...FULL, host: '' }).url, null)
})

test('the proposal follows the API version', () => {
  assert.equal(proposeGeneration([1, 0, 0]), 'connector')
  assert.equal(proposeGeneration([1, 2, 9]), 'connector')
  assert.equal(proposeGeneration([1, 3, 0]), 'start.ns')
  assert.equal(proposeGeneration([1, 7, 1]), 'start.ns')
  assert.equal(proposeGeneration([1, 8, 0]), 'start')
  assert.equal(proposeGeneration([1, 24, 1]), 'start')
  assert.equal(proposeGeneration(null), 'start')
})

test('links of session keys and of the web report', () => {
  assert.equal(sessionKeyUrl(HOST, '00ff'), 'https://support.example.com/?ak=00ff')
  assert.equal(shortKeyUrl(HOST, '1234567'), 'https://support.example.com/api/start_session?short_key=1234567')
  assert.equal(
    webReportUrl(HOST, '0f3c&x'),
    'https://support.example.com/login/sd_reporting?reportType=SupportSession&sessionId=0f3c%26x',
  )
  assert.throws(() => webReportUrl('a b', 'x'), isApplianceError)
})

test('whatever is entered, the URL says exactly that', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((each) => each.isWellFormed())
  fc.assert(
    fc.property(
      fc.constantFrom(...URL_GENERATIONS),
      text,
      text,
      text,
      (generation, customerName, description, externalKey) => {
        const { url } = built(generation, {
          host: HOST,
          destination: { issueId: 3 },
          customerName,
          description,
          externalKey,
        })
        assert.ok(url !== null)
        assert.match(url, /^[A-Za-z0-9:/?&=._~%-]*$/)
        const values = [...new URL(url).searchParams.values()].slice(2)
        assert.deepEqual(
          values,
          [customerName, description, externalKey].filter((each) => each !== ''),
        )
      },
    ),
  )
})

test('half a character becomes a replacement, not an exception', () => {
  assert.equal(encodePart('\ud800'), '%EF%BF%BD')
})
