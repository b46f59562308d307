import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openable } from '../../main/shell/openable.ts'

const SETTINGS = { 'appliance.host': 'support.example.com', 'ticket.url': 'https://tickets.example.com/find?n={key}' }

test('pages of the appliance and of the ticket system are opened, as they are understood here', () => {
  for (const [page, url = page] of [
    ['https://support.example.com/login/session_report?lsid=1'],
    ['https://tickets.example.com/find?n=INC%201'],
    ['https://SUPPORT.example.com:443/a', 'https://support.example.com/a'],
    ['https://support.example.com\\@evil.example.com/', 'https://support.example.com/@evil.example.com/'],
    ['\thttps://support.example.com/a\n', 'https://support.example.com/a'],
  ] as const)
    assert.equal(openable(page, SETTINGS), url)
})

test('nothing else is', () => {
  for (const page of [
    '',
    'x',
    'http://support.example.com/',
    'https://support.example.com:8443/',
    'https://support.example.com.evil.example.com/',
    'https://evil.example.com/?support.example.com',
    'https://evil-support.example.com/',
    'https://support.example.com@evil.example.com/',
    'https://me:secret@support.example.com/',
    'https://me@support.example.com/',
    'https://support.examp\u217de.com/',
    'https://xn--support.example.com/',
    '//support.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)//support.example.com',
    'ms-settings:x',
    'search-ms:query=x',
    'smb://support.example.com/x',
    'mailto:a@support.example.com',
    'rep-tray://ticket/INC1',
    'blob:https://support.example.com/1',
    'view-source:https://support.example.com/',
  ])
    assert.equal(openable(page, SETTINGS), null, page)
})

test('plain http is for this computer alone', () => {
  const settings = { 'appliance.host': 'http://127.0.0.1:8443', 'ticket.url': '' }
  assert.equal(openable('http://127.0.0.1:8443/a', settings), 'http://127.0.0.1:8443/a')
  for (const page of ['http://127.0.0.1:1/a', 'http://localhost:8443/a', 'http://127.0.0.1.example.com:8443/'])
    assert.equal(openable(page, settings), null, page)
  assert.equal(openable('http://[::1]/a', { ...settings, 'appliance.host': 'http://[::1]' }), 'http://[::1]/a')
})

test('without settings, or with broken ones, nothing is opened', () => {
  for (const host of ['', ' ', 'http://support.example.com', 'ftp://support.example.com', '%%%'])
    assert.equal(
      openable('https://support.example.com/', { 'appliance.host': host, 'ticket.url': '{key}' }),
      null,
      host,
    )
})
