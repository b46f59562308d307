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
  State,
} from '../../preload/contract.ts'
import { settingInfo, SETTINGS } from './setting-states.ts'

export { settingInfo, SETTINGS } from './setting-states.ts'

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
