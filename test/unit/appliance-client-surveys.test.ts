import type { SessionEvent } from '../../main/appliance/report.ts'
import { reads } from './appliance-client-reads.ts'
import { LSID } from './appliance-client-stub.ts'

const PERIOD = { by: 'end', from: 1_574_600_000_000, until: null } as const

const QUIET: SessionEvent = {
  at: null,
  type: '',
  by: null,
  to: null,
  text: null,
  filename: null,
  filesize: null,
  files: [],
  data: [],
  systemInformation: [],
}

const QUESTIONS = [
  {
    id: '1',
    type: 'checkbox',
    name: 'topics',
    label: 'What was it about?',
    reportHeader: 'Topics',
    answers: ['Printer', 'Network'],
  },
  {
    id: '2',
    type: 'textarea',
    name: 'remarks',
    label: 'Anything else?',
    reportHeader: 'Remarks',
    answers: ['Quick.\nFriendly.'],
  },
  { id: '3', type: 'text', name: 'empty', label: 'Your room?', reportHeader: 'Room', answers: [] },
]

const SURVEY = {
  lsid: LSID,
  at: 1_574_602_600_000,
  primaryRep: { gsnumber: '21', id: '12', type: null, name: 'John Smith' },
  primaryCustomer: { gsnumber: '22', id: null, type: null, name: 'Jane Doe' },
  questions: QUESTIONS,
}

reads('SupportCustExitSurvey.xml', (client) => client.customerSurveys({ lsid: LSID }), [
  { ...SURVEY, submittedBy: { gsnumber: '22', id: null, type: 'customer', name: 'Jane Doe' } },
])
reads('SupportRepExitSurvey.xml', (client) => client.repSurveys({ ...PERIOD, reportType: 'rep', id: 'all' }), [
  { ...SURVEY, submittedBy: { gsnumber: '21', id: '12', type: 'representative', name: 'John Smith' } },
])

reads('SupportSessionSummary.xml', (client) => client.summarizeSessions({ ...PERIOD, reportType: 'rep' }), [
  {
    kind: 'summary',
    id: '12',
    name: 'John Smith',
    figures: { total_sessions: 48, sessions_per_weekday: 9.6, average_duration: '00:12:07' },
  },
  { kind: 'summary', id: '14', name: 'Åsa Öberg', figures: { total_sessions: 3 } },
])

reads('SupportTeam.xml', (client) => client.teamActivity({ ...PERIOD, teamId: 5 }), [
  {
    id: '5',
    name: 'Troubleshooting',
    events: [
      {
        ...QUIET,
        at: 1_574_600_000_000,
        type: 'Representative Logged In',
        by: { gsnumber: null, id: '12', type: 'representative', name: 'John Smith' },
      },
      {
        ...QUIET,
        at: 1_574_603_600_000,
        type: 'Representative Status Changed',
        by: { gsnumber: null, id: '12', type: 'representative', name: 'John Smith' },
        data: [{ name: 'status', value: 'Away' }],
      },
    ],
  },
  { id: '6', name: 'Second line', events: [] },
])
