/** Reports and downloads for the window's tests and pictures. */
import type { Download, ReportEntry, SessionReport } from '../../preload/contract.ts'
import { ago, lsidOf, NOW } from './states.ts'

/** Something that was said, so many minutes ago. */
export function said(minutes: number, by: string | null, text: string, over: Partial<ReportEntry> = {}): ReportEntry {
  return { at: ago(minutes), kind: 'Chat Message', by, to: null, text, files: [], ...over }
}

/** Any other line of a report. */
export function happened(minutes: number, kind: string, over: Partial<ReportEntry> = {}): ReportEntry {
  return { at: ago(minutes), kind, by: null, to: null, text: null, files: [], ...over }
}

/** The report of a session that has all that a report can have, changed by `over`. */
export function report(number: number, over: Partial<SessionReport> = {}): SessionReport {
  return {
    lsid: lsidOf(number),
    externalKey: `INC00${10000 + number}`,
    startedAt: ago(41),
    endedAt: ago(9),
    durationSeconds: 32 * 60,
    publicSite: 'Default',
    teams: ['Network'],
    customers: [
      {
        name: 'Elena Petrova',
        company: 'Nordlicht Energie',
        computer: 'KIEL-H4-0117',
        system: 'Windows 11 Enterprise (x64) 10.0.26100',
        address: '198.51.100.23:51312',
        details: 'Drucker im 2. Stock, Warteschlange bleibt stehen.',
      },
    ],
    representatives: [
      { name: 'Dana Reyes', owner: true, seconds: 31 * 60 + 12 },
      { name: 'Jonas Weber', owner: false, seconds: 4 * 60 },
    ],
    entries: [
      happened(41, 'Session Start'),
      happened(40.5, 'Conference Owner Changed', { to: 'Network' }),
      said(40, 'Elena Petrova', 'Guten Morgen, der Drucker im zweiten Stock nimmt keine Aufträge mehr an.'),
      said(39.5, 'Dana Reyes', 'Good morning, this is Dana. May I have a look at your screen?'),
      said(39, 'Elena Petrova', 'Yes, please.'),
      said(38.8, 'Elena Petrova', 'It started after the update on Friday:\n  error 0x0000011b\n  queue KIEL-H4-2'),
      happened(38, 'Screen Sharing Started', { by: 'Dana Reyes' }),
      happened(31, 'System Information', { by: 'Dana Reyes', text: 'Print Spooler: Running\nDriver: HP UPD 7.3.0' }),
      said(30, 'Dana Reyes', 'Can you join for a moment? Spooler again.', { to: 'Jonas Weber' }),
      happened(27, 'File Upload', {
        by: 'Dana Reyes',
        files: [{ name: 'HP-UPD-7.3.1-x64.zip', bytes: 24_117_248 }],
      }),
      happened(22, 'File Download', {
        by: 'Dana Reyes',
        files: [
          { name: 'spooler.log', bytes: 48_213 },
          { name: 'PrintService.evtx', bytes: null },
        ],
      }),
      said(12, 'Elena Petrova', 'It prints again. Thank you so much!'),
      happened(9, 'Session End'),
    ],
    entriesDropped: 0,
    surveys: [
      {
        by: 'customer',
        at: ago(8),
        name: 'Elena Petrova',
        questions: [
          { question: 'How satisfied are you with this session?', answers: ['5 - very'] },
          { question: 'What could we do better?', answers: [] },
        ],
      },
      {
        by: 'representative',
        at: ago(7),
        name: 'Dana Reyes',
        questions: [{ question: 'Was the problem solved?', answers: ['Yes', 'Knowledge article written'] }],
      },
    ],
    recordings: [
      { kind: 'session', instance: null, viewable: true },
      { kind: 'commandShell', instance: 0, viewable: true },
      { kind: 'commandShell', instance: 1, viewable: false },
    ],
    pages: { report: true, chat: true },
    askedAt: NOW,
    ...over,
  }
}

/** A recording on its way, changed by `over`. */
export function download(number: number, over: Partial<Download> = {}): Download {
  return {
    id: number,
    lsid: lsidOf(number),
    kind: 'session',
    instance: null,
    status: 'running',
    bytes: 12_400_000,
    totalBytes: 40_100_000,
    file: null,
    message: null,
    ...over,
  }
}
