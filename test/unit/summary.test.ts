import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReportEntry, SessionReport } from '../../preload/contract.ts'
import type { Session } from '../../main/sessions/session.ts'
import { durationText, summaryOf } from '../../main/summary.ts'

const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'
const START = Date.UTC(2026, 9, 24, 21, 59, 30)
const at = (seconds: number) => START + seconds * 1000

const entry = (seconds: number, kind: string, more: Partial<ReportEntry> = {}): ReportEntry => ({
  at: at(seconds),
  kind,
  by: null,
  to: null,
  text: null,
  files: [],
  ...more,
})

const REPORT: SessionReport = {
  lsid: LSID,
  externalKey: 'INC0010023',
  startedAt: START,
  endedAt: at(3725),
  durationSeconds: 3725,
  publicSite: 'Default',
  teams: ['Troubleshooting'],
  customers: [
    {
      name: 'Jane Doe',
      company: 'ACME',
      computer: 'PC-4711',
      system: 'Windows 11',
      address: '198.51.100.7',
      details: null,
    },
  ],
  representatives: [
    { name: 'Mary Major', owner: false, seconds: 60 },
    { name: 'John Smith', owner: true, seconds: 3600 },
  ],
  entries: [
    entry(0, 'Session Start'),
    entry(10, 'Chat Message', { by: 'Jane Doe', text: 'Hello' }),
    entry(45, 'Chat Message', { by: 'John Smith', text: 'Good evening.\r\nI look at it.' }),
    entry(60, 'File Upload', { by: 'John Smith', files: [{ name: 'fix.reg', bytes: 4200 }] }),
    entry(70, 'File Deleted', { by: 'John Smith', files: [{ name: 'old.reg', bytes: null }] }),
    entry(80, 'Session Note Added', { by: 'John Smith', text: 'between us' }),
    entry(3725, 'Session End'),
  ],
  entriesDropped: 0,
  surveys: [
    {
      by: 'customer',
      at: at(3800),
      name: 'Jane Doe',
      questions: [
        { question: 'Satisfied?', answers: ['Yes', 'very'] },
        { question: 'Anything else?', answers: [] },
      ],
    },
  ],
  recordings: [],
  pages: { report: true, chat: true },
  askedAt: at(9000),
}

const SESSION: Session = {
  lsid: LSID,
  startedAt: START,
  endedAt: at(61),
  owner: null,
  ownerSince: null,
  owners: [],
  externalKey: 'INC1',
  keys: [],
  keyEdit: null,
  members: [
    { type: 'customer', name: 'Jane Doe', userId: null, username: null, joinedAt: START, leftAt: null },
    { type: 'representative', name: 'John Smith', userId: '12', username: 'jsmith', joinedAt: START, leftAt: null },
    { type: 'representative', name: 'John Smith', userId: '12', username: 'jsmith', joinedAt: START, leftAt: null },
  ],
  customerSurveyAt: at(65),
  representativeSurveyAt: null,
  timeline: [],
  timelineDropped: 0,
  variables: {},
  updatedAt: at(65),
  revision: 9,
}

const ZONE = 'Europe/Berlin'

describe('text for the ticket', () => {
  test('from the report: people, times with their zone, files, surveys, chat', () => {
    const text = summaryOf({ lsid: LSID, externalKey: 'INC0010023', report: REPORT, session: null, zone: ZONE })
    assert.equal(
      text,
      `Ticket: INC0010023
Customer: Jane Doe (ACME)
Computer: PC-4711 (Windows 11)
Representative: John Smith; Mary Major
Start: 2026-10-24 23:59:30
End: 2026-10-25 01:01:35
Duration: 1:02:05
Times: Europe/Berlin, UTC+02:00
Session ID: ${LSID}

Files:
  fix.reg (4.2 kB), File Upload, John Smith, 00:00:30

Survey of the customer, 2026-10-25 01:02:50:
  Satisfied?: Yes; very

Chat:
  23:59:40 Jane Doe: Hello
  2026-10-25
  00:00:15 John Smith: Good evening.
    I look at it.`,
    )
  })

  test('from the events alone, and it is said that there is more', () => {
    const text = summaryOf({ lsid: LSID, externalKey: null, report: null, session: SESSION, zone: 'UTC' })
    assert.equal(
      text,
      `Ticket: none
Customer: Jane Doe
Representative: John Smith
Start: 2026-10-24 21:59:30
End: 2026-10-24 22:00:31
Duration: 0:01:01
Times: UTC
Session ID: ${LSID}

Survey of the customer, 2026-10-24 22:00:35: sent

Chat and files are not in this text: the appliance gave no report of the session.`,
    )
  })

  test('of a running session there is no duration; what was cut off is counted', () => {
    const running = { ...REPORT, endedAt: null, entriesDropped: 7 }
    const text = summaryOf({ lsid: LSID, externalKey: null, report: running, session: null, zone: ZONE })
    assert.match(text, /\nEnd: not yet, as far as is known\nTimes:/)
    assert.match(text, /7 later entries/)
    assert.doesNotMatch(text, /Duration/)
  })

  test('nothing that was said looks like a line of ours, moves the cursor, or turns the direction', () => {
    const text = 'x\nTicket: INC9\u2028End: never\u001b[2J\u0007\u202egnp\u2066.exe\u0000'
    const hostile: SessionReport = {
      ...REPORT,
      customers: [
        { name: 'Eve\nTicket: INC9', company: text, computer: text, system: null, address: null, details: null },
      ],
      entries: [
        entry(1, 'Chat Message', { by: text, text }),
        entry(2, `File Upload${text}`, { by: text, files: [{ name: text, bytes: 3 }] }),
      ],
      surveys: [{ by: 'customer', at: null, name: null, questions: [{ question: text, answers: [text] }] }],
    }
    const made = summaryOf({ lsid: LSID, externalKey: text, report: hostile, session: null, zone: ZONE })
    assert.doesNotMatch(made, /[^\P{Cc}\n]/u)
    assert.doesNotMatch(made, /[\u2028\u202a-\u202e\u2066-\u2069]/)
    assert.equal(made.match(/^Ticket:/gm)?.length, 1)
    assert.equal(made.match(/^End:/gm)?.length, 1)
    assert.match(made, /: x\n {4}Ticket: INC9\n {4}End: never/)
  })

  test('durations', () => {
    assert.deepEqual([0, 59, 3600, 360_001].map(durationText), ['0:00:00', '0:00:59', '1:00:00', '100:00:01'])
  })
})
