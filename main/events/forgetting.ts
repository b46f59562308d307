/**
 * Forgetting somebody: finding all that a journal holds of a session, of a key, or of a customer, and deleting it. Works
 * on any connection, so that a backup is treated as the journal is. The connection must have `secure_delete` on.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { ForgetTarget } from '../../preload/contract.ts'
import { hasWord, mentions } from './mention.ts'
import { inTransaction } from './transaction.ts'

/** What there is of somebody. */
export interface Found {
  /** Sessions that are meant, whether or not there is anything of them here. */
  readonly lsids: ReadonlySet<string>
  /** Those of which there is. */
  readonly sessions: number
  /** Numbers of the events: of those sessions, and without a session but with their name, key or session ID in it. */
  readonly events: readonly number[]
  /** Sessions of which the appliance's reports said something. */
  readonly reports: number
  /** Numbers of the bodies in quarantine that mention them. */
  readonly held: readonly number[]
  /** Is this entry of a list of ours (alerts, choices for links) about them? */
  readonly isAbout: (entry: unknown) => boolean
}

/** What finds and deletes. */
export interface Traces {
  /** @param known sessions that are known from elsewhere to be meant */
  find(target: ForgetTarget, known: Iterable<string>): Found
  /** Deletes what was found, all or nothing. */
  remove(found: Found): void
  /** Empties the write-ahead log, which holds pages as they were. False: somebody else is reading the file just now. */
  emptyLog(): boolean
}

type Json = Readonly<Record<string, unknown>>

/** A text as it stands within JSON, without its quotes. */
const inner = (text: string) => JSON.stringify(text).slice(1, -1)

function isTheCustomer(variables: Json, name: string): boolean {
  return variables['type'] === 'customer' && (variables['display_name'] ?? variables['name']) === name
}

/** What of a session, or of a report as it is kept, names people. */
interface People {
  readonly members?: readonly { readonly type: string; readonly name: string }[]
  readonly report?: { readonly customers: readonly { readonly name: string | null }[] }
}

/** Is this a customer of a session of the index, or of a report? What cannot be read, but has the name in it, counts. */
function hasCustomer(data: string, name: string): boolean {
  try {
    const { members = [], report } = JSON.parse(data) as People
    return (
      members.some((member) => member.type === 'customer' && member.name === name) ||
      report?.customers.some((customer) => customer.name === name) === true
    )
  } catch {
    return true
  }
}

/** Sessions of a key, present or past. */
function lsidsOfKey(database: DatabaseSync, key: string): readonly string[] {
  const json = JSON.stringify(key)
  const rows = database
    .prepare(
      `SELECT lsid FROM events WHERE lsid IS NOT NULL AND instr(variables, :variable)
       UNION SELECT lsid FROM sessions WHERE external_key = :key OR instr(data, :history)
       UNION SELECT lsid FROM reported WHERE external_key = :key`,
    )
    // As JSON.stringify writes them, and as nothing within a text can look.
    .all({ key, variable: `"external_key":${json}`, history: `"key":${json}` })
  return rows.map((row) => row['lsid'] as string)
}

/** Sessions in which a customer had this name. The text is looked for first, which is fast; then it is read. */
function lsidsOfCustomer(database: DatabaseSync, name: string): readonly string[] {
  const json = JSON.stringify(name)
  const inEvents = database
    .prepare('SELECT lsid, variables FROM events WHERE lsid IS NOT NULL AND instr(variables, ?)')
    .all(json)
    .filter((row) => isTheCustomer(JSON.parse(row['variables'] as string) as Json, name))
  const inIndex = ['sessions', 'reported'].flatMap((table) =>
    database
      .prepare(`SELECT lsid, data, customer FROM ${table} WHERE customer = ? OR instr(data, ?)`)
      .all(name, json)
      .filter(({ customer, data }) => customer === name || hasCustomer(data as string, name)),
  )
  return [...inEvents, ...inIndex].map((row) => row['lsid'] as string)
}

function lsidsOf(database: DatabaseSync, target: ForgetTarget): readonly string[] {
  switch (target.kind) {
    case 'session':
      return [target.lsid]
    case 'key':
      return lsidsOfKey(database, target.key)
    case 'customer':
      return lsidsOfCustomer(database, target.name)
  }
}

