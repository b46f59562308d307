/** The part of the contract for setting Rep Tray up. Part of contract.ts. */
import type { Copied, SettingKey } from './contract.ts'
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

/** A field of the appliance's form for a recipient, and what belongs into it. */
export interface RecipientField {
  /** In the appliance's words. */
  readonly label: string
  readonly value: string
  readonly help: string
}

/** An address by which others may reach this computer, and its network's name. */
export interface LocalAddress {
  readonly address: string
  readonly name: string
}

/** All that is entered at the appliance so that its events come here. */
export interface RecipientForm {
  /** The token in the URL is left out: `…`. */
  readonly fields: readonly RecipientField[]
  /** False: of the token only a fingerprint is known, so a new URL has to be made. */
  readonly copyable: boolean
  /** True: the administrator set the token; no new URL can be made here. */
  readonly fixed: boolean
  readonly addresses: readonly LocalAddress[]
}

export type SetupCommand =
  /** Who is logged in to the console now, by name. */
  | { readonly type: 'me.candidates' }
  /** This one is the user: fills in ID, name, username and teams. */
  | { readonly type: 'me.choose'; readonly id: string }
  | { readonly type: 'recipient.form' }
  /** Copies the name for the recipient, or all of the form, with the URL, as text for the appliance's administrator. */
  | { readonly type: 'recipient.copyForm'; readonly what: 'name' | 'all' }
  /** Reaches for the own listener as the appliance would, and says how far that goes. */
  | { readonly type: 'listener.test' }
  /** Saves the user's own settings as a file, without secrets. */
  | { readonly type: 'settings.export' }
  | { readonly type: 'settings.import'; readonly text: string }

export interface SetupAnswers {
  'me.candidates': readonly RepCandidate[]
  'recipient.form': RecipientForm
  'recipient.copyForm': Copied
  'listener.test': readonly CheckStep[]
  'settings.export': SavedFile
  'settings.import': ImportResult
}
