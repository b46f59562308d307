import type { Customer } from '../world.ts'
import { openRecord, type OpenRecord, type SessionRecord } from './record.ts'

/** What the appliance remembers of sessions, for its reports. */
export interface Archive {
  /** Opens a record. `at` in milliseconds since 1970. */
  open(lsid: string, customer: Customer, at: number): OpenRecord
  find(lsid: string): SessionRecord | undefined
  /** All that is remembered: past sessions, the oldest first, then the others in the order of their begin. */
  records(): Iterable<SessionRecord>
  readonly size: number
}

export interface ArchiveOptions {
  /** Sessions of the time before the appliance was switched on, the oldest first. */
  readonly past?: readonly SessionRecord[]
  /** Ended sessions that are remembered beyond the past ones; the oldest are forgotten first. */
  readonly limit?: number
}

/** More than an hour of heavy traffic. */
const DEFAULT_LIMIT = 20_000

export function createArchive({ past = [], limit = DEFAULT_LIMIT }: ArchiveOptions = {}): Archive {
  const pastByLsid = new Map(past.map((record) => [record.lsid, record]))
  const written = new Map<string, OpenRecord>()
  let lastLseq = past.at(-1)?.lseq ?? 1000

  /** Makes room; what still runs is kept however old it is. */
  function forget(): void {
    if (written.size < limit * 1.25) return
    for (const [lsid, { endedAt }] of written) {
      if (written.size <= limit) return
      if (endedAt !== null) written.delete(lsid)
    }
  }

  return {
    open: (lsid, customer, at) => {
      forget()
      lastLseq += 1
      const record = openRecord(lsid, lastLseq, customer, at)
      written.set(lsid, record)
      return record
    },
    find: (lsid) => written.get(lsid) ?? pastByLsid.get(lsid),
    *records() {
      yield* past
      yield* written.values()
    },
    get size() {
      return past.length + written.size
    },
  }
}
