/** The real application as a process of its own, in browser mode, with a window that only looks. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { rolldown } from 'rolldown'
import { WebSocket } from 'ws'
import type { Alert, State } from '../../../preload/contract.ts'

const root = resolve(import.meta.dirname, '../../..')

export const TOKEN = 'a-token-for-the-programs-of-trust'

/** The rep of these programs is number 12, of team 5. */
const POLICY = {
  'listener.token': TOKEN,
  'listener.port': 0,
  'browser.port': 0,
  'me.repId': '12',
  'me.username': 'jsmith',
  'me.teams': ['5'],
}

/** A folder that goes with this process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-trust-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** What does not change from one start to the next. */
export interface Installation {
  readonly main: string
  readonly policy: string
  readonly data: string
  /** Variables of its process beside our own. */
  readonly env?: Readonly<Record<string, string>>
  /** Arguments of node. */
  readonly node?: readonly string[]
  /** Whose process it is; left out: ours. */
  readonly uid?: number
}

/**
 * Bundles browser mode as it ships, but for the window, which is an empty page.
 * @param change of its source, to show that an attack finds what is wrong
 */
export async function install(
  data?: string,
  settings: Readonly<Record<string, unknown>> = {},
  change: (code: string) => string = (code) => code,
): Promise<Installation> {
  const folder = temporaryFolder()
  const main = join(folder, 'main/web.js')
  const build = await rolldown({
    input: join(root, 'main/web.ts'),
    platform: 'node',
    external: [/^node:/],
    transform: { define: { __VERSION__: '"0.0.0"' } },
    plugins: [{ name: 'change', transform: (code) => change(code) }],
    logLevel: 'warn',
  })
  await build.write({ file: main, format: 'esm', codeSplitting: false })
  await build.close()
  mkdirSync(join(folder, 'renderer'))
  writeFileSync(join(folder, 'renderer/index.html'), '<!doctype html><script ></script>')
  const policy = join(folder, 'policy.json')
  writeFileSync(policy, JSON.stringify({ ...POLICY, ...settings }))
  return { main, policy, data: data ?? join(folder, 'data') }
}

export interface Running {
  readonly child: ChildProcess
  /** Resolves with the port once events can come in; null if the process ended before that. */
  readonly port: Promise<number | null>
  /** Resolves with the link to the window; null if the process ended before that. */
  readonly window: Promise<string | null>
  readonly exited: Promise<unknown>
  /** What it wrote to the terminal. */
  readonly errors: () => string
}

/** Starts it; it ends with this process, if not before. */
export function start({ main, policy, data, env, node = [], uid }: Installation, ...more: readonly string[]): Running {
  const child = spawn(process.execPath, [...node, main, '--no-open', '--data', data, '--policy', policy, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  const kill = () => child.kill('SIGKILL')
  // Before what it uses is taken away.
  process.prependListener('exit', kill)
  const exited = once(child, 'exit').finally(() => process.off('exit', kill))
  let errors = ''
  child.stderr.on('data', (part: Buffer) => {
    errors = `${errors}${part.toString('utf8')}`.slice(-20_000)
  })
  const lines = createInterface(child.stdout)
  const waitFor = (pattern: RegExp) => {
    const said = new Promise<string>((found) => {
      lines.on('line', (line) => {
        const [, part] = pattern.exec(line) ?? []
        if (part !== undefined) found(part)
      })
    })
    return Promise.race([said, exited.then(() => null)])
  }
  return {
    child,
    port: waitFor(/^listening: https?:\/\/[^/]*:(\d+)/).then((port) => (port === null ? null : Number(port))),
    window: waitFor(/^window: (.*)$/),
    exited,
    errors: () => errors,
  }
}

/** Looks at an application as its window does, and keeps each alert that the rep was to see on the desktop. */
export interface Watcher {
  /** Opens the link. Resolves once State came, or the process is gone. */
  watch(link: string): Promise<void>
  /** The State that came last. */
  state(): State | null
  /** Alerts that popped up, by their number, over all runs. */
  readonly shown: ReadonlyMap<number, Alert>
}

export function createWatcher(): Watcher {
  const shown = new Map<number, Alert>()
  let state: State | null = null

  return {
    shown,
    state: () => state,
    watch: async (link) => {
      const { origin, host } = new URL(link)
      const response = await fetch(link, { redirect: 'manual' }).catch(() => null)
      const cookie = response?.headers.getSetCookie()[0]?.split(';')[0]
      if (cookie === undefined) return
      const socket = new WebSocket(`ws://${host}/bridge`, { origin, headers: { cookie } })
      await new Promise<void>((done) => {
        socket.on('error', () => done())
        socket.on('close', () => done())
        socket.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString('utf8')) as { state?: State }
          if (message.state === undefined) return
          state = message.state
          for (const alert of state.alerts) if (alert.popup && !alert.refresh) shown.set(alert.id, alert)
          done()
        })
      })
    },
  }
}
