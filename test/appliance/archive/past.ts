import { inventKey } from '../moves.ts'
import type { Random } from '../random.ts'
import { startSession } from '../session.ts'
import {
  GENERAL_QUEUE,
  isLoggedIn,
  representativeOwner,
  teamOwner,
  type Customer,
  type Owner,
  type Representative,
  type World,
} from '../world.ts'
import { inventCustomers } from './people.ts'
import type { Entry, SessionRecord } from './record.ts'

export interface PastOptions {
  readonly world: World
  readonly random: Random
  readonly count: number
  /** Their last one ended shortly before this. Milliseconds since 1970. */
  readonly before: number
}

/** What the real box keeps at most. */
export const RETENTION_DAYS = 90

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Sessions for one customer, about. */
const SESSIONS_PER_CUSTOMER = 8

/** What is decided of a past session from the start; its story follows from these and is told on demand. */
interface Plan {
  readonly customer: Customer
  readonly queue: Owner
  readonly key: string | null
  /** The key came in mid-session, not with the form. */
  readonly lateKey: boolean
  /** Null: nobody took it. */
  readonly rep: Representative | null
  readonly startedAt: number
  readonly endedAt: number
}

/**
 * Ended sessions of the last 90 days, the oldest first: most on weekdays at working hours, about two thirds with a key,
 * some keys on several sessions. They follow from the random stream; who asks for the entries of one replays its story.
 */
export function inventPast({ world, random, count, before }: PastOptions): readonly SessionRecord[] {
  const ids = random.fork('lsid')
  const plans = random.fork('plan')
  const customers = inventCustomers(world, random.fork('customers'), Math.ceil(count / SESSIONS_PER_CUSTOMER))
  const reps = world.representatives
  const keys: string[] = []
  let lseq = 1000

  function chooseKey(): string | null {
    if (plans.chance(0.35)) return null
    const again = keys.length > 0 && plans.chance(0.15)
    const key = again ? plans.pick(keys.slice(-200)) : inventKey(plans)
    keys.push(key)
    return key
  }

  function plan(startedAt: number): Plan {
    const team = plans.pick(world.teams)
    const minutes = Math.min(1 + plans.gap(18), 240)
    return {
      customer: plans.pick(customers),
      queue: plans.chance(0.8) ? teamOwner(team) : GENERAL_QUEUE,
      key: chooseKey(),
      lateKey: plans.chance(0.3),
      rep: plans.chance(0.06) ? null : plans.pick(reps.filter(({ id }) => team.members.includes(id))),
      startedAt,
      endedAt: Math.min(startedAt + Math.floor(minutes * MINUTE_MS), before - 1000),
    }
  }

  return startTimes(random.fork('times'), count, before).map((startedAt): SessionRecord => {
    // A gap now and then, and now and then the same number twice.
    lseq +=
      plans.weighted([
        [97, 1],
        [2, 3],
        [1, 0],
      ] as const) ?? 1
    const lsid = ids.hex(32)
    const { customer, key, endedAt, ...rest } = plan(startedAt)
    const number = lseq
    return {
      lsid,
      lseq: number,
      customer,
      startedAt,
      endedAt,
      externalKey: key,
      served: rest.rep !== null,
      isPast: true,
      entries: () => tell(lsid, { customer, key, endedAt, ...rest }, world, random.fork(lsid)),
    }
  })
}

/** When sessions started, the oldest first. Eight in ten on a weekday between 7:00 and 19:00 UTC. */
function startTimes(random: Random, count: number, before: number): readonly number[] {
  const latest = before - 10 * MINUTE_MS
  const choose = () => {
    for (;;) {
      const at = latest - Math.floor(random.next() * RETENTION_DAYS * DAY_MS)
      const date = new Date(at)
      const working = date.getUTCDay() % 6 !== 0 && date.getUTCHours() >= 7 && date.getUTCHours() < 19
      if (working || random.chance(0.12)) return at
    }
  }
  return Array.from({ length: count }, choose).toSorted((one, other) => one - other)
}

/** Plays a session from its begin to its last survey, as a live one would go, and returns what its record says. */
function tell(lsid: string, plan: Plan, world: World, random: Random): readonly Entry[] {
  const { startedAt, endedAt, key, rep } = plan
  const length = endedAt - startedAt
  const entries: Entry[] = []
  let now = startedAt
  const at = (share: number) => {
    now = startedAt + Math.floor(length * share)
  }
  const early = key !== null && (!plan.lateKey || rep === null)
  const session = startSession({
    lsid,
    queue: plan.queue,
    customer: plan.customer,
    externalKey: early ? key : null,
    attributes: new Map([
      ['company', plan.customer.company],
      ['asset_no', plan.customer.computer],
    ]),
    emit: () => undefined,
    record: (note) => entries.push({ ...note, at: now }),
  })
  if (rep !== null) {
    const others = world.representatives.filter((other) => other.id !== rep.id && isLoggedIn(other))
    at(random.next() * 0.15)
    const first = random.chance(0.15) && others.length > 0 ? random.pick(others) : rep
    session.pickUp(first)
    at(0.2)
    if (key !== null && !early) session.setExternalKey(key)
    if (first !== rep) {
      at(0.3)
      session.transfer(representativeOwner(rep))
      session.join(rep)
    }
    if (random.chance(0.1)) {
      at(0.4)
      session.customerLeaves()
      at(0.45)
      session.customerJoins()
    }
    const guest = random.chance(0.08) ? random.pick(others) : undefined
    if (guest !== undefined) {
      at(0.5)
      session.join(guest)
      at(0.7)
      session.leave(guest)
    }
  }
  at(1)
  session.end()
  if (rep !== null && random.chance(0.6)) {
    now += random.int(5, 600) * 1000
    session.survey('representative')
  }
  if (rep !== null && random.chance(0.4)) {
    now += random.int(20, 7200) * 1000
    session.survey('customer')
  }
  return entries
}
