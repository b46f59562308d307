/** The tray as data: icon, tooltip and menu, all from State. Pure. */
import type { Alert, AlertKind, Command, SessionRow, State } from '../../preload/contract.ts'
import { isMyTeam } from '../sessions/board.ts'
import { whyNoEdit } from './able.ts'
import { plain } from './plain.ts'

/** One entry of the tray menu. Without `command` and `submenu` it is a line of text. */
export type TrayItem =
  | { readonly type: 'separator' }
  | {
      readonly type: 'item'
      readonly label: string
      readonly command?: Command
      readonly submenu?: readonly TrayItem[]
      /** A check box, and whether it is checked. */
      readonly checked?: boolean
      /** The keys that do the same in every program, as Electron writes them. */
      readonly accelerator?: string
      readonly enabled: boolean
    }

/** What the icon says at a glance; `offline` means that no event can come in. */
export type TrayIcon = 'idle' | 'waiting' | 'attention' | 'offline'

/** The tray as data; drawn by the Electron shell. */
export interface TrayModel {
  readonly icon: TrayIcon
  readonly tooltip: string
  readonly menu: readonly TrayItem[]
}

/** Sessions listed in the menu; the window has all of them. */
const LISTED = 10

/** Characters of a name or a key in the menu. */
const LENGTH = 60
/** Characters of a sentence that says why not. */
const REASON = 120
/** Windows cuts a tooltip at 127 characters. */
const TOOLTIP = 127

/** The problem of a shortcut that the system refused. */
export const SHORTCUT_REFUSED = 'shortcut.refused'

/** Alerts that only inform: unread, they are counted, but the icon does not call for the rep. */
const CALLS_NOBODY: ReadonlySet<AlertKind> = new Set(['ended', 'survey', 'test'])

function iconOf(state: State, waiting: number, unread: readonly Alert[]): TrayIcon {
  if (state.health.listener.status === 'failed' || state.problems.some((problem) => problem.severity === 'error'))
    return 'offline'
  if (unread.some((alert) => !CALLS_NOBODY.has(alert.kind))) return 'attention'
  return waiting > 0 ? 'waiting' : 'idle'
}

function nameOf(row: SessionRow): string {
  return plain(row.customer ?? '', LENGTH) || `Session ${plain(row.lsid.slice(0, 8), 8)}`
}

const text = (label: string): TrayItem => ({ type: 'item', label, enabled: false })
const entry = (label: string, command: Command): TrayItem => ({ type: 'item', label, enabled: true, command })

/** The entry, or why there is nothing to choose. */
function editItems(row: SessionRow, state: State): readonly TrayItem[] {
  const label = 'Edit external key…'
  const reason = whyNoEdit(row, state.appliance)
  if (reason !== null) return [text(label), text(plain(reason, REASON))]
  return [entry(label, { type: 'window.show', place: { view: 'session', lsid: row.lsid, purpose: 'editKey' } })]
}

function sessionItem(row: SessionRow, state: State): TrayItem {
  const { lsid, externalKey } = row
  const key = plain(externalKey ?? '', LENGTH)
  const opens = key !== '' && state.settings['ticket.url'] !== ''
  return {
    type: 'item',
    label: `${nameOf(row)} · ${key || 'no ticket'}`,
    enabled: true,
    submenu: [
      entry('Show session', { type: 'window.show', place: { view: 'session', lsid } }),
      ...editItems(row, state),
      externalKey === null
        ? text('Copy external key (none yet)')
        : entry(`Copy external key ${key}`, { type: 'session.copy', lsid, what: 'externalKey' }),
      ...(opens ? [entry('Open ticket', { type: 'ticket.open', lsid })] : []),
      entry('Link for the customer…', { type: 'window.show', place: { view: 'session', lsid, purpose: 'link' } }),
      entry('Copy session ID', { type: 'session.copy', lsid, what: 'lsid' }),
    ],
  }
}

/** The shortcut beside it, unless the system refused it. */
function lookupItem({ settings, problems }: State): TrayItem {
  const keys = problems.some(({ id }) => id === SHORTCUT_REFUSED) ? '' : settings['lookup.shortcut']
  const item = { type: 'item', label: 'Look up ticket…', enabled: true } as const
  const command: Command = { type: 'lookup.quick', query: null }
  return { ...item, command, ...(keys === '' ? {} : { accelerator: keys }) }
}

function section(title: string, rows: readonly SessionRow[], state: State): readonly TrayItem[] {
  if (rows.length === 0) return []
  const label = `${rows.length - LISTED} more…`
  return [
    text(title),
    ...rows.slice(0, LISTED).map((row) => sessionItem(row, state)),
    ...(rows.length > LISTED ? [entry(label, { type: 'window.show', place: { view: 'board' } })] : []),
    { type: 'separator' },
  ]
}

function healthLine(state: State): string {
  const { listener, relay } = state.health
  const worst = state.problems.find((problem) => problem.severity === 'error') ?? state.problems[0]
  if (worst !== undefined) return `⚠ ${worst.title}`
  if (relay !== null)
    return relay.status === 'attached' ? 'Events come from the site’s relay' : 'Reaching for the relay'
  return listener.status === 'listening' ? `Listening on ${listener.addresses.join(', ')}` : 'Not listening yet'
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}

/** The tray for this State. Linux shows no icon click in many desktops, so “Open” is the first entry. */
export function trayModel(state: State): TrayModel {
  const live = state.sessions.filter((row) => row.status !== 'ended')
  const mine = live.filter((row) => row.relation === 'mine')
  const waiting = live.filter((row) => row.status === 'waiting' && isMyTeam(row.owner, state.settings))
  const waitsForMe = waiting.length + mine.filter((row) => row.status === 'waiting').length
  const unreadAlerts = state.alerts.filter((alert) => !alert.read)
  const unread = unreadAlerts.length
  const tooltip = [
    'Rep Tray',
    count(mine.length, 'session of yours', 'sessions of yours'),
    ...(waitsForMe > 0 ? [`${waitsForMe} waiting`] : []),
    ...(unread > 0 ? [count(unread, 'unread alert', 'unread alerts')] : []),
    ...(state.problems.length > 0 ? [healthLine(state)] : []),
  ].join(' · ')
  const quiet = state.settings['notify.quiet']
  return {
    icon: iconOf(state, waitsForMe, unreadAlerts),
    tooltip: plain(tooltip, TOOLTIP),
    menu: [
      entry('Open Rep Tray', { type: 'window.show', place: null }),
      ...(unread > 0 ? [entry(`Alerts (${unread})`, { type: 'window.show', place: { view: 'alerts' } })] : []),
      lookupItem(state),
      { type: 'separator' },
      ...section('Yours', mine, state),
      ...section('Waiting for your teams', waiting, state),
      {
        type: 'item',
        label: 'Quiet',
        checked: quiet,
        enabled: !state.settingInfo.some((info) => info.key === 'notify.quiet' && info.locked),
        command: { type: 'settings.set', key: 'notify.quiet', value: !quiet },
      },
      ...(state.settings['setup.done']
        ? []
        : [entry('Set up Rep Tray…', { type: 'window.show', place: { view: 'setup' } })]),
      entry('Settings…', { type: 'window.show', place: { view: 'settings' } }),
      text(healthLine(state)),
      { type: 'separator' },
      entry('Quit Rep Tray', { type: 'app.quit' }),
    ],
  }
}
