import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { checkedPage } from '../../main/pages.ts'
import { Unable } from '../../main/unable.ts'

const ORIGIN = 'https://support.example.com'
const check = (address: string, origin = ORIGIN) => checkedPage(address, origin, 'The appliance')

describe('a page of the appliance', () => {
  test('is opened as a browser understands it', () => {
    const addresses = {
      'https://support.example.com/login/x?y=1#z': 'https://support.example.com/login/x?y=1#z',
      'HTTPS://SUPPORT.example.com:443/a b': 'https://support.example.com/a%20b',
      'https://support.example.com/\tlogin\n': 'https://support.example.com/login',
    }
    for (const [address, opened] of Object.entries(addresses)) assert.equal(check(address), opened)
    assert.equal(check('http://127.0.0.1:8443/x', 'http://127.0.0.1:8443'), 'http://127.0.0.1:8443/x')
    assert.equal(check('https://[::1]:8443/x', 'https://[::1]:8443'), 'https://[::1]:8443/x')
  })

  const REFUSED: Readonly<Record<string, RegExp>> = {
    'https://evil.example/login': /on evil\.example instead of support\.example\.com/,
    'https://support.example.com.evil.example/': /instead of/,
    'https://support.example.com./': /instead of/,
    'https://xsupport.example.com/': /instead of/,
    'https://support-example.com/': /instead of/,
    'https://support.example.com:8443/': /support\.example\.com:8443 instead of support\.example\.com,/,
    // A Cyrillic letter, and what a browser makes of it.
    'https://support.ex\u0430mple.com/': /on support\.xn--/,
    'https://support.example.com@evil.example/': /credentials/,
    'https://user:pass@support.example.com/': /credentials/,
    'https:\\\\evil.example\\support.example.com/': /instead of/,
    'https://evil.example\\@support.example.com/': /instead of/,
    '//evil.example/': /none/,
    'http://support.example.com/': /does not begin with https:/,
    'ftp://support.example.com/': /does not begin with/,
    'file:///etc/passwd': /does not begin with/,
    'javascript:alert(1)//https://support.example.com/': /does not begin with/,
    'blob:https://support.example.com/0f3c': /does not begin with/,
    'data:text/html,x': /does not begin with/,
    'ms-settings:privacy': /does not begin with/,
    '': /none/,
    'support.example.com/login': /none/,
  }
  for (const [address, reason] of Object.entries(REFUSED)) {
    test(`is not ${JSON.stringify(address)}`, () => {
      assert.throws(
        () => check(address),
        (error) => error instanceof Unable && reason.test(error.message) && error.message.endsWith('not opened.'),
      )
    })
  }

  test('nor plain http beside an appliance of https, nor the other way round', () => {
    assert.throws(() => check('https://127.0.0.1:8443/', 'http://127.0.0.1:8443'), Unable)
    assert.throws(() => check('ftp://127.0.0.1/', 'ftp://127.0.0.1'), Unable)
  })

  test('whatever is given, what is opened is on that origin', () => {
    const nasty = fc.constantFrom(
      'https://',
      'support.example.com',
      '@',
      '\\',
      '/',
      '.',
      ':443',
      ':',
      'evil.example',
      '%40',
      '\t',
      '#',
      '?',
      'http://',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.array(nasty, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (address) => {
          let opened: string
          try {
            opened = check(address)
          } catch (error) {
            assert.ok(error instanceof Unable)
            return
          }
          assert.match(opened, /^https:\/\/support\.example\.com\//)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
