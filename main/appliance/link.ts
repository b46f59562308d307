/** The link to the one appliance that the settings name: its client, what it can do, and whether it answers. */
import type { Ability, ApplianceState, CheckStep, Settings } from '../../preload/contract.ts'
import type { Secrets } from '../settings/secrets.ts'
import { createApplianceClient, type ApplianceClient } from './client.ts'
import type { Credentials, TokenKeeper } from './auth.ts'
import { ApplianceError, isApplianceError, stepOf } from './errors.ts'
import type { Fetch } from './exchange.ts'
import type { Feature } from './version.ts'

/** What the API must offer for each ability. */
const NEEDS: Readonly<Record<Ability, Feature>> = {
  editKey: 'set_session_attributes',
  lookup: 'SupportSessionListing',
  sessionKey: 'generate_session_key',
  transfer: 'transfer_session',
  join: 'join_session',
  leave: 'leave_session',
  terminate: 'terminate_session',
  recordings: 'SupportSessionRecording',
}

/** The order in which a connection comes about. */
const STEPS = ['name', 'port', 'tls', 'credentials', 'version', 'permission'] as const

const STEP_WORDS: Readonly<Record<(typeof STEPS)[number], string>> = {
  name: 'The host name is known.',
  port: 'The appliance answers.',
  tls: 'Its certificate is trusted.',
  credentials: 'The account is accepted.',
  version: 'The version is known.',
  permission: 'The account may do what Rep Tray needs.',
}

/** After a failure it is tried again by itself (ms); the last one repeats. */
const RETRIES = [30_000, 60_000, 300_000, 900_000] as const

export type ApplianceSummary = Omit<ApplianceState, 'secrets' | 'keepsSecrets'>

/** Before anything is known. */
export const NO_APPLIANCE: ApplianceSummary = {
  status: 'unset',
  problem: null,
  origin: null,
  apiVersion: null,
  product: null,
  cannot: {},
  teams: [],
}

export interface ApplianceLink {
  /** The client for calls now. @throws ApplianceError `refused` if none is set up */
  client(): ApplianceClient
  /** Settings or secrets have changed: learns anew what there is. */
  refresh(): Promise<void>
  /** Goes through a connection step by step. Never rejects. */
  check(): Promise<readonly CheckStep[]>
  stop(): void
}

export interface LinkOptions {
  readonly settings: () => Settings
  readonly secrets: Pick<Secrets, 'get'>
  readonly tokens: TokenKeeper
  readonly fetch: Fetch
  /** The client of whoever has the account in our place; null: there is nobody. */
  readonly remote: () => ApplianceClient | null
  readonly log: (line: string) => void
  readonly onChange: (appliance: ApplianceSummary) => void
}

/** @see ApplianceLink */
export function createLink(options: LinkOptions): ApplianceLink {
  const { settings, secrets, tokens, fetch, remote, log, onChange } = options
  let made: { readonly host: string; readonly client: ApplianceClient } | null = null
  let timer: NodeJS.Timeout | null = null
  let failures = 0
  /** Counts what is learned. */
  let round = 0

  function credentials(): Credentials | null {
    const { 'appliance.clientId': clientId, 'appliance.username': username } = settings()
    const clientSecret = secrets.get('appliance.clientSecret')
    const password = secrets.get('appliance.password')
    if (clientId !== '' && clientSecret !== null) return { clientId, clientSecret }
    return username !== '' && password !== null ? { username, password } : null
  }

  /** Is there somebody to ask? */
  function isSetUp(): boolean {
    return remote() !== null || (settings()['appliance.host'] !== '' && credentials() !== null)
  }

  function client(): ApplianceClient {
    const afar = remote()
    if (afar !== null) return afar
    const host = settings()['appliance.host']
    if (!isSetUp()) {
      throw new ApplianceError('refused', 'The appliance is not set up yet: see Settings › Appliance.')
    }
    if (made?.host !== host) made = { host, client: createApplianceClient({ host, credentials, fetch, log, tokens }) }
    return made.client
  }

  async function learn(): Promise<ApplianceSummary> {
    const box = client()
    const info = await box.info()
    const cannot: Partial<Record<Ability, string>> = {}
    for (const [ability, feature] of Object.entries(NEEDS) as [Ability, Feature][]) {
      const gate = await box.can(feature)
      if (!gate.ok) cannot[ability] = gate.reason
    }
    const mayList = await box.can('get_support_teams')
    const teams = mayList.ok ? await box.getSupportTeams() : []
    return {
      status: 'ready',
      problem: null,
      origin: box.origin === '' ? null : box.origin,
      apiVersion: info.version,
      product: info.product,
      cannot,
      teams: teams.map(({ id, name, issues }) => ({
        id,
        name,
        issues: issues.map((issue) => ({ id: issue.id, name: issue.title, codeName: issue.codeName })),
      })),
    }
  }

  /** Learns anew what there is; `error` is what stood in the way, or null. */
  async function renew(): Promise<{ readonly summary: ApplianceSummary; readonly error: unknown }> {
    const mine = ++round
    if (timer !== null) clearTimeout(timer)
    timer = null
    made?.client.forget()
    const isSet = isSetUp()
    if (isSet) onChange({ ...NO_APPLIANCE, status: 'checking' })
    const outcome = await learn().then(
      (summary) => ({ summary, error: null }),
      (error: unknown) => {
        const failed = { ...NO_APPLIANCE, status: 'failed', problem: wordsOf(error) } as const
        return { summary: isSet ? failed : NO_APPLIANCE, error }
      },
    )
    // Only the latest of several may say what is true.
    if (mine === round) tell(outcome.summary)
    return outcome
  }

  function tell(summary: ApplianceSummary): void {
    onChange(summary)
    if (summary.status !== 'failed') {
      failures = 0
      return
    }
    const wait = RETRIES[Math.min(failures, RETRIES.length - 1)] ?? RETRIES[0]
    failures += 1
    timer = setTimeout(() => void renew(), wait)
    timer.unref()
  }

  async function check(): Promise<readonly CheckStep[]> {
    const { summary, error } = await renew()
    if (error !== null) return failedAt(error)
    const { apiVersion, product } = summary
    const versions = `API ${apiVersion}${product === null ? '' : `, product ${product}`}.`
    return STEPS.map((step) => ({
      step,
      status: 'ok',
      message: step === 'version' ? versions : STEP_WORDS[step],
      detail: '',
    }))
  }

  return {
    client,
    refresh: async () => void (await renew()),
    check,
    stop: () => {
      round += 1
      if (timer !== null) clearTimeout(timer)
    },
  }
}

function wordsOf(error: unknown): { title: string; detail: string } {
  return isApplianceError(error)
    ? { title: error.message, detail: error.detail }
    : { title: 'The appliance cannot be asked.', detail: error instanceof Error ? error.name : '' }
}

/** What came before the step that failed is fine, what comes after it was not tried. */
function failedAt(error: unknown): readonly CheckStep[] {
  const step = isApplianceError(error) ? (stepOf(error) ?? 'reply') : 'reply'
  const { title, detail } = wordsOf(error)
  const at = STEPS.findIndex((each) => each === step)
  const failed: CheckStep = { step, status: 'failed', message: title, detail }
  if (at < 0) return [failed]
  return STEPS.map((each, index): CheckStep => {
    if (index === at) return failed
    return index < at
      ? { step: each, status: 'ok', message: STEP_WORDS[each], detail: '' }
      : { step: each, status: 'skipped', message: 'Not tried.', detail: '' }
  })
}
