/** What a box can do: from its API version and the account's permissions, both told by get_api_info. */

/** The parts of a dotted version; compared as numbers, since `1.9.0` is older than `1.11.0`. */
export type Version = readonly number[]

/** `1.19.0` as numbers; null if it is no version. */
export function parseVersion(text: string): Version | null {
  const found = /^\s*v?(\d{1,6}(?:\.\d{1,6}){0,5})/i.exec(text)?.[1]
  return found === undefined ? null : found.split('.').map(Number)
}

/** Negative, zero or positive, as `left` is older than, the same as, or newer than `right`. */
export function compareVersions(left: Version, right: Version): number {
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** First API version of each product version, oldest first (vendor's "API change" pages). */
const PRODUCTS: readonly (readonly [api: string, product: string])[] = [
  ['1.0.0', '10.1'],
  ['1.1.0', '10.2'],
  ['1.2.0', '10.3'],
  ['1.3.0', '10.4'],
  ['1.4.0', '10.5'],
  ['1.5.0', '10.6'],
  ['1.6.0', '11.1'],
  ['1.7.0', '12.1'],
  ['1.8.0', '12.2'],
  ['1.9.0', '12.3'],
  ['1.10.0', '13.1'],
  ['1.11.0', '14.1'],
  ['1.12.0', '14.2 or 14.3'],
  ['1.13.0', '15.1'],
  ['1.13.1', '15.2'],
  ['1.15.0', '16.1'],
  ['1.15.1', '16.2'],
  ['1.16.0', '17.1 or 18.1'],
  ['1.18.0', '18.2'],
  ['1.19.0', '19.1'],
  ['1.19.2', '19.2 or 20.1'],
  ['1.21.0', '21.1 or 21.2'],
  ['1.21.1', '21.3'],
  ['1.22.1', '22.1'],
  ['1.22.2', '22.2 or 22.3'],
  ['1.23.1', '23'],
  ['1.24.1', '24'],
]

/** The product version that goes with an API version: `19.1`, `24 or newer`; null if it is older than all known. */
export function productOf(version: Version): string | null {
  const at = PRODUCTS.findLastIndex(([api]) => compareVersions(version, parseVersion(api) ?? []) >= 0)
  const found = PRODUCTS[at]
  if (found === undefined) return null
  return at === PRODUCTS.length - 1 ? `${found[1]} or newer` : found[1]
}

/** What get_api_info tells. */
export interface ApiInfo {
  /** `api_version` as the appliance wrote it. */
  readonly version: string
  /** The product that it belongs to, for people. */
  readonly product: string | null
  /** Gone since 24.3. */
  readonly company: string | null
  /** The appliance's clock (ms). */
  readonly clock: number | null
  /** By name, the values as written; null: the appliance tells none (the era of user accounts). */
  readonly permissions: Readonly<Record<string, string>> | null
}

interface Requirement {
  /** First API version in which it was documented; null: in all of them. */
  readonly since: string | null
  readonly permission: string
  /** For perm_command: full access, not only reading. */
  readonly full?: true
}

const COMMAND_READ = { permission: 'perm_command' } as const
const COMMAND_FULL = { permission: 'perm_command', full: true } as const
const SUPPORT_REPORT: Requirement = { since: null, permission: 'perm_reporting_support' }
const PRESENTATION_REPORT: Requirement = { since: null, permission: 'perm_reporting_presentation' }

/**
 * What each feature needs, by the name that it has in the API. Where a command came between two editions of the guide,
 * the later one is named: before it, it may or may not be there.
 */
const REQUIREMENTS = {
  get_logged_in_reps: { since: null, ...COMMAND_READ },
  get_support_teams: { since: null, ...COMMAND_READ },
  generate_session_key: { since: null, ...COMMAND_FULL },
  transfer_session: { since: null, ...COMMAND_FULL },
  join_session: { since: '1.11.0', ...COMMAND_FULL },
  leave_session: { since: '1.21.0', ...COMMAND_FULL },
  set_session_attributes: { since: '1.11.0', ...COMMAND_FULL },
  // Whether reading them needs full access is not documented; the appliance says so itself if it does.
  get_session_attributes: { since: '1.11.0', ...COMMAND_READ },
  terminate_session: { since: '1.11.0', ...COMMAND_FULL },
  check_health: { since: '1.11.0', ...COMMAND_FULL },
  get_connected_client_list: { since: '1.11.0', ...COMMAND_READ },
  SupportSession: SUPPORT_REPORT,
  SupportSessionListing: SUPPORT_REPORT,
  SupportSessionSummary: SUPPORT_REPORT,
  SupportCustExitSurvey: SUPPORT_REPORT,
  SupportRepExitSurvey: SUPPORT_REPORT,
  SupportTeam: SUPPORT_REPORT,
  SupportSessionRecording: SUPPORT_REPORT,
  CommandShellRecording: SUPPORT_REPORT,
  ShowMyScreenRecording: SUPPORT_REPORT,
  // Two names for the same; see files.ts.
  PresentationRecording: PRESENTATION_REPORT,
  PresentationSessionRecording: PRESENTATION_REPORT,
  // Read in the guides from 16.1 on; whether older ones have it is unknown, so only the permission counts.
  backup: { since: null, permission: 'perm_backup' },
} as const satisfies Readonly<Record<string, Requirement>>

/** Something that a box can do or not, by its name in the API. */
export type Feature = keyof typeof REQUIREMENTS

export const FEATURES = Object.keys(REQUIREMENTS) as readonly Feature[]

export function isFeature(name: string): name is Feature {
  return Object.hasOwn(REQUIREMENTS, name)
}

/** Whether something can be done, and if not, why: a sentence for the rep. */
export type Gate =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly kind: 'unsupported' | 'forbidden'
      readonly reason: string
      /** For IT. */
      readonly detail: string
    }

/** Can this be done with this box and account? What is not known is allowed: the appliance has the last word. */
export function gate(info: ApiInfo, feature: Feature): Gate {
  const requirement: Requirement = REQUIREMENTS[feature]
  const { since, permission, full = false } = requirement
  const version = parseVersion(info.version)
  if (since !== null && version !== null && compareVersions(version, parseVersion(since) ?? []) < 0) {
    const needed = productOf(parseVersion(since) ?? []) ?? since
    return {
      ok: false,
      kind: 'unsupported',
      reason: `The appliance is too old for this: it needs version ${needed}.`,
      detail: `${feature} needs API ${since}; the appliance has ${info.version}.`,
    }
  }
  const given = info.permissions?.[permission]?.trim().toLowerCase()
  const denied = given === 'deny' || given === '0' || (full && given === 'read_only')
  if (!denied) return { ok: true }
  return {
    ok: false,
    kind: 'forbidden',
    reason: 'The account that is set up for the appliance may not do this.',
    detail: `${feature} needs ${permission}${full ? ' = full_access' : ''}; the account has ${given}.`,
  }
}

/** Since 14.1 the key is a custom field like any other; before, a parameter of its own. Never both: see the guide. */
export function externalKeyParameter(version: Version | null): 'external_key' | 'session.custom.external_key' {
  const old = version !== null && compareVersions(version, [1, 11]) < 0
  return old ? 'external_key' : 'session.custom.external_key'
}
