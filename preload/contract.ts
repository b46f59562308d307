/**
 * The contract between main and the window: what main tells (State), what the window asks for (Command), and the one
 * object that carries both (Bridge). Types and constants only; it is all that the two sides share.
 *
 * Every time is in milliseconds since 1970 unless its name says otherwise.
 */

import type {
  ApplianceState,
  CheckStep,
  ConnectorChoice,
  ConnectorUrl,
  KeyEdit,
  LookupHit,
  LookupState,
  MadeSessionKey,
  SecretName,
  SessionKeyChoice,
} from './ticket-work.ts'
import type { Download, ReportAnswers, ReportCommand } from './reports.ts'
import type { SetupAnswers, SetupCommand } from './setup.ts'
import type { CertificateInfo, TrustAnswers, TrustCommand } from './trust.ts'

export type * from './ticket-work.ts'
export type * from './reports.ts'
export type * from './setup.ts'
export type * from './trust.ts'

/** The three channels. A new feature adds a Command, never a channel. */
export const CHANNELS = { connect: 'connect', state: 'state', command: 'command' } as const

/** The scheme and host under which Electron serves the window's files. */
export const APP_ORIGIN = 'app://rep-tray'

/** Limits that hold on both sides of the bridge. */
export const LIMITS = {
  /** Alerts kept in State. */
  alerts: 200,
  /** Activity entries kept in State, and the most that one `activity.list` returns. */
  activity: 200,
  /** Characters of any text that the window sends, and of a file of settings. */
  text: 1024,
  file: 32_768,
  /** Entries of any list that the window sends. */
  list: 100,
} as const

// ---------------------------------------------------------------------------------------------------- sessions

/** Who a session belongs to: `rep:12`, `team:5`, `general`, or a form that this version does not know (`other`). */
export interface Owner {
  /** `conference_id` as the appliance sent it. */
  readonly id: string
  readonly kind: 'representative' | 'team' | 'general' | 'other'
  /** What follows the first colon of `id`: `12` in `rep:12`; empty for `general`. */
  readonly ref: string
  /** `conference_name`: display text only, may be localised or empty. */
  readonly name: string
}

export type SessionStatus = 'waiting' | 'active' | 'ended'

/** How a session concerns the rep: theirs, their teams' (now or on its way), in the general queue, or someone else's. */
export type Relation = 'mine' | 'team' | 'general' | 'other'

/** One line of the board. */
export interface SessionRow {
  readonly lsid: string
  readonly status: SessionStatus
  readonly relation: Relation
  readonly owner: Owner | null
  /** Since when `owner` has it; for a waiting session: since when it waits there. */
  readonly ownerSince: number | null
  /** Display name of the customer; null until one joined. */
  readonly customer: string | null
  readonly customerPresent: boolean
  /** Display names of the representatives in the session now. */
  readonly representatives: readonly string[]
  readonly externalKey: string | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly customerSurveyAt: number | null
  readonly representativeSurveyAt: number | null
  /** Origin time of the last event. */
  readonly updatedAt: number
  /** Journal number of the last event that touched the session; a changed one means changed details. */
  readonly revision: number
}

export interface Member {
  readonly type: 'customer' | 'representative' | 'other'
  readonly name: string
  readonly userId: string | null
  readonly username: string | null
  readonly joinedAt: number | null
  readonly leftAt: number | null
}

export type TimelineEntry = {
  readonly seq: number
  readonly at: number
} & (
  | { readonly kind: 'started' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'owner'; readonly owner: Owner }
  | { readonly kind: 'joined'; readonly member: Pick<Member, 'type' | 'name'> }
  | { readonly kind: 'left'; readonly member: Pick<Member, 'type' | 'name'> }
  | { readonly kind: 'survey'; readonly by: 'customer' | 'representative' }
  | { readonly kind: 'key'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'unknown'; readonly event: string }
)

/** A session with all that is known of it. Histories are oldest first and bounded. */
export interface SessionDetails extends SessionRow {
  readonly owners: readonly { readonly owner: Owner; readonly at: number }[]
  readonly keys: readonly { readonly key: string | null; readonly at: number }[]
  readonly members: readonly Member[]
  readonly timeline: readonly TimelineEntry[]
  /** Entries that no longer fit into `timeline`; they are still in the journal. */
  readonly timelineDropped: number
  /** Variables of the events that this version does not know, custom fields among them; the latest value of each. */
  readonly variables: Readonly<Record<string, string>>
}

