/** The Reporting API: what the appliance keeps of sessions, surveys and teams. Each method is one report. */
import type { ApiRequest, CallOptions, Connection } from './connection.ts'
import { invalid, isApplianceError, unreadable } from './errors.ts'
import { checkId, checkLsid, checkName, type Parameters } from './parameters.ts'
import { expectRoot } from './reply.ts'
import type { ExitSurvey, ListedSession, SummaryLine, SupportSession, TeamActivity } from './report.ts'
import { ACTIVITY, LISTING, SESSIONS, SUMMARY, SURVEYS, type RowReader } from './report-rows.ts'
import type { ApiInfo, Feature } from './version.ts'
import type { Delay } from './waiting.ts'
import type { XmlElement } from './xml.ts'

/** A period of time (ms). The appliance keeps sessions for 90 days at most. */
export interface Period {
  /** `start`: sessions that started in it, running ones included. `end`: sessions that ended in it. */
  readonly by: 'start' | 'end'
  readonly from: number
  /** null: until now. */
  readonly until: number | null
}

/** Which sessions: exactly one of these, for the appliance takes no two. */
export type Selection =
  | { readonly lsid: string }
  | { readonly lsids: readonly string[] }
  | (Period & {
      /** Narrows by category; a word of the appliance's, not a number of rows. */
      readonly limit?: string
    })

/** By whom or what surveys are chosen. The appliance wants both said; left out here, it is all representatives. */
export interface SurveySelection {
  /** `rep`, `team`, … */
  readonly reportType?: string
  /** A number, or `all`. */
  readonly id?: string | number
}

export interface ReportingApi {
  /** Full reports, megabytes each if there was much chat; many `lsids` are asked for in several requests. */
  supportSessions(selection: Selection, options?: CallOptions): Promise<readonly SupportSession[]>
  /**
   * The report of a session that something just happened to: reports lag behind, so it is asked for again after 5, 15
   * and 45 s until `ready` likes it. null if it never was there; else the last one.
   */
  supportSessionOnce(
    lsid: string,
    ready: (session: SupportSession) => boolean,
    options?: CallOptions,
  ): Promise<SupportSession | null>
  /** Ids, keys and whether there is a recording: the way to find a ticket, since the appliance cannot search. */
  listSessions(period: Period & { readonly limit?: string }, options?: CallOptions): Promise<readonly ListedSession[]>
  summarizeSessions(
    request: Period & { readonly reportType: 'rep' | 'team' | 'site' },
    options?: CallOptions,
  ): Promise<readonly SummaryLine[]>
  customerSurveys(selection: Selection & SurveySelection, options?: CallOptions): Promise<readonly ExitSurvey[]>
  repSurveys(selection: Selection & SurveySelection, options?: CallOptions): Promise<readonly ExitSurvey[]>
  teamActivity(
    request: Period & { readonly teamId?: string | number },
    options?: CallOptions,
  ): Promise<readonly TeamActivity[]>
  /** Any report by its name with the appliance's own parameters, typed as far as this version knows it. */
  report(name: string, parameters: Parameters, options?: CallOptions): Promise<Report>
}

/** A report as it was asked for by name. */
export type Report =
  | readonly SupportSession[]
  | readonly ListedSession[]
  | readonly ExitSurvey[]
  | readonly SummaryLine[]
  | readonly TeamActivity[]
  | XmlElement

export interface ReportingApiOptions {
  readonly connection: Connection
  readonly delay: Delay
  readonly demand: (feature: Feature, options: CallOptions) => Promise<ApiInfo>
}

/** Sessions asked for at a time. */
const CHUNK = 25
/** When a report that lags is asked for again (ms). */
const AGAIN: readonly number[] = [5_000, 15_000, 45_000]

