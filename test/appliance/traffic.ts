import type { Appliance } from './appliance.ts'
import { wait } from './clock.ts'
import type { Draft } from './event.ts'
import { chooseQueue, inventKey, movesOf, type Move, type MoveContext } from './moves.ts'
import type { Session } from './session.ts'

export interface TrafficOptions {
  /** Sessions that the site has at the same time, about. */
  readonly live?: number
  /** Sessions to start in all; then those that are left are brought to their end. Left out: no end. */
  readonly sessions?: number
  /** Id of a representative who is to get about a third of what happens in their teams. */
  readonly you?: number
}

/** How traffic is sent. */
export interface TrafficRun {
  /** Events a second, on average; what belongs together comes together. */
  readonly rate: number
  /** Events to post; left out: as many as there are. */
  readonly events?: number
  readonly signal: AbortSignal
}

/** A site's random traffic: which sessions there are and what happens to them follows from the appliance's seed alone. */
export interface Traffic {
  /** Posts traffic until it is at its end, or `events` are posted, or the signal aborts. */
  run(run: TrafficRun): Promise<void>
  /**
   * Posts exactly `events` events at once, whose timestamps are spread over the last `ageMs` milliseconds: what an outage
   * leaves. What `run` posts afterwards goes on from there. Fewer if the traffic is at its end.
   */
  backlog(events: number, ageMs: number): void
  /** True once all sessions asked for have ended and sent their surveys. */
  readonly finished: boolean
}

/** Without a pause for this many bursts, the network gets its turn. */
const BURSTS_IN_A_ROW = 50

export function createTraffic(appliance: Appliance, options: TrafficOptions = {}): Traffic {
  const { clock, world } = appliance
  const random = appliance.random('traffic')
  const context: MoveContext = { world, random, you: options.you ?? null }
  const target = Math.max(options.live ?? 12, 1)
  const limit = options.sessions ?? Number.POSITIVE_INFINITY
  const live = new Set<Session>()
  /** Surveys that will still come. */
  const surveys = new Set<() => void>()
  /** Made, but not yet posted. */
  let pending: readonly Draft[] = []
  let started = 0

  function start(): void {
    started += 1
    live.add(
      appliance.startSession({
        queue: chooseQueue(context),
        customer: random.pick(world.customers),
        externalKey: random.chance(0.4) ? inventKey(random) : null,
        waitForCustomer: random.chance(0.1),
      }),
    )
  }

  function planSurveys(session: Session, served: boolean): void {
    const plan = (by: 'customer' | 'representative') => {
      const send = () => {
        surveys.delete(send)
        session.survey(by)
      }
      surveys.add(send)
    }
    if (!served) return
    if (random.chance(0.6)) plan('representative')
    if (random.chance(0.4)) plan('customer')
  }

  /** Lets one thing happen. */
  function move(): void {
    for (const session of live) if (session.ended) finish(session, session.served)
    const moves: Move[] = []
    if (started < limit && live.size < target) moves.push([target - live.size, start])
    // A survey may come long after the end: each has little weight, but all come at last.
    for (const send of surveys) moves.push([0.3, send])
    for (const session of live) moves.push([1, () => moveIn(session)])
    random.weighted(moves)?.()
  }

  function moveIn(session: Session): void {
    const served = session.representatives.length > 0
    random.weighted(movesOf(session, context))?.()
    if (session.ended) finish(session, served)
  }

  /** It ended, by itself or by the API. */
  function finish(session: Session, served: boolean): void {
    live.delete(session)
    planSurveys(session, served)
  }

  const finished = () => started >= limit && live.size === 0 && surveys.size === 0

  /** Fills `pending` with what happens next, at that time; empty only at the end of the traffic. */
  function next(at: number): readonly Draft[] {
    // A move may make no event: setting a key does not.
    while (pending.length === 0 && !finished()) pending = appliance.collect({ at }, move)
    return pending
  }

  /** Posts what is pending, or as much of it as may be; returns how much. */
  function flush(most: number): number {
    const now = pending.slice(0, most)
    pending = pending.slice(now.length)
    for (const draft of now) appliance.post(draft)
    return now.length
  }

  return {
    get finished() {
      return finished() && pending.length === 0
    },
    backlog: (events, ageMs) => {
      const now = clock.now()
      for (let posted = 0; posted < events;) {
        if (next(now - ageMs + Math.floor((ageMs * posted) / events)).length === 0) return
        posted += flush(events - posted)
      }
    },
    run: async ({ rate, events = Number.POSITIVE_INFINITY, signal }) => {
      let due = clock.now()
      let posted = 0
      for (let burst = 1; posted < events && !signal.aborted; burst += 1) {
        const pause = due - clock.now()
        if (pause > 0) await wait(clock, pause, signal)
        else if (burst % BURSTS_IN_A_ROW === 0) await new Promise((resolve) => setImmediate(resolve))
        if (signal.aborted || next(clock.now()).length === 0) return
        const count = flush(events - posted)
        posted += count
        due += random.gap((count * 1000) / rate)
      }
    },
  }
}
