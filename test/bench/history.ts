/** Journals with a long history, in the product's own tables; made once and kept in the cache. */
import { copyFileSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { eventDigest, parseEvent } from '../../main/events/event.ts'
import { openJournal, type IndexedSession } from '../../main/events/journal.ts'
import { applyEvent, customerOf, type Session } from '../../main/sessions/session.ts'
import { COURSE, lsidOf } from './client.ts'

const DAY = 86_400_000
/** The history goes back so far, and ends an hour ago. */
const DAYS = 80
/** Sessions written to the index at a time. */
const BATCH = 5_000

const SURVEYS = [
  { event: 'support_conference_customer_exit_survey_completed' },
  { event: 'support_conference_representative_exit_survey_completed' },
]
/** Ten events in each session. */
const EVENTS = [...COURSE, ...SURVEYS]

const PARTS = ['ba', 'den', 'fer', 'gol', 'ham', 'kir', 'lan', 'mos', 'nor', 'pet'] as const
/** One of so many names (10, 100, 1,000), as long as names are. */
function nameOf(number: number, parts: number): string {
  const text = Array.from({ length: parts }, (_, at) => PARTS[Math.floor(number / 10 ** at) % 10]).join('')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** The customer of a session: one of 100,000 names. */
export function customerName(session: number): string {
  // By a step that visits all before it repeats: neighbours have nothing in common.
  const mixed = (session * 7_919) % 100_000
  return `${nameOf(mixed % 100, 2)} ${nameOf(Math.floor(mixed / 100), 3)}`
}

/** The ticket of a session: each its own. */
export function ticketOf(session: number): string {
  return `INC${1_000_000 + session}`
}

function build(file: string, sessions: number): void {
  const journal = openJournal(file)
  const database = new DatabaseSync(file)
  // It is thrown away if it is not finished.
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000')
  const insert = database.prepare(
    'INSERT INTO events (digest, received, at, event, lsid, source, variables) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const begin = Date.now() - DAYS * DAY
  const step = (DAYS * DAY - DAY / 24) / sessions
  let seq = 0
  for (let first = 0; first < sessions; first += BATCH) {
    const lines: IndexedSession[] = []
    database.exec('BEGIN')
    for (let number = first; number < Math.min(first + BATCH, sessions); number += 1) {
      const lsid = lsidOf(number)
      let session: Session | null = null
      for (const [index, fields] of EVENTS.entries()) {
        const time = Math.floor((begin + number * step) / 1000) * 1000 + index * 20_000
        const own = 'display_name' in fields && fields['type'] === 'customer' ? customerName(number) : null
        const variables: Record<string, string> = {
          version: '1',
          timestamp: String(time / 1000),
          appliance_id: 'appliance.example.com',
          lsid,
          external_key: ticketOf(number),
          ...fields,
          ...(own === null ? {} : { display_name: own }),
        }
        const event = parseEvent(variables)
        if ('malformed' in event) throw new Error(event.malformed)
        seq += 1
        insert.run(eventDigest(variables), time, time, event.event, lsid, '192.0.2.1', JSON.stringify(variables))
        session = applyEvent(session, { ...event, lsid, seq, time })
      }
      if (session !== null) lines.push(lineOf(session))
    }
    database.exec('COMMIT')
    journal.index(lines, seq, { alerts: '[]' })
  }
  database.close()
  journal.close()
}

function lineOf(session: Session): IndexedSession {
  const { lsid, externalKey, startedAt, endedAt, updatedAt, revision } = session
  const customer = customerOf(session)
  return { lsid, externalKey, customer, startedAt, endedAt, updatedAt, revision, data: JSON.stringify(session) }
}

/** The file of a journal with so many sessions of ten events each; only to be read, or copied. */
export function history(sessions: number, log: (line: string) => void): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rep-tray', 'bench-journals')
  // Events grow old, and what is too old is deleted: a new one each week.
  const file = join(folder, `${sessions}-sessions-week-${Math.floor(Date.now() / (7 * DAY))}.db`)
  if (existsSync(file)) return file
  log(`making a journal of ${(sessions * EVENTS.length).toLocaleString('en')} events`)
  mkdirSync(folder, { recursive: true })
  const staging = `${file}.${process.pid}`
  try {
    build(staging, sessions)
    renameSync(staging, file)
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${staging}${suffix}`, { force: true })
  }
  return file
}

/** Puts a copy of it into a data folder. */
export function putHistory(file: string, dataFolder: string): void {
  copyFileSync(file, join(dataFolder, 'journal.db'), constants.COPYFILE_FICLONE)
}
