/** The part of the contract that ticket work needs: the appliance's API, keys, lookup, links. Part of contract.ts. */

// ----------------------------------------------------------------------------------------------------- appliance

/** What the API may allow or not. */
export type Ability = 'editKey' | 'lookup' | 'sessionKey' | 'transfer' | 'join' | 'leave' | 'terminate' | 'recordings'

/** The secrets that the user may enter; their values never come to the window. */
export type SecretName = 'appliance.clientSecret' | 'appliance.password' | 'listener.passphrase'

/** Where a secret is kept; `session`: it is gone when the application ends. */
export type SecretSource = 'policy' | 'environment' | 'vault' | 'session'

export interface SupportIssue {
  readonly id: string
  readonly name: string
  readonly codeName: string | null
}

export interface SupportTeamInfo {
  readonly id: string
  readonly name: string
  readonly issues: readonly SupportIssue[]
}

/** What is known of the appliance's API. */
export interface ApplianceState {
  /** `unset`: no host, or no credentials. */
  readonly status: 'unset' | 'checking' | 'ready' | 'failed'
  /** Why it failed, for the rep, and the detail for IT. */
  readonly problem: { readonly title: string; readonly detail: string } | null
  /** Where it is: `https://support.example.com`; null: not known yet. */
  readonly origin: string | null
  readonly apiVersion: string | null
  readonly product: string | null
  /** Why something cannot be done here; what is not named can be. Nothing can while `status` is not `ready`. */
  readonly cannot: Readonly<Partial<Record<Ability, string>>>
  readonly teams: readonly SupportTeamInfo[]
  readonly secrets: Readonly<Record<SecretName, SecretSource | null>>
  /** False: this system has no vault, so secrets last until the application ends. */
  readonly keepsSecrets: boolean
}

/** One step of the connection test. */
export interface CheckStep {
  readonly step: 'name' | 'port' | 'tls' | 'credentials' | 'permission' | 'version' | 'reply'
  readonly status: 'ok' | 'failed' | 'skipped'
  /** What was found, or what to do. */
  readonly message: string
  /** For IT. */
  readonly detail: string
}

// --------------------------------------------------------------------------------------------------- external keys

/** An edit of external keys. It can be undone for ten seconds. */
export interface KeyEdit {
  readonly id: number
  readonly lsids: readonly string[]
  /** null: cleared. */
  readonly key: string | null
  /** `notUndone`: the way back failed, for the sessions among `failures`. */
  readonly status: 'sending' | 'set' | 'failed' | 'undoing' | 'undone' | 'notUndone'
  /** Sessions whose key could not be set, and why. */
  readonly failures: readonly { readonly lsid: string; readonly message: string }[]
  readonly undoUntil: number
}

// ---------------------------------------------------------------------------------------------------------- lookup

/** A session that the lookup found. */
export interface LookupHit {
  readonly lsid: string
  /** How it matched, the best first. */
  readonly match: 'exact' | 'anyCase' | 'prefix' | 'words'
  readonly externalKey: string | null
  readonly customer: string | null
  readonly computer: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** The question to the Reporting API that is under way, or was last. */
export interface LookupState {
  readonly query: string
  readonly status: 'running' | 'done' | 'cancelled' | 'failed'
  /** Days asked for, of how many. */
  readonly done: number
  readonly total: number
  /** Why it failed. */
  readonly message: string | null
  readonly hits: readonly LookupHit[]
}

// ----------------------------------------------------------------------------------------------------------- links

/** What a connector URL is made of; empty texts are left out. */
export interface ConnectorChoice {
  /** Id of a support issue. */
  readonly issueId: string
  readonly customerName: string
  readonly company: string
  readonly companyCode: string
  readonly description: string
  readonly externalKey: string
}

/** A connector URL, or what is wrong with its parts. */
export interface ConnectorUrl {
  readonly url: string | null
  readonly qr: QrCode | null
  readonly problems: readonly { readonly field: string; readonly message: string }[]
}

/** A QR code: its rows of modules, `1` for a dark one. The quiet zone around it is not in it. */
export type QrCode = readonly string[]

/** What a session key is made for. */
export interface SessionKeyChoice {
  /** `general`, `rep:12`, `team:5`, `issue:CODE_NAME` */
  readonly queue: string
  readonly externalKey: string
  /** How long it is good for; null: as the appliance has it, a day. */
  readonly minutes: number | null
}

/** A session key that was just made. */
export interface MadeSessionKey {
  /** For copying, in this run. */
  readonly id: number
  /** For the customer to type on the public site. */
  readonly shortKey: string | null
  readonly url: string | null
  readonly qr: QrCode | null
  readonly expiresAt: number | null
  readonly mailSubject: string | null
  readonly mailBody: string | null
  /** Is somebody there to take the session? null: the appliance does not say. */
  readonly available: boolean | null
  /** True: sessions of this key will not carry the ticket, for the appliance did not take it. */
  readonly externalKeyLost: boolean
}
