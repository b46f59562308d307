import { createArchive, type Archive } from './archive/archive.ts'
import { inventPast } from './archive/past.ts'
import { createSystemClock, type Clock } from './clock.ts'
import { compose, type Draft, type OutboundEvent, type Variables } from './event.ts'
import { makeOdd, makeOddAtRandom, type OddKind } from './odd.ts'
import type { Attempt, Delivery, QueueTimes } from './queue.ts'
import { chooseSeed, createRandom, type Random } from './random.ts'
import { createRecipient, freeName, timesOf, type Recipient, type RecipientOptions } from './recipient.ts'
import { startSession, type Session } from './session.ts'
import { createTransport, type Transport } from './transport.ts'
import { createWorld, type Customer, type Owner, type World } from './world.ts'

export interface ApplianceOptions extends Partial<QueueTimes> {
  readonly clock?: Clock
  /** Of all that is random here; a whole number from 0 to 2^32 - 1. Left out: another one each time. */
  readonly seed?: number
  readonly world?: World
  readonly transport?: Transport
  /** Probability, 0 to 1, that a 200 is taken as lost and the event sent again. */
  readonly lostReply?: number
  /** Probability, 0 to 1, that an event is sent in an odd way. */
  readonly odd?: number
  /** "Send Custom Fields": adds the session's custom fields to each event. */
  readonly customFields?: boolean
  /** Ended sessions of the last 90 days that reports are to have. */
  readonly pastSessions?: number
  /** Ended sessions that are remembered beyond those. */
  readonly archiveLimit?: number
  /** False: reports have no more chat, files and so on than the sessions logged. */
  readonly inventDetails?: boolean
  /** Deliveries kept in `history`; older ones are forgotten. */
  readonly historyLimit?: number
  readonly onAttempt?: (attempt: Attempt) => void
  readonly onSettled?: (delivery: Delivery) => void
}

export interface StartOptions {
  readonly queue: Owner
  readonly customer: Customer
  readonly externalKey?: string | null
  /** Values of custom fields by code name, beyond those that follow from the customer. */
  readonly attributes?: ReadonlyMap<string, string>
  /** The customer has yet to join. */
  readonly waitForCustomer?: boolean
}

/** Under which circumstances events come to be. */
export interface Circumstances {
  /** When, in milliseconds since 1970; now if left out. */
  readonly at?: number
  /** Make each event odd in this way, where it fits. */
  readonly odd?: OddKind
}

/** A presentation whose recording can be asked for. */
export interface Presentation {
  readonly lsid: string
  /** The recording is too old. */
  readonly expired: boolean
}

/** The simulated appliance. */
export interface Appliance {
  readonly seed: number
  readonly clock: Clock
  readonly world: World
  /** A stream of chance for one purpose, which follows from the seed. */
  random(purpose: string): Random
  /** Adds a recipient; events from now on are sent to it. Returns its name. Throws on a URL that is not http or https. */
  addRecipient(url: string | URL, options?: RecipientOptions): string
  /** Makes an event of these variables; the standard ones are added in front. */
  emit(event: string, variables?: Variables): void
  /** Puts it as it is into the queue of each recipient that takes it. */
  post(draft: Draft): void
  /** Runs `action`, and returns the events that it made instead of posting them. `action` must be synchronous. */
  collect(circumstances: Circumstances, action: () => void): readonly Draft[]
  startSession(options: StartOptions): Session
  /** Sessions that have not ended, by lsid. */
  readonly sessions: ReadonlyMap<string, Session>
  /** What is remembered of all sessions, for reports. */
  readonly archive: Archive
  readonly inventsDetails: boolean
  /** Presentations that were recorded. */
  readonly presentations: readonly Presentation[]
  /** Events posted so far. */
  readonly posted: number
  /** Events that wait for the recipient of that name, or for all of them together. */
  queueLength(recipient?: string): number
  /** Resolves once all queues are empty at the same time, or the appliance is closed. */
  idle(): Promise<void>
  /** Deliveries that are settled, the oldest first. */
  readonly history: readonly Delivery[]
  /** Events dropped because the retry duration was over, counted once for each recipient. */
  readonly dropped: number
  /** Cuts what is in flight; nothing is delivered any more. */
  close(): Promise<void>
}

