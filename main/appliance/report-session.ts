/** A session of a report, and a line of a listing. */
import { readCustomAttributes } from './command-reply.ts'
import type { ListedSession, SessionEvent, ShellRecording, SupportSession } from './report.ts'
import { readCustomer, readNamed, readParty, readRep } from './report-people.ts'
import { readSurvey } from './report-survey.ts'
import { flag, link, otherLeaves, secondsOf, textOrNull, timeOf, wholeNumber } from './value.ts'
import type { XmlElement } from './xml.ts'

export function readListedSession(summary: XmlElement): ListedSession {
  return {
    lsid: summary.attr('lsid') ?? '',
    // Not every version is known to have it here; where it is a child instead, that is as good.
    externalKey: textOrNull(summary.attr('external_key')) ?? textOrNull(summary.textOf('external_key')),
    hasRecording: flag(summary.attr('has_recording')),
  }
}

function readShellRecording(recording: XmlElement): ShellRecording {
  return {
    instance: wholeNumber(recording.attr('instance')),
    viewUrl: link(recording.textOf('view_url')),
    downloadUrl: link(recording.textOf('download_url')),
  }
}

/** Elements that are read below; any other leaf goes into `other`. */
const SESSION_ELEMENTS: ReadonlySet<string> = new Set(
  `session_type lseq start_time end_time duration public_site external_key custom_attributes
  session_chat_view_url session_chat_download_url session_recording_view_url session_recording_download_url
  command_shell_recordings file_transfer_count file_move_count file_delete_count primary_customer primary_rep team_list
  rep_join_time jump_group jumpoint customer_list rep_list cust_survey_list rep_survey_list session_details`.split(
    /\s+/,
  ),
)

/** @param events those of the session, which were taken out of the tree while it was read */
export function readSession(session: XmlElement, events: readonly SessionEvent[]): SupportSession {
  const list = (name: string, ...of: readonly string[]) =>
    session
      .child(name)
      ?.children()
      .filter((each) => of.includes(each.name)) ?? []
  return {
    lsid: session.attr('lsid') ?? '',
    type: textOrNull(session.textOf('session_type')),
    sequence: wholeNumber(session.textOf('lseq')),
    startedAt: timeOf(session.child('start_time')),
    endedAt: timeOf(session.child('end_time')),
    durationSeconds: secondsOf(session.textOf('duration')),
    publicSite: readNamed(session.child('public_site')),
    externalKey: textOrNull(session.textOf('external_key')),
    customAttributes: readCustomAttributes(session.child('custom_attributes')),
    chatViewUrl: link(session.textOf('session_chat_view_url')),
    chatDownloadUrl: link(session.textOf('session_chat_download_url')),
    recordingViewUrl: link(session.textOf('session_recording_view_url')),
    recordingDownloadUrl: link(session.textOf('session_recording_download_url')),
    shellRecordings: list('command_shell_recordings', 'command_shell_recording').map(readShellRecording),
    fileTransfers: wholeNumber(session.textOf('file_transfer_count')),
    fileMoves: wholeNumber(session.textOf('file_move_count')),
    fileDeletes: wholeNumber(session.textOf('file_delete_count')),
    primaryCustomer: readParty(session.child('primary_customer')),
    primaryRep: readParty(session.child('primary_rep')),
    teams: list('team_list', 'team').map((team) => readNamed(team) ?? { id: null, type: null, name: '' }),
    repJoinedAt: timeOf(session.child('rep_join_time')),
    jumpGroup: readNamed(session.child('jump_group')),
    jumpoint: readNamed(session.child('jumpoint')),
    customers: list('customer_list', 'customer').map(readCustomer),
    reps: list('rep_list', 'representative').map(readRep),
    customerSurveys: list('cust_survey_list', 'cust_exit_survey', 'exit_survey').map(readSurvey),
    repSurveys: list('rep_survey_list', 'rep_exit_survey', 'exit_survey').map(readSurvey),
    events,
    other: otherLeaves(session, SESSION_ELEMENTS),
  }
}
