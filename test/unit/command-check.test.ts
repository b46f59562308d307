import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Command } from '../../preload/contract.ts'
import { parseCommand } from '../../main/command-check.ts'
import { SETTING_KEYS } from '../../main/settings/table.ts'
import { CASES } from './helpers/command-cases.ts'

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
