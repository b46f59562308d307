/** All that is true now, and the pure function that changes it. */
import { isDeepStrictEqual } from 'node:util'
import {
  LIMITS,
  type ActivityEntry,
  type Alert,
  type ApplianceState,
  type Download,
  type Health,
  type KeyEdit,
  type LookupState,
  type Place,
  type Problem,
  type SettingInfo,
  type Settings,
  type State,
} from '../preload/contract.ts'
import { NO_APPLIANCE } from './appliance/link.ts'
import type { Found } from './events/forgetting.ts'
import { withoutTraces } from './forgotten.ts'
import { pruned, withoutSessions, withSession, type Board } from './sessions/board.ts'
import type { Session } from './sessions/session.ts'

/** State as main has it: like the window's, but with whole sessions in place of rows. */
export interface AppState extends Omit<State, 'sessions'> {
  readonly board: Board
}

/** Everything that can happen to State. */
export type Change =
  | { readonly type: 'restored'; readonly state: Partial<Pick<AppState, 'board' | 'alerts' | 'activity'>> }
  | { readonly type: 'session'; readonly session: Session }
  /** It is none of the rep's business any more. */
  | { readonly type: 'sessionGone'; readonly lsid: string }
  | { readonly type: 'time'; readonly now: number }
  | { readonly type: 'activity'; readonly entry: ActivityEntry }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'alertsRead'; readonly ids: readonly number[] | 'all' }
  | { readonly type: 'health'; readonly health: Partial<Health> }
  | { readonly type: 'problem'; readonly problem: Problem }
  | { readonly type: 'solved'; readonly id: string }
  | { readonly type: 'settings'; readonly settings: Settings; readonly info: readonly SettingInfo[] }
  | { readonly type: 'update'; readonly update: Partial<State['update']> }
  | { readonly type: 'appliance'; readonly appliance: Partial<ApplianceState> }
  | { readonly type: 'keyEdit'; readonly edit: KeyEdit }
  | { readonly type: 'lookup'; readonly lookup: LookupState }
  /** A download as it is now; one that is new comes first. */
  | { readonly type: 'download'; readonly download: Download }
  | { readonly type: 'downloadGone'; readonly id: number }
  | { readonly type: 'forgotten'; readonly found: Found }
  | { readonly type: 'quick'; readonly query: string; readonly now: number }
  | { readonly type: 'goTo'; readonly place: Place | null; readonly now: number }

/** The first State: nothing is known yet but the settings. */
export function initialState(beginning: Pick<AppState, 'version' | 'shell' | 'settings' | 'settingInfo'>): AppState {
  return {
    ...beginning,
    board: new Map(),
    alerts: [],
    activity: [],
    problems: [],
    appliance: {
      ...NO_APPLIANCE,
      secrets: { 'appliance.clientSecret': null, 'appliance.password': null, 'listener.passphrase': null },
      keepsSecrets: false,
    },
    keyEdits: [],
    lookup: null,
    downloads: [],
    update: { ready: null, news: null },
    goTo: null,
    quick: null,
    health: {
      listener: { status: 'starting', addresses: [], retryAt: null, certificate: null },
      relay: null,
      lastEventAt: null,
      stored: 0,
      repeated: 0,
      quarantined: 0,
      held: 0,
      catchingUp: false,
    },
  }
}

/** Edits of keys that stay in sight. */
const KEY_EDITS = 10

/** A newer alert of the same tag takes the older one's place on the desktop, so the older counts as read, or is replaced. */
function withAlert(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const isOlder = (each: Alert) => each.tag === alert.tag && !each.read
  const older = alert.refresh
    ? alerts.filter((each) => !isOlder(each) || each.kind !== alert.kind)
    : alerts.map((each) => (isOlder(each) ? { ...each, read: true } : each))
  return [alert, ...older].slice(0, LIMITS.alerts)
}

function withProblem(problems: readonly Problem[], problem: Problem): readonly Problem[] {
  const known = problems.find((each) => each.id === problem.id)
  if (known === undefined) return [...problems, problem]
  const next = { ...problem, since: known.since }
  if (isDeepStrictEqual(known, next)) return problems
  return problems.map((each) => (each === known ? next : each))
}

/** Rising also from run to run: a page that outlives this process acts on what is new to it. */
function nextSeq(now: number, last: { readonly seq: number } | null): number {
  return Math.max(now, (last?.seq ?? 0) + 1)
}

/** The next State. Returns the same object where nothing changed. */
export function reduce(state: AppState, change: Change): AppState {
  switch (change.type) {
    case 'restored':
      return { ...state, ...change.state }
    case 'session':
      return { ...state, board: withSession(state.board, change.session) }
    case 'sessionGone': {
      if (!state.board.has(change.lsid)) return state
      return { ...state, board: withoutSessions(state.board, ({ lsid }) => lsid === change.lsid) }
    }
    case 'time': {
      const board = pruned(state.board, change.now)
      return board === state.board ? state : { ...state, board }
    }
    case 'activity':
      return { ...state, activity: [change.entry, ...state.activity].slice(0, LIMITS.activity) }
    case 'alert':
      return { ...state, alerts: withAlert(state.alerts, change.alert) }
    case 'alertsRead': {
      const isMeant = (alert: Alert) => !alert.read && (change.ids === 'all' || change.ids.includes(alert.id))
      if (!state.alerts.some(isMeant)) return state
      return { ...state, alerts: state.alerts.map((alert) => (isMeant(alert) ? { ...alert, read: true } : alert)) }
    }
    case 'health': {
      const isSame = Object.entries(change.health).every(([name, value]) =>
        isDeepStrictEqual(value, state.health[name as keyof Health]),
      )
      return isSame ? state : { ...state, health: { ...state.health, ...change.health } }
    }
    case 'problem': {
      const problems = withProblem(state.problems, change.problem)
      return problems === state.problems ? state : { ...state, problems }
    }
    case 'solved': {
      const problems = state.problems.filter((problem) => problem.id !== change.id)
      return problems.length === state.problems.length ? state : { ...state, problems }
    }
    case 'update':
      return { ...state, update: { ...state.update, ...change.update } }
    case 'settings':
      return { ...state, settings: change.settings, settingInfo: change.info }
    case 'appliance':
      return { ...state, appliance: { ...state.appliance, ...change.appliance } }
    case 'keyEdit': {
      const others = state.keyEdits.filter((edit) => edit.id !== change.edit.id)
      return { ...state, keyEdits: [change.edit, ...others].slice(0, KEY_EDITS) }
    }
    case 'lookup':
      return { ...state, lookup: change.lookup }
    case 'download': {
      const { download } = change
      const isKnown = state.downloads.some((each) => each.id === download.id)
      const downloads = isKnown
        ? state.downloads.map((each) => (each.id === download.id ? download : each))
        : [download, ...state.downloads]
      return { ...state, downloads }
    }
    case 'downloadGone':
      return { ...state, downloads: state.downloads.filter((each) => each.id !== change.id) }
    case 'forgotten':
      return withoutTraces(state, change.found)
    case 'quick':
      return { ...state, quick: { seq: nextSeq(change.now, state.quick), query: change.query } }
    case 'goTo':
      if (change.place === null) return state.goTo === null ? state : { ...state, goTo: null }
      return { ...state, goTo: { seq: nextSeq(change.now, state.goTo), place: change.place } }
  }
}
