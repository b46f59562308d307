/** Our variables of the environment, some of which are secrets. */

/**
 * The environment as it is; our own variables leave it, so that no program that is started from here (a browser, a
 * keychain's tool) inherits them.
 */
export function takeEnvironment(env: Record<string, string | undefined>): Readonly<Record<string, string | undefined>> {
  const taken = { ...env }
  for (const name of Object.keys(env)) if (name.toUpperCase().startsWith('REP_TRAY_')) delete env[name]
  return taken
}
