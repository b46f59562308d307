/** Sessions that wander between representatives, teams and the general queue, and who has to have got what of them. */
import { DatabaseSync } from 'node:sqlite'
import { existsSync } from 'node:fs'
import { eventDigest, parseEvent } from '../../../main/events/event.ts'
import type { Entitlement } from '../../../main/relay/audience.ts'
import type { Random } from '../../appliance/random.ts'
import type { Sender, Sent } from './sender.ts'

/** Steps of a session between its beginning and its end (least, most). */
const STEPS = [3, 12] as const

/** Sessions one after the other, at the hands of these representatives and teams. */
export function* wandering(
  name: string,
  random: Random,
  reps: readonly string[],
  teams: readonly string[],
): Generator<Sent> {
  let count = 0
  for (let number = 1; ; number += 1) {
    const lsid = `${name}-${String(number).padStart(7, '0')}`
    const make = (own: Record<string, string>): Sent => {
      count += 1
      // Each is another, though many happen within one second.
      const timestamp = String(Math.floor(Date.now() / 1000))
      return { lsid, body: new URLSearchParams({ version: '1', timestamp, lsid, n: String(count), ...own }).toString() }
    }
    const owner = () =>
      random.chance(0.5)
        ? `rep:${random.pick(reps)}`
        : random.chance(0.2) || teams.length === 0
          ? 'general'
          : `team:${random.pick(teams)}`
    yield make({ event: 'support_conference_begin' })
    for (let step = random.int(...STEPS); step > 0; step -= 1) {
      const who = { type: 'representative', user_id: random.pick(reps), display_name: 'A. Colleague' }
      yield make(
        random.chance(0.5)
          ? { event: 'support_conference_owner_changed', conference_id: owner(), conference_name: 'x' }
          : random.chance(0.5)
            ? { event: 'support_conference_member_added', ...who }
            : { event: 'support_conference_member_departed', ...who },
      )
    }
    yield make({ event: 'support_conference_end' })
  }
}

function digestOf({ body }: Sent): string {
  const event = parseEvent(Object.fromEntries(new URLSearchParams(body)))
  if ('malformed' in event) throw new Error(event.malformed)
  return Buffer.from(eventDigest(event.variables)).toString('hex')
}

/** What a session was made of, in order, and who could see it before or after each event. */
interface History {
  readonly digests: string[]
  readonly seers: ReadonlySet<string>[]
}

/** Whose a session is: an owner such as `team:5`, and the representatives in it. A model of its own, not the relay's. */
interface Whose {
  owner: string | null
  readonly reps: Set<string>
}

const seersOf = ({ owner, reps }: Whose) => [
  ...(owner === null ? [] : [owner]),
  ...[...reps].map((rep) => `rep:${rep}`),
]

function happen(whose: Whose, event: URLSearchParams): void {
  const what = event.get('event')
  const who = event.get('user_id') ?? ''
  if (what === 'support_conference_owner_changed') whose.owner = event.get('conference_id')
  if (what === 'support_conference_member_added') whose.reps.add(who)
  if (what === 'support_conference_member_departed') whose.reps.delete(who)
}

/** The model: what senders were answered 200 for, and whom each event concerned. */
export function historiesOf(senders: readonly Sender[]): ReadonlyMap<string, History> {
  const sessions = new Map<string, Whose>()
  const histories = new Map<string, History>()
  for (const { acknowledged, pending } of senders) {
    const open = pending()
    // What is under way may have been stored.
    for (const sent of [...acknowledged, ...(open === null ? [] : [open])]) {
      const { lsid, body } = sent
      const whose = sessions.get(lsid) ?? { owner: null, reps: new Set() }
      const before = seersOf(whose)
      happen(whose, new URLSearchParams(body))
      sessions.set(lsid, whose)
      const history = histories.get(lsid) ?? { digests: [], seers: [] }
      history.digests.push(digestOf(sent))
      history.seers.push(new Set([...before, ...seersOf(whose)]))
      histories.set(lsid, history)
    }
  }
  return histories
}

