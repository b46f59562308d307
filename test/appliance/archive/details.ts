import { createRandom, type Random } from '../random.ts'
import { machineOf } from './machine.ts'
import type { Entry, LogEntry, Party, Snapshot } from './record.ts'

/** What is said and done in a session, in the order of talk; `c` is the customer, `r` the representative. */
const TALK: readonly (readonly [by: 'c' | 'r', line: string])[] = [
  ['c', 'Hello, is somebody there?'],
  ['r', 'Good day, I can see your request. What happens exactly?'],
  ['c', 'It stopped working after the update last night.'],
  ['r', 'I am going to look at the event log, please leave everything open.'],
  ['c', 'The message says: "Access denied <0x80070005> & try again".'],
  ['r', 'Thank you. I restart the service now; the screen will flicker.'],
  ['c', 'Grüße aus Köln – jetzt geht es wieder! 👍'],
  ['r', 'Please try to print a page.'],
  ['c', 'すみません、少し待ってください。'],
  ['r', 'Take your time.\nI wait here.'],
  ['c', "It prints. That's great, thanks!"],
  ['r', 'I close the ticket, then. Goodbye.'],
]

/** Pasted from a terminal: holds characters that XML cannot write. */
const ILLEGAL_LINE = 'C:\\> ping \u001b[31mgateway\u001b[0m\u0007 — no reply'

const NOTES = [
  'Printer queue was stuck; spooler restarted.',
  'Asked for a callback after 15:00.',
  'Driver rolled back.',
]

const FILES: readonly (readonly [name: string, least: number, most: number])[] = [
  ['eventlog.evtx', 20_000, 4_000_000],
  ['screenshot 1.png', 40_000, 900_000],
  ['Treiber für Büro.zip', 500_000, 30_000_000],
  ['fix<1>.reg', 200, 4000],
]

/**
 * Invents the chat, files, notes and so on of a session. They follow from its lsid alone, so that a running session has
 * more of the same each time it is asked for, up to `now` (milliseconds since 1970). Nothing happens before both the
 * customer and a representative are in it.
 */
export function inventDetails(snapshot: Snapshot, now: number): readonly Entry[] {
  const rep = snapshot.connections.find(({ who }) => who !== 'customer')
  const customer = snapshot.connections.find(({ who }) => who === 'customer')
  if (rep === undefined || customer === undefined || rep.who === 'customer') return []
  const random = createRandom(0).fork(`details ${snapshot.lsid}`)
  const end = Math.min(snapshot.endedAt ?? now, now)
  let at = Math.max(rep.joinedAt, customer.joinedAt)
  const entries: Entry[] = []
  for (const entry of lines(random, snapshot, rep.who)) {
    at += random.int(3, 50) * 1000
    if (at > end) break
    const present = snapshot.connections.filter(({ joinedAt, leftAt }) => isIn(joinedAt, leftAt, at))
    // Whoever of the representatives is in it has the word; of a customer who has left nothing comes any more.
    const by = present.find(({ who }) => (who === 'customer') === (entry.by === 'customer'))?.who
    if (by === 'customer' && entry.by === 'customer') entries.push({ kind: 'log', entry, at })
    else if (by !== undefined && by !== 'customer') entries.push({ kind: 'log', entry: { ...entry, by }, at })
  }
  return entries
}

const isIn = (joinedAt: number, leftAt: number | null, at: number) => joinedAt <= at && (leftAt === null || at < leftAt)

function* lines(random: Random, { customer }: Snapshot, rep: Party & object): Generator<LogEntry> {
  if (random.chance(0.5)) {
    const { os, hostname, username } = machineOf(customer)
    const data = { 'Computer Name': hostname, 'Operating System': os, 'User Name': username }
    yield { type: 'System Information Retrieved', by: rep, data }
  }
  const last = random.int(1, TALK.length)
  for (const [by, body] of TALK.slice(0, last)) {
    yield { type: 'Chat Message', by: by === 'c' ? 'customer' : rep, body }
    if (random.chance(0.04)) yield { type: 'Chat Message', by: 'customer', body: ILLEGAL_LINE }
    if (random.chance(0.06)) {
      const [filename, least, most] = random.pick(FILES)
      const type = random.pick(['File Upload', 'File Download', 'File Deleted'] as const)
      yield { type, by: rep, filename, filesize: random.int(least, most) }
    }
    if (random.chance(0.06)) {
      const [old, title] = ['Program Manager', `${random.pick(['Event Viewer', 'Devices', 'services.msc'])} – Admin`]
      yield {
        type: 'Session Foreground Window Changed',
        by: 'customer',
        data: { old_window_name: old, window_name: title },
      }
    }
    if (random.chance(0.03)) yield { type: 'Special Action Executed', by: rep, data: { action: 'Restart' } }
  }
  if (random.chance(0.35)) yield { type: 'Session Note Added', by: rep, body: random.pick(NOTES) }
}

/** Whether and what was recorded of a session. It follows from its lsid. */
export interface Recordings {
  readonly screen: boolean
  /** Instances of the command shell. */
  readonly shells: number
  /** Too old: listed, but no longer there. */
  readonly expired: boolean
}

/** Days that recordings are kept. */
const RECORDING_DAYS = 30

/** The recordings of a session at that time, in milliseconds since 1970. Until it ends there are none. */
export function recordingsOf(
  { lsid, endedAt, served }: Pick<Snapshot, 'lsid' | 'endedAt' | 'served'>,
  now: number,
): Recordings {
  const random = createRandom(0).fork(`recordings ${lsid}`)
  const screen = random.chance(0.6)
  const shells = random.chance(0.2) ? random.int(1, 2) : 0
  if (endedAt === null || !served) return { screen: false, shells: 0, expired: false }
  return { screen, shells, expired: now - endedAt > RECORDING_DAYS * 86_400_000 }
}

/** One answer of a survey; null: the question was left out. */
export interface Answer {
  readonly name: string
  readonly type: 'radio' | 'textarea'
  readonly label: string
  readonly header: string
  readonly value: string | null
}

const COMMENTS = ['Quick and friendly.\\nThank you!', 'Had to wait long, but solved.', 'OK', '']

/** What was answered in a survey. It follows from the lsid and from whose survey it is. */
export function answersOf(lsid: string, by: 'customer' | 'representative'): readonly Answer[] {
  const random = createRandom(0).fork(`survey ${by} ${lsid}`)
  const rating = String(random.int(1, 5))
  const comment = random.pick(COMMENTS)
  const label = by === 'customer' ? 'How satisfied are you with the support?' : 'How difficult was it?'
  return [
    { name: 'rating', type: 'radio', label, header: 'Rating', value: rating },
    {
      name: 'comments',
      type: 'textarea',
      label: 'Anything else?',
      header: 'Comments',
      value: comment === '' ? null : comment,
    },
  ]
}
