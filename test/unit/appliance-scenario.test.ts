import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createAppliance, type Appliance } from '../appliance/appliance.ts'
import { auditEvents } from '../appliance/audit.ts'
import { createVirtualClock, type VirtualClock } from '../appliance/clock.ts'
import { EVENTS, valueOf, type OutboundEvent, type Variables } from '../appliance/event.ts'
import { ODD_KINDS } from '../appliance/odd.ts'
import { checkScenario } from '../appliance/scenario-file.ts'
import { loadScenario, runScenario, SCENARIO_NAMES, type ScenarioRun } from '../appliance/scenario.ts'

const START = 1_700_000_000_000

interface Stage {
  readonly clock: VirtualClock
  readonly appliance: Appliance
  readonly sent: OutboundEvent[]
}

function createStage(): Stage {
  const clock = createVirtualClock(START)
  const sent: OutboundEvent[] = []
  const appliance = createAppliance({
    clock,
    seed: 1,
    transport: { send: () => Promise.resolve({ kind: 'reply', status: 200 }), close: () => undefined },
    onSettled: ({ event }) => sent.push(event),
  })
  appliance.addRecipient('http://recipient.example/')
  return { clock, appliance, sent }
}

async function play(name: string, run: ScenarioRun = {}, seconds = 60): Promise<Stage> {
  const stage = createStage()
  const playing = runScenario(stage.appliance, loadScenario(name), run)
  await stage.clock.advance(seconds * 1000)
  await playing
  await stage.appliance.idle()
  return stage
}

/** The seven events among them, without what oddness added. */
const known = (sent: readonly OutboundEvent[]): readonly Variables[] =>
  sent
    .map(({ variables }) => variables)
    .filter((variables) => Object.values<string>(EVENTS).includes(valueOf(variables, 'event') ?? ''))

const eventsOf = (sent: readonly OutboundEvent[]) => sent.map(({ variables }) => valueOf(variables, 'event'))

for (const name of ['basic', 'demo', 'outage']) {
  for (const you of [12, 14, 29]) {
    test(`scenario ${name}, played for ${you}, is what an appliance could send`, async () => {
      const { sent } = await play(name, { you })
      assert.ok(sent.length > 10)
      assert.deepEqual(auditEvents(known(sent)), [])
    })
  }
}

test('basic is one session with all seven events', async () => {
  const { sent } = await play('basic')
  assert.equal(new Set(sent.map(({ variables }) => valueOf(variables, 'lsid'))).size, 1)
  assert.deepEqual(new Set(eventsOf(sent)), new Set(Object.values(EVENTS)))
})

test('demo lasts about 18 seconds and shows what a representative is told of', async () => {
  const { sent } = await play('demo')
  const seconds = sent.map(({ variables }) => Number(valueOf(variables, 'timestamp')) - START / 1000)
  assert.ok((seconds.at(-1) ?? 0) >= 15 && (seconds.at(-1) ?? 0) <= 18, String(seconds.at(-1)))
  const has = (wanted: Readonly<Record<string, string>>) =>
    sent.some(({ variables }) => Object.entries(wanted).every(([name, value]) => valueOf(variables, name) === value))
  assert.ok(has({ event: EVENTS.ownerChanged, conference_id: 'team:5' }), 'a customer waits in your team')
  assert.ok(has({ event: EVENTS.ownerChanged, conference_id: 'rep:12', external_key: 'INC0010023' }), 'one for you')
  assert.ok(has({ event: EVENTS.memberDeparted, type: 'customer', external_key: 'INC0010023' }), 'the customer left')
  assert.ok(has({ event: EVENTS.customerSurvey, external_key: 'INC0010023' }), 'a survey')
  assert.ok(has({ event: EVENTS.end }), 'an end')
  assert.ok(has({ event: EVENTS.ownerChanged, conference_id: 'rep:22' }), 'a colleague at work')
  assert.ok(
    sent.some(({ variables }) => !Object.values<string>(EVENTS).includes(valueOf(variables, 'event') ?? '')),
    'an unknown event',
  )
  const first = (lsid: string | undefined) => sent.filter(({ variables }) => valueOf(variables, 'lsid') === lsid)
  const begunWithYou = sent.filter(({ variables }, index) => {
    const before = sent[index - 1]?.variables ?? []
    return valueOf(before, 'event') === EVENTS.begin && valueOf(variables, 'conference_id') === 'rep:12'
  })
  assert.equal(begunWithYou.length, 1, 'a session that starts with you')
  const own = first(valueOf(begunWithYou[0]?.variables ?? [], 'lsid'))
  const keys = own.map(({ variables }) => valueOf(variables, 'external_key'))
  assert.deepEqual(new Set(keys), new Set([undefined, 'INC0010031']), 'which gets its key later')
})