export interface FleetVerdict {
  /** Events that this representative had to get and did not. */
  readonly lost: number
  readonly repeated: number
  /** Not in the order in which they happened. */
  readonly misordered: number
  /** Events that this representative may never see. */
  readonly foreign: number
  readonly events: number
}

/** What came to a workstation, in the order in which it came. */
export interface Got {
  readonly lsid: string
  readonly digest: string
}

/**
 * Holds what came against the model: of each session a representative gets all events up to the last one that
 * concerned them, in their order, and nothing more.
 * @param unsure digests of events that may or may not have been stored
 */
export function judge(
  got: readonly Got[],
  histories: ReadonlyMap<string, History>,
  who: Entitlement,
  unsure: ReadonlySet<string>,
): FleetVerdict {
  const { rep, teams, general } = who
  const mine = [`rep:${rep}`, ...teams.map((team) => `team:${team}`), ...(general ? ['general'] : [])]
  const bySession = Map.groupBy(got, ({ lsid }) => lsid)
  const verdict = { lost: 0, repeated: 0, misordered: 0, foreign: 0, events: got.length }
  for (const [lsid, { digests, seers }] of histories) {
    const last = seers.findLastIndex((each) => mine.some((name) => each.has(name)))
    const expected = digests.slice(0, last + 1)
    const came = (bySession.get(lsid) ?? []).map(({ digest }) => digest)
    const places = new Map(expected.map((digest, place) => [digest, place]))
    const seen = new Set<string>()
    let latest = -1
    for (const digest of came) {
      const place = places.get(digest)
      if (seen.has(digest)) verdict.repeated += 1
      else if (place === undefined) verdict.foreign += 1
      else if (place < latest) verdict.misordered += 1
      else latest = place
      seen.add(digest)
    }
    verdict.lost += expected.filter((digest) => !seen.has(digest) && !unsure.has(digest)).length
  }
  for (const [lsid, strange] of bySession) if (!histories.has(lsid)) verdict.foreign += strange.length
  return verdict
}

/** Events that were under way when the senders stopped. */
export function unsureOf(senders: readonly Sender[]): ReadonlySet<string> {
  return new Set(
    senders.flatMap(({ pending }) => {
      const open = pending()
      return open === null ? [] : [digestOf(open)]
    }),
  )
}

/** The events of a workstation's journal, in its order. */
export function readStation(journal: string): readonly Got[] {
  if (!existsSync(journal)) return []
  const database = new DatabaseSync(journal, { readOnly: true, timeout: 5_000 })
  try {
    const rows = database.prepare('SELECT lsid, lower(hex(digest)) AS digest FROM events ORDER BY seq').all()
    return rows as unknown as Got[]
  } finally {
    database.close()
  }
}

/** Verdicts added up. */
export function sumOf(verdicts: readonly FleetVerdict[]): FleetVerdict {
  const sum = { lost: 0, repeated: 0, misordered: 0, foreign: 0, events: 0 }
  for (const verdict of verdicts)
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += verdict[name]
  return sum
}

/** What does not hold, in words. */
export function failuresOf({ lost, repeated, misordered, foreign, events }: FleetVerdict): readonly string[] {
  return [
    ...(lost > 0 ? [`${lost} events were lost`] : []),
    ...(repeated > 0 ? [`${repeated} events came twice`] : []),
    ...(misordered > 0 ? [`${misordered} events came out of order`] : []),
    ...(foreign > 0 ? [`${foreign} events came to somebody who may not see them`] : []),
    ...(events === 0 ? ['Nothing came to anybody: the attack was none.'] : []),
  ]
}

/** How often each session came to this representative from somebody else. */
export function transfersTo(rep: string, senders: readonly Sender[]): ReadonlyMap<string, number> {
  const owners = new Map<string, string>()
  const counts = new Map<string, number>()
  for (const { acknowledged, pending } of senders) {
    const open = pending()
    for (const { lsid, body } of [...acknowledged, ...(open === null ? [] : [open])]) {
      const owner = new URLSearchParams(body).get('conference_id')
      if (owner === null) continue
      if (owner === `rep:${rep}` && owners.get(lsid) !== owner) counts.set(lsid, (counts.get(lsid) ?? 0) + 1)
      owners.set(lsid, owner)
    }
  }
  return counts
}
