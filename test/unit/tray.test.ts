import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseCommand } from '../../main/command-check.ts'
import {
  begin,
  customer,
  end,
  JANE,
  joins,
  ME,
  MIRIAM,
  owner,
  TO_GENERAL,
  TO_ME,
  TO_MIRIAM,
  TO_TEAM,
} from './helpers/events.ts'
import { alertWith } from './helpers/state.ts'
import {
  deep,
  find,
  iconOf,
  items,
  labels,
  mine,
  modelOf,
  problem,
  row,
  waiting,
  type Situation,
} from './helpers/tray.ts'

describe('the icon', () => {
  test('is idle when nothing calls for the rep', () => {
    assert.equal(iconOf({}), 'idle')
    assert.equal(iconOf({ sessions: [mine('Jane')] }), 'idle', 'at work')
    assert.equal(iconOf({ alerts: [alertWith({ read: true })] }), 'idle')
    assert.equal(iconOf({ listener: { status: 'starting', addresses: [] } }), 'idle')
    assert.equal(iconOf({ problems: [problem('warning')] }), 'idle')
  })

  test('says that somebody waits for the rep or in their teams’ queues, and nowhere else', () => {
    assert.equal(iconOf({ sessions: [waiting] }), 'waiting')
    assert.equal(iconOf({ sessions: [row([begin(), joins(JANE), TO_ME])] }), 'waiting')
    const elsewhere = [
      row([begin(), joins(JANE), TO_GENERAL]),
      row([begin(), joins(JANE), TO_MIRIAM]),
      row([begin(), joins(JANE), TO_TEAM, TO_MIRIAM]),
      row([begin(), joins(JANE), TO_TEAM, owner('team:9', 'Network')]),
      row([begin(), TO_TEAM, joins(JANE), end()]),
    ]
    for (const session of elsewhere)
      assert.equal(iconOf({ sessions: [session] }), 'idle', JSON.stringify(session.owner))
  })

  test('calls for the rep as long as an alert that asks for something is unread', () => {
    for (const kind of [
      'transferred',
      'started',
      'teamQueue',
      'generalQueue',
      'customerJoined',
      'customerLeft',
      'digest',
    ] as const)
      assert.equal(iconOf({ alerts: [alertWith({ kind })], sessions: [waiting] }), 'attention', kind)
    for (const kind of ['ended', 'survey', 'test'] as const)
      assert.equal(iconOf({ alerts: [alertWith({ kind })] }), 'idle', `${kind} only informs`)
  })

  test('is offline before all else if no event can come in', () => {
    const calling = { alerts: [alertWith()], sessions: [waiting] }
    assert.equal(iconOf({ ...calling, listener: { status: 'failed', addresses: [] } }), 'offline')
    assert.equal(iconOf({ ...calling, problems: [problem('warning'), problem('error')] }), 'offline')
  })
})

