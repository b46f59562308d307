import type { Snapshot } from '../archive/record.ts'
import { listOf, seen } from './report-sessions.ts'
import type { ReportHandler } from './reports.ts'
import { readSelection } from './selection.ts'
import { clockTime } from './session-element.ts'
import { element } from './xml.ts'

interface Tally {
  readonly id: number
  readonly name: string
  sessions: number
  ms: number
}

/** How many sessions there were, and how long they took: by representative, team or public site. */
export const supportSessionSummary: ReportHandler = (context, parameters) => {
  const selection = readSelection(parameters, context.horizon.now, false)
  const type = parameters.get('report_type') ?? ''
  const keyOf = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined
  if (keyOf === undefined) throw new Error('Invalid report_type')
  const tallies = new Map<number, Tally>()
  for (const snapshot of seen(context, selection)) {
    const key = keyOf(snapshot)
    if (key === null) continue
    const tally = tallies.get(key.id) ?? { ...key, sessions: 0, ms: 0 }
    tally.sessions += 1
    tally.ms += (snapshot.endedAt ?? context.horizon.now) - snapshot.startedAt
    tallies.set(key.id, tally)
  }
  const days = selection.by === 'lsids' ? 1 : weekdays(selection.from, selection.to)
  return listOf('summary_list', context, tallies.values(), ({ id, name, sessions, ms }) =>
    element(
      'summary',
      [
        element('display_name', name),
        element('total_sessions', sessions),
        element('avg_sessions_per_weekday', (sessions / days).toFixed(2)),
        element('avg_duration', clockTime(ms / sessions)),
      ],
      { id, type },
    ),
  )
}

/** Under whom a session counts. */
const KEYS: Readonly<Record<string, (snapshot: Snapshot) => { readonly id: number; readonly name: string } | null>> = {
  rep: ({ primaryRep }) =>
    primaryRep === null || primaryRep.who === 'customer' ? null : { id: primaryRep.who.id, name: primaryRep.who.name },
  team: ({ team }) => (team === null ? null : { id: Number(team.id.split(':')[1]), name: team.name }),
  site: () => ({ id: 1, name: 'Default' }),
}

/** Days from Monday to Friday in the window, in UTC; at least one. */
function weekdays(from: number, to: number): number {
  const day = 86_400_000
  let count = 0
  for (let at = from; at < to && at < from + 400 * day; at += day) if (new Date(at).getUTCDay() % 6 !== 0) count += 1
  return Math.max(count, 1)
}
