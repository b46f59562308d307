/** What the tests of the client share: a simulated box of some generation with a client that is logged in to it. */
import type { TestContext } from 'node:test'
import {
  createApplianceClient,
  type ApplianceClient,
  type ApplianceClientOptions,
} from '../../main/appliance/client.ts'
import { DEFAULT_CLIENT, DEFAULT_USER } from '../appliance/api.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findRepresentative } from '../appliance/world.ts'
import { startBox, type Box } from './appliance-support.ts'

const ALL = { perm_backup: '1', perm_reporting_presentation: '1' } as const
export const CLIENT = { clientId: DEFAULT_CLIENT.id, clientSecret: DEFAULT_CLIENT.secret }
export const USER = { username: DEFAULT_USER.id, password: DEFAULT_USER.secret }

export interface Bench {
  readonly box: Box
  readonly client: ApplianceClient
}

export async function bench(
  t: TestContext,
  generation: GenerationName,
  options: Parameters<typeof startBox>[1] = {},
  more: Partial<ApplianceClientOptions> = {},
): Promise<Bench> {
  // The box's clock stands still, and with it the second in which it counts.
  const box = await startBox(t, { generation, rateLimits: null, permissions: ALL, ...options })
  const client = createApplianceClient({
    host: box.url,
    credentials: () => (GENERATIONS[generation].apiAccounts ? CLIENT : USER),
    fetch,
    perSecond: 1000,
    random: () => 0,
    ...more,
  })
  return { box, client }
}

/** A session that John took, with its ticket, its chat and its end. */
export async function finished({ appliance, clock, start }: Box, key = 'INC0010023 <&> ü'): Promise<string> {
  const john = findRepresentative(appliance.world, 12)
  const session = start('team:5', { key })
  await clock.advance(60_000)
  session.pickUp(john)
  session.log({ type: 'Chat Message', by: 'customer', body: 'It <does> & does not \u0001 print' })
  await clock.advance(300_000)
  session.end()
  session.survey('customer')
  session.survey('representative')
  await clock.advance(60_000)
  return session.lsid
}
