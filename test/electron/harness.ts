/** Runs dist/main/index.js, as it is shipped, with the double in Electron's place, in a process of its own. */
import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright'
import { atEnd } from '../at-end.ts'
import type { Surroundings } from './context.ts'
import type { World } from './double.ts'
import { openPage } from './page.ts'
import { until } from './until.ts'
import type { Answered, Call, FromDouble, ToDouble } from './wire.ts'

const ROOT = resolve(import.meta.dirname, '../..')
/** How long ending may take, in milliseconds. */
const END_WITHIN = 15_000

export const TOKEN = 'token-of-the-test-0123456789'

export interface LaunchOptions {
  /** Where windows open; without one they have no page. */
  readonly browser?: Browser
  /** `platform` is what the application is told. */
  readonly surroundings?: Partial<Omit<Surroundings, 'pages'>> & { readonly platform?: NodeJS.Platform }
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Settings that hold, besides a free port, the test's token, and a set-up that is done. */
  readonly policy?: Readonly<Record<string, unknown>>
  /** The program, if it is another than dist/main/index.js. */
  readonly entry?: string
  /** A data folder that the test keeps; without it, one for this run. */
  readonly dataDir?: string
}

export interface Launched {
  readonly dataDir: string
  /** All that was done to Electron so far. */
  readonly calls: readonly Call[]
  /** Requests of pages to anything but the application's own files. */
  readonly leaks: readonly string[]
  /** What it printed. */
  readonly output: () => string
  /** Runs a function in the application's process. It sees nothing of the test but `arg`. */
  evaluate<Result, Arg>(fn: (world: World, arg: Arg) => Result | Promise<Result>, arg: Arg): Promise<Result>
  evaluate<Result>(fn: (world: World) => Result | Promise<Result>): Promise<Result>
  request(url: string, method?: string): Promise<Answered>
  /** The page of the newest window, once it is there. */
  page(): Promise<Page>
  /** Where events are to be posted, once the application listens. */
  recipient(): Promise<string>
  /** Its exit code, once it has ended; that has to be soon. */
  exitCode(): Promise<number | null>
  /** Ends it as its user would; resolves with the exit code. */
  quit(): Promise<number | null>
}

/** Builds what is out of date. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The build failed: ${stderr}`)
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts the application. What is left of it ends with the test. */
export function launch(t: TestContext, options: LaunchOptions = {}): Launched {
  const { browser } = options
  const folder = temporaryFolder(t)
  const dataDir = options.dataDir ?? join(folder, 'data')
  const policyFile = join(folder, 'policy.json')
  const policy = { 'listener.port': 0, 'listener.token': TOKEN, 'setup.done': true, ...options.policy }
  writeFileSync(policyFile, JSON.stringify(policy))
  const surroundings = {
    pages: browser !== undefined,
    packaged: false,
    noTray: false,
    notifications: true,
    keyring: true,
    openUrl: null,
    takenShortcuts: [],
    dark: false,
  }
  const child = fork(
    options.entry ?? join(ROOT, 'dist/main/index.js'),
    ['--data', dataDir, '--policy', policyFile, ...(options.args ?? [])],
    {
      execArgv: ['--import', join(import.meta.dirname, 'register.ts')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        // No bus: nothing of the machine's own desktop is asked.
        DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
        DOUBLE_USER_DATA: folder,
        DOUBLE_SURROUNDINGS: JSON.stringify({ ...surroundings, ...options.surroundings }),
        ...options.env,
      },
    },
  )
  const calls: Call[] = []
  const leaks: string[] = []
  const pages = new Map<number, Promise<Page>>()
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let printed = ''
  let isOver = false
  let lastId = 0
  let latest: number | null = null

  child.stdout?.on('data', (data: Buffer) => (printed += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (printed += data.toString()))
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)))

  function exitCode(): Promise<number | null> {
    const tooLate = delay(END_WITHIN, undefined, { ref: false }).then(() => {
      throw new Error(`It did not end within ${END_WITHIN} ms:\n${printed}`)
    })
    return Promise.race([ended, tooLate])
  }

  const send = (message: ToDouble) => void (child.connected && child.send(message))

  function ask<Result>(message: Extract<ToDouble, { id: number }>): Promise<Result> {
    const answer = new Promise<unknown>((yes, no) => waiting.set(message.id, { resolve: yes, reject: no }))
    send(message)
    const over = ended.then((code) => {
      // What a page still asks while everything is taken down, nobody waits for.
      if (isOver) return new Promise(() => {})
      throw new Error(`The application ended (${code}):\n${printed}`)
    })
    const answered = Promise.race([answer, over]) as Promise<Result>
    // Whoever waits for it hears of it; a page that goes while the application ends does not.
    answered.catch(() => undefined)
    return answered
  }

  const nextId = () => (lastId += 1)

  function load(opened: Browser, message: Extract<FromDouble, { type: 'load' }>): void {
    const { window, url, preload } = message
    const page = openPage(opened, url, preload, {
      request: (asked, method) => ask({ type: 'request', id: nextId(), url: asked, method }),
      ipc: (kind, channel, args) => ask({ type: 'ipc', id: nextId(), window, kind, channel, args }),
      closed: () => send({ type: 'close', window }),
      leak: (leaked) => leaks.push(leaked),
    })
    pages.set(window, page)
    latest = window
    page.then(
      () => send({ type: 'loaded', window, ok: true }),
      () => send({ type: 'loaded', window, ok: false }),
    )
  }

  async function pass(message: Extract<FromDouble, { type: 'send' }>): Promise<void> {
    const page = await pages.get(message.window)
    // A page that has just been closed hears nothing, as in Electron.
    await page
      ?.evaluate(([channel, args]) => window.doubleFromMain(channel, args), [message.channel, message.args] as const)
      .catch(() => {})
  }

  child.on('message', (message: FromDouble) => {
    switch (message.type) {
      case 'call':
        calls.push(message.call)
        break
      case 'load':
        if (browser !== undefined) load(browser, message)
        break
      case 'send':
        void pass(message)
        break
      case 'gone':
        void pages.get(message.window)?.then((page) => page.context().close())
        pages.delete(message.window)
        break
      case 'result':
        waiting.get(message.id)?.resolve(message.value)
        break
      case 'failed':
        waiting.get(message.id)?.reject(new Error(message.message))
        break
    }
  })

  atEnd(t, async () => {
    isOver = true
    await end(child, ended)
    for (const page of pages.values()) await page.then((each) => each.context().close()).catch(() => {})
  })

  return {
    dataDir,
    calls,
    leaks,
    output: () => printed,
    evaluate: <Result, Arg>(fn: (world: World, arg: Arg) => Result | Promise<Result>, arg?: Arg) =>
      ask<Result>({ type: 'evaluate', id: nextId(), source: fn.toString(), arg }),
    request: (url, method = 'GET') => ask({ type: 'request', id: nextId(), url, method }),
    page: async () => {
      const window = await until(() => latest !== null && pages.has(latest) && latest, 'a page')
      return (await pages.get(window)) as Page
    },
    recipient: () => until(() => /listening: (\S+)/.exec(printed)?.[1], 'listening'),
    exitCode,
    quit: () => {
      child.kill('SIGTERM')
      return exitCode()
    },
  }
}

/** Quits, and kills what does not quit. */
async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000)
  await ended
  clearTimeout(timer)
}
