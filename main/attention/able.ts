/** What can be done with a session from outside the window: the same answers for tray and notification. Pure. */
import type { Ability, ApplianceState, SessionRow } from '../../preload/contract.ts'

/** Why the appliance cannot be asked for this; null: it can. */
function whyNot(appliance: ApplianceState, ability: Ability): string | null {
  if (appliance.status === 'unset') return 'The appliance’s API is not set up.'
  if (appliance.status === 'checking') return 'Rep Tray is just reaching for the appliance.'
  if (appliance.status === 'failed') return appliance.problem?.title ?? 'The appliance cannot be asked.'
  return appliance.cannot[ability] ?? null
}

/** Why the external key of a session cannot be edited; null: it can. */
export function whyNoEdit(row: Pick<SessionRow, 'status' | 'relation'>, appliance: ApplianceState): string | null {
  if (row.status === 'ended') return 'The session has ended.'
  if (row.relation !== 'mine' && row.relation !== 'team') return 'The session is not yours.'
  return whyNot(appliance, 'editKey')
}
