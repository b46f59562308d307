/** Signing: what the environment has for it, and what that means for each system. No key or password is ever in a file here. */

type Env = Readonly<Record<string, string | undefined>>

export interface Signing {
  /** To be put into electron-builder's configuration. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What will be unsigned, a sentence each. */
  readonly warnings: readonly string[]
}

const AZURE = {
  endpoint: 'REP_TRAY_AZURE_ENDPOINT',
  codeSigningAccountName: 'REP_TRAY_AZURE_ACCOUNT',
  certificateProfileName: 'REP_TRAY_AZURE_PROFILE',
  publisherName: 'REP_TRAY_AZURE_PUBLISHER',
} as const

function has(env: Env, ...names: readonly string[]): boolean {
  return names.every((name) => (env[name] ?? '') !== '')
}

function windows(env: Env): Signing {
  const certificate = has(env, 'WIN_CSC_LINK') || has(env, 'CSC_LINK')
  if (has(env, ...Object.values(AZURE))) {
    const azureSignOptions = Object.fromEntries(Object.entries(AZURE).map(([key, name]) => [key, env[name]]))
    return { config: { win: { azureSignOptions, forceCodeSigning: true } }, warnings: [] }
  }
  if (certificate) return { config: { win: { forceCodeSigning: true } }, warnings: [] }
  return {
    config: {},
    warnings: [
      'Windows: not signed. WIN_CSC_LINK names a certificate, REP_TRAY_AZURE_* an account for Azure’s signing.',
    ],
  }
}

function mac(env: Env): Signing {
  const identity = has(env, 'CSC_LINK') || has(env, 'CSC_NAME')
  if (!identity) {
    const lost = 'Notifications do not appear, and it cannot update itself.'
    return { config: {}, warnings: [`macOS: not signed. CSC_LINK or CSC_NAME names a certificate. ${lost}`] }
  }
  const notarized =
    has(env, 'APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER') ||
    has(env, 'APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID') ||
    has(env, 'APPLE_KEYCHAIN_PROFILE')
  return {
    config: { mac: { forceCodeSigning: true } },
    warnings: notarized
      ? []
      : ['macOS: not notarised. APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER are needed.'],
  }
}

/** What the environment says for these systems. Once a certificate is named, nothing leaves unsigned. */
export function readSigning(env: Env, systems: readonly ('windows' | 'mac' | 'linux')[]): Signing {
  const each = systems.map((system) => (system === 'windows' ? windows(env) : system === 'mac' ? mac(env) : null))
  const found = each.filter((signing) => signing !== null)
  return {
    config: Object.assign({}, ...found.map(({ config }) => config)) as Signing['config'],
    warnings: found.flatMap(({ warnings }) => warnings),
  }
}
