import { errorElement } from './commands.ts'
import type { ApiContext } from './context.ts'
import type { PermissionName } from './permissions.ts'
import { commandShellRecording, presentationRecording, sessionRecording } from './recording.ts'
import type { BytesBody } from './reply.ts'
import { supportSession, supportSessionListing } from './report-sessions.ts'
import { supportSessionSummary } from './report-summary.ts'
import { custExitSurvey, repExitSurvey } from './report-survey.ts'
import { supportTeam } from './report-team.ts'
import type { XmlElement } from './xml.ts'

/** Answers with the root element, without the namespace, or with a file; throws what becomes an `<error>`. */
export type ReportHandler = (context: ApiContext, parameters: URLSearchParams) => XmlElement | BytesBody

/** A new report is a new row. The names are those of today; see `Generation.reports` for which are known when. */
const REPORTS: Readonly<Record<string, ReportHandler>> = {
  SupportSession: supportSession,
  SupportSessionListing: supportSessionListing,
  SupportSessionSummary: supportSessionSummary,
  SupportCustExitSurvey: custExitSurvey,
  SupportRepExitSurvey: repExitSurvey,
  SupportTeam: supportTeam,
  SupportSessionRecording: sessionRecording,
  CommandShellRecording: commandShellRecording,
  PresentationSessionRecording: presentationRecording,
  PresentationRecording: presentationRecording,
}

/** The permission that a report needs. */
export const permissionOf = (report: string): PermissionName =>
  report.startsWith('Presentation') ? 'perm_reporting_presentation' : 'perm_reporting_support'

/** Makes the report that `generate_report` names. Whatever goes wrong is an `<error>`; most of its texts are invented. */
export function makeReport(context: ApiContext, parameters: URLSearchParams): XmlElement | BytesBody {
  const name = parameters.get('generate_report')
  if (name === null || name === '') return errorElement('No report was given')
  const handler = Object.hasOwn(REPORTS, name) ? REPORTS[name] : REPORTS[`Support${name}`]
  if (handler === undefined || !context.generation.reports.has(name)) return errorElement(`Unknown report: ${name}`)
  try {
    return handler(context, parameters)
  } catch (error) {
    return errorElement(error instanceof Error ? error.message : String(error))
  }
}
