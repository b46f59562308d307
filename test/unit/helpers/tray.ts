/** A State in a few words, and the menu that the tray makes of it. */
import type { Alert, Health, Problem, SessionRow, Settings, State } from '../../../preload/contract.ts'
import { trayModel, type TrayItem } from '../../../main/attention/tray.ts'
import { rowOf } from '../../../main/sessions/board.ts'
import { createView } from '../../../main/view.ts'
import { begin, customer, JANE, joins, ME, play, TO_ME, TO_TEAM } from './events.ts'
import { settingsWith, stateWith } from './state.ts'

export interface Situation {
  readonly sessions?: readonly SessionRow[]
  readonly alerts?: readonly Alert[]
  readonly problems?: readonly Problem[]
  readonly listener?: Partial<Health['listener']>
  readonly settings?: Partial<Settings>
  readonly settingInfo?: State['settingInfo']
  readonly appliance?: Partial<State['appliance']>
}

export function stateOf({
  sessions = [],
  alerts = [],
  problems = [],
  listener,
  settings,
  settingInfo = [],
  appliance = { status: 'ready' },
}: Situation): State {
  const state = createView()(stateWith({ alerts, problems, settings: settingsWith(settings), settingInfo }))
  const listening = { status: 'listening', addresses: ['127.0.0.1:8180'], retryAt: null, certificate: null } as const
  return {
    ...state,
    sessions,
    appliance: { ...state.appliance, ...appliance },
    health: { ...state.health, listener: { ...listening, ...listener } },
  }
}

export function row(events: Parameters<typeof play>[0], lsid = '0f3c5a7e9b1d'): SessionRow {
  return rowOf(play(events, null, lsid), settingsWith())
}

export const modelOf = (situation: Situation) => trayModel(stateOf(situation))
export const iconOf = (situation: Situation) => modelOf(situation).icon

export const problem = (severity: Problem['severity'], title = 'Something is wrong'): Problem => ({
  id: 'x',
  severity,
  title,
  detail: '',
  since: 1,
  dismissible: false,
})

type Item = Extract<TrayItem, { type: 'item' }>
export const items = (menu: readonly TrayItem[]) => menu.filter((item): item is Item => item.type === 'item')
export const labels = (menu: readonly TrayItem[]) => items(menu).map((item) => item.label)
export const deep = (menu: readonly TrayItem[]): readonly Item[] =>
  items(menu).flatMap((item) => [item, ...deep(item.submenu ?? [])])

export const find = (situation: Situation, label: string) =>
  items(modelOf(situation).menu).find((item) => item.label === label)

export const mine = (name: string, key?: string) =>
  row(
    [begin(key === undefined ? {} : { external_key: key }), joins(customer(name)), joins(ME), TO_ME].map((own) => ({
      ...own,
      ...(key === undefined ? {} : { external_key: key }),
    })),
    `lsid ${name.slice(0, 20)}`,
  )

export const waiting = row([begin(), TO_TEAM, joins(JANE)])
