import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Command } from '../../preload/contract.ts'
import { parseCommand } from '../../main/command-check.ts'
import { SETTING_KEYS } from '../../main/settings/table.ts'

const LONG = 'x'.repeat(1_025)

const CHOICE = { issueId: '3', customerName: '', company: '', companyCode: '', description: '', externalKey: 'INC1' }

/** Commands of each type, and for each of its fields what breaks it. A new command does not compile without. */
const CASES: {
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
    good: [{ type: 'connector.copy', choice: CHOICE }],
    bad: { choice: [undefined, null, [], { ...CHOICE, externalKey: null }] },
  },
  'session.copy': {
    good: [
      { type: 'session.copy', lsid: 'x', what: 'externalKey' },
      { type: 'session.copy', lsid: 'x', what: 'lsid' },
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
  'problem.dismiss': { good: [{ type: 'problem.dismiss', id: 'quarantine' }], bad: { id: [undefined, null, 1, LONG] } },
  'window.show': {
    good: [
      { type: 'window.show', place: null },
      { type: 'window.show', place: { view: 'board' } },
      { type: 'window.show', place: { view: 'alerts' } },
      { type: 'window.show', place: { view: 'activity' } },
      { type: 'window.show', place: { view: 'settings' } },
      { type: 'window.show', place: { view: 'session', lsid: 'x' } },
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

const TYPES = Object.keys(CASES) as readonly Command['type'][]

describe('a command', () => {
  test('is taken as it is', () => {
    for (const type of TYPES)
      for (const command of CASES[type].good) assert.equal(parseCommand(command), command, JSON.stringify(command))
  })

  test('with any of its fields broken is none', () => {
    for (const type of TYPES) {
      const [command] = CASES[type].good
      for (const [field, values] of Object.entries(CASES[type].bad)) {
        for (const value of values)
          assert.equal(parseCommand({ ...command, [field]: value }), null, `${type} ${field} ${JSON.stringify(value)}`)
        const without: Record<string, unknown> = { ...command }
        delete without[field]
        assert.equal(parseCommand(without), null, `${type} without ${field}`)
      }
    }
  })
})

describe('what is no command', () => {
  test('is refused, whatever it is', () => {
    for (const input of [
      null,
      undefined,
      0,
      '',
      'app.quit',
      [],
      ['app.quit'],
      {},
      { type: null },
      { type: 'no.such' },
      { type: '__proto__' },
      { type: 'constructor' },
      { type: 'toString' },
      { type: ['app.quit'] },
      { Type: 'app.quit' },
      () => ({ type: 'app.quit' }),
    ])
      assert.equal(parseCommand(input), null)
  })

  test('never makes the check throw, and never passes unless it is one', () => {
    const fields = fc.record(
      {
        type: fc.oneof(fc.constantFrom(...TYPES), fc.string()),
        lsid: fc.jsonValue(),
        before: fc.jsonValue(),
        ids: fc.oneof(fc.constant('all'), fc.array(fc.jsonValue())),
        what: fc.oneof(fc.constantFrom('externalKey', 'lsid'), fc.jsonValue()),
        key: fc.oneof(fc.constantFrom(...SETTING_KEYS), fc.jsonValue()),
        value: fc.jsonValue(),
        id: fc.jsonValue(),
        place: fc.oneof(
          fc.record({ view: fc.oneof(fc.constantFrom('board', 'session'), fc.jsonValue()), lsid: fc.jsonValue() }),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    )
    const isText = (value: unknown) => typeof value === 'string' && value.length <= 1_024
    fc.assert(
      fc.property(fc.oneof(fields, fc.jsonValue(), fc.anything()), (input) => {
        const command = parseCommand(input)
        if (command === null) return
        assert.equal(command, input)
        assert.ok(TYPES.includes(command.type))
        if ('lsid' in command && ['session.get', 'session.copy'].includes(command.type)) assert.ok(isText(command.lsid))
        if (command.type === 'alerts.read') assert.ok(command.ids === 'all' || command.ids.every(Number.isSafeInteger))
        if (command.type === 'activity.list') assert.ok(command.before === null || command.before >= 0)
        if (command.type === 'settings.set' || command.type === 'settings.reset')
          assert.ok(SETTING_KEYS.includes(command.key))
        if (command.type === 'window.show' && command.place !== null)
          assert.ok(command.place.view === 'session' ? isText(command.place.lsid) : !('lsid' in command.place))
      }),
      { numRuns: 3_000 },
    )
  })
})
