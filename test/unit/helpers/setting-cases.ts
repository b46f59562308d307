/** Values of each setting, right and wrong. A new setting does not compile without. */
import type { SettingKey } from '../../../preload/contract.ts'

function ports() {
  return { good: [0, 8180, 65_535, ['8180', 8180]], bad: [-1, 65_536, 1.5, 'http', '', null, [8180], true] }
}

function flags() {
  return { good: [true, false], bad: ['true', 1, 0, null, undefined, [true], {}] }
}

/** For each setting: values that it takes (with what it makes of them, where that differs), and some that it refuses. */
export const CASES: {
  readonly [Key in SettingKey]: { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }
} = {
  'me.repId': {
    good: ['', '12', [12, '12'], [' 12 ', '12']],
    bad: ['rep:12', '1 2', '-1', '1.5', null, ['12'], true],
  },
  'me.username': { good: ['', 'jsmith', [' jsmith ', 'jsmith'], 'x'.repeat(200)], bad: [null, {}, 'x'.repeat(201)] },
  'me.name': { good: ['', 'John Smith', 'Ελένη'], bad: [undefined, 'x'.repeat(201)] },
  'me.teams': {
    good: [
      [[]],
      [['5', '7']],
      [
        [5, 7],
        ['5', '7'],
      ],
      [['5', ' 5 ', ''], ['5']],
      [Array(100).fill('5'), ['5']],
    ],
    bad: ['5', null, ['team:5'], [null], [{ id: 5 }], [['5']], [true], ['x'], Array(101).fill('5'), { 0: '5' }],
  },
  'notify.transferred': flags(),
  'notify.started': flags(),
  'notify.teamQueue': flags(),
  'notify.generalQueue': flags(),
  'notify.customerJoined': flags(),
  'notify.customerLeft': flags(),
  'notify.ended': flags(),
  'notify.survey': flags(),
  'notify.details': flags(),
  'notify.quiet': flags(),
  'window.theme': { good: ['system', 'light', 'dark'], bad: ['Dark', '', null, 0, ['dark']] },
  'window.startAtLogin': flags(),
  'update.url': {
    good: ['', 'https://updates.example.com/rep-tray/', 'http://127.0.0.1:8000/'],
    bad: ['http://updates.example.com/', 'https://user@example.com/', 'ftp://x/', 'x', 'file:///x', true],
  },
  'tray.icon': { good: ['system', 'light', 'dark'], bad: ['auto', true] },
  'listener.addresses': {
    good: [[['127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1']], [[' 10.0.0.1 ', '10.0.0.1'], ['10.0.0.1']]],
    bad: [
      '127.0.0.1',
      [],
      [' '],
      ['127.0.0.1', 'bad'],
      ...['1.2.3', '...', '256.0.0.1', '127.0.0.1:8180', 'localhost', '*', null, 0].map((each) => [each]),
    ],
  },
  'listener.https': { good: ['off', 'own', 'file'], bad: ['on', true, ''] },
  'listener.certificateFile': files(),
  'listener.keyFile': files(),
  'listener.port': ports(),
  'listener.names': {
    good: [[[]], [['tray.example.net', 'DESK-7', 'a.b.', 'x'.repeat(200)]], [['x', 'x'], ['x']]],
    bad: ['x', ['http://x'], ['a b'], ['-x'], ['x:80'], ['x/y'], ['*.x'], ['x'.repeat(201)], [null]],
  },
  'listener.allow': {
    good: [[[]], [['192.0.2.10', '192.0.2.0/24', '2001:db8::/64', '::1']]],
    bad: [
      '192.0.2.1',
      ['192.0.2.0/33'],
      ['::/129'],
      ['1.2.3.4/'],
      ['1.2.3.4/1/2'],
      ['support.example.com'],
      ['1.2.3.4/x'],
    ],
  },
  'browser.port': ports(),
  'journal.days': { good: [1, 3650, ['90', 90]], bad: [0, 3651, 1.5, '', ' ', null, true, '9 0', Number.NaN] },
  'journal.megabytes': { good: [16, 100_000], bad: [15, 100_001, -1, Infinity] },
  'appliance.clientId': { good: ['', '0123abc', [' 0123abc ', '0123abc']], bad: [null, 'x'.repeat(201)] },
  'appliance.username': { good: ['', 'api'], bad: [null, ['api'], 'x'.repeat(201)] },
  'appliance.urlForm': { good: ['auto', 'start', 'start.ns', 'connector'], bad: ['', 'Auto', null] },
  'ticket.pattern': { good: ['', 'INC\\d{7}', '^(INC|REQ)'], bad: ['(', '[', null, ['x']] },
  'relay.credentialFile': { good: ['', '/etc/rep-tray/anna.rep-tray.json'], bad: [null, ['x'], {}] },
  'ticket.url': {
    good: ['', 'https://tickets.example.com/{key}', 'https://tickets.example.com/find?number={key}#{key}'],
    bad: [
      'http://tickets.example.com/{key}',
      'https://tickets.example.com/',
      'https://{key}.example.com/',
      'https://{key}',
      'https://user@tickets.example.com/{key}',
      'javascript:alert("{key}")',
      '{key}',
      null,
    ],
  },
  'link.mail': {
    good: ['', 'Hello {customer},\n{link}', ['a\r\nb', 'a\nb'], 'x'.repeat(1024)],
    bad: [null, 1, ['x'], 'x'.repeat(1025)],
  },
  'lookup.shortcut': {
    good: ['', 'CommandOrControl+Alt+Shift+L', 'Super+F12', 'Ctrl+Space', 'Alt+1'],
    bad: ['L', 'Shift+L', 'Ctrl', 'Ctrl+', 'Ctrl+Alt', 'ctrl+l', 'Ctrl+LL', 'Ctrl+F25', null],
  },
  'setup.done': flags(),
  'lookup.days': { good: [1, 90, ['30', 30]], bad: [0, 91, 1.5, '', null] },
  'appliance.host': {
    good: ['', 'support.example.com', 'support.example.com:8443', 'https://support.example.com/'],
    bad: ['https://support.example.com/login', 'ftp://support.example.com', 'a b', 'user@host', 'x'.repeat(201), null],
  },
}

function files() {
  return { good: ['', '/etc/ssl/desk.pem', `/${'x'.repeat(1023)}`], bad: ['desk.pem', './desk.pem', null, 1, ['/x']] }
}