// ------------------------------------------------------------------------------------------- alerts and activity

/** What the rep can be told outside the window; each kind has its switch. */
export type AlertKind =
  | 'transferred'
  | 'started'
  | 'teamQueue'
  | 'generalQueue'
  | 'customerJoined'
  | 'customerLeft'
  | 'ended'
  | 'survey'
  | 'digest'
  | 'test'

/** Something the rep was told. The list in State is the record; the desktop notification is only a hint at it. */
export interface Alert {
  /** Rising; unique. */
  readonly id: number
  /** At most 16 characters; the same for all alerts of one session: a later one replaces the earlier on the desktop. */
  readonly tag: string
  readonly kind: AlertKind
  readonly lsid: string | null
  readonly title: string
  readonly body: string
  readonly at: number
  readonly read: boolean
  /** False: recorded only, because the rep is quiet. */
  readonly popup: boolean
  /** True: refreshes what is on the desktop already (a name became known); no sound, no second bubble. */
  readonly refresh: boolean
}

/** One received event, as the activity log shows it. */
export interface ActivityEntry {
  /** Its number in the journal. */
  readonly seq: number
  /** When it happened, by the appliance's clock. */
  readonly at: number
  /** When it came in here. */
  readonly receivedAt: number
  /** The event's name, as sent. */
  readonly event: string
  /** False: stored, but this version does not know the event. */
  readonly known: boolean
  readonly lsid: string | null
  readonly externalKey: string | null
  /** Customer of the session, if known by then. */
  readonly customer: string | null
  /** Owner's name, member's name, … whom the event is about; null if nobody. */
  readonly subject: string | null
}

// --------------------------------------------------------------------------------------------- health and settings

/** How it stands with the site's relay. `displaced`: another program uses the same credential. `refused`: it was taken back. */
export interface RelayHealth {
  readonly status: 'connecting' | 'attached' | 'failed' | 'displaced' | 'refused' | 'stopped'
  /** `address:port` of the broker; null while there is no connection. */
  readonly server: string | null
  /** When it is tried again. */
  readonly retryAt: number | null
}

export interface Health {
  readonly listener: {
    readonly status: 'starting' | 'listening' | 'failed' | 'stopped'
    /** `address:port` of each socket that listens. */
    readonly addresses: readonly string[]
    /** When a failed one is tried again. */
    readonly retryAt: number | null
    /** null: it speaks plain HTTP. */
    readonly certificate: CertificateInfo | null
  }
  /** null: this workstation has no relay, and listens itself. */
  readonly relay: RelayHealth | null
  /** When the last event came in, this run or an earlier one. */
  readonly lastEventAt: number | null
  /** Events stored since the start; the same event sent again; bodies that were no event. */
  readonly stored: number
  readonly repeated: number
  readonly quarantined: number
  /** Bodies in quarantine now. */
  readonly held: number
  /** A backlog is coming in: single notifications are held back for one digest. */
  readonly catchingUp: boolean
}

/** Something that needs a person. Gone when it is mended. */
export interface Problem {
  /** Stable name: `listener.port`, `journal.full`, … */
  readonly id: string
  readonly severity: 'warning' | 'error'
  /** One sentence that a rep understands. */
  readonly title: string
  /** What to do, or the detail for IT. */
  readonly detail: string
  readonly since: number
  /** True: the rep may put it away. */
  readonly dismissible: boolean
}

