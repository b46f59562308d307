/** States for the window's tests and pictures, made of the contract's types alone. Times are relative to NOW. */
import type {
  ActivityEntry,
  Alert,
  KeyEdit,
  LookupHit,
  LookupState,
  Owner,
  Place,
  SessionDetails,
  SessionRow,
  SettingInfo,
  SettingKey,
  Settings,
  State,
} from '../../preload/contract.ts'

/** The time at which every test window stands: Monday, 23 November 2026, 10:42 in Berlin. */
export const NOW = Date.UTC(2026, 10, 23, 9, 42, 0)

const MINUTE = 60_000

/** So many minutes before NOW. */
export function ago(minutes: number): number {
  return NOW - minutes * MINUTE
}

export const ME: Owner = { id: 'rep:12', kind: 'representative', ref: '12', name: 'Dana Reyes' }
export const OTHER_REP: Owner = { id: 'rep:7', kind: 'representative', ref: '7', name: 'Jonas Weber' }
export const TEAM: Owner = { id: 'team:5', kind: 'team', ref: '5', name: 'Network' }
export const OTHER_TEAM: Owner = { id: 'team:9', kind: 'team', ref: '9', name: 'Accounts and Licences' }
export const GENERAL: Owner = { id: 'general', kind: 'general', ref: '', name: 'General' }

/** A session ID as the appliance makes them, the same for the same number. */
export function lsidOf(number: number): string {
  return `${(number * 2654435761).toString(16)}0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b`.slice(0, 32)
}

/** An active session of mine, changed by `over`. */
export function session(number: number, over: Partial<SessionRow> = {}): SessionRow {
  return {
    lsid: lsidOf(number),
    status: 'active',
    relation: 'mine',
    owner: ME,
    ownerSince: ago(10),
    customer: `Customer ${number}`,
    customerPresent: true,
    representatives: ['Dana Reyes'],
    externalKey: `INC00${10000 + number}`,
    startedAt: ago(12),
    endedAt: null,
    customerSurveyAt: null,
    representativeSurveyAt: null,
    updatedAt: ago(1),
    revision: number * 10,
    ...over,
  }
}

/** The details of a row, with a short story; changed by `over`. */
export function details(row: SessionRow, over: Partial<SessionDetails> = {}): SessionDetails {
  const at = row.startedAt ?? ago(12)
  const name = row.customer ?? 'Customer'
  return {
    ...row,
    owners: [
      { owner: TEAM, at },
      { owner: row.owner ?? ME, at: at + 2 * MINUTE },
    ],
    keys: row.externalKey === null ? [] : [{ key: row.externalKey, at: at + 4 * MINUTE }],
    members: [
      { type: 'customer', name, userId: null, username: null, joinedAt: at + 20_000, leftAt: null },
      {
        type: 'representative',
        name: 'Dana Reyes',
        userId: '12',
        username: 'dreyes',
        joinedAt: at + 2 * MINUTE,
        leftAt: null,
      },
    ],
    timeline: [
      { seq: 1, at, kind: 'started' },
      { seq: 2, at: at + 1000, kind: 'owner', owner: TEAM },
      { seq: 3, at: at + 20_000, kind: 'joined', member: { type: 'customer', name } },
      { seq: 4, at: at + 2 * MINUTE, kind: 'owner', owner: row.owner ?? ME },
      {
        seq: 5,
        at: at + 2 * MINUTE + 3000,
        kind: 'joined',
        member: { type: 'representative', name: 'Dana Reyes' },
      },
      ...(row.externalKey === null
        ? []
        : [{ seq: 6, at: at + 4 * MINUTE, kind: 'key' as const, from: null, to: row.externalKey }]),
    ],
    timelineDropped: 0,
    variables: {},
    ...over,
  }
}

export function alert(id: number, over: Partial<Alert> = {}): Alert {
  return {
    id,
    tag: `s${id}`,
    kind: 'transferred',
    lsid: lsidOf(id),
    title: 'Session transferred to you',
    body: `Customer ${id} · INC00${10000 + id}`,
    at: ago(1),
    read: false,
    popup: true,
    refresh: false,
    ...over,
  }
}

export function activity(seq: number, over: Partial<ActivityEntry> = {}): ActivityEntry {
  const at = NOW - (100_000 - seq) * 1000
  return {
    seq,
    at,
    receivedAt: at + 300,
    event: 'support_conference_member_added',
    known: true,
    lsid: lsidOf(seq),
    externalKey: `INC00${10000 + (seq % 900)}`,
    customer: `Customer ${seq}`,
    subject: 'Dana Reyes',
    ...over,
  }
}

