/** The part of the contract for setting Rep Tray up. Part of contract.ts. */
import type { SettingKey } from './contract.ts'
import type { CheckStep } from './ticket-work.ts'

/** A representative who is logged in to the console: one of them may be the user. */
export interface RepCandidate {
  /** The 12 in `rep:12`. */
  readonly id: string
  readonly name: string
  readonly username: string | null
}

/** A file that was saved in the user's folder for downloads. */
export interface SavedFile {
  /** Absolute path. */
  readonly file: string
}

/** What became of settings that were read in. */
export interface ImportResult {
  readonly changed: readonly SettingKey[]
  /** What could not be taken over, and why, a sentence each. */
  readonly refused: readonly { readonly key: string; readonly message: string }[]
}

export type SetupCommand =
  /** Who is logged in to the console now, by name. */
  | { readonly type: 'me.candidates' }
  /** This one is the user: fills in ID, name, username and teams. */
  | { readonly type: 'me.choose'; readonly id: string }
  /** Reaches for the own listener as the appliance would, and says how far that goes. */
  | { readonly type: 'listener.test' }
  /** Saves the user's own settings as a file, without secrets. */
  | { readonly type: 'settings.export' }
  | { readonly type: 'settings.import'; readonly text: string }

export interface SetupAnswers {
  'me.candidates': readonly RepCandidate[]
  'listener.test': readonly CheckStep[]
  'settings.export': SavedFile
  'settings.import': ImportResult
}
