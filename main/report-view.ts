/** The appliance's report of a session, as the window gets it and as it is kept: bounded, and without addresses of pages. */
import type { ReportEntry, ReportSurvey, SessionReport } from '../preload/contract.ts'
import { recordingsOf, type Recording } from './appliance/files.ts'
import type { ExitSurvey, ReportedCustomer, SessionEvent, SupportSession } from './appliance/report.ts'
import type { Reported } from './sessions/lookup.ts'
import { clip } from './sessions/session.ts'

/** What crosses the bridge and is kept of a report. */
export const REPORT_LIMITS = {
  entries: 2_000,
  /** Characters of one text, and of all texts of the entries. */
  text: 16_000,
  texts: 2_000_000,
  /** Items of any other list. */
  list: 100,
} as const

/** Where the appliance's web interface shows what a report speaks of. These stay in main. */
export interface ReportLinks {
  readonly chat: string | null
  readonly recordings: readonly Pick<Recording, 'kind' | 'instance' | 'viewUrl'>[]
}

/** A report with its links, as the lookup index keeps it. */
export interface KeptReport {
  readonly report: SessionReport
  readonly links: ReportLinks
}

const bounded = (text: string) => clip(text, REPORT_LIMITS.text)
const orNull = (text: string | null | undefined) =>
  text === null || text === undefined || text === '' ? null : bounded(text)
const some = <Item>(items: readonly Item[]) => items.slice(0, REPORT_LIMITS.list)

/** What an event says: its words, else its values, else what was read from the computer. */
function textOf({ text, data, to, systemInformation }: SessionEvent): string | null {
  if (text !== null) return bounded(text)
  // An owner is said twice, as destination and as value.
  const values = some(data).filter(({ value }) => value !== '' && value !== to?.name)
  if (values.length > 0) return bounded(values.map(({ name, value }) => `${name}: ${value}`).join('\n'))
  const lines: string[] = []
  let length = 0
  for (const { rows } of systemInformation) {
    for (const row of rows) {
      const line = row.map(({ name, value }) => (name === null ? value : `${name}: ${value}`)).join(', ')
      lines.push(line)
      length += line.length + 1
      if (length > REPORT_LIMITS.text) return bounded(lines.join('\n'))
    }
  }
  return orNull(lines.join('\n'))
}

function entryOf(event: SessionEvent): ReportEntry {
  const { at, type, by, to, filename, filesize, files } = event
  const single = filename === null ? [] : [{ name: filename, bytes: filesize }]
  return {
    at,
    kind: bounded(type),
    by: orNull(by?.name),
    to: orNull(to?.name),
    text: textOf(event),
    files: some([...single, ...files]).map(({ name, bytes }) => ({ name: bounded(name), bytes })),
  }
}

/** Characters of an entry that count. */
function sizeOf({ text, files }: ReportEntry): number {
  return (text?.length ?? 0) + files.reduce((sum, { name }) => sum + name.length, 0)
}

/** Oldest first; an event without a time stays behind the one that it came after. */
function inOrder(events: readonly SessionEvent[]): readonly SessionEvent[] {
  let last = 0
  return events
    .map((event) => ({ event, at: (last = event.at ?? last) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ event }) => event)
}

function entriesOf(events: readonly SessionEvent[]): readonly ReportEntry[] {
  const entries: ReportEntry[] = []
  let size = 0
  for (const event of inOrder(events).slice(0, REPORT_LIMITS.entries)) {
    const entry = entryOf(event)
    size += sizeOf(entry)
    if (size > REPORT_LIMITS.texts) break
    entries.push(entry)
  }
  return entries
}

function surveyOf(by: ReportSurvey['by']) {
  return ({ at, submittedBy, questions }: ExitSurvey): ReportSurvey => ({
    by,
    at,
    name: orNull(submittedBy?.name),
    questions: some(questions).map(({ label, name, reportHeader, id, answers }) => ({
      question: bounded(label ?? name ?? reportHeader ?? id ?? ''),
      answers: some(answers).map(bounded),
    })),
  })
}

/** The name that the customer gave; failing that the one in the session, failing that the one of the computer's user. */
function nameOf({ gsnumber, username, info }: ReportedCustomer, { primaryCustomer }: SupportSession): string | null {
  const primary = gsnumber !== null && primaryCustomer?.gsnumber === gsnumber ? primaryCustomer.name : null
  return orNull(info.name) ?? orNull(primary) ?? orNull(username)
}

/** @param askedAt when the appliance said so (ms) */
export function viewOf(session: SupportSession, askedAt: number): KeptReport {
  const { lsid, startedAt, endedAt, durationSeconds } = session
  const entries = entriesOf(session.events)
  const recordings = some(recordingsOf(session)).flatMap(({ kind, instance, viewUrl }) =>
    kind === 'session' || kind === 'commandShell' ? [{ kind, instance, viewUrl }] : [],
  )
  return {
    report: {
      lsid,
      externalKey: orNull(session.externalKey),
      startedAt,
      endedAt,
      durationSeconds,
      publicSite: orNull(session.publicSite?.name),
      teams: some(session.teams).map(({ name }) => bounded(name)),
      customers: some(session.customers).map((customer) => ({
        name: nameOf(customer, session),
        company: orNull(customer.info.company),
        computer: orNull(customer.hostname),
        system: orNull(customer.os),
        address: orNull(customer.publicAddress?.ip),
        details: orNull(customer.info.details),
      })),
      representatives: some(session.reps).map(({ name, owner, secondsInvolved }) => ({
        name: bounded(name),
        owner: owner === true,
        seconds: secondsInvolved,
      })),
      entries,
      entriesDropped: session.events.length - entries.length,
      surveys: [
        ...some(session.customerSurveys).map(surveyOf('customer')),
        ...some(session.repSurveys).map(surveyOf('representative')),
      ],
      recordings: recordings.map(({ kind, instance, viewUrl }) => ({ kind, instance, viewable: viewUrl !== null })),
      // The web interface reports on sessions that have ended.
      pages: { report: endedAt !== null, chat: session.chatViewUrl !== null },
      askedAt,
    },
    links: { chat: session.chatViewUrl, recordings },
  }
}

/** What the lookup finds a session by. */
export function reportedOf(session: SupportSession, kept: KeptReport | null): Reported {
  const { lsid, externalKey, startedAt, endedAt, customers, primaryCustomer } = session
  const [first] = customers
  return {
    lsid,
    externalKey,
    customer: primaryCustomer?.name ?? first?.info.name ?? null,
    computer: first?.hostname ?? null,
    startedAt,
    endedAt,
    data: kept === null ? null : JSON.stringify(kept),
  }
}

/** A report as it was kept; null if it was kept in a form that is not read any more. */
export function readKept(data: string | null): KeptReport | null {
  try {
    const kept = JSON.parse(data ?? 'null') as Partial<KeptReport> | null
    return kept?.report === undefined || kept.links === undefined ? null : (kept as KeptReport)
  } catch {
    return null
  }
}
