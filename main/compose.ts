/** What the composition roots share: policy, settings, token, and the application made from them. */
import { join } from 'node:path'
import { createApp, type App } from './app.ts'
import type { Fetch } from './appliance/exchange.ts'
import type { Logbook } from './logbook.ts'
import { createElapsed } from './elapsed.ts'
import { badPolicy } from './problems.ts'
import { findPolicy, policyPlace, systemOwners } from './settings/policy-place.ts'
import type { Vault } from './settings/secrets.ts'
import { createSettings, type UserSettings } from './settings/settings.ts'
import { createTokens } from './settings/tokens.ts'
import type { AppHandle, Shell } from './shell/port.ts'
import type { UpdatePort } from './updates.ts'

export type { App } from './app.ts'

/** What an entry knows and the application does not. */
export interface Environment {
  /** Folder for the journal. */
  readonly dataDir: string
  /** The administrator's policy, where the computer has none of its own; null: none. */
  readonly policyFile: string | null
  readonly userSettings: UserSettings
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Opens where the system keeps secrets; left out: nowhere. */
  readonly openVault?: () => Promise<Vault | null>
  /** A clock that nobody sets, and that goes on while the computer sleeps (ms); left out: the system's. */
  readonly elapsed?: () => number
  /** For the appliance's API; left out: Node's. */
  readonly fetch?: Fetch
  /** A WebSocket to the site's relay by the system's proxy and certificates; left out: Node's, which knows neither. */
  readonly makeSocket?: (url: string) => unknown
  /** Left out: others update this installation. */
  readonly updates?: UpdatePort | null
  readonly log: Logbook
}

/** The journal's file in a data folder. */
export function journalFile(dataDir: string): string {
  return join(dataDir, 'journal.db')
}

/** Builds the application. `makeShell` must not use the handle before it has returned. */
export function compose(environment: Environment, makeShell: (app: AppHandle) => Shell): App {
  const { policyFile, userSettings, env } = environment
  const { platform } = process
  const { file, policy } = findPolicy(policyFile, policyPlace(platform, env), platform, systemOwners(env))
  if (policyFile !== null && file !== policyFile)
    environment.log.write('policy: --policy is left out, since this computer has a policy of its own')
  for (const line of policy.problems) environment.log.write(`policy: ${line}`)
  const settings = createSettings(userSettings, policy)
  const tokens = createTokens(userSettings, policy.secrets['listener.token'] ?? env['REP_TRAY_LISTENER_TOKEN'] ?? null)
  return createApp({
    version: environment.version,
    now: Date.now,
    elapsed: environment.elapsed ?? createElapsed(),
    log: environment.log,
    journalFile: journalFile(environment.dataDir),
    settings,
    tokens,
    secrets: { openVault: environment.openVault ?? (() => Promise.resolve(null)), policy: policy.secrets, env },
    fetch: environment.fetch ?? fetch,
    updates: environment.updates ?? null,
    makeSocket: environment.makeSocket,
    problems: file !== null && policy.problems.length > 0 ? [badPolicy(file, policy.problems)] : [],
    makeShell,
  })
}