/** Makes an appliance. It does nothing by itself: see `runScenario` and `createTraffic`. */
export function createAppliance(options: ApplianceOptions = {}): Appliance {
  const clock = options.clock ?? createSystemClock()
  const world = options.world ?? createWorld()
  const transport = options.transport ?? createTransport()
  const seed = options.seed ?? chooseSeed()
  const random = createRandom(seed)
  const ids = random.fork('lsid')
  const oddness = random.fork('odd')
  const historyLimit = options.historyLimit ?? 100_000
  const recipients = new Map<string, Recipient>()
  const sessions = new Map<string, Session>()
  const archive = createArchive({
    past: inventPast({ world, random: random.fork('past'), count: options.pastSessions ?? 0, before: clock.now() }),
    ...(options.archiveLimit === undefined ? {} : { limit: options.archiveLimit }),
  })
  const presentationIds = random.fork('presentations')
  const presentations = [false, false, true].map((expired) => ({ lsid: presentationIds.hex(32), expired }))
  let history: Delivery[] = []
  let posted = 0
  let dropped = 0
  let closed = false
  let circumstances: Circumstances = {}
  let collected: Draft[] | null = null

  const latest = () => history.slice(Math.max(history.length - historyLimit, 0))

  function settled(delivery: Delivery): void {
    if (delivery.outcome === 'dropped') dropped += 1
    history.push(delivery)
    if (history.length >= historyLimit * 2) history = latest()
    options.onSettled?.(delivery)
  }

  function post(draft: Draft): void {
    if (closed) return
    posted += 1
    const event: OutboundEvent = { id: posted, variables: draft.variables, form: draft.form }
    for (const recipient of recipients.values()) {
      if (recipient.takes(event)) recipient.queue.push(event)
    }
  }

  function emit(event: string, variables: Variables = []): void {
    const at = circumstances.at ?? clock.now()
    const draft: Draft = { variables: compose(event, at, variables), form: 'urlencoded' }
    for (const made of oddly(draft)) {
      if (collected === null) post(made)
      else collected.push(made)
    }
  }

  function oddly(draft: Draft): readonly Draft[] {
    if (circumstances.odd !== undefined) return makeOdd(circumstances.odd, draft, oddness) ?? [draft]
    return oddness.chance(options.odd ?? 0) ? makeOddAtRandom(draft, oddness) : [draft]
  }

  function attributesOf(
    { company, computer }: Customer,
    more: StartOptions['attributes'],
  ): ReadonlyMap<string, string> {
    const known = [
      ['company', company],
      ['asset_no', computer],
    ] as const
    return new Map([...known.filter(([, value]) => value !== ''), ...(more ?? [])])
  }

  return {
    seed,
    clock,
    world,
    sessions,
    archive,
    inventsDetails: options.inventDetails ?? true,
    presentations,
    random: (purpose) => random.fork(purpose),
    emit,
    post,
    get posted() {
      return posted
    },
    get history() {
      return latest()
    },
    get dropped() {
      return dropped
    },
    addRecipient: (url, recipient = {}) => {
      const name = freeName(recipient.name ?? new URL(url).host, recipients)
      const made = createRecipient(
        url,
        { ...timesOf(options), ...recipient },
        {
          name,
          clock,
          transport,
          random: random.fork(`lost reply ${recipients.size}`),
          lostReply: options.lostReply ?? 0,
          onAttempt: (attempt) => options.onAttempt?.(attempt),
          onSettled: settled,
        },
      )
      recipients.set(name, made)
      return name
    },
    collect: (given, action) => {
      const before = { circumstances, collected }
      const drafts: Draft[] = []
      circumstances = given
      collected = drafts
      try {
        action()
      } finally {
        circumstances = before.circumstances
        collected = before.collected
      }
      return drafts
    },
    startSession: ({ queue, customer, externalKey = null, attributes, waitForCustomer = false }) => {
      const lsid = ids.hex(32)
      const now = () => circumstances.at ?? clock.now()
      const record = archive.open(lsid, customer, now())
      const session = startSession(
        {
          lsid,
          queue,
          customer,
          externalKey,
          attributes: attributesOf(customer, attributes),
          sendCustomFields: options.customFields ?? false,
          record: (note) => record.add({ ...note, at: now() }),
          emit: (event, variables) => {
            emit(event, variables)
            if (sessions.get(lsid)?.ended === true) sessions.delete(lsid)
          },
        },
        { waitForCustomer },
      )
      sessions.set(lsid, session)
      return session
    },
    queueLength: (name) => {
      if (name === undefined) return [...recipients.values()].reduce((sum, { queue }) => sum + queue.length(), 0)
      const recipient = recipients.get(name)
      if (recipient === undefined) throw new Error(`there is no recipient ${name}`)
      return recipient.queue.length()
    },
    idle: async () => {
      const busy = () => (closed ? [] : [...recipients.values()].filter(({ queue }) => queue.length() > 0))
      for (let now = busy(); now.length > 0; now = busy()) await Promise.all(now.map(({ queue }) => queue.idle()))
    },
    close: async () => {
      closed = true
      await Promise.all([...recipients.values()].map(({ queue }) => queue.close()))
      transport.close()
    },
  }
}
