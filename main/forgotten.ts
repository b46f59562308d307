/** State without somebody, and how much of them was in it. */
import type { Found } from './events/forgetting.ts'
import { withoutSessions } from './sessions/board.ts'
import type { AppState } from './state.ts'

/** Is this of one of these sessions? */
const isOf = ({ lsids }: Pick<Found, 'lsids'>, lsid: string | null) => lsid !== null && lsids.has(lsid)

/** What of State is about them: alerts, and what was done for them here. */
export function tracesIn(state: AppState, found: Found) {
  return {
    alerts: state.alerts.filter((alert) => isOf(found, alert.lsid) || found.isAbout(alert)),
    keyEdits: state.keyEdits.filter((edit) => edit.lsids.some((lsid) => isOf(found, lsid)) || found.isAbout(edit)),
    downloads: state.downloads.filter(({ lsid }) => isOf(found, lsid)),
  }
}

/** State without all that. */
export function withoutTraces(state: AppState, found: Found): AppState {
  const { alerts, keyEdits, downloads } = tracesIn(state, found)
  const without = <Item>(items: readonly Item[], gone: readonly Item[]) => items.filter((item) => !gone.includes(item))
  const events = new Set(found.events)
  const isGone = (part: unknown) => part !== null && found.isAbout(part)
  return {
    ...state,
    board: withoutSessions(state.board, ({ lsid }) => isOf(found, lsid)),
    alerts: without(state.alerts, alerts),
    keyEdits: without(state.keyEdits, keyEdits),
    downloads: without(state.downloads, downloads),
    activity: state.activity.filter(({ seq, lsid }) => !isOf(found, lsid) && !events.has(seq)),
    lookup: isGone(state.lookup) ? null : state.lookup,
    goTo: isGone(state.goTo) ? null : state.goTo,
    quick: isGone(state.quick) ? null : state.quick,
  }
}
