/** What a session report holds. All times are ms; what the appliance left out or wrote unreadably is null. */
import type { CustomAttribute } from './command-result.ts'

/** A line of SupportSessionListing. */
export interface ListedSession {
  readonly lsid: string
  readonly externalKey: string | null
  readonly hasRecording: boolean | null
}

/** Somebody in a report. `gsnumber` is unique per connection, so one person may have several; 0 is the system. */
export interface Party {
  readonly gsnumber: string | null
  /** Representatives: the 12 in `rep:12`. */
  readonly id: string | null
  /** `customer`, `representative`, `system`, … where the report says it. */
  readonly type: string | null
  readonly name: string
}

/** A thing with a number and a name: a public site, a team, a jump group. */
export interface Named {
  readonly id: string | null
  readonly type: string | null
  readonly name: string
}

/** An address as the report writes it, with its port apart. */
export interface Address {
  readonly ip: string
  readonly port: number | null
}

export interface ReportedCustomer {
  readonly gsnumber: string | null
  readonly username: string | null
  readonly publicAddress: Address | null
  readonly privateAddress: Address | null
  readonly hostname: string | null
  readonly os: string | null
  readonly primary: boolean | null
  /** What the customer entered when asking for support. */
  readonly info: {
    readonly name: string | null
    readonly company: string | null
    readonly companyCode: string | null
    readonly issue: string | null
    readonly details: string | null
  }
}

export interface ReportedRep {
  readonly gsnumber: string | null
  readonly id: string | null
  readonly username: string | null
  readonly name: string
  readonly publicName: string | null
  readonly privateName: string | null
  readonly publicAddress: Address | null
  readonly privateAddress: Address | null
  readonly hostname: string | null
  readonly os: string | null
  /** Was this the session's owner? */
  readonly owner: boolean | null
  readonly secondsInvolved: number | null
  readonly invited: boolean | null
}

export interface ReportedFile {
  readonly name: string
  readonly bytes: number | null
}

/** What was read from the customer's computer. */
export interface SystemInformation {
  readonly category: string
  readonly description: readonly string[]
  /** A field has a name of its own, or that of the description in its place. */
  readonly rows: readonly (readonly { readonly name: string | null; readonly value: string }[])[]
}

export interface SessionEvent {
  readonly at: number | null
  /** `Chat Message`, `Session Start`, …: an open set. */
  readonly type: string
  readonly by: Party | null
  readonly to: Party | null
  /** What was said; decoded where the report had it in base64. */
  readonly text: string | null
  readonly filename: string | null
  readonly filesize: number | null
  readonly files: readonly ReportedFile[]
  readonly data: readonly { readonly name: string; readonly value: string }[]
  readonly systemInformation: readonly SystemInformation[]
}

export interface SurveyQuestion {
  readonly id: string | null
  readonly type: string | null
  readonly name: string | null
  readonly label: string | null
  readonly reportHeader: string | null
  readonly answers: readonly string[]
}

/** An exit survey, of the customer or of the representative. */
export interface ExitSurvey {
  readonly lsid: string | null
  readonly at: number | null
  readonly submittedBy: Party | null
  readonly primaryRep: Party | null
  readonly primaryCustomer: Party | null
  readonly questions: readonly SurveyQuestion[]
}

/** The recording of one command shell of a session. */
export interface ShellRecording {
  /** Counted from 0. */
  readonly instance: number | null
  readonly viewUrl: string | null
  readonly downloadUrl: string | null
}

/** SupportSession: all that the appliance keeps of a session. */
export interface SupportSession {
  readonly lsid: string
  readonly type: string | null
  /** Rising, but neither unique nor without gaps. */
  readonly sequence: number | null
  readonly startedAt: number | null
  /** null while it runs, and after an abnormal end. */
  readonly endedAt: number | null
  readonly durationSeconds: number | null
  readonly publicSite: Named | null
  readonly externalKey: string | null
  readonly customAttributes: readonly CustomAttribute[]
  /** The links need a login to the appliance, and are there only for sessions that have ended. */
  readonly chatViewUrl: string | null
  readonly chatDownloadUrl: string | null
  readonly recordingViewUrl: string | null
  readonly recordingDownloadUrl: string | null
  readonly shellRecordings: readonly ShellRecording[]
  readonly fileTransfers: number | null
  readonly fileMoves: number | null
  readonly fileDeletes: number | null
  readonly primaryCustomer: Party | null
  readonly primaryRep: Party | null
  readonly teams: readonly Named[]
  readonly repJoinedAt: number | null
  readonly jumpGroup: Named | null
  readonly jumpoint: Named | null
  readonly customers: readonly ReportedCustomer[]
  readonly reps: readonly ReportedRep[]
  readonly customerSurveys: readonly ExitSurvey[]
  readonly repSurveys: readonly ExitSurvey[]
  readonly events: readonly SessionEvent[]
  /** What this version does not know. */
  readonly other: Readonly<Record<string, string>>
}

/** A line of SupportSessionSummary. Its figures differ between versions, so they are kept by the names that they have. */
export interface SummaryLine {
  /** The element's name. */
  readonly kind: string
  readonly id: string | null
  readonly name: string | null
  /** Numbers as numbers; durations and other texts as they are. */
  readonly figures: Readonly<Record<string, number | string>>
}

/** What happened within a team: who logged in, who became available, … */
export interface TeamActivity {
  readonly id: string | null
  readonly name: string | null
  readonly events: readonly SessionEvent[]
}
