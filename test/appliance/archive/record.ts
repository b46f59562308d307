import type { Customer, Owner, Representative } from '../world.ts'

/** The customer, or one of the representatives. */
export type Party = 'customer' | Representative

/** Something that happens within a session and makes no outbound event. */
export type LogEntry =
  | { readonly type: 'Chat Message'; readonly by: Party; readonly body: string }
  | { readonly type: 'Session Note Added'; readonly by: Representative; readonly body: string }
  | {
      readonly type: 'File Upload' | 'File Download' | 'File Deleted'
      readonly by: Party
      readonly filename: string
      readonly filesize: number
    }
  | {
      readonly type: 'System Information Retrieved' | 'Special Action Executed' | 'Session Foreground Window Changed'
      readonly by: Party
      readonly data: Readonly<Record<string, string>>
    }

/** What a session tells its record. */
export type Note =
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'owner'; readonly owner: Owner }
  | { readonly kind: 'joined' | 'left'; readonly who: Party }
  | { readonly kind: 'key'; readonly key: string | null }
  | { readonly kind: 'attribute'; readonly codeName: string; readonly value: string | null }
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'survey'; readonly by: 'customer' | 'representative' }

/** A note with its time, in milliseconds since 1970. */
export type Entry = Note & { readonly at: number }

/** What the appliance keeps of a session for its reports. */
export interface SessionRecord {
  readonly lsid: string
  /** Rises; neither unique nor free of gaps. */
  readonly lseq: number
  readonly customer: Customer
  readonly startedAt: number
  /** Null: it runs. */
  readonly endedAt: number | null
  readonly externalKey: string | null
  /** A representative was in it. */
  readonly served: boolean
  /** It was over before the appliance was switched on. */
  readonly isPast: boolean
  /** All that happened, the oldest first. Of past sessions it is made anew on each call. */
  entries(): readonly Entry[]
}

/** A record that is being written. */
export interface OpenRecord extends SessionRecord {
  add(entry: Entry): void
}

/** Opens the record of a session that begins. */
export function openRecord(lsid: string, lseq: number, customer: Customer, at: number): OpenRecord {
  const entries: Entry[] = []
  let startedAt = at
  let endedAt: number | null = null
  let externalKey: string | null = null
  let served = false
  return {
    lsid,
    lseq,
    customer,
    isPast: false,
    get startedAt() {
      return startedAt
    },
    get endedAt() {
      return endedAt
    },
    get externalKey() {
      return externalKey
    },
    get served() {
      return served
    },
    entries: () => entries,
    add: (entry) => {
      entries.push(entry)
      if (entry.kind === 'begin') startedAt = entry.at
      if (entry.kind === 'end') endedAt = entry.at
      if (entry.kind === 'key') externalKey = entry.key
      if (entry.kind === 'joined' && entry.who !== 'customer') served = true
    },
  }
}

/** Somebody's connection to a session. Who leaves and comes back has two. */
export interface Connection {
  /** Unique for each connection; 0 is the system. */
  readonly gsnumber: number
  readonly who: Party
  readonly joinedAt: number
  /** Null: still in it. */
  readonly leftAt: number | null
}

/** A session as a report sees it. */
export interface Snapshot {
  readonly lsid: string
  readonly lseq: number
  readonly customer: Customer
  readonly startedAt: number
  readonly endedAt: number | null
  readonly externalKey: string | null
  readonly attributes: ReadonlyMap<string, string>
  readonly connections: readonly Connection[]
  readonly served: boolean
  /** The last connection of the customer; null if they never joined. */
  readonly primaryCustomer: Connection | null
  /** The last connection of the representative who owns it or owned it last; null if nobody took it. */
  readonly primaryRep: Connection | null
  /** The team in whose queue it was last, for example `team:5`; null: in none. */
  readonly team: Owner | null
  readonly surveys: readonly { readonly by: 'customer' | 'representative'; readonly at: number }[]
  readonly entries: readonly Entry[]
}

/** Connections of a session; more would take numbers of the next one. */
const GSNUMBERS_PER_SESSION = 32

/** What these entries of a record, all of them or the first ones, add up to; null if there are none. */
export function snapshotOf(record: SessionRecord, entries: readonly Entry[] = record.entries()): Snapshot | null {
  const [first] = entries
  if (first === undefined) return null
  const attributes = new Map<string, string>()
  const connections: Connection[] = []
  const surveys: { by: 'customer' | 'representative'; at: number }[] = []
  let externalKey: string | null = null
  let endedAt: number | null = null
  let team: Owner | null = null
  const owners: string[] = []
  for (const entry of entries) {
    if (entry.kind === 'key') externalKey = entry.key
    else if (entry.kind === 'end') endedAt = entry.at
    else if (entry.kind === 'survey') surveys.push({ by: entry.by, at: entry.at })
    else if (entry.kind === 'attribute') {
      if (entry.value === null) attributes.delete(entry.codeName)
      else attributes.set(entry.codeName, entry.value)
    } else if (entry.kind === 'owner') {
      owners.push(entry.owner.id)
      if (entry.owner.id.startsWith('team:')) team = entry.owner
    } else if (entry.kind === 'joined') {
      const gsnumber = record.lseq * GSNUMBERS_PER_SESSION + connections.length + 1
      connections.push({ gsnumber, who: entry.who, joinedAt: entry.at, leftAt: null })
    } else if (entry.kind === 'left') {
      const index = connections.findLastIndex(({ who, leftAt }) => isSame(who, entry.who) && leftAt === null)
      const connection = connections[index]
      if (connection !== undefined) connections[index] = { ...connection, leftAt: entry.at }
    }
  }
  return {
    lsid: record.lsid,
    lseq: record.lseq,
    customer: record.customer,
    startedAt: first.at,
    endedAt,
    externalKey,
    attributes,
    connections,
    served: connections.some(({ who }) => who !== 'customer'),
    primaryCustomer: connections.findLast(({ who }) => who === 'customer') ?? null,
    primaryRep: primaryRepOf(connections, owners),
    team,
    surveys,
    entries,
  }
}

export const isSame = (one: Party, other: Party): boolean =>
  one === 'customer' || other === 'customer' ? one === other : one.id === other.id

function primaryRepOf(connections: readonly Connection[], owners: readonly string[]): Connection | null {
  for (const owner of owners.toReversed()) {
    const found = connections.findLast(({ who }) => who !== 'customer' && owner === `rep:${who.id}`)
    if (found !== undefined) return found
  }
  return null
}
