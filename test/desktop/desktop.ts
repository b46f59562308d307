/** A desktop for tests: a display, a session bus and a notification daemon, all real and all of their own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Programs get this long to be ready (ms). */
const READY_WITHIN = 20_000

export interface Desktop {
  /** What a program needs in its environment to be on this desktop. */
  readonly env: Record<string, string>
  /** All that the notification daemon has printed: each notification with its summary and body. */
  notifications(): string
  /** Does what a click on the newest notification does. */
  clickNewest(): Promise<void>
  close(): Promise<void>
}

/** Waits until `check` gives something other than null. @throws with `what` after `within` ms */
export async function eventually<Value>(
  what: string,
  check: () => Promise<Value | null> | Value | null,
  within = READY_WITHIN,
): Promise<Value> {
  const deadline = performance.now() + within
  for (;;) {
    const value = await check()
    if (value !== null) return value
    if (performance.now() > deadline) throw new Error(`Not within ${within} ms: ${what}`)
    await delay(50)
  }
}

/** Collects what a program prints. */
export function outputOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    stream?.on('data', (chunk: string) => {
      text += chunk
    })
  }
  return () => text
}

/** Ends a program that a test started, and waits for it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}

/** Starts Xvfb, dbus-daemon and dunst. */
export async function startDesktop(): Promise<Desktop> {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-desktop-'))
  const children: ChildProcess[] = []
  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    return { child, output: outputOf(child) }
  }

  // Xvfb looks for a free display by itself and writes its number.
  const xvfb = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], process.env)
  const display = await eventually('Xvfb', () => /^(\d+)$/m.exec(xvfb.output())?.[1] ?? null)
  const bus = start(
    'dbus-daemon',
    ['--session', '--nofork', '--print-address=1', `--address=unix:dir=${folder}`],
    process.env,
  )
  const address = await eventually('dbus-daemon', () => /^(unix:\S+)$/m.exec(bus.output())?.[1] ?? null)
  const env = {
    ...(process.env as Record<string, string>),
    DISPLAY: `:${display}`,
    DBUS_SESSION_BUS_ADDRESS: address,
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
  }
  const config = join(folder, 'dunstrc')
  writeFileSync(config, '[global]\n')
  const dunst = start('dunst', ['-print', '-conf', config], env)
  const send = async (...args: string[]) => {
    const child = spawn('dbus-send', ['--session', '--print-reply', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = outputOf(child)
    const [code] = (await once(child, 'close')) as [number | null]
    return code === 0 ? output() : null
  }
  await eventually('dunst', () =>
    send(
      '--dest=org.freedesktop.Notifications',
      '/org/freedesktop/Notifications',
      'org.freedesktop.Notifications.GetServerInformation',
    ),
  )

  return {
    env,
    notifications: dunst.output,
    clickNewest: async () => {
      const done = await send(
        '--dest=org.freedesktop.Notifications',
        '/org/freedesktop/Notifications',
        'org.dunstproject.cmd0.NotificationAction',
        'uint32:0',
      )
      if (done === null) throw new Error('dunst did not take the click.')
    },
    close: async () => {
      for (const child of children.toReversed()) await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
