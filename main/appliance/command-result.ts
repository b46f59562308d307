/** What the commands of the Command API result in. All times are ms; what the appliance left out is null. */

/** A representative who is logged in to the console. */
export interface LoggedInRep {
  /** The 12 in `rep:12`. */
  readonly id: string
  /** The private name if there is one, since colleagues see that. */
  readonly name: string
  /** Since API 1.10. */
  readonly publicName: string | null
  readonly privateName: string | null
  /** Later versions only. */
  readonly username: string | null
  /** `Normal`, `Embassy`, `Invited`. */
  readonly type: string | null
  /** The page at which a customer starts a session with this representative. */
  readonly startUrl: string | null
  readonly loggedInSince: number | null
  readonly supportSessions: number | null
  readonly presentations: number | null
  readonly onRepList: boolean | null
  /** What this version does not know. */
  readonly other: Readonly<Record<string, string>>
}

export interface TeamMember {
  readonly id: string
  readonly name: string
  readonly username: string | null
}

export interface Issue {
  readonly id: string
  readonly title: string
  readonly codeName: string | null
}

export interface SupportTeam {
  /** The 5 in `team:5`. */
  readonly id: string
  readonly name: string
  /** Empty unless they were asked for. */
  readonly members: readonly TeamMember[]
  readonly issues: readonly Issue[]
}

/** What a customer gets to start a session. */
export interface SessionKey {
  readonly type: string | null
  readonly expiresAt: number | null
  /** `general`, `rep`, `team`, … */
  readonly queue: string | null
  readonly queueId: string | null
  /** Is somebody there to take the session? */
  readonly available: boolean | null
  /** The key as the appliance repeats it; null if it does not. */
  readonly externalKey: string | null
  /** For the customer to type on the public site. */
  readonly shortKey: string | null
  readonly url: string | null
  readonly mailSubject: string | null
  readonly mailBody: string | null
}

export interface CustomAttribute {
  readonly codeName: string
  readonly displayName: string
  readonly value: string
}

export interface Health {
  readonly applianceId: string | null
  readonly host: string | null
  readonly version: string | null
  readonly ok: boolean
  readonly errorMessage: string | null
  /** `none`, `primary`, `backup`; null on a box without failover. */
  readonly failoverRole: string | null
  readonly sharedIps: readonly string[]
  readonly lastSyncAt: number | null
  readonly lastSyncStatus: string | null
}

export interface ConnectedClients {
  /** How many of which type each appliance has. */
  readonly counts: readonly { readonly applianceId: string; readonly type: string; readonly count: number }[]
  readonly clients: readonly { readonly type: string; readonly id: string }[]
}