describe('the menu', () => {
  test('without a session has what is always there', () => {
    const { menu } = modelOf({})
    assert.deepEqual(labels(menu), [
      'Open Rep Tray',
      'Look up ticket…',
      'Quiet',
      'Set up Rep Tray…',
      'Settings…',
      'Listening on 127.0.0.1:8180',
      'Quit Rep Tray',
    ])
    assert.deepEqual(items(menu)[0]?.command, { type: 'window.show', place: null })
  })

  test('leads to the set-up until that is done', () => {
    const setUp = (situation: Situation) => find(situation, 'Set up Rep Tray…')?.command
    assert.deepEqual(setUp({}), { type: 'window.show', place: { view: 'setup' } })
    assert.equal(setUp({ settings: { 'setup.done': true } }), undefined)
  })

  test('offers of a session of mine what is done from the tray', () => {
    const session = mine('Jane Doe', 'INC0010023')
    const { menu } = modelOf({ sessions: [session] })
    const entry = items(menu).find((item) => item.label === 'Jane Doe · INC0010023')
    const { lsid } = session
    assert.deepEqual(
      items(entry?.submenu ?? []).map(({ label, command, enabled }) => [label, command, enabled]),
      [
        ['Show session', { type: 'window.show', place: { view: 'session', lsid } }, true],
        ['Edit external key…', { type: 'window.show', place: { view: 'session', lsid, purpose: 'editKey' } }, true],
        ['Copy external key INC0010023', { type: 'session.copy', lsid, what: 'externalKey' }, true],
        ['Link for the customer…', { type: 'window.show', place: { view: 'session', lsid, purpose: 'link' } }, true],
        ['Copy session ID', { type: 'session.copy', lsid, what: 'lsid' }, true],
      ],
    )
    assert.ok(labels(menu).includes('Yours'))
  })

  test('says what is missing: a ticket, a customer', () => {
    const { menu } = modelOf({ sessions: [row([begin(), TO_ME])] })
    const entry = items(menu).find((item) => item.label === 'Session 0f3c5a7e · no ticket')
    const copy = items(entry?.submenu ?? []).find((item) => item.label.startsWith('Copy external key'))
    assert.deepEqual([copy?.label, copy?.enabled], ['Copy external key (none yet)', false])
  })

  test('lists who waits for the rep’s teams, and neither the ended ones nor those of others', () => {
    const { menu } = modelOf({
      sessions: [
        waiting,
        row([begin(), joins(customer('Gone on')), TO_TEAM, TO_MIRIAM]),
        row([begin(), joins(customer('Over')), TO_ME, end()]),
        row([begin(), joins(customer('General')), TO_GENERAL]),
      ],
    })
    const all = labels(menu).join('\n')
    assert.match(all, /Waiting for your teams\nJane Doe · no ticket/)
    assert.doesNotMatch(all, /Gone on|Over|General|Yours/)
  })

  test('of fifty sessions lists ten, and leads to the others', () => {
    const sessions = Array.from({ length: 50 }, (_, index) => mine(`Customer ${index}`))
    const { menu, tooltip } = modelOf({ sessions })
    const all = labels(menu)
    assert.equal(all.filter((label) => label.startsWith('Customer')).length, 10)
    const more = items(menu).find((item) => item.label === '40 more…')
    assert.deepEqual(more?.command, { type: 'window.show', place: { view: 'board' } })
    assert.match(tooltip, /50 sessions of yours/)
  })

  test('of one session says one', () => {
    assert.match(modelOf({ sessions: [mine('Jane')] }).tooltip, /^Rep Tray · 1 session of yours$/)
  })

  test('bears any name and any key', () => {
    const names = ['x'.repeat(5_000), '\u202egnirts\u0000\n\t', '💻'.repeat(200), 'Ελένη & <b>Sons</b>', '\u2068', ' ']
    for (const name of names) {
      const { menu } = modelOf({ sessions: [mine(name, name.trim() === '' ? 'INC' : name)] })
      for (const { label } of deep(menu)) {
        assert.ok(label.length > 0 && label.length <= 140, label)
        assert.ok(label.isWellFormed())
        assert.doesNotMatch(label, /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }
    }
    assert.ok(
      labels(modelOf({ sessions: [mine('Ελένη & <b>Sons</b>')] }).menu).includes('Ελένη & <b>Sons</b> · no ticket'),
    )
  })

  test('counts what is unread, and leads there', () => {
    const alerts = [alertWith({ id: 3 }), alertWith({ id: 2, kind: 'ended' }), alertWith({ id: 1, read: true })]
    const { menu, tooltip } = modelOf({ alerts })
    const entry = items(menu).find((item) => item.label === 'Alerts (2)')
    assert.deepEqual(entry?.command, { type: 'window.show', place: { view: 'alerts' } })
    assert.match(tooltip, /2 unread alerts/)
  })

  test('turns quiet on and off, unless the administrator did', () => {
    const quiet = (situation: Situation) => items(modelOf(situation).menu).find((item) => item.label === 'Quiet')
    assert.deepEqual(
      [quiet({})?.checked, quiet({})?.command],
      [false, { type: 'settings.set', key: 'notify.quiet', value: true }],
    )
    const on = quiet({ settings: { 'notify.quiet': true } })
    assert.deepEqual([on?.checked, on?.command], [true, { type: 'settings.set', key: 'notify.quiet', value: false }])
    const info = { key: 'notify.quiet', label: '', help: '', type: 'boolean', default: false, locked: true } as const
    const other = { ...info, key: 'me.repId', locked: false } as const
    assert.equal(quiet({ settingInfo: [other, info] })?.enabled, false)
    assert.equal(quiet({ settingInfo: [{ ...other, locked: true }] })?.enabled, true)
    assert.equal(quiet({ settingInfo: [{ ...info, locked: false }] })?.enabled, true)
  })

  test('says how it is, the worst first', () => {
    const health = (situation: Situation) => labels(modelOf(situation).menu).at(-2)
    assert.equal(
      health({ listener: { addresses: ['127.0.0.1:8180', '[::1]:8180'] } }),
      'Listening on 127.0.0.1:8180, [::1]:8180',
    )
    assert.equal(health({ listener: { status: 'starting', addresses: [] } }), 'Not listening yet')
    const problems = [problem('warning', 'Small'), problem('error', 'Big')]
    assert.equal(health({ problems }), '⚠ Big')
    assert.match(modelOf({ problems }).tooltip, /⚠ Big$/)
  })

  test('lets everything be chosen but what is text, and a ticket that is not there', () => {
    const { menu } = modelOf({ sessions: [mine('Jane', 'INC1'), mine('Tom'), waiting], alerts: [alertWith()] })
    const disabled = deep(menu).filter((item) => !item.enabled)
    assert.deepEqual(
      disabled.map((item) => item.label),
      [
        'Yours',
        'Copy external key (none yet)',
        'Waiting for your teams',
        'Copy external key (none yet)',
        'Listening on 127.0.0.1:8180',
      ],
    )
    const ten = Array.from({ length: 10 }, (_, index) => mine(`Customer ${index}`))
    assert.doesNotMatch(labels(modelOf({ sessions: ten }).menu).join('\n'), /more…/)
  })

  test('gives commands that are commands', () => {
    const { menu } = modelOf({
      sessions: [mine('Jane', 'INC1'), waiting, ...Array.from({ length: 20 }, (_, index) => mine(`C${index}`))],
      alerts: [alertWith()],
    })
    const commands = deep(menu).flatMap(({ command }) => (command === undefined ? [] : [command]))
    assert.ok(commands.length > 20)
    for (const command of commands) assert.deepEqual(parseCommand(command), command)
  })
})

test('the tooltip is short enough for Windows', () => {
  const { tooltip } = modelOf({
    sessions: [waiting, ...Array.from({ length: 50 }, (_, index) => mine(`Customer ${index}`))],
    alerts: Array.from({ length: 99 }, (_, id) => alertWith({ id })),
    problems: [problem('error', `A very long problem ${'x'.repeat(300)}`)],
  })
  assert.ok(tooltip.length <= 127)
  assert.match(tooltip, /^Rep Tray · 50 sessions of yours · 1 waiting · 99 unread alerts · ⚠ A very long/)
})

test('a representative who helps is no owner: nothing of it is mine', () => {
  assert.doesNotMatch(
    labels(modelOf({ sessions: [row([begin(), TO_MIRIAM, joins(JANE), joins(MIRIAM), joins(ME)])] }).menu).join(),
    /Yours/,
  )
})
