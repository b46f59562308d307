import type { SessionEvent, SupportSession } from '../../main/appliance/report.ts'
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

const EMPTY: SupportSession = {
  lsid: '',
  type: 'support',
  sequence: null,
  startedAt: null,
  endedAt: null,
  durationSeconds: null,
  publicSite: null,
  externalKey: null,
  customAttributes: [],
  chatViewUrl: null,
  chatDownloadUrl: null,
  recordingViewUrl: null,
  recordingDownloadUrl: null,
  shellRecordings: [],
  fileTransfers: null,
  fileMoves: null,
  fileDeletes: null,
  primaryCustomer: null,
  primaryRep: null,
  teams: [],
  repJoinedAt: null,
  jumpGroup: null,
  jumpoint: null,
  customers: [],
  reps: [],
  customerSurveys: [],
  repSurveys: [],
  events: [],
  other: {},
}

reads('SupportSessionListing.xml', (client) => client.listSessions(PERIOD), [
  { lsid: LSID, externalKey: 'INC0010023', hasRecording: true },
  { lsid: '1f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1c', externalKey: null, hasRecording: false },
])

reads('SupportSession.xml', (client) => client.supportSessions({ lsid: LSID }), [
  {
    ...EMPTY,
    lsid: LSID,
    sequence: 4711,
    startedAt: 1_574_601_600_000,
    endedAt: 1_574_602_502_000,
    durationSeconds: 902,
    publicSite: { id: '1', type: null, name: 'Default' },
    externalKey: 'INC0010023',
    fileTransfers: 0,
    primaryCustomer: { gsnumber: '22', id: null, type: null, name: 'Jane Doe' },
    primaryRep: { gsnumber: '21', id: '12', type: null, name: 'John Smith' },
    customers: [
      {
        gsnumber: '22',
        username: 'jdoe',
        publicAddress: { ip: '198.51.100.7', port: 61606 },
        privateAddress: { ip: '10.0.0.4', port: null },
        hostname: 'PC-4711',
        os: 'Windows 10',
        primary: null,
        info: { name: 'Jane Doe', company: 'ACME', companyCode: null, issue: 'Printer', details: null },
      },
    ],
    reps: [
      {
        gsnumber: '21',
        id: '12',
        username: 'jsmith',
        name: 'John Smith',
        publicName: null,
        privateName: null,
        publicAddress: null,
        privateAddress: null,
        hostname: null,
        os: null,
        owner: true,
        secondsInvolved: 901,
        invited: null,
      },
    ],
    events: [
      { ...QUIET, at: 1_574_601_600_000, type: 'Session Start' },
      {
        ...QUIET,
        at: 1_574_601_640_000,
        type: 'Chat Message',
        by: { gsnumber: '22', id: null, type: 'customer', name: 'Jane Doe' },
        text: 'Hello',
      },
    ],
  },
])

const JANE = { gsnumber: '32', id: null, type: 'customer', name: 'Jane Doe' }
const JOHN = { gsnumber: '31', id: null, type: 'representative', name: 'John Smith' }

