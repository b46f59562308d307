import { createRandom } from '../random.ts'
import { isLoggedIn } from '../world.ts'
import type { CommandHandler } from './commands.ts'
import type { ApiContext } from './context.ts'
import { element } from './xml.ts'

const applianceId = ({ appliance }: ApiContext): string => createRandom(0).fork(appliance.world.host).hex(32)

export const checkHealth: CommandHandler = (context) => {
  const { problem, failover } = context.health()
  const time = new Date(context.appliance.clock.now() - 600_000)
  return element('health_check', [
    element('appliance', 'box-1', { id: applianceId(context) }),
    element('version', context.generation.product),
    element('success', problem === null ? 1 : 0),
    ...(problem === null ? [] : [element('error_message', problem)]),
    ...(failover === 'single'
      ? []
      : [
          element('failover_role', failover),
          element('enabled_shared_ips', failover === 'primary' ? [element('ip', '192.0.2.10')] : []),
          element('last_data_sync_time', time.toISOString().replace('Z', '+0000'), {
            ts: Math.floor(time.getTime() / 1000),
          }),
          element('last_data_sync_status', 'OK'),
        ]),
  ])
}

const CLIENT_TYPES = ['representative', 'support_customer', 'presentation_attendee', 'push_agent'] as const

export const getConnectedClientList: CommandHandler = (context, parameters) => {
  const { world, sessions } = context.appliance
  const asked = (parameters.get('type') ?? 'all').split(',').map((type) => type.trim())
  const stranger = asked.find((type) => type !== 'all' && !CLIENT_TYPES.some((known) => known === type))
  if (stranger !== undefined) throw new Error(`Invalid type: ${stranger}`)
  const ids: Readonly<Record<(typeof CLIENT_TYPES)[number], readonly (number | string)[]>> = {
    representative: world.representatives.filter(isLoggedIn).map(({ id }) => id),
    support_customer: [...sessions.values()].filter(({ customerPresent }) => customerPresent).map(({ lsid }) => lsid),
    presentation_attendee: [],
    push_agent: [],
  }
  const types = CLIENT_TYPES.filter((type) => asked.includes('all') || asked.includes(type))
  const counts = types.map((type) => element('count', ids[type].length, { type }))
  const clients = types.flatMap((type) => ids[type].map((id) => element('connected_client', '', { type, id })))
  return element('connected_client_list', [
    element('connected_client_summary', [element('appliance_summary', counts, { id: applianceId(context) })]),
    ...(parameters.get('summary_only') === '1' ? [] : clients),
  ])
}
