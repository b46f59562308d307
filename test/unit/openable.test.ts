import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openable } from '../../main/shell/openable.ts'

const SETTINGS = { 'appliance.host': 'support.example.com', 'ticket.url': 'https://tickets.example.com/find?n={key}' }
const STATE = { settings: SETTINGS, appliance: { origin: 'https://other.example.com' } }

test('pages of the appliance and of the ticket system are opened, as they are understood here', () => {
  for (const [page, url = page] of [
    ['https://support.example.com/login/session_report?lsid=1'],
    ['https://tickets.example.com/find?n=INC%201'],
    ['https://SUPPORT.example.com:443/a', 'https://support.example.com/a'],
    ['https://support.example.com\\@evil.example.com/', 'https://support.example.com/@evil.example.com/'],
    ['\thttps://support.example.com/a\n', 'https://support.example.com/a'],
  ] as const)
    assert.equal(openable(page, STATE), url)
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
    assert.equal(openable(page, STATE), null, page)
})

test('plain http is for this computer alone', () => {
  const settings = { 'appliance.host': 'http://127.0.0.1:8443', 'ticket.url': '' }
  const appliance = { origin: null }
  assert.equal(openable('http://127.0.0.1:8443/a', { settings, appliance }), 'http://127.0.0.1:8443/a')
  for (const page of ['http://127.0.0.1:1/a', 'http://localhost:8443/a', 'http://127.0.0.1.example.com:8443/'])
    assert.equal(openable(page, { settings, appliance }), null, page)
  assert.equal(
    openable('http://[::1]/a', { settings: { ...settings, 'appliance.host': 'http://[::1]' }, appliance }),
    'http://[::1]/a',
  )
})

test('without settings, or with broken ones, nothing is opened', () => {
  for (const host of ['', ' ', 'http://support.example.com', 'ftp://support.example.com', '%%%'])
    assert.equal(
      openable('https://support.example.com/', {
        settings: { 'appliance.host': host, 'ticket.url': '{key}' },
        appliance: { origin: null },
      }),
      null,
      host,
    )
})

test('without an appliance in the settings it is the one that the relay reached', () => {
  const state = {
    settings: { 'appliance.host': '', 'ticket.url': '' },
    appliance: { origin: 'https://box.example.com' },
  }
  assert.equal(openable('https://box.example.com/a', state), 'https://box.example.com/a')
  assert.equal(openable('https://support.example.com/a', state), null)
  // Settings have the last word.
  const set = { ...state, settings: { ...state.settings, 'appliance.host': 'support.example.com' } }
  assert.equal(openable('https://box.example.com/a', set), null)
})
