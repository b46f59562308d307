/** The whole application at the relay: what a rep sees is the same as with the listener. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { dial } from '../../main/relay/dial.ts'
import { findRepresentative } from '../appliance/world.ts'
import { createAppliance } from '../appliance/appliance.ts'
import { findOwner } from '../appliance/world.ts'
import { atEnd } from '../at-end.ts'
import { createProfile, startRun, until, type Run } from './helpers/application.ts'
import { createSite, freePort, test, type Site } from './helpers/fleet.ts'

const CUSTOMER = { name: 'Jane Doe', company: 'Northwind Mills', computer: 'NWM-PC-0471' }

async function start(t: TestContext) {
  const site = await createSite(t, { '5': ['12', '13'] })
  await site.startBroker()
  const relay = await site.startRelay()
  const appliance = createAppliance({ seed: 1, retryIntervalMs: 20 })
  atEnd(t, () => appliance.close())
  appliance.addRecipient(site.recipientUrl(relay))
  return { site, relay, appliance }
}

function credentialFile(site: Site, workstation: string, rep: string): string {
  const file = join(site.folder, `${workstation}.json`)
  writeFileSync(file, JSON.stringify(site.enrol(workstation, rep)))
  return file
}

/** An application of this representative, who has said nothing of themselves. */
async function startAt(t: TestContext, site: Site, workstation: string, rep: string) {
  const profile = createProfile(t, {
    'me.repId': '',
    'me.username': '',
    'me.teams': [],
    'relay.credentialFile': credentialFile(site, workstation, rep),
  })
  const run = await startRun(t, profile)
  await attached(run)
  return { profile, run }
}

const attached = (run: Run) => until(() => run.state().health.relay?.status === 'attached', 'attached', 30_000)

test('a session wanders from one workstation to the other, and each rep is told what concerns them', async (t) => {
  const { site, appliance } = await start(t)
  const [{ run: john }, { run: other }] = [
    await startAt(t, site, 'ws-john', '12'),
    await startAt(t, site, 'ws-other', '31'),
  ]
  assert.equal(john.state().settings['me.repId'], '12', 'the relay knows who works there')
  assert.deepEqual(john.state().settings['me.teams'], ['5'])
  assert.equal(john.state().health.listener.status, 'stopped')
  assert.deepEqual(john.state().health.listener.addresses, [])

  const session = appliance.startSession({ queue: findOwner(appliance.world, 'team:5'), customer: CUSTOMER })
  session.setExternalKey('INC0010023')
  await john.shows('Customer waiting in Troubleshooting — Jane Doe · no ticket')
  session.transfer(findOwner(appliance.world, 'rep:31'))
  await until(() => other.row(session.lsid)?.relation === 'mine', 'it is the other’s')
  await other.shows('Session transferred to you — Jane Doe · INC0010023')
  await until(() => john.row(session.lsid) === undefined, 'it leaves John’s board')
  const known = await john.run({ type: 'session.get', lsid: session.lsid })
  assert.equal(known?.owner?.id, 'rep:31', 'he still finds where it went')
  session.end()
  await until(() => other.row(session.lsid)?.status === 'ended', 'the end')
  await appliance.idle()
  assert.equal((await john.run({ type: 'session.get', lsid: session.lsid }))?.status, known.status, 'and no more')
  const details = await other.run({ type: 'session.get', lsid: session.lsid })
  assert.ok(
    details?.timeline.some(({ kind }) => kind === 'started'),
    'the other’s board has all of it',
  )
})

test('what happened while a workstation was off comes when it is back, once, and as a digest', async (t) => {
  const { site, appliance } = await start(t)
  const { profile, run } = await startAt(t, site, 'ws-john', '12')
  const session = appliance.startSession({ queue: findOwner(appliance.world, 'rep:12'), customer: CUSTOMER })
  await until(() => run.row(session.lsid)?.relation === 'mine', 'his')
  const before = run.state().health.stored
  await run.stop()
  session.join(findRepresentative(appliance.world, 12))
  session.setExternalKey('INC7')
  session.leave(findRepresentative(appliance.world, 12))
  await appliance.idle()
  const again = await startRun(t, profile)
  await until(() => again.row(session.lsid)?.externalKey === 'INC7', 'it comes')
  assert.equal(again.state().health.repeated, 0, 'nothing twice')
  assert.ok(before > 0)
})

test('from the listener to the relay and back: no event is left out, none is twice', async (t) => {
  const { site, appliance } = await start(t)
  const profile = createProfile(t, { 'listener.port': await freePort() })
  const run = await startRun(t, profile)
  appliance.addRecipient(run.app.recipientUrl() ?? assert.fail('it does not listen'), { name: 'workstation' })
  const session = appliance.startSession({ queue: findOwner(appliance.world, 'rep:12'), customer: CUSTOMER })
  await until(() => run.row(session.lsid)?.relation === 'mine', 'by the listener')
  await appliance.idle()
  await run.run({ type: 'settings.set', key: 'relay.credentialFile', value: credentialFile(site, 'ws-john', '12') })
  await attached(run)
  session.setExternalKey('INC1')
  session.join(findRepresentative(appliance.world, 12))
  await until(() => run.row(session.lsid)?.externalKey === 'INC1', 'by the relay')
  const stored = run.state().health.stored
  await run.run({ type: 'settings.reset', key: 'relay.credentialFile' })
  await until(() => run.state().health.listener.status === 'listening', 'it listens again')
  assert.equal(run.state().health.relay, null)
  await until(
    () => run.state().health.repeated > 0 || run.state().health.stored > stored,
    'the appliance’s queue for it',
  )
  const details = await run.run({ type: 'session.get', lsid: session.lsid })
  assert.equal(details?.timeline.filter(({ kind }) => kind === 'started').length, 1)
})

test('a workstation that is taken back says so, and a broker that is away is a problem that passes', async (t) => {
  const { site, appliance } = await start(t)
  const { run } = await startAt(t, site, 'ws-john', '12')
  await site.killBroker()
  await until(() => run.problem('relay')?.title === 'The site’s relay cannot be reached', 'the problem')
  await site.startBroker()
  await run.run({ type: 'listener.retry' })
  await attached(run)
  await until(() => run.problem('relay') === undefined, 'it passes')
  const session = appliance.startSession({ queue: findOwner(appliance.world, 'rep:12'), customer: CUSTOMER })
  await until(() => run.row(session.lsid)?.relation === 'mine', 'events come again', 60_000)
  // Somebody with a copy of the credential, who came later.
  const copy = await dial(
    JSON.parse((await import('node:fs')).readFileSync(join(site.folder, 'ws-john.json'), 'utf8')) as Parameters<
      typeof dial
    >[0],
  )
  atEnd(t, () => copy.close())
  await copy.request(
    'relay.attach.ws-john',
    JSON.stringify({
      cursor: 0,
      stream: null,
      audiences: null,
      instance: 'copy',
      startedAt: Date.now() + 1,
      renew: false,
    }),
  )
  // It hears of it from the broker, or at the latest when it renews its lease.
  await until(
    () => run.problem('relay')?.title === 'Another program has taken your place at the relay',
    'displaced',
    60_000,
  )
})
