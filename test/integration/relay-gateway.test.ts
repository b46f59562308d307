/** The appliance's API from a workstation, through broker and relay, with a real broker and the simulated appliance. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { isApplianceError } from '../../main/appliance/errors.ts'
import { dial } from '../../main/relay/dial.ts'
import { createRemoteClient, type RemoteClient } from '../../main/relay/remote.ts'
import { findRepresentative } from '../appliance/world.ts'
import { atEnd } from '../at-end.ts'
import { bench, finished, type Bench } from './appliance-client-support.ts'
import { until } from './helpers/application.ts'
import { createSite, test, type Site } from './helpers/fleet.ts'

const DAY = 86_400_000

interface Setup extends Bench {
  readonly site: Site
  /** Hands on what the box has to send. */
  readonly send: () => Promise<void>
  /** A client at a workstation of this representative. */
  readonly enter: (rep: string) => Promise<RemoteClient>
}

async function start(t: TestContext, options: Parameters<typeof bench>[2] = {}): Promise<Setup> {
  const { box, client } = await bench(t, '24.x', options)
  const site = await createSite(t)
  await site.startBroker()
  const relay = await site.startRelay({ client })
  return {
    box,
    client,
    site,
    send: async () => {
      await box.appliance.idle()
      for (const variables of box.events) {
        const body = new URLSearchParams(variables.map(([name, value]): [string, string] => [name, value]))
        assert.equal((await fetch(site.recipientUrl(relay), { method: 'POST', body })).status, 200)
      }
    },
    enter: async (rep) => {
      const credential = site.enrol(`ws-${rep}`, rep)
      const connection = await dial(credential)
      atEnd(t, () => connection.close())
      return createRemoteClient(
        () => connection,
        () => credential.workstation,
      )
    },
  }
}

const forbidden = (error: unknown) => isApplianceError(error) && error.kind === 'forbidden' && error.code === 'relay'

/** A session that is John's (representative 12), and known to the router. */
async function johns({ box, send }: Setup) {
  const session = box.start('team:5')
  session.pickUp(findRepresentative(box.appliance.world, 12))
  await send()
  return session
}

test('a representative edits the key of their own session; others and strangers are refused', async (t) => {
  const setup = await start(t)
  const [john, other] = [await setup.enter('12'), await setup.enter('31')]
  const session = await johns(setup)
  await until(
    () =>
      john.setSessionAttributes({ lsid: session.lsid, externalKey: 'INC0010023' }).then(
        () => true,
        () => false,
      ),
    'the router knows the session',
  )
  assert.equal(session.externalKey, 'INC0010023')
  await assert.rejects(other.setSessionAttributes({ lsid: session.lsid, externalKey: 'X' }), forbidden)
  await assert.rejects(other.terminateSession({ lsid: session.lsid }), forbidden)
  await assert.rejects(other.transferSession({ lsid: session.lsid, to: 'rep:31' }), forbidden)
  await assert.rejects(john.setSessionAttributes({ lsid: 'f'.repeat(32), externalKey: 'X' }), forbidden)
  assert.equal(session.externalKey, 'INC0010023')
})

test('session keys are for oneself, one’s teams and issues; of those logged in one sees oneself', async (t) => {
  const setup = await start(t)
  const john = await setup.enter('12')
  assert.equal((await john.generateSessionKey({ queue: 'rep:12', externalKey: 'INC1' })).externalKeyLost, false)
  assert.ok((await john.generateSessionKey({ queue: 'team:5' })).url)
  await assert.rejects(john.generateSessionKey({ queue: 'rep:13' }), forbidden)
  await assert.rejects(john.generateSessionKey({ queue: 'rep_username:lguerin' }), forbidden)
  assert.deepEqual(
    (await john.getLoggedInReps()).map(({ id }) => id),
    ['12'],
  )
  assert.equal((await john.info()).version, '1.24.1')
  assert.deepEqual(await john.can('set_session_attributes'), { ok: true })
})

test('reports and listings hold only sessions that the representative had to do with', async (t) => {
  const setup = await start(t)
  const [john, other] = [await setup.enter('12'), await setup.enter('31')]
  const lsid = await finished(setup.box)
  const now = setup.box.clock.now()
  const period = { by: 'end', from: now - DAY, until: null } as const
  assert.deepEqual(
    (await john.supportSessions({ lsid })).map((each) => each.lsid),
    [lsid],
  )
  assert.deepEqual(
    (await john.listSessions(period)).map((each) => each.lsid),
    [lsid],
  )
  assert.deepEqual(await other.supportSessions({ lsid }), [])
  assert.deepEqual(await other.listSessions(period), [])
})

test('a long report comes in pieces, with progress, whole; and can be cancelled', async (t) => {
  const setup = await start(t, { appliance: { pastSessions: 400 } })
  const john = await setup.enter('12')
  const now = setup.box.clock.now()
  const period = { by: 'start', from: now - 30 * DAY, until: null } as const
  let told = 0
  const here = (await setup.client.supportSessions(period)).filter(
    ({ reps, teams }) => reps.some(({ id }) => id === '12') || teams.some(({ id }) => id === '5'),
  )
  assert.ok(JSON.stringify(here).length > 256 * 1024, 'it is long')
  const there = await john.supportSessions(period, { onProgress: () => (told += 1) })
  for (const session of here)
    assert.deepEqual(
      there.find(({ lsid }) => lsid === session.lsid),
      session,
    )
  assert.ok(told > 0)

  const controller = new AbortController()
  const cancelled = john.supportSessions(period, { signal: controller.signal, onProgress: () => controller.abort() })
  await assert.rejects(cancelled, (error: unknown) => isApplianceError(error) && error.kind === 'cancelled')
})

test('what goes wrong at the appliance is told as it is there, and a relay that is gone as what it is', async (t) => {
  const setup = await start(t)
  const john = await setup.enter('12')
  setup.box.api.setPermissions({ perm_command: 'deny' })
  setup.client.forget()
  await assert.rejects(john.generateSessionKey({ queue: 'rep:12' }), (error: unknown) => {
    return isApplianceError(error) && error.kind === 'forbidden' && error.code === 'generate_session_key'
  })
  await setup.site.killBroker()
  await assert.rejects(john.info(), (error: unknown) => isApplianceError(error) && error.kind === 'unreachable')
})
