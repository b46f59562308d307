/** What a rep may see changes while they work, or while they are away: their board follows. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import type { ApplianceClient } from '../../main/appliance/client.ts'
import type { SupportTeam } from '../../main/appliance/command-result.ts'
import { createAppliance, type Appliance } from '../appliance/appliance.ts'
import type { Session as AppliedSession } from '../appliance/session.ts'
import { findOwner, findRepresentative } from '../appliance/world.ts'
import { atEnd } from '../at-end.ts'
import { bench, finished } from './appliance-client-support.ts'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'
import { createSite, test, type Site } from './helpers/fleet.ts'

const CUSTOMER = { name: 'Jane Doe', company: 'Northwind Mills', computer: 'NWM-PC-0471' }

/** A key comes with the next event of its session. */
function setKey(appliance: Appliance, session: AppliedSession, key: string): void {
  session.setExternalKey(key)
  const helper = findRepresentative(appliance.world, 31)
  session.join(helper)
  session.leave(helper)
}

/** A site whose appliance tells of these teams; the test moves people between them. */
async function start(t: TestContext) {
  const site = await createSite(t)
  await site.startBroker()
  const teams = new Map<string, readonly string[]>()
  const told = () =>
    Promise.resolve(
      [...teams].map(([id, reps]) => ({ id, members: reps.map((rep) => ({ id: rep })) })) as unknown as SupportTeam[],
    )
  const client = { origin: 'https://support.example.com', getSupportTeams: told } as unknown as ApplianceClient
  const relay = await site.startRelay({ client })
  const appliance = createAppliance({ seed: 1, retryIntervalMs: 20 })
  atEnd(t, () => appliance.close())
  appliance.addRecipient(site.recipientUrl(relay))
  return { site, relay, appliance, teams }
}

function profileAt(t: TestContext, site: Site, workstation: string, rep: string) {
  const file = join(site.folder, `${workstation}.json`)
  writeFileSync(file, JSON.stringify(site.enrol(workstation, rep)))
  return createProfile(t, { 'me.repId': '', 'me.username': '', 'me.teams': [], 'relay.credentialFile': file })
}

const attached = (run: Run) => until(() => run.state().health.relay?.status === 'attached', 'attached')

test('who joins a team sees its sessions whole, and who leaves it sees them no more', async (t) => {
  const { site, relay, appliance, teams } = await start(t)
  const run = await startRun(t, profileAt(t, site, 'ws-john', '12'))
  await attached(run)
  const queue = findOwner(appliance.world, 'team:5')
  const session = appliance.startSession({ queue, customer: CUSTOMER })
  setKey(appliance, session, 'INC0010023')
  await appliance.idle()
  await until(() => relay.figures().lag === 0, 'all is routed')
  assert.equal(run.row(session.lsid), undefined)

  teams.set('5', ['12'])
  await relay.refresh()
  await until(() => run.row(session.lsid)?.externalKey === 'INC0010023', 'it came whole')
  assert.deepEqual(run.state().settings['me.teams'], ['5'])
  const timeline = await until(async () => {
    const details = await run.run({ type: 'session.get', lsid: session.lsid })
    return details?.timeline.some(({ kind }) => kind === 'left') === true && details.timeline
  }, 'all of it')
  assert.deepEqual(
    timeline.map(({ kind }) => kind),
    ['started', 'owner', 'joined', 'joined', 'key', 'left'],
  )
  assert.deepEqual(run.desktop.shown, [], 'and is no news')
  assert.equal(run.problem('relay'), undefined)

  teams.set('5', [])
  await relay.refresh()
  await until(() => run.row(session.lsid) === undefined, 'it leaves the board')

  // Meanwhile it goes on, and he is back.
  setKey(appliance, session, 'INC2')
  await appliance.idle()
  await until(() => relay.figures().lag === 0, 'all is routed')
  teams.set('5', ['12'])
  await relay.refresh()
  await until(() => run.row(session.lsid)?.externalKey === 'INC2', 'with what happened meanwhile')
  setKey(appliance, session, 'INC3')
  await until(() => run.row(session.lsid)?.externalKey === 'INC3', 'and what happens now')
})