/** Every setting that is no secret. Names, defaults, checks and help stand in main/settings/table.ts. */
export interface Settings {
  readonly 'me.repId': string
  readonly 'me.username': string
  readonly 'me.name': string
  readonly 'me.teams': readonly string[]
  readonly 'notify.transferred': boolean
  readonly 'notify.started': boolean
  readonly 'notify.teamQueue': boolean
  readonly 'notify.generalQueue': boolean
  readonly 'notify.customerJoined': boolean
  readonly 'notify.customerLeft': boolean
  readonly 'notify.ended': boolean
  readonly 'notify.survey': boolean
  readonly 'notify.details': boolean
  readonly 'notify.quiet': boolean
  readonly 'window.theme': 'system' | 'light' | 'dark'
  readonly 'window.startAtLogin': boolean
  /** Where the site's server has updates; empty: none are looked for. */
  readonly 'update.url': string
  readonly 'tray.icon': 'system' | 'light' | 'dark'
  readonly 'listener.addresses': readonly string[]
  readonly 'listener.port': number
  readonly 'listener.names': readonly string[]
  readonly 'listener.allow': readonly string[]
  readonly 'listener.https': 'off' | 'own' | 'file'
  readonly 'listener.certificateFile': string
  readonly 'listener.keyFile': string
  readonly 'relay.credentialFile': string
  readonly 'browser.port': number
  readonly 'journal.days': number
  readonly 'journal.megabytes': number
  readonly 'appliance.host': string
  readonly 'appliance.clientId': string
  readonly 'appliance.username': string
  readonly 'appliance.urlForm': 'auto' | 'start' | 'start.ns' | 'connector'
  readonly 'ticket.pattern': string
  readonly 'ticket.url': string
  readonly 'link.mail': string
  readonly 'lookup.days': number
  readonly 'lookup.shortcut': string
  readonly 'setup.done': boolean
}

export type SettingKey = keyof Settings

/** How a setting is shown: its group is the first part of its key. */
export interface SettingInfo {
  readonly key: SettingKey
  readonly label: string
  readonly help: string
  /** `lines`: text of several lines. */
  readonly type: 'text' | 'lines' | 'number' | 'boolean' | 'list' | 'choice'
  readonly choices?: readonly string[]
  readonly default: Settings[SettingKey]
  /** True: the administrator's policy sets it. */
  readonly locked: boolean
}

// --------------------------------------------------------------------------------------------------------- state

/** Where the window can be. */
export type Place =
  | { readonly view: 'board' }
  /** `purpose`: what the rep came for. */
  | { readonly view: 'session'; readonly lsid: string; readonly purpose?: 'editKey' | 'link' }
  | { readonly view: 'alerts' }
  | { readonly view: 'activity' }
  /** `query`: what to look for; left out, what was last looked for. */
  | { readonly view: 'lookup'; readonly query?: string }
  | { readonly view: 'settings' }
  | { readonly view: 'setup' }
  | { readonly view: 'quarantine' }

/** All that the window shows, sent whole on connect and after each change (at most once a frame). No secrets. */
export interface State {
  readonly version: string
  readonly shell: 'electron' | 'browser'
  /** Live sessions, and those that ended a short while ago; waiting first, then the latest change first. */
  readonly sessions: readonly SessionRow[]
  /** Newest first. */
  readonly alerts: readonly Alert[]
  /** Newest first. */
  readonly activity: readonly ActivityEntry[]
  readonly health: Health
  readonly problems: readonly Problem[]
  readonly appliance: ApplianceState
  /** The latest edits of external keys, newest first; gone a while after they can no longer be undone. */
  readonly keyEdits: readonly KeyEdit[]
  /** The lookup at the appliance that is under way, or was last. */
  readonly lookup: LookupState | null
  /** Recordings on their way, and those that came in this run, newest first. */
  readonly downloads: readonly Download[]
  /** The version that is installed when this one ends, and what is new in this one; until that was read. */
  readonly update: {
    readonly ready: string | null
    readonly news: { readonly version: string; readonly notes: string } | null
  }
  readonly settings: Settings
  readonly settingInfo: readonly SettingInfo[]
  /** Main asks the window to go somewhere (notification or tray clicked). Acted on when `seq` is new. */
  readonly goTo: { readonly seq: number; readonly place: Place } | null
  /** The small window for a quick lookup was asked for, with what stands in its field. Acted on when `seq` is new. */
  readonly quick: { readonly seq: number; readonly query: string } | null
}

// ------------------------------------------------------------------------------------------------------ commands

