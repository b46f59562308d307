/** Commands of each type, right and wrong. */
import type { Command } from '../../../preload/contract.ts'

const LONG = 'x'.repeat(1_025)

const CHOICE = { issueId: '3', customerName: '', company: '', companyCode: '', description: '', externalKey: 'INC1' }

/** Commands of each type, and for each of its fields what breaks it. A new command does not compile without. */
export const CASES: {
  readonly [Type in Command['type']]: {
    readonly good: readonly Extract<Command, { type: Type }>[]
    readonly bad: Readonly<Record<string, readonly unknown[]>>
  }
} = {
  'session.get': {
    good: [{ type: 'session.get', lsid: '0f3c' }],
    bad: { lsid: [undefined, null, 1, LONG, ['0f3c'], {}] },
  },
  'activity.list': {
    good: [
      { type: 'activity.list', before: null },
      { type: 'activity.list', before: 0 },
      { type: 'activity.list', before: 12 },
    ],
    bad: { before: [undefined, '12', -1, 1.5, Number.NaN, Infinity, 2 ** 53] },
  },
  'alerts.read': {
    good: [
      { type: 'alerts.read', ids: 'all' },
      { type: 'alerts.read', ids: [] },
      { type: 'alerts.read', ids: Array.from({ length: 100 }, (_, id) => id) },
    ],
    bad: { ids: [undefined, null, 'some', 1, ['1'], [-1], [null], Array(101).fill(1), { length: 1 }] },
  },
  'appliance.check': { good: [{ type: 'appliance.check' }], bad: {} },
  'appliance.secret': {
    good: [
      { type: 'appliance.secret', name: 'appliance.clientSecret', value: 'secret' },
      { type: 'appliance.secret', name: 'appliance.password', value: null },
    ],
    bad: { name: [undefined, null, 'listener.token', 'toString', 1], value: [undefined, '', 1, LONG, {}] },
  },
  'key.set': {
    good: [
      { type: 'key.set', lsids: ['x'], key: 'INC0010023' },
      { type: 'key.set', lsids: ['x', 'y'], key: null },
    ],
    bad: { lsids: [undefined, 'x', [1], Array(101).fill('x')], key: [undefined, '', 1, LONG] },
  },
  'key.undo': { good: [{ type: 'key.undo', id: 1 }], bad: { id: [undefined, '1', -1, null] } },
  'lookup.search': { good: [{ type: 'lookup.search', query: '' }], bad: { query: [undefined, null, 1, LONG] } },
  'lookup.start': { good: [{ type: 'lookup.start', query: 'INC' }], bad: { query: [undefined, ' ', 1, LONG] } },
  'lookup.cancel': { good: [{ type: 'lookup.cancel' }], bad: {} },
  'connector.build': {
    good: [{ type: 'connector.build', choice: CHOICE }],
    bad: { choice: [undefined, null, 'x', {}, { ...CHOICE, issueId: 3 }, { ...CHOICE, company: LONG }] },
  },
  'connector.copy': {
    good: [{ type: 'connector.copy', choice: CHOICE, as: 'url' }],
    bad: { choice: [undefined, null, [], { ...CHOICE, externalKey: null }], as: [undefined, 'html', null] },
  },
  'connector.last': {
    good: [{ type: 'connector.last', externalKey: '' }],
    bad: { externalKey: [undefined, null, 1, LONG] },
  },
  'sessionKey.make': {
    good: [
      { type: 'sessionKey.make', choice: { queue: 'general', externalKey: '', minutes: null } },
      { type: 'sessionKey.make', choice: { queue: 'rep:12', externalKey: 'INC1', minutes: 60 } },
    ],
    bad: {
      choice: [
        undefined,
        null,
        {},
        { queue: 1, externalKey: '', minutes: null },
        { queue: 'general', externalKey: LONG, minutes: null },
        { queue: 'general', externalKey: '', minutes: '60' },
        { queue: 'general', externalKey: '', minutes: 0 },
        { queue: 'general', externalKey: '', minutes: 1.5 },
        { queue: 'general', externalKey: '' },
      ],
    },
  },
  'sessionKey.copy': {
    good: [{ type: 'sessionKey.copy', id: 1, what: 'mail' }],
    bad: { id: [undefined, '1', -1], what: [undefined, 'qr', null] },
  },
  'lookup.quick': {
    good: [
      { type: 'lookup.quick', query: null },
      { type: 'lookup.quick', query: 'INC1' },
    ],
    bad: { query: [undefined, 1, LONG] },
  },
  'lookup.closeQuick': { good: [{ type: 'lookup.closeQuick' }], bad: {} },
  'report.get': {
    good: [{ type: 'report.get', lsid: 'x', fresh: true }],
    bad: { lsid: [undefined, 1, LONG], fresh: [undefined, null, 1] },
  },
  'report.open': {
    good: [
      { type: 'report.open', lsid: 'x', page: 'chat', instance: null },
      { type: 'report.open', lsid: 'x', page: 'commandShell', instance: 0 },
    ],
    bad: { lsid: [undefined, 1, LONG], page: [undefined, 'login', null], instance: [undefined, '0', -1] },
  },
  'recording.download': {
    good: [
      { type: 'recording.download', lsid: 'x', kind: 'session', instance: null },
      { type: 'recording.download', lsid: 'x', kind: 'commandShell', instance: 2 },
    ],
    bad: { lsid: [undefined, 1, LONG], kind: [undefined, 'presentation'], instance: [undefined, '0', -1, 1.5] },
  },
  'download.cancel': { good: [{ type: 'download.cancel', id: 1 }], bad: { id: [undefined, '1', -1] } },
  'download.show': { good: [{ type: 'download.show', id: 1 }], bad: { id: [undefined, '1', -1] } },
  'download.dismiss': { good: [{ type: 'download.dismiss', id: 1 }], bad: { id: [undefined, '1', -1] } },
  'ticket.open': { good: [{ type: 'ticket.open', lsid: 'x' }], bad: { lsid: [undefined, 1, LONG] } },
  'me.candidates': { good: [{ type: 'me.candidates' }], bad: {} },
  'me.choose': { good: [{ type: 'me.choose', id: '12' }], bad: { id: [undefined, 12, LONG] } },
  'recipient.form': { good: [{ type: 'recipient.form' }], bad: {} },
  'recipient.copyForm': {
    good: [
      { type: 'recipient.copyForm', what: 'name' },
      { type: 'recipient.copyForm', what: 'all' },
    ],
    bad: { what: [undefined, null, 'url', 1] },
  },
  'listener.test': { good: [{ type: 'listener.test' }], bad: {} },
  'settings.export': { good: [{ type: 'settings.export' }], bad: {} },
  'settings.import': {
    good: [{ type: 'settings.import', text: 'x'.repeat(32_768) }],
    bad: { text: [undefined, null, {}, 'x'.repeat(32_769)] },
  },
  'quarantine.list': {
    good: [
      { type: 'quarantine.list', before: null },
      { type: 'quarantine.list', before: 3 },
    ],
    bad: { before: [undefined, '3', -1] },
  },
  'quarantine.get': { good: [{ type: 'quarantine.get', id: 1 }], bad: { id: [undefined, '1', -1] } },
  'quarantine.reread': {
    good: [
      { type: 'quarantine.reread', ids: 'all' },
      { type: 'quarantine.reread', ids: [1] },
    ],
    bad: { ids: [undefined, null, 'some', ['1'], Array(101).fill(1)] },
  },
  'quarantine.save': { good: [{ type: 'quarantine.save', id: 1 }], bad: { id: [undefined, '1', -1] } },
  'quarantine.delete': {
    good: [
      { type: 'quarantine.delete', ids: 'all' },
      { type: 'quarantine.delete', ids: [1, 2] },
    ],
    bad: { ids: [undefined, null, 'some', ['1'], Array(101).fill(1)] },
  },
  'data.find': {
    good: [
      { type: 'data.find', target: { kind: 'session', lsid: 'x' } },
      { type: 'data.find', target: { kind: 'key', key: 'INC1' } },
      { type: 'data.find', target: { kind: 'customer', name: 'Ann' } },
    ],
    bad: { target: [undefined, null, {}, { kind: 'all' }, { kind: 'key', key: '' }, { kind: 'key', lsid: 'x' }] },
  },
  'data.forget': {
    good: [
      { type: 'data.forget', target: { kind: 'session', lsid: 'x' }, deleteUnreadable: false },
      { type: 'data.forget', target: { kind: 'customer', name: 'Ann' }, deleteUnreadable: true },
    ],
    bad: {
      target: [undefined, null, {}, { kind: 'all' }, { kind: 'session', lsid: LONG }],
      deleteUnreadable: [undefined, null, 1, 'true'],
    },
  },
  'journal.backup': { good: [{ type: 'journal.backup' }], bad: {} },
  'journal.backups': { good: [{ type: 'journal.backups' }], bad: {} },
  'journal.restore': { good: [{ type: 'journal.restore', name: 'x.db' }], bad: { name: [undefined, 1, LONG] } },
  'diagnostics.save': { good: [{ type: 'diagnostics.save' }], bad: {} },
  'certificate.save': { good: [{ type: 'certificate.save' }], bad: {} },
  'certificate.renew': { good: [{ type: 'certificate.renew' }], bad: {} },
  'session.copy': {
    good: [
      { type: 'session.copy', lsid: 'x', what: 'externalKey' },
      { type: 'session.copy', lsid: 'x', what: 'lsid' },
      { type: 'session.copy', lsid: 'x', what: 'summary' },
    ],
    bad: { lsid: [undefined, 1, LONG], what: [undefined, 'token', '__proto__', null] },
  },
  'recipient.copy': { good: [{ type: 'recipient.copy' }], bad: {} },
  'recipient.renew': { good: [{ type: 'recipient.renew' }], bad: {} },
  'listener.retry': { good: [{ type: 'listener.retry' }], bad: {} },
  'settings.set': {
    good: [
      { type: 'settings.set', key: 'me.repId', value: '12' },
      { type: 'settings.set', key: 'notify.quiet', value: true },
      { type: 'settings.set', key: 'listener.port', value: 8180 },
      { type: 'settings.set', key: 'me.teams', value: ['5', '7'] },
    ],
    bad: {
      key: [undefined, null, 'listener.token', 'listener.tokenHashes', '__proto__', 'constructor', ['me.repId'], LONG],
      value: [undefined, null, {}, LONG, [1], [LONG], [['x']], Array(101).fill('x'), { length: 0 }],
    },
  },
  'settings.reset': {
    good: [{ type: 'settings.reset', key: 'me.repId' }],
    bad: { key: [undefined, null, 'me', 'toString', 1] },
  },
  'notification.test': { good: [{ type: 'notification.test' }], bad: {} },
  'news.seen': { good: [{ type: 'news.seen' }], bad: {} },
  'problem.dismiss': { good: [{ type: 'problem.dismiss', id: 'quarantine' }], bad: { id: [undefined, null, 1, LONG] } },
  'window.show': {
    good: [
      { type: 'window.show', place: null },
      { type: 'window.show', place: { view: 'board' } },
      { type: 'window.show', place: { view: 'alerts' } },
      { type: 'window.show', place: { view: 'activity' } },
      { type: 'window.show', place: { view: 'settings' } },
      { type: 'window.show', place: { view: 'session', lsid: 'x' } },
      { type: 'window.show', place: { view: 'session', lsid: 'x', purpose: 'editKey' } },
      { type: 'window.show', place: { view: 'lookup', query: 'INC1' } },
      { type: 'window.show', place: { view: 'setup' } },
    ],
    bad: {
      place: [
        undefined,
        'board',
        {},
        { view: 'nowhere' },
        { view: 'session' },
        { view: 'session', lsid: 1 },
        { view: 'session', lsid: LONG },
        { view: 'board', lsid: 'x' },
        { view: 'board', more: 'x' },
        { view: ['board'] },
        [],
      ],
    },
  },
  'app.quit': { good: [{ type: 'app.quit' }], bad: {} },
}
