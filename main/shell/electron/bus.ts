/** What the Linux session bus says about the desktop. Asked with the bus's own tools, so that no native module is needed. */

/** Runs a program; its output, or null if it failed, or `undefined` if there is no such program. */
export type Run = (program: string, args: readonly string[]) => Promise<string | null | undefined>

/** A method of a service on the session bus, with its text arguments. */
export interface Call {
  readonly service: string
  readonly path: string
  readonly method: string
  readonly args: readonly string[]
}

const WATCHER: Call = {
  service: 'org.kde.StatusNotifierWatcher',
  path: '/StatusNotifierWatcher',
  method: 'org.freedesktop.DBus.Properties.Get',
  args: ['org.kde.StatusNotifierWatcher', 'IsStatusNotifierHostRegistered'],
}

const CAPABILITIES: Call = {
  service: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  method: 'org.freedesktop.Notifications.GetCapabilities',
  args: [],
}

/** What the service answers, in the words of whichever tool there is; null if it does not, undefined without a tool. */
async function ask(run: Run, { service, path, method, args }: Call): Promise<string | null | undefined> {
  const typed = args.map((each) => `string:${each}`)
  const answer = await run('dbus-send', [
    '--session',
    '--print-reply=literal',
    '--reply-timeout=2000',
    `--dest=${service}`,
    path,
    method,
    ...typed,
  ])
  if (answer !== undefined) return answer
  const target = ['--session', '--timeout', '2', '--dest', service, '--object-path', path]
  return run('gdbus', ['call', ...target, '--method', method, ...args])
}

/**
 * Is there something that shows tray icons? Null: cannot be said. Without the notifier service, an X11 desktop may
 * still have a tray of the old kind, which Chromium uses then; GNOME and Wayland have none.
 */
export async function hasTrayHost(
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean | null> {
  const answer = await ask(run, WATCHER)
  if (answer === undefined) return null
  if (answer !== null && /\btrue\b/.test(answer)) return true
  const modern = env['XDG_SESSION_TYPE'] === 'wayland' || /gnome/i.test(env['XDG_CURRENT_DESKTOP'] ?? '')
  return modern ? false : null
}

/** Does the notification server read markup? True if that cannot be said: it is what nearly all of them do. */
export async function readsMarkup(run: Run): Promise<boolean> {
  const answer = await ask(run, CAPABILITIES)
  return typeof answer === 'string' ? /\bbody-markup\b/.test(answer) : true
}
