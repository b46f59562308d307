/** A simulated appliance with its API, and the application behind it. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { atEnd } from '../../at-end.ts'
import { createApi, DEFAULT_CLIENT, DEFAULT_USER, type Api, type ApiOptions } from '../../appliance/api.ts'
import { createAppliance, type Appliance } from '../../appliance/appliance.ts'
import type { GenerationName } from '../../appliance/generation.ts'
import type { Session } from '../../appliance/session.ts'
import { findRepresentative, representativeOwner, type Customer } from '../../appliance/world.ts'
import { createProfile, startRun, until, type Profile, type Run } from './application.ts'

export interface Site {
  readonly appliance: Appliance
  readonly api: Api
  readonly run: Run
  readonly customer: Customer
  readonly profile: Profile
  /** Ends the application and starts it anew with what it kept. */
  restart(): Promise<Run>
}

/** An appliance of this generation with the application as its recipient; you are representative 12. */
export async function startSite(
  t: TestContext,
  generation: GenerationName,
  { past = 0, api: apiOptions = {} }: { past?: number; api?: Partial<ApiOptions> } = {},
): Promise<Site> {
  const appliance = createAppliance({ seed: 7, pastSessions: past })
  atEnd(t, () => appliance.close())
  const api = createApi({ appliance, generation, ...apiOptions })
  atEnd(t, () => api.close())
  const host = await api.listen(0)
  const hasOAuth = ['19.1', '24.x'].includes(generation)
  const account = hasOAuth ? { 'appliance.clientId': DEFAULT_CLIENT.id } : { 'appliance.username': DEFAULT_USER.id }
  const profile = createProfile(t, { 'appliance.host': host, ...account })
  const env = hasOAuth ? { REP_TRAY_CLIENT_SECRET: DEFAULT_CLIENT.secret } : { REP_TRAY_PASSWORD: DEFAULT_USER.secret }
  const run = await startRun(t, profile, { env })
  appliance.addRecipient(run.app.recipientUrl() ?? '', { retryIntervalMs: 50 })
  await until(() => run.state().appliance.status === 'ready', 'the appliance is reached')
  const [customer] = appliance.world.customers
  assert.ok(customer)
  const restart = async () => {
    await run.stop()
    return startRun(t, profile, { env })
  }
  return { appliance, api, run, customer, profile, restart }
}

/** A session that started with representative 12. */
export async function mine({ appliance, run, customer }: Site): Promise<Session> {
  const queue = representativeOwner(findRepresentative(appliance.world, 12))
  const session = appliance.startSession({ queue, customer })
  await until(() => run.row(session.lsid)?.relation === 'mine', 'the session is on the board')
  return session
}