/** What the target is called: it may stand where no session is named. */
export function wordOf(target: ForgetTarget): string {
  return target.kind === 'session' ? target.lsid : target.kind === 'key' ? target.key : target.name
}

/** Keys that these sessions have or had: what is remembered of a ticket is about its customer. */
function keysOf(database: DatabaseSync, lsids: ReadonlySet<string>): readonly string[] {
  const keys = database.prepare(`
    SELECT external_key AS key FROM sessions WHERE lsid = :lsid AND external_key <> ''
    UNION SELECT external_key FROM reported WHERE lsid = :lsid AND external_key <> ''
    UNION SELECT json_extract(variables, '$.external_key') FROM events
      WHERE lsid = :lsid AND json_extract(variables, '$.external_key') <> ''`)
  return [...new Set([...lsids].flatMap((lsid) => keys.all({ lsid }).map((row) => row['key'] as string)))]
}

interface HeldRow {
  readonly id: number
  readonly type: string
  readonly parameters: string
  readonly body: Uint8Array
}

function find(database: DatabaseSync, target: ForgetTarget, known: Iterable<string>): Found {
  const lsids = new Set([...lsidsOf(database, target), ...known])
  const words = [...new Set([wordOf(target), ...lsids])]
  const isSaid = (json: string) => words.some((word) => hasWord(json, inner(word)))
  const rows = <Row>(sql: string) => database.prepare(sql).iterate() as Iterable<Row>

  const ofSession = database.prepare('SELECT seq FROM events WHERE lsid = ?')
  const events = [...lsids].flatMap((lsid) => ofSession.all(lsid).map((row) => row['seq'] as number))
  for (const row of rows<{ seq: number; variables: string }>('SELECT seq, variables FROM events WHERE lsid IS NULL'))
    if (isSaid(row.variables)) events.push(row.seq)

  const held: number[] = []
  for (const row of rows<HeldRow>('SELECT id, content_type AS type, parameters, body FROM quarantine'))
    if (mentions(row.body, row.type, words) || isSaid(row.parameters)) held.push(row.id)

  const rowsOf = (table: string) => {
    const row = database.prepare(`SELECT 1 FROM ${table} WHERE lsid = ? LIMIT 1`)
    return new Set([...lsids].filter((lsid) => row.get(lsid) !== undefined))
  }
  const reported = rowsOf('reported')
  const tickets = keysOf(database, lsids).map((key) => `"externalKey":${JSON.stringify(key)}`)
  return {
    lsids,
    events,
    held,
    sessions: rowsOf('events').union(rowsOf('sessions')).union(reported).size,
    reports: reported.size,
    isAbout: (entry) => {
      const json = JSON.stringify(entry)
      return isSaid(json) || tickets.some((ticket) => json.includes(ticket))
    },
  }
}

/** Notes are lists; the entries that are about somebody leave them. */
function cleanNotes(database: DatabaseSync, isAbout: Found['isAbout']): void {
  const write = database.prepare('UPDATE meta SET value = ? WHERE name = ?')
  const notes = database.prepare("SELECT name, value FROM meta WHERE substr(value, 1, 1) = '['").all()
  for (const { name, value } of notes as { name: string; value: string }[]) {
    const kept = (JSON.parse(value) as readonly unknown[]).filter((entry) => !isAbout(entry))
    write.run(JSON.stringify(kept), name)
  }
}

function remove(database: DatabaseSync, found: Found): void {
  const deleteAll = (statement: string, values: Iterable<string | number>) => {
    const prepared = database.prepare(statement)
    for (const value of values) prepared.run(value)
  }
  inTransaction(database, () => {
    deleteAll('DELETE FROM events WHERE seq = ?', found.events)
    deleteAll('DELETE FROM quarantine WHERE id = ?', found.held)
    for (const table of ['sessions', 'reported', 'names']) deleteAll(`DELETE FROM ${table} WHERE lsid = ?`, found.lsids)
    cleanNotes(database, found.isAbout)
  })
}

/** @see Traces */
export function createTraces(database: DatabaseSync): Traces {
  return {
    find: (target, known) => find(database, target, known),
    remove: (found) => remove(database, found),
    emptyLog: () => (database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }).busy === 0,
  }
}