/** So many activity entries, newest first, ending at number 99999. */
export function activities(amount: number, newest = 99_999): readonly ActivityEntry[] {
  return Array.from({ length: amount }, (_, index) => activity(newest - index))
}

export const SETTINGS: Settings = {
  'me.repId': '12',
  'me.username': 'dreyes',
  'me.name': 'Dana Reyes',
  'me.teams': ['5', '8'],
  'notify.transferred': true,
  'notify.started': true,
  'notify.teamQueue': true,
  'notify.generalQueue': false,
  'notify.customerJoined': true,
  'notify.customerLeft': true,
  'notify.ended': true,
  'notify.survey': true,
  'notify.details': true,
  'notify.quiet': false,
  'window.theme': 'system',
  'window.startAtLogin': false,
  'update.url': '',
  'tray.icon': 'system',
  'listener.addresses': ['127.0.0.1'],
  'listener.port': 8180,
  'listener.names': [],
  'listener.allow': ['192.0.2.10'],
  'listener.https': 'off',
  'listener.certificateFile': '',
  'listener.keyFile': '',
  'relay.credentialFile': '',
  'browser.port': 8182,
  'journal.days': 90,
  'journal.megabytes': 1024,
  'appliance.host': '',
  'appliance.clientId': '',
  'appliance.username': '',
  'appliance.urlForm': 'auto',
  'ticket.pattern': String.raw`^(INC|RITM)\d{7}`,
  'ticket.url': '',
  'link.mail': 'Hello {customer}, {link}',
  'lookup.days': 90,
  'lookup.shortcut': '',
  'setup.done': true,
}

type InfoLine = readonly [label: string, help: string, type: SettingInfo['type'], byDefault: SettingInfo['default']]

const INFO: Readonly<Record<SettingKey, InfoLine>> = {
  'me.repId': ['Representative ID', 'Your number on the appliance: the 12 in rep:12.', 'text', ''],
  'me.username': ['Username', 'Your username on the appliance.', 'text', ''],
  'me.name': ['Name', 'How you are called here. For display only.', 'text', ''],
  'me.teams': ['Teams', 'IDs of your support teams: the 5 in team:5. Their queues are watched for you.', 'list', []],
  'notify.transferred': ['Session transferred to me', 'A session of someone else became yours.', 'boolean', true],
  'notify.started': ['Session started with me', 'A customer came straight to you.', 'boolean', true],
  'notify.teamQueue': ['Customer waits in my team’s queue', 'In the queue of one of your teams.', 'boolean', true],
  'notify.generalQueue': ['Customer waits in the general queue', 'The queue that all share.', 'boolean', false],
  'notify.customerJoined': ['Customer joined', 'The customer of a session of yours came back.', 'boolean', true],
  'notify.customerLeft': ['Customer left', 'The customer of a session of yours went away.', 'boolean', true],
  'notify.ended': ['Session ended', 'A session of yours came to its end.', 'boolean', true],
  'notify.survey': ['Survey arrived', 'The customer answered the exit survey.', 'boolean', true],
  'notify.details': [
    'Show customer and ticket',
    'Off: notifications name neither the customer nor the ticket, for shared or locked screens.',
    'boolean',
    true,
  ],
  'notify.quiet': ['Quiet', 'Nothing pops up; alerts are still collected in the window.', 'boolean', false],
  'window.theme': ['Theme', 'Colours of the window.', 'choice', 'system'],
  'update.url': ['Updates from', 'Empty: none are looked for.', 'text', ''],
  'window.startAtLogin': ['Start at login', 'As the system has it.', 'boolean', false],
  'tray.icon': ['Tray icon', 'Light or dark icon, if the system’s choice cannot be seen.', 'choice', 'system'],
  'listener.addresses': [
    'Listen on',
    'Addresses of this computer at which the appliance’s events come in. 127.0.0.1 is reached from this computer only.',
    'list',
    ['127.0.0.1'],
  ],
  'listener.port': ['Port', 'TCP port for the appliance’s events. 0 takes any free one.', 'number', 8180],
  'listener.names': ['Names of this computer', 'Host names by which the appliance calls it.', 'list', []],
  'listener.allow': ['Allowed senders', 'Addresses or networks. Empty: any, the token decides.', 'list', []],
  'listener.https': ['HTTPS', 'off: plain HTTP.', 'choice', 'off'],
  'listener.certificateFile': ['Certificate', 'A PEM or PKCS#12 file.', 'text', ''],
  'listener.keyFile': ['Private key of the certificate', 'A PEM file.', 'text', ''],
  'relay.credentialFile': ['Credential for the site’s relay', 'A file.', 'text', ''],
  'browser.port': ['Port of the window', 'Browser mode only: port of the window’s page.', 'number', 8182],
  'journal.days': ['Keep events for days', 'Older events are deleted.', 'number', 90],
  'journal.megabytes': ['Keep at most megabytes', 'Beyond this the oldest events are deleted.', 'number', 1024],
  'appliance.host': ['Appliance', 'Host name of the support site, for example support.example.com.', 'text', ''],
  'appliance.clientId': ['API account: client ID', 'OAuth client ID of the API account.', 'text', ''],
  'appliance.username': ['API user: username', 'Only for boxes before 16.1.', 'text', ''],
  'appliance.urlForm': ['Form of connector URLs', 'Auto goes by the version of the box.', 'choice', 'auto'],
  'ticket.pattern': ['What a ticket looks like', 'A regular expression.', 'text', ''],
  'lookup.days': ['Days to look back', 'How far back the appliance’s reports are searched.', 'number', 90],
  'ticket.url': ['Page of a ticket', 'Where a ticket opens.', 'text', ''],
  'link.mail': ['Mail with a link', 'The text of a mail.', 'lines', 'Hello {customer}, {link}'],
  'lookup.shortcut': ['Shortcut for a quick lookup', 'Works in every program.', 'text', ''],
  'setup.done': ['Set-up finished', 'Off: the window opens with the set-up assistant.', 'boolean', false],
}