reads('SupportSession-full.xml', (client) => client.supportSessions({ lsid: LSID }), [
  {
    ...EMPTY,
    lsid: '2f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1d',
    sequence: 4712,
    startedAt: 1_574_601_600_000,
    endedAt: 1_574_609_102_000,
    durationSeconds: 7502,
    publicSite: { id: '1', type: null, name: 'Default' },
    externalKey: 'INC0010023 <urgent> & more',
    customAttributes: [
      { codeName: 'asset_no', displayName: 'Asset', value: 'PC-4711' },
      { codeName: 'cost_centre', displayName: 'Cost centre', value: '' },
    ],
    chatViewUrl: 'https://support.example.com/session_chat.ns?lsid=2f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1d&l=en',
    chatDownloadUrl: 'https://support.example.com/session_download.ns?lsid=2f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1d',
    recordingViewUrl: 'https://support.example.com/session_recording.ns?lsid=2f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1d',
    recordingDownloadUrl: 'https://support.example.com/recording_download.ns?lsid=2f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1d',
    shellRecordings: [
      {
        instance: 0,
        viewUrl: 'https://support.example.com/shell_view.ns?instance=0',
        downloadUrl: 'https://support.example.com/shell_download.ns?instance=0',
      },
      // A link that is no web address is none.
      { instance: 1, viewUrl: null, downloadUrl: 'https://support.example.com/shell_download.ns?instance=1' },
    ],
    fileTransfers: 2,
    fileMoves: 1,
    fileDeletes: 0,
    primaryCustomer: { gsnumber: '32', id: null, type: null, name: 'Jane Doe' },
    primaryRep: { gsnumber: '31', id: '12', type: null, name: 'John Smith' },
    teams: [
      { id: '5', type: null, name: 'Troubleshooting' },
      { id: '6', type: null, name: 'Second line' },
    ],
    repJoinedAt: 1_574_601_700_000,
    jumpGroup: { id: '7', type: 'shared', name: 'Kiosks' },
    jumpoint: { id: '9', type: null, name: 'dmz-1' },
    customers: [
      {
        gsnumber: '32',
        username: 'jdoe',
        publicAddress: { ip: '2001:db8::7', port: 61606 },
        privateAddress: { ip: '10.0.0.4', port: null },
        hostname: 'PC-4711',
        os: 'Windows 10',
        primary: true,
        info: { name: 'Jane Doe', company: 'ACME', companyCode: 'AC', issue: 'Printer', details: 'It is on fire.' },
      },
    ],
    reps: [
      {
        gsnumber: '31',
        id: '12',
        username: 'jsmith',
        name: 'John Smith (2nd)',
        publicName: 'John',
        privateName: 'John Smith (2nd)',
        publicAddress: { ip: '198.51.100.9', port: 443 },
        privateAddress: { ip: '10.0.0.9', port: null },
        hostname: 'WS-12',
        os: 'Unknown',
        owner: true,
        secondsInvolved: 7400,
        invited: false,
      },
      {
        gsnumber: '35',
        id: '12',
        username: 'jsmith',
        name: 'John Smith',
        publicName: null,
        privateName: null,
        publicAddress: null,
        privateAddress: null,
        hostname: null,
        os: null,
        owner: false,
        secondsInvolved: 10,
        invited: null,
      },
    ],
    customerSurveys: [
      {
        lsid: null,
        at: 1_574_609_200_000,
        submittedBy: JANE,
        primaryRep: null,
        primaryCustomer: null,
        questions: [
          { id: '1', type: 'radio', name: 'q1', label: 'Were you helped?', reportHeader: 'Helped', answers: ['Yes'] },
        ],
      },
    ],
    events: [
      { ...QUIET, at: 1_574_601_600_000, type: 'Session Start' },
      {
        ...QUIET,
        at: 1_574_601_600_000,
        type: 'Conference Owner Changed',
        to: { gsnumber: '0', id: null, type: 'system', name: 'Pre-start Conference' },
        data: [{ name: 'owner', value: 'Pre-start Conference' }],
      },
      { ...QUIET, at: 1_574_601_640_000, type: 'Chat Message', by: JANE, to: JOHN, text: 'Hello \u0001World €' },
      // Decoded once: what was escaped twice is left with one escape, and HTML's entities are nobody's.
      { ...QUIET, at: 1_574_601_650_000, type: 'Chat Message', by: JOHN, text: 'Use <Ctrl> &amp; € or € &nbsp;' },
      { ...QUIET, at: 1_574_601_660_000, type: 'File Upload', by: JOHN, filename: 'driver.zip', filesize: 123_456 },
      {
        ...QUIET,
        at: 1_574_601_670_000,
        type: 'Files Shared',
        files: [
          { name: 'a.txt', bytes: 12 },
          { name: 'b.txt', bytes: 34 },
        ],
      },
      {
        ...QUIET,
        at: 1_574_601_680_000,
        type: 'System Information Retrieved',
        systemInformation: [
          {
            category: 'Drives',
            description: ['Drive', 'Free'],
            rows: [
              [
                { name: 'Drive', value: 'C:' },
                { name: 'Free', value: '12 GB' },
              ],
              [
                { name: 'Drive', value: 'D:' },
                { name: 'Free', value: '' },
              ],
            ],
          },
        ],
      },
      { ...QUIET, at: 1_574_609_102_000, type: 'Session End' },
    ],
    other: { audit_hint: 'kept' },
  },
  {
    ...EMPTY,
    lsid: '3f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1e',
    startedAt: 1_574_609_600_000,
    durationSeconds: 0,
    primaryRep: { gsnumber: '41', id: '12', type: null, name: '' },
  },
])
