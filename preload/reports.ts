/** The part of the contract for what the appliance has kept of a session: its report, its recordings. Part of contract.ts. */

/** One line of a report: a chat message, a file, a start. */
export interface ReportEntry {
  readonly at: number | null
  /** As the appliance names it: `Chat Message`, `Session Start`, …; an open set. */
  readonly kind: string
  readonly by: string | null
  readonly to: string | null
  readonly text: string | null
  readonly files: readonly { readonly name: string; readonly bytes: number | null }[]
}

export interface ReportSurvey {
  readonly by: 'customer' | 'representative'
  readonly at: number | null
  readonly name: string | null
  readonly questions: readonly { readonly question: string; readonly answers: readonly string[] }[]
}

export interface ReportRecording {
  readonly kind: 'session' | 'commandShell'
  /** Command shells only: which one, counted from 0. */
  readonly instance: number | null
  /** True: the appliance has a page to watch it. */
  readonly viewable: boolean
}

/** What the appliance's report says of a session. */
export interface SessionReport {
  readonly lsid: string
  readonly externalKey: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly durationSeconds: number | null
  readonly publicSite: string | null
  readonly teams: readonly string[]
  readonly customers: readonly {
    readonly name: string | null
    readonly company: string | null
    readonly computer: string | null
    readonly system: string | null
    readonly address: string | null
    readonly details: string | null
  }[]
  readonly representatives: readonly {
    readonly name: string
    readonly owner: boolean
    readonly seconds: number | null
  }[]
  /** Oldest first. */
  readonly entries: readonly ReportEntry[]
  /** Later entries that are left out here, so that a window can show the rest. */
  readonly entriesDropped: number
  readonly surveys: readonly ReportSurvey[]
  readonly recordings: readonly ReportRecording[]
  /** What the appliance's web interface can show of it. */
  readonly pages: { readonly report: boolean; readonly chat: boolean }
  /** When the appliance said so. */
  readonly askedAt: number
}

/** A recording on its way to this computer. */
export interface Download {
  readonly id: number
  readonly lsid: string
  readonly kind: ReportRecording['kind']
  readonly instance: number | null
  readonly status: 'running' | 'done' | 'cancelled' | 'failed'
  readonly bytes: number
  /** null: the appliance does not say. */
  readonly totalBytes: number | null
  /** Where it is, once it is done. */
  readonly file: string | null
  /** Why it failed. */
  readonly message: string | null
}

/** A page for the browser. `opened` false: this shell cannot, the bridge of the window does it. */
export interface Opened {
  readonly url: string
  readonly opened: boolean
}

export type ReportCommand =
  /** The report of a session; null if the appliance has none (yet). `fresh`: not from what is kept here. */
  | { readonly type: 'report.get'; readonly lsid: string; readonly fresh: boolean }
  /** Shows a page of the appliance's web interface; the rep may have to log in there. */
  | {
      readonly type: 'report.open'
      readonly lsid: string
      readonly page: 'report' | 'chat' | ReportRecording['kind']
      readonly instance: number | null
    }
  /** Gets a recording into the user's folder for downloads; State.downloads tells how far it is. */
  | {
      readonly type: 'recording.download'
      readonly lsid: string
      readonly kind: ReportRecording['kind']
      readonly instance: number | null
    }
  | { readonly type: 'download.cancel'; readonly id: number }
  /** Shows the file in its folder. */
  | { readonly type: 'download.show'; readonly id: number }
  /** Takes one that is over off the list; the file stays. */
  | { readonly type: 'download.dismiss'; readonly id: number }
  /** Opens the ticket of a session in the ticket system. */
  | { readonly type: 'ticket.open'; readonly lsid: string }

export interface ReportAnswers {
  'report.get': SessionReport | null
  'report.open': Opened
  'ticket.open': Opened
}
