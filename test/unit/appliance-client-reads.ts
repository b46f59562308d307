/** Reads a published example in every way that boxes were seen to write XML. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApplianceClient } from '../../main/appliance/client.ts'
import { example, stub, xml } from './appliance-client-stub.ts'

/** Namespaces that were seen or are documented, and the three ways to write one. */
const NAMESPACES = [
  'http://www.bomgar.com/namespaces/API/command',
  'https://www.beyondtrust.com/namespaces/API/command',
  'http://www.beyondtrust.com/sra/namespaces/API/reporting',
]

interface Writing {
  readonly name: string
  readonly write: (document: string) => string
}

const WRITINGS: readonly Writing[] = [
  { name: 'as published', write: (document) => document },
  { name: 'without a namespace', write: (document) => document.replace(/ xmlns="[^"]*"/, '') },
  ...NAMESPACES.map((namespace) => ({
    name: namespace,
    write: (document: string) => document.replace(/xmlns="[^"]*"/, `xmlns="${namespace}"`),
  })),
  { name: 'with a prefix', write: (document) => prefixed(document, 'bg') },
  { name: 'with a prefix of another name', write: (document) => prefixed(document, 'ns2') },
  {
    name: 'with CR LF, a byte order mark, comments and single quotes',
    write: (document) =>
      `\ufeff${outsideCdata(document, (text) => text.replaceAll(/="([^"']*)"/g, "='$1'"))
        .replace(/(<\?xml[^>]*>)/, '$1\n<!-- <html> -->')
        .replaceAll('\n', '\r\n')}`,
  },
]

function outsideCdata(document: string, change: (text: string) => string): string {
  return document
    .split(/(<!\[CDATA\[[^]*?\]\]>)/)
    .map((text, index) => (index % 2 === 0 ? change(text) : text))
    .join('')
}

function prefixed(document: string, prefix: string): string {
  return outsideCdata(document, (text) =>
    text
      .replaceAll(/<(\/?)([a-z_]+)/gi, (whole, slash: string, name: string) =>
        name === 'xml' ? whole : `<${slash}${prefix}:${name}`,
      )
      .replace(/ xmlns="/, ` xmlns:${prefix}="`),
  )
}

/** Reads an example in every writing, through the whole client, and compares. */
export function reads<Value>(file: string, ask: (client: ApplianceClient) => Promise<Value>, expected: Value): void {
  for (const { name, write } of WRITINGS) {
    test(`${file}, ${name}`, async () => {
      const { client, seen } = stub((one) => {
        if (one.asked === '/oauth2/token') return undefined
        return one.asked === 'get_api_info' && file !== 'get_api_info.xml' ? undefined : xml(write(example(file)))
      })
      assert.deepEqual(await ask(client), expected)
      assert.ok(seen.length > 0)
    })
  }
}