test('a team that was joined while the workstation was off, with some of its events already behind the others', async (t) => {
  const { site, relay, appliance, teams } = await start(t)
  const profile = profileAt(t, site, 'ws-john', '12')
  const run = await startRun(t, profile)
  await attached(run)
  const own = appliance.startSession({ queue: findOwner(appliance.world, 'rep:12'), customer: CUSTOMER })
  await until(() => run.row(own.lsid) !== undefined, 'his own')
  await appliance.idle()
  await run.stop()

  // The team's session was his, so that he knows its beginning, and went on without him.
  own.transfer(findOwner(appliance.world, 'team:5'))
  own.setExternalKey('INC1')
  const other = appliance.startSession({ queue: findOwner(appliance.world, 'team:5'), customer: CUSTOMER })
  setKey(appliance, other, 'INC2')
  setKey(appliance, own, 'INC3')
  await appliance.idle()
  await until(() => relay.figures().lag === 0, 'all is routed')
  teams.set('5', ['12', '13'])
  await relay.refresh()
  const again = await startRun(t, profile)
  await until(
    () => again.row(own.lsid)?.externalKey === 'INC3' && again.row(other.lsid)?.externalKey === 'INC2',
    'both',
  )
  assert.equal(again.row(own.lsid)?.relation, 'team')
  assert.equal((await again.run({ type: 'session.get', lsid: own.lsid }))?.owner?.id, 'team:5')
  assert.equal(again.state().problems.length, 0)
})

test('teams are remembered by the broker: an appliance that is away takes nobody’s team', async (t) => {
  const { site, relay, appliance, teams } = await start(t)
  teams.set('5', ['12'])
  await relay.refresh()
  await relay.stop()
  const getSupportTeams = () => Promise.reject(new Error('away'))
  const client = { origin: 'https://support.example.com', getSupportTeams } as unknown as ApplianceClient
  const next = await site.startRelay({ client })
  appliance.addRecipient(site.recipientUrl(next), { name: 'next' })
  const run = await startRun(t, profileAt(t, site, 'ws-john', '12'))
  await attached(run)
  assert.deepEqual(run.state().settings['me.teams'], ['5'])
})

test('away longer than the relay keeps events: it says so, and fills up from the reports', async (t) => {
  const { box, client } = await bench(t, '24.x')
  await box.clock.advance(Date.now() - box.clock.now() - 2 * 3_600_000)
  const site = await createSite(t)
  await site.startBroker()
  const relay = await site.startRelay({ client })
  const sendAll = async (from = 0) => {
    await box.appliance.idle()
    for (const variables of box.events.slice(from)) {
      const body = new URLSearchParams(variables.map(([name, value]): [string, string] => [name, value]))
      assert.equal((await fetch(site.recipientUrl(relay), { method: 'POST', body })).status, 200)
    }
    await until(() => relay.figures().lag === 0, 'all is routed')
  }
  const before = box.start('rep:12')
  await sendAll()
  const profile = profileAt(t, site, 'ws-john', '12')
  const run = await startRun(t, profile)
  await until(() => run.row(before.lsid) !== undefined, 'his')
  await run.stop()

  const sent = box.events.length
  const lsid = await finished(box, 'INC0010077')
  before.join(findRepresentative(box.appliance.world, 12))
  await sendAll(sent)
  const { streams } = await jetstreamManager(await site.connectAsRelay())
  await streams.purge('EV', { keep: 1 })
  const again = await startRun(t, profile)
  await until(() => again.problem('relay.incomplete') !== undefined, 'it says so')
  await until(
    async () => (await again.run({ type: 'lookup.search', query: 'INC0010077' })).some((hit) => hit.lsid === lsid),
    'the report is found',
  )
  await again.run({ type: 'problem.dismiss', id: 'relay.incomplete' })
})
