/** A session as plain text for its ticket: who, when, files, surveys, chat. From the report, else from events alone. */
import type { ReportEntry, ReportSurvey, SessionReport } from '../preload/contract.ts'
import type { Session } from './sessions/session.ts'

export interface SummaryParts {
  readonly lsid: string
  readonly externalKey: string | null
  /** null: the appliance has none, or could not be asked. */
  readonly report: SessionReport | null
  /** null: no event of it is known. */
  readonly session: Session | null
  /** The zone of all times, for example `Europe/Berlin`. */
  readonly zone: string
}

/** Controls and what turns the direction of all that follows; line ends are dealt with before. */
const UNFIT = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

function line(text: string): string {
  return text
    .replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replaceAll(UNFIT, '')
    .trim()
}

/** Further lines are set in, so that nothing that was said passes for a line of ours. */
function lines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(line)
    .filter((each) => each !== '')
    .join('\n    ')
}

interface Clock {
  /** `2026-11-22 14:05:03` */
  time(at: number): string
  /** `2026-11-22` */
  date(at: number): string
  /** `14:05:03` */
  hours(at: number): string
  /** `Europe/Berlin, UTC+01:00` */
  name(at: number): string
}

function clockOf(zone: string): Clock {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en-GB', {
    ...digits,
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'longOffset',
  })
  const parts = (at: number): Partial<Record<Intl.DateTimeFormatPartTypes, string>> =>
    Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const date = (at: number) => {
    const { year, month, day } = parts(at)
    return `${year}-${month}-${day}`
  }
  const hours = (at: number) => {
    const { hour, minute, second } = parts(at)
    return `${hour}:${minute}:${second}`
  }
  return {
    date,
    hours,
    time: (at) => `${date(at)} ${hours(at)}`,
    name: (at) => {
      const offset = (parts(at).timeZoneName ?? '').replace('GMT', 'UTC')
      return zone === 'UTC' ? zone : `${zone}, ${offset}`
    },
  }
}

/** `1:05:07` */
export function durationText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

const named = (label: string, values: readonly string[]) =>
  values.length === 0 ? [] : [`${label}: ${[...new Set(values)].join('; ')}`]

function peopleOf({ report, session }: SummaryParts): readonly string[] {
  if (report !== null) {
    const customers = report.customers.map(({ name, company }) => {
      const who = line(name ?? 'not named')
      return company === null ? who : `${who} (${line(company)})`
    })
    const computers = report.customers.flatMap(({ computer, system }) =>
      computer === null ? [] : [system === null ? line(computer) : `${line(computer)} (${line(system)})`],
    )
    // The owner first.
    const reps = report.representatives.toSorted((one, other) => Number(other.owner) - Number(one.owner))
    return [
      ...named('Customer', customers),
      ...named('Computer', computers),
      ...named(
        'Representative',
        reps.map(({ name }) => line(name)),
      ),
    ]
  }
  const members = (type: 'customer' | 'representative') =>
    (session?.members ?? [])
      .filter((member) => member.type === type && member.name !== '')
      .map(({ name }) => line(name))
  return [...named('Customer', members('customer')), ...named('Representative', members('representative'))]
}

function timesOf({ report, session }: SummaryParts, clock: Clock): readonly string[] {
  const startedAt = report?.startedAt ?? session?.startedAt ?? null
  const endedAt = report?.endedAt ?? session?.endedAt ?? null
  const between = startedAt !== null && endedAt !== null && endedAt >= startedAt ? (endedAt - startedAt) / 1000 : null
  const seconds = endedAt === null ? null : (report?.durationSeconds ?? between)
  const any = startedAt ?? endedAt ?? session?.updatedAt
  return [
    ...(startedAt === null ? [] : [`Start: ${clock.time(startedAt)}`]),
    `End: ${endedAt === null ? 'not yet, as far as is known' : clock.time(endedAt)}`,
    ...(seconds === null ? [] : [`Duration: ${durationText(seconds)}`]),
    ...(any === undefined ? [] : [`Times: ${clock.name(any)}`]),
  ]
}

/** Files that went from one side to the other; those that were only deleted or moved there did not. */
function filesOf(entries: readonly ReportEntry[], clock: Clock): readonly string[] {
  const sent = entries.filter(({ kind, files }) => files.length > 0 && !/delet|mov|rename/i.test(kind))
  if (sent.length === 0) return []
  const rows = sent.flatMap(({ at, kind, by, files }) =>
    files.map(({ name, bytes }) => {
      const size = bytes === null ? '' : ` (${sizeText(bytes)})`
      const how = [line(kind), ...(by === null ? [] : [line(by)]), ...(at === null ? [] : [clock.hours(at)])]
      return `  ${line(name)}${size}, ${how.join(', ')}`
    }),
  )
  return ['', 'Files:', ...rows]
}

function surveysOf({ report, session }: SummaryParts, clock: Clock): readonly string[] {
  const heading = (by: ReportSurvey['by'], at: number | null) =>
    `Survey of the ${by}${at === null ? '' : `, ${clock.time(at)}`}:`
  if (report !== null) {
    return report.surveys.flatMap(({ by, at, questions }) => [
      '',
      heading(by, at),
      ...questions
        .filter(({ answers }) => answers.length > 0)
        .map(({ question, answers }) => `  ${line(question)}: ${answers.map(line).join('; ')}`),
    ])
  }
  const known = [
    ['customer', session?.customerSurveyAt ?? null],
    ['representative', session?.representativeSurveyAt ?? null],
  ] as const
  return known.flatMap(([by, at]) => (at === null ? [] : ['', `${heading(by, at)} sent`]))
}

/** Every line has its time; the date stands where it changes. */
function chatOf({ entries, entriesDropped }: SessionReport, firstDay: string | null, clock: Clock): readonly string[] {
  const said = entries.filter(({ kind, text }) => /^chat message$/i.test(kind.trim()) && text !== null)
  let day = firstDay
  const rows = said.flatMap(({ at, by, text }) => {
    const words = `  ${at === null ? '' : `${clock.hours(at)} `}${line(by ?? '?')}: ${lines(text ?? '')}`
    const today = at === null ? day : clock.date(at)
    if (today === day || today === null) return [words]
    day = today
    return [`  ${today}`, words]
  })
  const cut = entriesDropped > 0 ? [`  (${entriesDropped} later entries of the report are left out.)`] : []
  return said.length === 0 && cut.length === 0 ? [] : ['', 'Chat:', ...rows, ...cut]
}

/** @returns lines with `\n`, without one at the end */
export function summaryOf(parts: SummaryParts): string {
  const { lsid, externalKey, report, session, zone } = parts
  const clock = clockOf(zone)
  const startedAt = report?.startedAt ?? session?.startedAt ?? null
  return [
    `Ticket: ${externalKey === null ? 'none' : line(externalKey)}`,
    ...peopleOf(parts),
    ...timesOf(parts, clock),
    `Session ID: ${line(lsid)}`,
    ...(report === null ? [] : filesOf(report.entries, clock)),
    ...surveysOf(parts, clock),
    ...(report === null
      ? ['', 'Chat and files are not in this text: the appliance gave no report of the session.']
      : chatOf(report, startedAt === null ? null : clock.date(startedAt), clock)),
  ].join('\n')
}
