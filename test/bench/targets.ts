/** Who is measured: each a process of its own on loopback, started and ended by the bench. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

export const root = resolve(import.meta.dirname, '../..')
const servers = join(import.meta.dirname, 'servers')

export const TOKEN = 'the-token-of-these-benches'

/** A server that takes events. */
export interface Target {
  readonly name: string
  readonly port: number
  /** Path and query to post to. */
  readonly path: string
  readonly process: ChildProcess
  /** What it printed, by the word before the colon. */
  readonly said: ReadonlyMap<string, string>
  readonly folder: string
  stop(): Promise<void>
}

/** Starts a program and waits for the line that begins with `word:`. */
export async function startTarget(
  name: string,
  command: string,
  args: readonly string[],
  options: {
    readonly word: string
    readonly path: string
    readonly folder: string
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    /** The folder stays when it stops. */
    readonly keep?: boolean
  },
): Promise<Target> {
  const { word, path, folder, cwd = root, env = {}, keep = false } = options
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = new Map<string, string>()
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString()}`.slice(-4_000)
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
  const port = await new Promise<number>((found, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, key = '', value = ''] = /^([\w ]+): (.*)$/.exec(line) ?? []
      said.set(key, value)
      const [, number] = /(?:^|:)(\d+)(?:\/|$)/.exec(value) ?? []
      if (key === word && number !== undefined) found(Number(number))
    })
    child.once('exit', (code) => fail(new Error(`${name} ended (${code}):\n${errors}`)))
    child.once('error', fail)
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { name, port, path, process: child, said, folder, stop }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'rep-tray-bench-'))

/** A program with its folder, which is started again and again. */
export interface Prepared {
  readonly start: () => Promise<Target>
  readonly remove: () => void
}

/** Starts it once; its folder goes when it stops. */
async function startOnce({ start, remove }: Prepared): Promise<Target> {
  const target = await start()
  const stop = async (): Promise<void> => {
    await target.stop()
    remove()
  }
  return { ...target, stop }
}

function prepared(folder: string, start: () => Promise<Target>): Prepared {
  return { start, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The built application in browser mode. @param prepare puts something into its data folder first */
export function prepareSelf(
  prepare: (folder: string) => void = () => undefined,
  settings: Readonly<Record<string, unknown>> = {},
): Prepared {
  const folder = newFolder()
  const policy = join(folder, 'policy.json')
  writeFileSync(
    policy,
    JSON.stringify({
      'listener.token': TOKEN,
      'listener.port': 0,
      'browser.port': 0,
      'me.repId': '12',
      'me.teams': ['5'],
      'setup.done': true,
      ...settings,
    }),
  )
  const data = join(folder, 'data')
  mkdirSync(data)
  prepare(data)
  const args = [join(root, 'dist/main/web.js'), '--no-open', '--data', data, '--policy', policy]
  const path = `/events?token=${TOKEN}`
  return prepared(folder, () =>
    startTarget('rep-tray', process.execPath, args, { word: 'listening', path, folder, keep: true }),
  )
}

/** @see prepareSelf */
export function startSelf(...given: Parameters<typeof prepareSelf>): Promise<Target> {
  return startOnce(prepareSelf(...given))
}

/** The empty program of the same shell. */
export function prepareEmpty(): Prepared {
  const folder = newFolder()
  const args = [join(servers, 'empty.mjs'), join(folder, 'data.db')]
  return prepared(folder, () =>
    startTarget('empty', process.execPath, args, { word: 'port', path: '/', folder, keep: true }),
  )
}

/** @see prepareEmpty */
export function startEmpty(): Promise<Target> {
  return startOnce(prepareEmpty())
}

/** The least that notifies and shows. */
export function startEye(): Promise<Target> {
  const folder = newFolder()
  return startTarget('eye', process.execPath, [join(servers, 'eye.mjs')], { word: 'port', path: '/', folder })
}

/** @param how `none`, `sync` or `commit`; see servers/limit.ts */
export async function startLimit(how: 'none' | 'sync' | 'commit'): Promise<Target> {
  const folder = newFolder()
  const args = [join(servers, 'limit.ts'), how, join(folder, 'data')]
  return startTarget(`limit (${how})`, process.execPath, args, { word: 'port', path: '/', folder })
}

/** A folder with these packages from npm, installed once; null if they cannot be had. */
function withPackages(name: string, packages: readonly string[], log: (line: string) => void): string | null {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rep-tray', `bench-${name}`)
  const done = join(folder, '.installed')
  if (existsSync(done)) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, name: `bench-${name}` }))
  log(`getting ${packages.join(', ')} from npm`)
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...packages], {
    cwd: folder,
    stdio: 'ignore',
  })
  if (status !== 0) return null
  writeFileSync(done, '')
  return folder
}

/** A bare Fastify handler with better-sqlite3; null if it cannot be had here. */
export async function startFastify(log: (line: string) => void): Promise<Target | null> {
  const cwd = withPackages('fastify', ['fastify@5.12.8', 'better-sqlite3@13.2.0'], log)
  if (cwd === null) return null
  const folder = newFolder()
  const args = [join(servers, 'fastify.mjs'), join(folder, 'data.db')]
  return startTarget('fastify', process.execPath, args, { word: 'port', path: '/events', folder, cwd }).catch(
    (error: unknown) => {
      log(`fastify: ${(error as Error).message.split('\n')[0]}`)
      return null
    },
  )
}

/** Debian's `webhook`, which starts a command for each request; null if it is not there. */
export async function startWebhook(log: (line: string) => void): Promise<Target | null> {
  const folder = newFolder()
  const port = 20_000 + (process.pid % 20_000)
  const args = [
    '-c',
    `echo "port: ${port}"; exec webhook -hooks "$1" -ip 127.0.0.1 -port ${port}`,
    'start',
    join(servers, 'webhook.json'),
  ]
  const options = { word: 'port', path: '/hooks/events', folder, env: { STORE: join(folder, 'events') } }
  return startTarget('webhook', 'sh', args, options).then(
    async (target) => {
      for (let tries = 0; tries < 100; tries += 1) {
        const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
          () => true,
          () => false,
        )
        if (isUp) return target
        await setTimeout(50)
      }
      log('webhook: it is not there (Debian package webhook)')
      await target.stop()
      return null
    },
    (error: unknown) => {
      log(`webhook: ${(error as Error).message.split('\n')[0]}`)
      return null
    },
  )
}

/** Node-RED's http-in node with a file node behind it; null if it cannot be had here. */
export async function startNodeRed(log: (line: string) => void): Promise<Target | null> {
  const cwd = withPackages('node-red', ['node-red@5.0.7'], log)
  if (cwd === null) return null
  const folder = newFolder()
  const file = join(folder, 'events')
  // Ids as the editor makes them: with shorter ones nothing answers.
  const [tab, into, store, out] = ['1', '2', '3', '4'].map((digit) => digit.padStart(16, 'f1a2b3c4d5e6f70'))
  const flows = [
    { id: tab, type: 'tab', label: 'events' },
    { id: into, type: 'http in', z: tab, url: '/events', method: 'post', upload: false, wires: [[store]] },
    {
      id: store,
      type: 'file',
      z: tab,
      filename: file,
      filenameType: 'str',
      appendNewline: true,
      overwriteFile: 'false',
      wires: [[out]],
    },
    { id: out, type: 'http response', z: tab, statusCode: '200', wires: [] },
  ]
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(flows))
  writeFileSync(
    join(folder, 'settings.js'),
    'module.exports = { flowFile: "flows.json", logging: { console: { level: "info" } }, editorTheme: { tours: false }, telemetry: { enabled: false } }',
  )
  const port = 20_001 + (process.pid % 20_000)
  const args = [
    join(cwd, 'node_modules/node-red/red.js'),
    '--userDir',
    folder,
    '--port',
    String(port),
    '-D',
    'uiHost=127.0.0.1',
    '--settings',
    join(folder, 'settings.js'),
  ]
  const shell = ['-c', `echo "port: ${port}"; exec "$@"`, 'start', process.execPath, ...args]
  return startTarget('node-red', 'sh', shell, { word: 'port', path: '/events', folder, cwd }).then(
    async (target) => {
      for (let tries = 0; tries < 60; tries += 1) {
        const status = await fetch(`http://127.0.0.1:${port}/events`, {
          method: 'POST',
          body: new URLSearchParams({ event: 'x' }),
          signal: AbortSignal.timeout(2_000),
        }).then(
          (response) => response.status,
          () => 0,
        )
        if (status === 200) return target
        await setTimeout(100)
      }
      log('node-red: it does not answer')
      await target.stop()
      return null
    },
    (error: unknown) => {
      log(`node-red: ${(error as Error).message.split('\n')[0]}`)
      return null
    },
  )
}
