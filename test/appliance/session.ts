import type { LogEntry, Note } from './archive/record.ts'
import { EVENTS, type Variables } from './event.ts'
import { GENERAL_QUEUE, representativeOwner, type Customer, type Owner, type Representative } from './world.ts'

/** What a session starts with. */
export interface SessionStart {
  readonly lsid: string
  /** The queue it starts in. */
  readonly queue: Owner
  readonly customer: Customer
  /** Null: none assigned. */
  readonly externalKey: string | null
  /** Values of custom fields, by code name. */
  readonly attributes?: ReadonlyMap<string, string>
  /** The recipient setting "Send Custom Fields": they stand at the end of each event. */
  readonly sendCustomFields?: boolean
  /** Called with each event's name and own variables. */
  emit(event: string, variables: Variables): void
  /** Called with all that happens, whether or not there is an event for it, before its event. */
  readonly record?: (note: Note) => void
}

/** A session as the appliance runs it. What cannot happen (a key on an ended session) throws. */
export interface Session {
  readonly lsid: string
  readonly customer: Customer
  readonly owner: Owner
  readonly externalKey: string | null
  /** Values of custom fields, by code name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly customerPresent: boolean
  /** Those in the session now, in the order in which they joined. */
  readonly representatives: readonly Representative[]
  readonly ended: boolean
  /** True once a representative was in it: without one there is nobody to survey. */
  readonly served: boolean
  /** True once the API had a hand in it: what was planned for it may no longer be possible. */
  readonly steered: boolean
  steer(): void
  customerJoins(): void
  customerLeaves(): void
  /** Takes the session: it becomes the representative's, who joins it. */
  pickUp(rep: Representative): void
  /** Gives the session away. The owner leaves it, unless `stay`; whoever it goes to has yet to join. */
  transfer(to: Owner, options?: { readonly stay?: boolean }): void
  /** Joins, invited by the owner or to accept a transfer. */
  join(rep: Representative): void
  /** Leaves. If it was the owner, the session goes to another representative in it, or back to its queue. */
  leave(rep: Representative): void
  /** Sets, changes or (null) takes away the external key. There is no event for this: the next ones carry it. */
  setExternalKey(key: string | null): void
  /** As the external key, for a custom field. */
  setAttribute(codeName: string, value: string | null): void
  /** Something for the report alone: a chat message, a note, a file. */
  log(entry: LogEntry): void
  /** Everybody leaves, then the session ends. */
  end(): void
  /** After the end, or during it. Each survey comes once. */
  survey(by: 'customer' | 'representative'): void
}

/**
 * Starts a session: begin, then the first owner, then, unless `waitForCustomer`, the customer. The guide does not say
 * in which order these three come; this one is the likeliest.
 */
