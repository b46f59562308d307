/** An hour of a busy site, sent as fast as the appliance's rules allow: the board says what the site says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert, SessionRow } from '../../preload/contract.ts'
import { createAppliance, type Appliance } from '../appliance/appliance.ts'
import { createSystemClock } from '../appliance/clock.ts'
import { valueOf } from '../appliance/event.ts'
import { createTraffic } from '../appliance/traffic.ts'
import { createProfile, startRun, until } from './helpers/application.ts'

const HOUR = 3_600_000
const EVENTS = 1_000

/** Its clock is ahead by an hour, so that the hour that it sends begins now: nothing of it is late. */
function startSite(url: string, seed: number): Appliance {
  const clock = createSystemClock()
  const appliance = createAppliance({
    clock: { ...clock, now: () => clock.now() + HOUR },
    seed,
    lostReply: 0.03,
    odd: 0.03,
    retryIntervalMs: 1,
  })
  appliance.addRecipient(url, { keepAlive: true })
  return appliance
}

const lsidOf = ({ event: { variables } }: Appliance['history'][number]) =>
  valueOf(variables, 'lsid') ?? valueOf(variables, 'Isid')

/** The key as the last event of each session had it: there is no event for its change. */
function keysSent(appliance: Appliance): ReadonlyMap<string, string | null> {
  const keys = new Map<string, string | null>()
  for (const delivery of appliance.history) {
    const { event } = delivery
    const lsid = lsidOf(delivery)
    const name = valueOf(event.variables, 'event') ?? ''
    const key = valueOf(event.variables, 'external_key') || null
    const isSilent = name.includes('survey') || !/_(begin|end|owner_changed|member_\w+)$/.test(name)
    if (lsid !== undefined && (key !== null || !isSilent)) keys.set(lsid, key)
  }
  return keys
}

test(
  'the board, and what is on the desktop, are true after an hour of random traffic',
  { timeout: 120_000 },
  async (t) => {
    const profile = createProfile(t, { 'me.teams': ['5', '7'], 'notify.generalQueue': true })
    const run = await startRun(t, profile)
    const appliance = startSite(run.app.recipientUrl() ?? '', 20_261_123)
    t.after(() => appliance.close())
    const traffic = createTraffic(appliance, { live: 20, you: 12 })
    traffic.backlog(EVENTS, HOUR)
    await appliance.idle()
    assert.equal(appliance.dropped, 0)

    const shown = new Map<string, Alert>()
    await until(() => {
      const { alerts } = run.state()
      shown.clear()
      for (const alert of alerts) if (!alert.read) shown.set(alert.tag, alert)
      // What waits a moment before it is told has been told when nothing more comes for longer than that.
      return alerts.every((alert) => Date.now() - alert.at > 2_000)
    }, 'all has been told')

    // The traffic is cut after so many events, perhaps in the middle of what happens to one session.
    const cut = appliance.history.map(lsidOf).findLast((lsid) => lsid !== undefined)
    const { health } = run.state()
    const sessions = run.state().sessions.filter((row) => row.lsid !== cut)
    assert.ok(health.repeated > 5 && health.quarantined > 1, 'replies were lost, and odd things came')
    const live = sessions.filter((row) => row.status !== 'ended')
    const rows = new Map(sessions.map((row) => [row.lsid, row]))
    const world = [...appliance.sessions.values()].filter((session) => session.lsid !== cut)
    assert.ok(world.length >= 10, `${world.length} sessions run`)
    assert.deepEqual(live.map((row) => row.lsid).toSorted(), world.map((session) => session.lsid).toSorted())

    const keys = keysSent(appliance)
    for (const session of world) {
      const row = rows.get(session.lsid)
      const seen = (each: SessionRow | undefined) => ({
        owner: each?.owner?.id,
        customer: each?.customerPresent,
        representatives: each?.representatives.toSorted(),
        key: each?.externalKey,
        status: each?.status,
      })
      assert.deepEqual(seen(row), {
        owner: session.owner.id,
        customer: session.customerPresent,
        representatives: session.representatives.map((rep) => rep.name).toSorted(),
        key: keys.get(session.lsid) ?? null,
        status:
          !session.owner.id.startsWith('rep:') || (session.customerPresent && session.representatives.length === 0)
            ? 'waiting'
            : 'active',
      })
    }

    // What is on the desktop is true …
    for (const alert of shown.values()) {
      if (alert.lsid === cut) continue
      const row = rows.get(alert.lsid ?? '')
      const members = (await run.run({ type: 'session.get', lsid: alert.lsid ?? '' }))?.members ?? []
      // Who helped before the session was theirs has not accepted it by that.
      const isIn = members.some(
        ({ userId, leftAt, joinedAt }) =>
          userId === '12' && leftAt === null && (joinedAt ?? 0) >= (row?.ownerSince ?? 0),
      )
      const truths: Partial<Record<Alert['kind'], boolean>> = {
        transferred: row?.relation === 'mine' && row.status !== 'ended' && !isIn,
        started: row?.relation === 'mine' && row.status !== 'ended' && !isIn,
        teamQueue: row?.status === 'waiting' && row.relation === 'team',
        generalQueue: row?.status === 'waiting' && row.relation === 'general',
        customerLeft: row?.relation === 'mine' && row.status !== 'ended' && !row.customerPresent,
        customerJoined: row?.relation === 'mine' && row.status !== 'ended' && row.customerPresent,
        ended: row?.status === 'ended',
        survey: row?.customerSurveyAt !== null,
      }
      assert.equal(truths[alert.kind], true, `${alert.kind} ${JSON.stringify(row)}`)
    }
    // … and who waits for the rep is on it, or was.
    for (const row of live) {
      const callsForMe =
        row.status === 'waiting' && (row.relation === 'mine' || row.owner?.ref === '5' || row.owner?.ref === '7')
      if (callsForMe && row.customerPresent)
        assert.ok(
          run.state().alerts.some((alert) => alert.lsid === row.lsid),
          `nobody told of ${JSON.stringify(row)}`,
        )
    }
  },
)
