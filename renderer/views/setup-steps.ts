/** How far the set-up is. All of it follows from the State: a restart loses nothing, and what breaks later shows here. */
import type { Problem, State } from '../../preload/contract.ts'
import type { PermissionState } from '../ui/permission.ts'

export const STEPS = ['appliance', 'me', 'events', 'notifications', 'done'] as const

export type StepName = (typeof STEPS)[number]

/** `waiting`: nothing is left to do here but to wait. */
export type StepStatus = 'done' | 'todo' | 'waiting' | 'problem'

export type StepStatuses = Readonly<Record<StepName, StepStatus>>

/** Does this problem keep events out? */
export function isAboutEvents({ id }: Problem): boolean {
  return /^(listener\.|certificate\.|journal\.(open|write)$|relay$)/.test(id)
}

/** How each step stands. @param permission of the browser for notifications; null: none is needed */
export function stepStatuses(state: State, permission: PermissionState['permission']): StepStatuses {
  return {
    appliance: ({ unset: 'todo', checking: 'waiting', ready: 'done', failed: 'problem' } as const)[
      state.appliance.status
    ],
    me: `${state.settings['me.repId']}${state.settings['me.username']}` === '' ? 'todo' : 'done',
    events: eventsStatus(state),
    notifications: notificationsStatus(state, permission),
    done: state.settings['setup.done'] ? 'done' : 'todo',
  }
}

function eventsStatus({ health, problems }: State): StepStatus {
  const isDeaf = health.relay === null && health.listener.status === 'failed'
  if (isDeaf || problems.some(isAboutEvents)) return 'problem'
  return health.lastEventAt === null ? 'waiting' : 'done'
}

/** Whether anything was seen only the rep knows; that it was tried is in the list of alerts. */
function notificationsStatus(
  { alerts, problems, settings }: State,
  permission: PermissionState['permission'],
): StepStatus {
  if (
    permission === 'denied' ||
    permission === 'unsupported' ||
    problems.some(({ id }) => id.startsWith('notification.'))
  )
    return 'problem'
  if (permission === 'default') return 'todo'
  return settings['notify.quiet'] || alerts.some(({ kind }) => kind === 'test') ? 'done' : 'todo'
}

/** Where to go on: at the first step that is not done. */
export function firstOpen(statuses: StepStatuses): StepName {
  return STEPS.find((step) => statuses[step] !== 'done') ?? 'done'
}