/** What the window, the tray and notifications can ask of main. Validated in main/command.ts. */
export type Command =
  /** Details of a session, from memory or the journal. */
  | { readonly type: 'session.get'; readonly lsid: string }
  /** Older entries of the activity log: those with a smaller number than `before` (null: the newest). */
  | { readonly type: 'activity.list'; readonly before: number | null }
  | { readonly type: 'alerts.read'; readonly ids: readonly number[] | 'all' }
  /** Puts something of a session on the clipboard. */
  | { readonly type: 'session.copy'; readonly lsid: string; readonly what: 'externalKey' | 'lsid' | 'summary' }
  /** Puts the recipient URL on the clipboard, for the appliance's Outbound Events page. */
  | { readonly type: 'recipient.copy' }
  /** Makes a new token; the old one stays valid until the first event that brings the new one. */
  | { readonly type: 'recipient.renew' }
  | { readonly type: 'listener.retry' }
  | { readonly type: 'settings.set'; readonly key: SettingKey; readonly value: Settings[SettingKey] }
  | { readonly type: 'settings.reset'; readonly key: SettingKey }
  | { readonly type: 'notification.test' }
  | { readonly type: 'problem.dismiss'; readonly id: string }
  | { readonly type: 'window.show'; readonly place: Place | null }
  /** Tests the connection to the appliance, step by step, and learns what it can do. */
  | { readonly type: 'appliance.check' }
  /** Keeps a secret that the user entered; null forgets it. */
  | { readonly type: 'appliance.secret'; readonly name: SecretName; readonly value: string | null }
  /** Sets the external key of sessions that are mine or my team's; null clears it. */
  | { readonly type: 'key.set'; readonly lsids: readonly string[]; readonly key: string | null }
  | { readonly type: 'key.undo'; readonly id: number }
  /** Sessions that are known here: by ticket, session ID, customer or computer. */
  | { readonly type: 'lookup.search'; readonly query: string }
  /** Asks the appliance's reports too; see State.lookup. */
  | { readonly type: 'lookup.start'; readonly query: string }
  | { readonly type: 'lookup.cancel' }
  /** Opens the small window for a lookup; null: with what is on the clipboard, if that looks like a ticket. */
  | { readonly type: 'lookup.quick'; readonly query: string | null }
  | { readonly type: 'lookup.closeQuick' }
  | { readonly type: 'connector.build'; readonly choice: ConnectorChoice }
  /** Copies the link, or the text of a mail with it, and remembers the choice. */
  | { readonly type: 'connector.copy'; readonly choice: ConnectorChoice; readonly as: 'url' | 'mail' }
  /** What was chosen last for this ticket; failing that, what makes sense for any ticket. */
  | { readonly type: 'connector.last'; readonly externalKey: string }
  | { readonly type: 'sessionKey.make'; readonly choice: SessionKeyChoice }
  | { readonly type: 'sessionKey.copy'; readonly id: number; readonly what: 'url' | 'shortKey' | 'mail' }
  /** What was told of updates was read. */
  | { readonly type: 'news.seen' }
  | { readonly type: 'app.quit' }
  | ReportCommand
  | SetupCommand
  | TrustCommand

/** Text for the clipboard. `copied` false: this shell cannot, the bridge of the window does it. */
export interface Copied {
  readonly text: string
  readonly copied: boolean
}

/** What each command answers with; those not named answer null. */
export interface Answers extends ReportAnswers, SetupAnswers, TrustAnswers {
  'session.get': SessionDetails | null
  'activity.list': readonly ActivityEntry[]
  'session.copy': Copied
  'recipient.copy': Copied
  'recipient.renew': Copied
  'appliance.check': readonly CheckStep[]
  'lookup.search': readonly LookupHit[]
  'connector.build': ConnectorUrl
  'connector.copy': Copied
  'connector.last': ConnectorChoice | null
  'sessionKey.make': MadeSessionKey
  'sessionKey.copy': Copied
}

export type AnswerOf<Type extends Command['type']> = Type extends keyof Answers ? Answers[Type] : null

/** Outcome of a command. `message` is a sentence for the rep. */
export type Reply<Type extends Command['type'] = Command['type']> =
  | { readonly ok: true; readonly value: AnswerOf<Type> }
  | { readonly ok: false; readonly message: string }

/** What the preload puts on `window.repTray`. Plain data in, plain data out. */
export interface Bridge {
  /**
   * Subscribes to State: the present one first, then each change. `onLink(false)` says that main cannot be reached
   * (browser mode only), `onLink(true)` that it can again. Returns the unsubscription.
   */
  connect(onState: (state: State) => void, onLink: (up: boolean) => void): () => void
  command<Type extends Command['type']>(command: Extract<Command, { type: Type }>): Promise<Reply<Type>>
  /** Browser mode only: the browser's permission for notifications, and asking for it (needs a click). */
  readonly notifications?: {
    permission(): 'granted' | 'denied' | 'default' | 'unsupported'
    request(): Promise<void>
  }
}