const CHOICES: Readonly<Partial<Record<SettingKey, readonly string[]>>> = {
  'listener.https': ['off', 'own', 'file'],
  'appliance.urlForm': ['auto', 'start', 'start.ns', 'connector'],
}

/** All settings as main describes them; those named are locked. */
export function settingInfo(locked: readonly SettingKey[] = []): readonly SettingInfo[] {
  return Object.entries(INFO).map(([name, [label, help, type, byDefault]]) => {
    const key = name as SettingKey
    return {
      key,
      label,
      help,
      type,
      ...(type === 'choice' ? { choices: CHOICES[key] ?? ['system', 'light', 'dark'] } : {}),
      default: byDefault,
      locked: locked.includes(key),
    }
  })
}

/** A State in good health without a session, changed by `over`. */
export function state(over: Partial<State> = {}): State {
  return {
    version: '0.1.0',
    shell: 'electron',
    sessions: [],
    alerts: [],
    activity: [],
    health: {
      listener: { status: 'listening', addresses: ['127.0.0.1:8180'], retryAt: null, certificate: null },
      relay: null,
      lastEventAt: ago(2),
      stored: 1204,
      repeated: 3,
      held: 0,
      quarantined: 0,
      catchingUp: false,
    },
    problems: [],
    appliance: {
      status: 'ready',
      problem: null,
      origin: 'https://support.example.com',
      apiVersion: '1.24.1',
      product: '24 or newer',
      cannot: {},
      teams: [{ id: '5', name: 'Network', issues: [{ id: '3', name: 'VPN', codeName: null }] }],
      secrets: { 'appliance.clientSecret': 'vault', 'appliance.password': null, 'listener.passphrase': null },
      keepsSecrets: true,
    },
    keyEdits: [],
    lookup: null,
    settings: SETTINGS,
    settingInfo: settingInfo(),
    update: { ready: null, news: null },
    goTo: null,
    downloads: [],
    quick: null,
    ...over,
  }
}

/** A wish of main's that the window go somewhere. */
export function goTo(seq: number, place: Place): State['goTo'] {
  return { seq, place }
}

/** A session that the lookup found, changed by `over`. */
export function hit(number: number, over: Partial<LookupHit> = {}): LookupHit {
  return {
    lsid: lsidOf(number),
    match: 'exact',
    externalKey: `INC00${10000 + number}`,
    customer: `Customer ${number}`,
    computer: `PC-${number}`,
    startedAt: ago(3000 + number),
    endedAt: ago(2970 + number),
    ...over,
  }
}

/** A lookup at the appliance that is under way, changed by `over`. */
export function lookup(query: string, over: Partial<LookupState> = {}): LookupState {
  return { query, status: 'running', done: 3, total: 13, message: null, hits: [], ...over }
}

/** An edit of the key of one session that can still be undone, changed by `over`. */
export function keyEdit(number: number, over: Partial<KeyEdit> = {}): KeyEdit {
  return {
    id: number,
    lsids: [lsidOf(number)],
    key: 'INC0042000',
    status: 'set',
    failures: [],
    undoUntil: NOW + 10_000,
    ...over,
  }
}
