/** An hour of a busy site through broker and relay: each workstation gets all that concerns it, and nothing else. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { parseEvent } from '../../main/events/event.ts'
import { openJournal, type Journal } from '../../main/events/journal.ts'
import { audienceOf, audiencesOf, maySee, type Entitlement } from '../../main/relay/audience.ts'
import { dial } from '../../main/relay/dial.ts'
import { createFeed, type FeedStatus } from '../../main/relay/feed.ts'
import type { EventMessage } from '../../main/relay/message.ts'
import type { Credential } from '../../main/relay/workstations.ts'
import { applyEvent, type Session } from '../../main/sessions/session.ts'
import { createAppliance } from '../appliance/appliance.ts'
import { createTraffic } from '../appliance/traffic.ts'
import { atEnd } from '../at-end.ts'
import { until } from './helpers/application.ts'
import { createSite, test, type Site } from './helpers/fleet.ts'

const TEAMS = { '5': ['12', '13'], '7': ['14'], '9': ['15', '13'] }

interface Workstation {
  readonly who: Entitlement
  readonly journal: Journal
  /** All that came, in order. */
  readonly got: EventMessage[]
  readonly status: () => FeedStatus
}

function startWorkstation(t: TestContext, site: Site, credential: Credential, who: Entitlement): Workstation {
  const journal = openJournal(join(site.folder, `${credential.workstation}.db`))
  const got: EventMessage[] = []
  let status: FeedStatus = { kind: 'stopped' }
  const feed = createFeed({
    credential: () => credential,
    dial: (each) => dial(each),
    journal: () => journal,
    now: Date.now,
    random: Math.random,
    onStatus: (next) => {
      status = next
    },
    onEvent: (message, { repeated }) => {
      if (!repeated) got.push(message)
    },
    onUnread: () => assert.fail('unread'),
  })
  feed.start()
  atEnd(t, async () => {
    await feed.stop()
    journal.close()
  })
  return { who, journal, got, status: () => status }
}

/** What the appliance's events add up to, and who could see each session at some time: the model. */
function modelOf(journal: readonly { variables: Readonly<Record<string, string>>; receivedAt: number }[]) {
  const sessions = new Map<string, Session>()
  const seenBy = new Map<string, Set<string>>()
  for (const [index, { variables, receivedAt }] of journal.entries()) {
    const event = parseEvent(variables)
    if ('malformed' in event || event.lsid === null) continue
    const before = sessions.get(event.lsid) ?? null
    if (before === null && event.kind === 'other') continue
    const after = applyEvent(before, { ...event, lsid: event.lsid, seq: index + 1, time: event.at ?? receivedAt })
    sessions.set(event.lsid, after)
    const seen = seenBy.get(event.lsid) ?? new Set()
    for (const audience of audienceOf(after)) seen.add(audience)
    seenBy.set(event.lsid, seen)
  }
  return { sessions, seenBy }
}

/** A session without the numbers that each journal counts for itself. */
function essence(session: Session | undefined) {
  if (session === undefined) return null
  const { revision: _, timeline, ...rest } = session
  return { ...rest, timeline: timeline.map(({ seq: _seq, ...entry }) => entry) }
}

test(
  'an hour of traffic: each workstation’s sessions are the model’s, and nothing foreign comes',
  { timeout: 120_000 },
  async (t) => {
    const site = await createSite(t, TEAMS)
    await site.startBroker()
    const relay = await site.startRelay()
    // What the whole site stored, in the order in which the broker has it.
    const reps = ['12', '13', '14', '15', '16']
    const workstations = reps.map((rep, index) => {
      const who: Entitlement = {
        rep,
        teams: Object.entries(TEAMS).flatMap(([team, members]) => (members.includes(rep) ? [team] : [])),
        general: index % 2 === 0,
      }
      return startWorkstation(t, site, site.enrol(`ws-${rep}`, rep, who.general), who)
    })
    for (const each of workstations) await until(() => each.status().kind === 'attached', 'attached')

    const appliance = createAppliance({ seed: 20_261_122, lostReply: 0.05, retryIntervalMs: 1 })
    atEnd(t, () => appliance.close())
    appliance.addRecipient(site.recipientUrl(relay), { keepAlive: true })
    createTraffic(appliance, { live: 20, you: 12 }).backlog(1_500, 3_600_000)
    await appliance.idle()
    await until(() => relay.figures().lag === 0, 'all is routed')

    const stored = appliance.history.map(({ event }) => ({
      variables: Object.fromEntries(event.variables) as Record<string, string>,
      receivedAt: 0,
    }))
    const { sessions, seenBy } = modelOf(stored)
    assert.ok(relay.figures().repeated > 10, 'replies were lost')

    for (const { who, journal, got } of workstations) {
      const mine = [...sessions.values()].filter((session) => maySee(who, session))
      assert.ok(mine.length > 0 || who.rep === '16')
      const own = () => modelOf(journal.eventsAfter(0, 100_000)).sessions
      await until(
        () => mine.every(({ lsid, updatedAt }) => own().get(lsid)?.updatedAt === updatedAt),
        `all came to ${who.rep}`,
      )
      for (const session of mine) assert.deepEqual(essence(own().get(session.lsid)), essence(session))
      const audiences = audiencesOf(who)
      for (const { lsid } of got) {
        assert.ok(
          audiences.some((audience) => seenBy.get(lsid ?? '')?.has(audience)),
          `${who.rep} got something of a session that they never may see`,
        )
      }
    }
  },
)
