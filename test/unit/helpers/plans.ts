/** What an event is worth to the rep, told by the row of events that it ends. */
import assert from 'node:assert/strict'
import type { Alert, Settings } from '../../../preload/contract.ts'
import { planAlert, planLater, type Plan, type SessionAlertKind } from '../../../main/attention/notification.ts'
import { begin, JANE, joins, leaves, ME, MIRIAM, owner, play, steps, TO_TEAM } from './events.ts'
import { alertWith, settingsWith } from './state.ts'

export type Row = Parameters<typeof steps>[0]

export interface Told {
  readonly settings?: Partial<Settings>
  readonly previous?: Alert | null
  readonly pending?: SessionAlertKind | null
}

/** What the last of these events is worth. */
export function planOf(events: Row, { settings = {}, previous = null, pending = null }: Told = {}): Plan {
  const last = steps(events).at(-1)
  assert.ok(last !== undefined)
  return planAlert({ ...last, settings: settingsWith(settings), previous, pending })
}

/** The alert that the last of these events leads to, if nothing else happens. */
export function alertOf(events: Row, told: Told = {}) {
  const plan = planOf(events, told)
  const settings = settingsWith(told.settings)
  const due =
    plan !== null && 'later' in plan ? planLater(plan.later, play(events), settings, told.previous ?? null) : plan
  return due !== null && 'alert' in due ? due.alert : null
}

/** A previous alert of this kind as it stands on the desktop. */
export function shown(kind: SessionAlertKind, events: Row, own: Partial<Alert> = {}): Alert {
  const due = planLater(kind, play(events), settingsWith(), null)
  assert.ok(due !== null && 'alert' in due, `${kind} holds`)
  return alertWith({ ...due.alert, ...own })
}

export const KEY = { external_key: 'INC0010023' }
/** A session of Miriam's, with its customer. */
export const HERS = [begin(KEY), owner('rep:14', 'Miriam Okafor', KEY), joins(JANE, KEY), joins(MIRIAM, KEY)]
export const GIVEN_TO_ME = [...HERS, owner('rep:12', 'John Smith', KEY)]
export const MINE = [...GIVEN_TO_ME, leaves(MIRIAM, KEY), joins(ME, KEY)]
export const IN_QUEUE = [begin(), TO_TEAM, joins(JANE)]
