/** Small parts of the relay: leases, the turnstile, entitlements, what it tells of itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SupportTeam } from '../../main/appliance/command-result.ts'
import { createEntitlements, type TeamsMemory } from '../../main/relay/entitlements.ts'
import { createLeases, LEASE } from '../../main/relay/leases.ts'
import { metricsText, type Figures } from '../../main/relay/metrics.ts'
import { createTurnstile } from '../../main/relay/turnstile.ts'
import { isNewEnough } from '../../main/relay/broker-version.ts'
import type { Workstations } from '../../main/relay/workstations.ts'

test('a lease: the newer session has it, for as long as it renews it', () => {
  let now = 0
  const leases = createLeases(() => now)
  const old = { instance: 'old', startedAt: 1 }
  const young = { instance: 'young', startedAt: 2 }
  assert.equal(leases.take('anna', old), true)
  assert.equal(leases.take('bert', old), true)
  assert.equal(leases.take('anna', young), true)
  assert.equal(leases.take('anna', old), false)
  assert.equal(leases.count(), 2)
  now += LEASE - 1
  assert.equal(leases.take('anna', young), true)
  now += LEASE - 1
  assert.equal(leases.take('anna', old), false)
  assert.equal(leases.count(), 1, 'Bert’s has ended')
  now += 2
  assert.equal(leases.take('anna', old), true, 'nobody has it any more')
  leases.end('anna')
  assert.equal(leases.count(), 0)
})

test('the turnstile lets so many in, the others in their order, and sends away who waited too long', async () => {
  let now = 0
  const turnstile = createTurnstile({ atOnce: 2, wait: 100, elapsed: () => now })
  const ends: (() => void)[] = []
  const begun: number[] = []
  const work = (number: number) => () => {
    begun.push(number)
    return new Promise<number>((resolve) => ends.push(() => resolve(number)))
  }
  const all = [1, 2, 3, 4].map((number) => turnstile(work(number)))
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  await turn()
  assert.deepEqual(begun, [1, 2])
  ends[0]?.()
  await turn()
  assert.deepEqual(begun, [1, 2, 3])
  now = 101
  ends[1]?.()
  ends[2]?.()
  assert.deepEqual(await Promise.all(all), [1, 2, 3, null])
  await assert.rejects(turnstile(() => Promise.reject(new Error('no'))))
  const after = turnstile(work(5))
  await turn()
  assert.deepEqual(begun, [1, 2, 3, 5], 'those who failed made room')
  ends[3]?.()
  assert.equal(await after, 5)
})

function entitled(options: { teams?: Record<string, readonly string[]>; ask?: () => Promise<readonly SupportTeam[]> }) {
  const lines = { anna: { rep: '12', general: true }, bert: { rep: '13', general: false } }
  const workstations = {
    get: (name: string) => (name === 'anna' || name === 'bert' ? lines[name] : null),
  } as unknown as Workstations
  let kept: Parameters<TeamsMemory['write']>[0] | null = null
  const told = { changes: 0, failures: 0 }
  const memory: TeamsMemory = {
    read: () => Promise.resolve(kept),
    write: (teams) => {
      kept = teams
      return Promise.resolve()
    },
  }
  const make = (ask = options.ask ?? null) =>
    createEntitlements({
      workstations,
      fixed: options.teams ?? {},
      ask,
      memory,
      onChange: () => (told.changes += 1),
      onFailure: () => (told.failures += 1),
    })
  return { make, told }
}

const team = (id: string, ...reps: readonly string[]) =>
  ({ id, name: '', issues: [], members: reps.map((rep) => ({ id: rep })) }) as unknown as SupportTeam

test('who works where, with the teams of the configuration and those of the appliance', async () => {
  let teams = [team('5', '12', '13'), team('7', '13')]
  const { make, told } = entitled({ teams: { '9': ['12'], '5': ['12'] }, ask: () => Promise.resolve(teams) })
  const entitlements = make()
  assert.deepEqual(entitlements.of('anna'), { rep: '12', teams: ['5', '9'], general: true })
  await entitlements.refresh()
  assert.deepEqual(entitlements.of('anna'), { rep: '12', teams: ['5', '9'], general: true })
  assert.deepEqual(entitlements.of('bert'), { rep: '13', teams: ['5', '7'], general: false })
  assert.equal(entitlements.of('carl'), null)
  teams = [team('7', '13'), team('5', '13', '12')]
  await entitlements.refresh()
  assert.equal(told.changes, 1, 'another order is no change')
  teams = []
  await entitlements.refresh()
  assert.deepEqual(entitlements.of('bert')?.teams, [])
  assert.equal(told.changes, 2)
})

test('an appliance that does not answer takes nobody’s team, not even from the next relay', async () => {
  const { make, told } = entitled({ ask: () => Promise.resolve([team('5', '12')]) })
  const first = make()
  await first.refresh()
  const second = make(() => Promise.reject(new Error('away')))
  await second.recall()
  await second.refresh()
  assert.deepEqual(second.of('anna')?.teams, ['5'])
  assert.deepEqual(told, { changes: 1, failures: 1 })
})

const FIGURES: Figures = {
  brokerUp: true,
  listening: false,
  storing: true,
  events: 12,
  repeated: 1,
  quarantined: 0,
  refused: 2,
  lastEventAt: 1_700_000_000_500,
  lag: 3,
  attached: 500,
  attachRefusals: 4,
  apiCalls: 9,
}

test('metrics are Prometheus’ text: each with help and type, what is not known left out', () => {
  const text = metricsText(FIGURES)
  assert.match(
    text,
    /^# HELP rep_tray_relay_broker_up .+\n# TYPE rep_tray_relay_broker_up gauge\nrep_tray_relay_broker_up 1\n/,
  )
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  assert.deepEqual(samples, [
    'rep_tray_relay_broker_up 1',
    'rep_tray_relay_listening 0',
    'rep_tray_relay_storing 1',
    'rep_tray_relay_events_total 12',
    'rep_tray_relay_events_repeated_total 1',
    'rep_tray_relay_events_quarantined_total 0',
    'rep_tray_relay_events_refused_total 2',
    'rep_tray_relay_last_event_timestamp_seconds 1700000000.5',
    'rep_tray_relay_router_lag 3',
    'rep_tray_relay_attached 500',
    'rep_tray_relay_attach_refusals_total 4',
    'rep_tray_relay_api_calls_total 9',
  ])
  assert.ok(text.endsWith('\n'))
  const unknown = metricsText({ ...FIGURES, lastEventAt: null, lag: null })
  assert.equal(/last_event|router_lag/.test(unknown), false)
})

test('versions of nats-server', () => {
  for (const version of ['2.12.6', 'nats-server: v2.15.1', '3.0.0', '2.13.0']) assert.equal(isNewEnough(version), true)
  for (const version of ['2.9.10', '2.12.5', '1.99.99', '', 'x']) assert.equal(isNewEnough(version), false)
})
