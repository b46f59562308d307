/** The tray as data: icon, tooltip and menu, all from State. Pure. */
import type { Alert, AlertKind, Command, SessionRow, State } from '../../preload/contract.ts'
import { isMyTeam } from '../sessions/board.ts'
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
/** Windows cuts a tooltip at 127 characters. */
const TOOLTIP = 127

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

function sessionItem(row: SessionRow): TrayItem {
  const { lsid, externalKey } = row
  const key = plain(externalKey ?? '', LENGTH)
  return {
    type: 'item',
    label: `${nameOf(row)} · ${key || 'no ticket'}`,
    enabled: true,
    submenu: [
      {
        type: 'item',
        label: 'Show session',
        enabled: true,
        command: { type: 'window.show', place: { view: 'session', lsid } },
      },
      {
        type: 'item',
        label: externalKey === null ? 'Copy external key (none yet)' : `Copy external key ${key}`,
        enabled: externalKey !== null,
        command: { type: 'session.copy', lsid, what: 'externalKey' },
      },
      { type: 'item', label: 'Copy session ID', enabled: true, command: { type: 'session.copy', lsid, what: 'lsid' } },
    ],
  }
}

function section(title: string, rows: readonly SessionRow[]): readonly TrayItem[] {
  if (rows.length === 0) return []
  const more: readonly TrayItem[] =
    rows.length > LISTED
      ? [
          {
            type: 'item',
            label: `${rows.length - LISTED} more…`,
            enabled: true,
            command: { type: 'window.show', place: { view: 'board' } },
          },
        ]
      : []
  return [
    { type: 'item', label: title, enabled: false },
    ...rows.slice(0, LISTED).map(sessionItem),
    ...more,
    { type: 'separator' },
  ]
}

function healthLine(state: State): string {
  const { listener } = state.health
  const worst = state.problems.find((problem) => problem.severity === 'error') ?? state.problems[0]
  if (worst !== undefined) return `⚠ ${worst.title}`
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
      { type: 'item', label: 'Open Rep Tray', enabled: true, command: { type: 'window.show', place: null } },
      ...(unread > 0
        ? [
            {
              type: 'item',
              label: `Alerts (${unread})`,
              enabled: true,
              command: { type: 'window.show', place: { view: 'alerts' } },
            } as const,
          ]
        : []),
      { type: 'separator' },
      ...section('Yours', mine),
      ...section('Waiting for your teams', waiting),
      {
        type: 'item',
        label: 'Quiet',
        checked: quiet,
        enabled: !state.settingInfo.some((info) => info.key === 'notify.quiet' && info.locked),
        command: { type: 'settings.set', key: 'notify.quiet', value: !quiet },
      },
      {
        type: 'item',
        label: 'Settings…',
        enabled: true,
        command: { type: 'window.show', place: { view: 'settings' } },
      },
      { type: 'item', label: healthLine(state), enabled: false },
      { type: 'separator' },
      { type: 'item', label: 'Quit Rep Tray', enabled: true, command: { type: 'app.quit' } },
    ],
  }
}
