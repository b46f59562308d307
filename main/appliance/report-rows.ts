/** How the rows of each report are read: one by one while the reply is parsed, so that none is kept as XML. */
import type { ExitSurvey, ListedSession, SessionEvent, SummaryLine, SupportSession, TeamActivity } from './report.ts'
import { readEvent } from './report-event.ts'
import { readListedSession, readSession } from './report-session.ts'
import { readSummaryLine, readTeamActivity } from './report-statistics.ts'
import { readSurvey } from './report-survey.ts'
import type { XmlElement, XmlOptions } from './xml.ts'

/** How a report is read: what is taken out while the reply is read, and what its root may be. */
export interface RowReader<Row> {
  readonly roots: readonly string[]
  /** Collects into `rows` what it takes. */
  readonly take: (rows: Row[]) => NonNullable<XmlOptions['take']>
}

/** Is this a row of the list that `parent` is? The rows of a `summary_list` are called `summary`. */
function isRow({ name }: XmlElement, parent: string): boolean {
  return parent === `${name}_list`
}

function rowsOf<Row>(read: (element: XmlElement) => Row): RowReader<Row>['take'] {
  return (rows) => (element, parent, depth) => {
    if (depth !== 1) return false
    if (isRow(element, parent)) rows.push(read(element))
    // What else there is in a list is nothing to us, and may be large.
    return true
  }
}

/** Rows with events in them, which are the bulk: each is read as it comes, and none is kept as XML. */
function rowsWithEvents<Row>(
  read: (element: XmlElement, events: readonly SessionEvent[]) => Row,
): RowReader<Row>['take'] {
  return (rows) => {
    let events: SessionEvent[] = []
    return (element, parent, depth) => {
      if (element.name === 'event' && (parent === 'session_details' || parent === 'events')) {
        events.push(readEvent(element))
        return true
      }
      if (depth !== 1) return false
      if (isRow(element, parent)) rows.push(read(element, events))
      events = []
      return true
    }
  }
}

export const SESSIONS: RowReader<SupportSession> = {
  roots: ['session_list'],
  take: rowsWithEvents(readSession),
}
export const LISTING: RowReader<ListedSession> = {
  roots: ['session_summary_list'],
  take: rowsOf(readListedSession),
}
export const SURVEYS: RowReader<ExitSurvey> = { roots: ['exit_survey_list'], take: rowsOf(readSurvey) }
export const ACTIVITY: RowReader<TeamActivity> = {
  roots: ['team_activity_list'],
  take: rowsWithEvents(readTeamActivity),
}
/** Its names are not documented for every version: any list will do. */
export const SUMMARY: RowReader<SummaryLine> = { roots: [], take: rowsOf(readSummaryLine) }