test('outage brings what lies back, late and at once, and then something new', async () => {
  const { sent } = await play('outage')
  const age = sent.map(({ variables }) => START / 1000 - Number(valueOf(variables, 'timestamp')))
  assert.equal(age[0], 7200)
  assert.ok(age.filter((seconds) => seconds > 120).length >= 25)
  assert.ok((age.at(-1) ?? 0) < 0)
})

test('odd has every kind of oddness', async () => {
  const used = new Set(loadScenario('odd').steps.map(({ odd }) => odd))
  for (const [kind] of ODD_KINDS) assert.ok(used.has(kind), kind)
  const { sent } = await play('odd')
  const plain = await play('odd', { you: 12 })
  assert.deepEqual(sent, plain.sent, 'the same each time')
  const forms = new Set(sent.map(({ form }) => form))
  assert.deepEqual(
    forms,
    new Set([
      'urlencoded',
      'windows-1252',
      'multipart',
      'raw',
      'percent-blanks',
      'charset-parameter',
      'no-content-type',
    ]),
  )
})

test('speed divides the delays', async () => {
  const { sent } = await play('basic', { speed: 10 }, 1)
  assert.equal(sent.length, 13)
})

test('repeated, each round has new sessions, and ends what was left of the round before', async () => {
  const stage = createStage()
  const stop = new AbortController()
  const playing = runScenario(stage.appliance, loadScenario('demo'), { repeat: true, signal: stop.signal })
  await stage.clock.advance(70_000)
  stop.abort()
  await playing
  const begins = stage.sent.filter(({ variables }) => valueOf(variables, 'event') === EVENTS.begin)
  assert.ok(begins.length > 12, String(begins.length))
  assert.equal(new Set(begins.map(({ variables }) => valueOf(variables, 'lsid'))).size, begins.length)
  assert.ok(stage.appliance.sessions.size <= 6)
  assert.deepEqual(auditEvents(known(stage.sent)), [])
})

test('a signal ends it between two steps', async () => {
  const stage = createStage()
  const stop = new AbortController()
  const playing = runScenario(stage.appliance, loadScenario('basic'), { signal: stop.signal })
  await stage.clock.advance(1500)
  stop.abort()
  await playing
  await stage.clock.advance(60_000)
  assert.equal(stage.sent.length, 5)
})

test('what the API does to a session in the midst of a scenario does not end the scenario', async () => {
  for (const everyMs of [700, 1500, 4000]) {
    const stage = createStage()
    const playing = runScenario(stage.appliance, loadScenario('demo'))
    for (let passed = 0; passed < 60_000; passed += everyMs) {
      await stage.clock.advance(everyMs)
      const session = [...stage.appliance.sessions.values()].find(({ steered }) => !steered)
      session?.end()
      session?.steer()
    }
    await playing
    assert.deepEqual(auditEvents(known(stage.sent)), [])
  }
})

test('a step that cannot be says which one, and why', async () => {
  const { appliance } = createStage()
  const steps = (...list: object[]) => checkScenario({ steps: list }, 'mine')
  const start = { after: 0, do: 'start', session: 'a', queue: 'general', customer: 'Jane Doe' }
  await assert.rejects(runScenario(appliance, steps({ after: 0, do: 'end', session: 'b' })), {
    message: 'scenario mine, step 1: session b has not started',
  })
  await assert.rejects(
    runScenario(appliance, steps(start, { after: 0, do: 'pickUp', session: 'a', rep: 99 })),
    /^Error: scenario mine, step 2: there is no representative 99$/,
  )
  await assert.rejects(runScenario(appliance, steps(start), { you: 99 }), /no representative 99/)
})

test('a scenario file is checked before it is played', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [null, /is no object with a list of steps/],
    [{ steps: {} }, /is no object with a list of steps/],
    [{ steps: [], rest: 'x' }, /rest is no number/],
    [{ steps: [7] }, /step 1: is no object/],
    [{ steps: [{ do: 'fly', after: 0 }] }, /step 1: do: fly is unknown/],
    [{ steps: [{ do: 'toString', after: 0 }] }, /do: toString is unknown/],
    [{ steps: [{ do: 'end', session: 'a' }] }, /after is missing or wrong/],
    [{ steps: [{ do: 'end', after: 0 }] }, /session is missing or wrong/],
    [{ steps: [{ do: 'end', after: 0, session: 'a', rep: 12 }] }, /rep is unknown for end/],
    [{ steps: [{ do: 'end', after: 0, session: 'a', odd: 'very' }] }, /odd is missing or wrong/],
    [{ steps: [{ do: 'transfer', after: 0, session: 'a', to: 'embassy:1' }] }, /to is missing or wrong/],
  ]
  for (const [content, message] of wrong) assert.throws(() => checkScenario(content, 'mine'), message)
  assert.throws(() => loadScenario('/nowhere/at/all.json'), /^Error: scenario \/nowhere\/at\/all\.json: ENOENT/)
  for (const name of SCENARIO_NAMES) assert.notEqual(loadScenario(name).about, '')
})