/** @see ReportingApi */
export function createReportingApi({ connection, delay, demand }: ReportingApiOptions): ReportingApi {
  async function rowsFrom<Row>(
    name: Feature,
    { roots, take }: RowReader<Row>,
    parameters: Parameters,
    options: CallOptions & Pick<ApiRequest, 'part' | 'parts'>,
  ): Promise<readonly Row[]> {
    await demand(name, options)
    const rows: Row[] = []
    const root = await connection.xml(
      { api: 'reporting', name, parameters: [['generate_report', name], ...parameters], safe: true, ...options },
      { take: take(rows) },
    )
    if (roots.length > 0) expectRoot(root, ...roots)
    else if (!root.name.endsWith('_list'))
      throw unreadable(`${name}: It is no list, but <${root.name.slice(0, 60)}>.`, 'root')
    return rows
  }

  /** Asks for `lsids` a few at a time, so that no reply becomes too large. */
  async function selected<Row>(
    name: Feature,
    reader: RowReader<Row>,
    selection: Selection,
    more: Parameters,
    options: CallOptions,
  ): Promise<readonly Row[]> {
    if (!('lsids' in selection)) return rowsFrom(name, reader, [...selectionParameters(selection), ...more], options)
    const lsids = [...new Set(selection.lsids.map(checkLsid))]
    const parts = Math.ceil(lsids.length / CHUNK)
    const rows: Row[] = []
    for (let part = 1; part <= parts; part += 1) {
      const some = lsids.slice((part - 1) * CHUNK, part * CHUNK)
      for (const row of await fewer(name, reader, some, more, { ...options, part, parts })) rows.push(row)
    }
    return rows
  }

  /** Asks for `lsids` at once, or for half of them at a time if the reply is too large. */
  async function fewer<Row>(
    name: Feature,
    reader: RowReader<Row>,
    lsids: readonly string[],
    more: Parameters,
    options: CallOptions & Pick<ApiRequest, 'part' | 'parts'>,
  ): Promise<readonly Row[]> {
    try {
      return await rowsFrom(name, reader, [['lsids', lsids.join(',')], ...more], options)
    } catch (error) {
      if (!isApplianceError(error) || error.code !== 'too-large' || lsids.length === 1) throw error
      const half = Math.ceil(lsids.length / 2)
      const first = await fewer(name, reader, lsids.slice(0, half), more, options)
      return [...first, ...(await fewer(name, reader, lsids.slice(half), more, options))]
    }
  }

  const sessions = (selection: Selection, options: CallOptions) =>
    selected('SupportSession', SESSIONS, selection, [], options)

  return {
    supportSessions: async (selection, options = {}) => sessions(selection, options),
    supportSessionOnce: async (lsid, ready, options = {}) => {
      for (const pause of AGAIN) {
        const found = await sessions({ lsid }, options).then(
          ([session]) => session,
          (error: unknown) => {
            // Some say with an error that they do not know the session yet.
            if (!isApplianceError(error) || error.kind !== 'box') throw error
            return undefined
          },
        )
        if (found !== undefined && ready(found)) return found
        await delay(pause, options.signal)
      }
      const [last = null] = await sessions({ lsid }, options)
      return last
    },
    listSessions: async (period, options = {}) =>
      rowsFrom('SupportSessionListing', LISTING, selectionParameters(period), options),
    summarizeSessions: async (request, options = {}) =>
      rowsFrom(
        'SupportSessionSummary',
        SUMMARY,
        [...periodParameters(request), ['report_type', checkName(request.reportType)]],
        options,
      ),
    customerSurveys: async (selection, options = {}) =>
      selected('SupportCustExitSurvey', SURVEYS, selection, surveyParameters(selection), options),
    repSurveys: async (selection, options = {}) =>
      selected('SupportRepExitSurvey', SURVEYS, selection, surveyParameters(selection), options),
    teamActivity: async (request, options = {}) => {
      const { teamId } = request
      const team: Parameters = teamId === undefined ? [] : [['team_id', checkId(teamId, 'The team’s ID')]]
      return rowsFrom('SupportTeam', ACTIVITY, [...periodParameters(request), ...team], options)
    },
    report: async (name, parameters, options = {}) => {
      switch (name) {
        case 'SupportSession':
          return rowsFrom(name, SESSIONS, parameters, options)
        case 'SupportSessionListing':
          return rowsFrom(name, LISTING, parameters, options)
        case 'SupportSessionSummary':
          return rowsFrom(name, SUMMARY, parameters, options)
        case 'SupportCustExitSurvey':
        case 'SupportRepExitSurvey':
          return rowsFrom(name, SURVEYS, parameters, options)
        case 'SupportTeam':
          return rowsFrom(name, ACTIVITY, parameters, options)
        default: {
          const asked: Parameters = [['generate_report', checkName(name)], ...parameters]
          return connection.xml({ api: 'reporting', name, parameters: asked, safe: true, ...options })
        }
      }
    },
  }
}

/** Always as unix seconds: the zone of dates without a time is not documented. */
function periodParameters({ by, from, until }: Period): Parameters {
  if (!Number.isFinite(from) || from < 0 || (until !== null && !(until > from))) {
    throw invalid('The period must begin before it ends.')
  }
  const start = Math.floor(from / 1000)
  // 0 means until now, so no period may be as short as that.
  const duration = until === null ? 0 : Math.max(1, Math.ceil(until / 1000) - start)
  return [
    [by === 'start' ? 'start_time' : 'end_time', String(start)],
    ['duration', String(duration)],
  ]
}

function selectionParameters(selection: Exclude<Selection, { lsids: unknown }>): Parameters {
  if ('lsid' in selection) return [['lsid', checkLsid(selection.lsid)]]
  const { limit } = selection
  return [...periodParameters(selection), ...(limit === undefined ? [] : [['limit', checkName(limit)] as const])]
}

function surveyParameters({ reportType = 'rep', id = 'all' }: SurveySelection): Parameters {
  return [
    ['report_type', checkName(reportType)],
    ['id', id === 'all' ? id : checkId(id, 'The ID')],
  ]
}
