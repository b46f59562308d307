/** The fixed words of what the appliance has kept of a session, and of recordings on their way here. */
import type { Download, ReportRecording } from '../preload/contract.ts'

export const REPORT_LABELS = {
  title: 'From the appliance',
  ask: 'Ask for the report',
  again: 'Ask again',
  retry: 'Try again',
  asking: 'Asking the appliance',
  idle: 'What was said, sent and recorded so far is in the appliance’s report.',
  soon: 'The appliance has no report yet. It follows a moment after the session; it is asked for again by itself.',
  notYet: 'The appliance has no report yet. It follows a moment after what happens.',
  none: 'The appliance has no report of this session.',
  askedAt: 'As of',

  started: 'Started',
  ended: 'Ended',
  running: 'not yet',
  duration: 'Duration',
  key: 'External key',
  noKey: 'none',
  site: 'Public site',
  teams: 'Teams',

  customers: 'Customer',
  unnamed: 'No name given',
  company: 'Company',
  computer: 'Computer',
  system: 'System',
  address: 'Address',
  details: 'Details',

  representatives: 'Representatives',
  owner: 'owner',

  chat: 'Chat',
  to: 'to',
  somebody: 'Unknown',
  whole: 'Show all of it',
  more: (amount: string): string => `Show ${amount} more`,
  dropped: (amount: string): string => `${amount} of the report are left out here; the web report has them.`,

  files: 'Files',
  others: 'Everything else in the report',

  surveys: 'Answers to the exit surveys',
  survey: { customer: 'Customer', representative: 'Representative' },
  noAnswer: 'no answer',
  noQuestions: 'Nothing was answered.',

  recordings: 'Recordings',
  recording: { session: 'Session recording', commandShell: 'Command shell' } satisfies Record<
    ReportRecording['kind'],
    string
  >,
  watch: 'Watch',
  download: 'Download',
  onItsWay: 'This recording is on its way already.',

  copySummary: 'Copy for the ticket',
  copying: 'Copying',
  summary: 'The summary',
  openTicket: 'Open ticket',
  noTicket: 'This session has no external key, so it has no ticket to open.',
  ticket: 'The ticket',
  webReport: 'Web report',
  webChat: 'Chat on the web',
  page: 'The page',

  downloads: 'Downloads',
  cancel: 'Cancel',
  show: 'Show in folder',
  dismiss: 'Dismiss',
  downloadStatus: {
    running: 'Downloading',
    done: 'Downloaded',
    cancelled: 'Cancelled',
    failed: 'Not downloaded',
  } satisfies Record<Download['status'], string>,
} as const