export function startSession(start: SessionStart, options: { readonly waitForCustomer?: boolean } = {}): Session {
  const { lsid, customer } = start
  const attributes = new Map(start.attributes)
  let owner = start.queue
  /** Where the session goes back to when its last representative leaves. */
  let queue = start.queue.id.startsWith('rep:') ? GENERAL_QUEUE : start.queue
  let externalKey = start.externalKey
  let customerPresent = false
  let present: readonly Representative[] = []
  let ended = false
  let steered = false
  let served = false
  const surveys = new Set<string>()

  function emit(event: string, own: Variables = []): void {
    const key: Variables = externalKey === null ? [] : [['external_key', externalKey]]
    const fields = start.sendCustomFields === true ? attributeVariables(attributes) : []
    start.emit(event, [['lsid', lsid], ...key, ...own, ...fields])
  }

  const record = (note: Note) => start.record?.(note)

  function check(possible: boolean, what: string): void {
    if (!possible) throw new Error(`session ${lsid}: ${what}`)
  }

  const running = () => check(!ended, 'has ended')
  const isIn = (rep: Representative) => present.some((other) => other.id === rep.id)

  function change(to: Owner): void {
    owner = to
    if (!to.id.startsWith('rep:')) queue = to
    record({ kind: 'owner', owner: to })
    emit(EVENTS.ownerChanged, [
      ['conference_id', to.id],
      ['conference_name', to.name],
    ])
  }

  function join(rep: Representative): void {
    running()
    check(!isIn(rep), `representative ${rep.id} is in it already`)
    present = [...present, rep]
    served = true
    record({ kind: 'joined', who: rep })
    emit(EVENTS.memberAdded, representativeVariables(rep))
  }

  function depart(rep: Representative): void {
    present = present.filter((other) => other.id !== rep.id)
    record({ kind: 'left', who: rep })
    emit(EVENTS.memberDeparted, representativeVariables(rep))
  }

  function customerLeaves(): void {
    running()
    check(customerPresent, 'the customer is not in it')
    customerPresent = false
    record({ kind: 'left', who: 'customer' })
    emit(EVENTS.memberDeparted, customerVariables(customer))
  }

  function customerJoins(): void {
    running()
    check(!customerPresent, 'the customer is in it already')
    customerPresent = true
    record({ kind: 'joined', who: 'customer' })
    emit(EVENTS.memberAdded, customerVariables(customer))
  }

  record({ kind: 'begin' })
  if (externalKey !== null) record({ kind: 'key', key: externalKey })
  for (const [codeName, value] of attributes) record({ kind: 'attribute', codeName, value })
  emit(EVENTS.begin)
  change(start.queue)
  if (options.waitForCustomer !== true) customerJoins()

  return {
    lsid,
    customer,
    attributes,
    get owner() {
      return owner
    },
    get externalKey() {
      return externalKey
    },
    get customerPresent() {
      return customerPresent
    },
    get representatives() {
      return present
    },
    get ended() {
      return ended
    },
    get served() {
      return served
    },
    get steered() {
      return steered
    },
    steer: () => {
      steered = true
    },
    customerJoins,
    customerLeaves,
    join,
    pickUp: (rep) => {
      running()
      check(owner.id !== `rep:${rep.id}` || !isIn(rep), `representative ${rep.id} has it already`)
      if (owner.id !== `rep:${rep.id}`) change(representativeOwner(rep))
      if (!isIn(rep)) join(rep)
    },
    transfer: (to, { stay = false } = {}) => {
      running()
      check(to.id !== owner.id, `is with ${to.id} already`)
      const before = present.find((rep) => owner.id === `rep:${rep.id}`)
      change(to)
      if (before !== undefined && !stay) depart(before)
    },
    leave: (rep) => {
      running()
      check(isIn(rep), `representative ${rep.id} is not in it`)
      depart(rep)
      if (owner.id !== `rep:${rep.id}`) return
      const next = present[0]
      change(next === undefined ? queue : representativeOwner(next))
    },
    setExternalKey: (key) => {
      running()
      externalKey = key
      record({ kind: 'key', key })
    },
    setAttribute: (codeName, value) => {
      running()
      if (value === null) attributes.delete(codeName)
      else attributes.set(codeName, value)
      record({ kind: 'attribute', codeName, value })
    },
    log: (entry) => {
      running()
      record({ kind: 'log', entry })
    },
    end: () => {
      running()
      if (customerPresent) customerLeaves()
      for (const rep of present) depart(rep)
      ended = true
      record({ kind: 'end' })
      emit(EVENTS.end)
    },
    survey: (by) => {
      check(!surveys.has(by), `the ${by} sent the survey already`)
      check(by === 'customer' || served, 'no representative was in it')
      surveys.add(by)
      record({ kind: 'survey', by })
      emit(by === 'customer' ? EVENTS.customerSurvey : EVENTS.representativeSurvey)
    },
  }
}

const customerVariables = (customer: Customer): Variables => [
  ['type', 'customer'],
  ['display_name', customer.name],
]

const representativeVariables = (rep: Representative): Variables => [
  ['type', 'representative'],
  ['display_name', rep.name],
  ['user_id', String(rep.id)],
  ['username', rep.username],
]

const attributeVariables = (attributes: ReadonlyMap<string, string>): Variables =>
  Array.from(attributes, ([codeName, value]) => [`session.custom.${codeName}`, value] as const)
