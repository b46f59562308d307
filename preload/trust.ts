/** The part of the contract for what is kept: quarantine, backups, forgetting, certificates, diagnostics. Part of contract.ts. */
import type { SavedFile } from './setup.ts'

/** A body that came in and was no event. */
export interface QuarantineItem {
  readonly id: number
  readonly receivedAt: number
  /** Address of the sender. */
  readonly source: string
  readonly reason: string
  readonly contentType: string
  readonly bytes: number
  /** How often it came. */
  readonly seen: number
}

export interface QuarantineBody extends QuarantineItem {
  /** `hex`: it is no text, and shown as a dump of its bytes. */
  readonly form: 'text' | 'hex'
  /** In its character set; what cannot be seen or turns the direction is shown by its number: `⟨U+202E⟩`. */
  readonly text: string
  /** True: there is more of it than is shown. */
  readonly cut: boolean
}

/** Whose data is to go. */
export type ForgetTarget =
  | { readonly kind: 'session'; readonly lsid: string }
  | { readonly kind: 'key'; readonly key: string }
  /** All sessions of a customer with exactly this name. */
  | { readonly kind: 'customer'; readonly name: string }

/** How much of somebody is kept, or was removed. */
export interface Traces {
  readonly sessions: number
  readonly events: number
  readonly reports: number
  readonly quarantined: number
  readonly alerts: number
  /** Remembered choices for links, edits of keys, entries of the list of downloads. */
  readonly others: number
  /** Backups in which there was something; it is taken out of them, too. */
  readonly copies: number
  /** Names of files that may hold something, and cannot be looked into: damaged journals that were set aside. */
  readonly unreadable: readonly string[]
}

/** A copy of the journal in the data folder. */
export interface Backup {
  /** File name, without its folder. */
  readonly name: string
  readonly at: number
  readonly bytes: number
}

/** What a restored backup brought. */
export interface Restored {
  /** Events that were not there. */
  readonly events: number
  /** Events that were there already. */
  readonly known: number
  readonly quarantined: number
}

/** The certificate with which the listener answers. */
export interface CertificateInfo {
  readonly subject: string
  readonly issuer: string
  readonly expiresAt: number
  /** SHA-256, as the appliance's pages show it. */
  readonly fingerprint: string
  /** True: made here; its root can be saved for the appliance. */
  readonly own: boolean
}

export type TrustCommand =
  /** Those with a smaller number than `before` (null: the newest), newest first. */
  | { readonly type: 'quarantine.list'; readonly before: number | null }
  | { readonly type: 'quarantine.get'; readonly id: number }
  /** Reads them again, as events this time: a newer version may know what an older one did not. */
  | { readonly type: 'quarantine.reread'; readonly ids: readonly number[] | 'all' }
  /** Saves the bytes as they came. */
  | { readonly type: 'quarantine.save'; readonly id: number }
  | { readonly type: 'quarantine.delete'; readonly ids: readonly number[] | 'all' }
  /** How much would go. */
  | { readonly type: 'data.find'; readonly target: ForgetTarget }
  /** `deleteUnreadable`: deletes the files that may hold something and cannot be looked into. */
  | { readonly type: 'data.forget'; readonly target: ForgetTarget; readonly deleteUnreadable: boolean }
  | { readonly type: 'journal.backup' }
  | { readonly type: 'journal.backups' }
  | { readonly type: 'journal.restore'; readonly name: string }
  /** Saves what helps IT to help: versions, health, settings without secrets, the last lines of the log. */
  | { readonly type: 'diagnostics.save' }
  /** Saves the root of the own certificate, for upload at the appliance. */
  | { readonly type: 'certificate.save' }
  /** Makes a new own certificate under the same root. */
  | { readonly type: 'certificate.renew' }

export interface TrustAnswers {
  'quarantine.list': readonly QuarantineItem[]
  'quarantine.get': QuarantineBody | null
  'quarantine.reread': { readonly read: number; readonly left: number }
  'quarantine.save': SavedFile
  'quarantine.delete': number
  'data.find': Traces
  'data.forget': Traces
  'journal.backup': Backup
  'journal.backups': readonly Backup[]
  'journal.restore': Restored
  'diagnostics.save': SavedFile
  'certificate.save': SavedFile
}
