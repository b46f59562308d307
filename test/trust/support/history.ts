/** The history checker: what was answered 200, what the journal has, and what the rep was shown must tell the same story. */
import { DatabaseSync } from 'node:sqlite'
import type { Alert } from '../../../preload/contract.ts'
import { eventDigest, parseEvent } from '../../../main/events/event.ts'
import type { Sender, Sent } from './sender.ts'

interface StoredRow {
  readonly seq: number
  readonly digest: string
  readonly lsid?: string | null
}

export interface Stored {
  readonly rows: readonly StoredRow[]
  /** What SQLite says of the file; `ok` if nothing is wrong with it. */
  readonly integrity: string
}

/** The events of a journal, in their order; the process that wrote it is gone, or still there. */
export function readJournal(file: string): Stored {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    const rows = database.prepare('SELECT seq, lower(hex(digest)) AS digest, lsid FROM events ORDER BY seq').all()
    const integrity = Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0]
    return { rows: rows as unknown as StoredRow[], integrity: String(integrity) }
  } finally {
    database.close()
  }
}

function digestOf({ body }: Sent): string {
  const event = parseEvent(Object.fromEntries(new URLSearchParams(body)))
  if ('malformed' in event) throw new Error(event.malformed)
  return Buffer.from(eventDigest(event.variables)).toString('hex')
}

export interface Verdict {
  /** Answered 200 and not in the journal. */
  readonly lost: number
  /** In the journal twice. */
  readonly double: number
  /** Not in the order in which they were answered. */
  readonly disordered: number
  /** In the journal and sent by nobody. */
  readonly strange: number
}

/** Holds a journal against what was answered. */
export function compare(stored: Stored, senders: readonly Pick<Sender, 'acknowledged' | 'pending'>[]): Verdict {
  const places = new Map<string, number>()
  let double = 0
  for (const [place, { digest }] of stored.rows.entries()) {
    if (places.has(digest)) double += 1
    else places.set(digest, place)
  }
  const verdict = { lost: 0, double, disordered: 0, strange: 0 }
  const known = new Set<string>()
  for (const sender of senders) {
    let last = -1
    for (const sent of sender.acknowledged) {
      const digest = digestOf(sent)
      known.add(digest)
      const place = places.get(digest)
      if (place === undefined) verdict.lost += 1
      else if (place < last) verdict.disordered += 1
      else last = place
    }
    const pending = sender.pending()
    if (pending !== null) known.add(digestOf(pending))
  }
  for (const digest of places.keys()) if (!known.has(digest)) verdict.strange += 1
  return verdict
}

/** Sessions of which the rep was told the same thing more than once. */
export function toldTwice(shown: Iterable<Alert>): readonly string[] {
  const counts = new Map<string, number>()
  for (const { kind, lsid } of shown) {
    if (lsid === null) continue
    const name = `${kind} ${lsid}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > 1).map(([name]) => name)
}

/** What does not hold, in words. */
export function failuresOf({ lost, double, disordered, strange }: Verdict, integrity = 'ok'): readonly string[] {
  return [
    ...(lost > 0 ? [`${lost} events were answered 200 and are lost`] : []),
    ...(double > 0 ? [`${double} events are stored twice`] : []),
    ...(disordered > 0 ? [`${disordered} events are not in their order`] : []),
    ...(strange > 0 ? [`${strange} events were sent by nobody`] : []),
    ...(integrity === 'ok' ? [] : [`The journal is damaged: ${integrity}`]),
  ]
}
