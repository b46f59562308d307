/** The real application with real HTTP and a real journal, behind a shell that writes down what it is told. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { atEnd } from '../../at-end.ts'
import type { Alert, Answers, Command, State } from '../../../preload/contract.ts'
import { compose, journalFile, type App, type Environment } from '../../../main/compose.ts'
import { createLogbook } from '../../../main/logbook.ts'
import type { UserSettings } from '../../../main/settings/settings.ts'
import type { Shell, TrayModel } from '../../../main/shell/port.ts'

export const TOKEN = 'a-token-for-this-test'

/** Waits until something holds; fails with its name if it does not in time. */
export async function until<Value>(
  probe: () => Value | Promise<Value>,
  what: string,
  within = 15_000,
): Promise<Exclude<Value, false | null | undefined>> {
  const deadline = performance.now() + within
  for (;;) {
    const value = await probe()
    if (value !== false && value !== null && value !== undefined)
      return value as Exclude<Value, false | null | undefined>
    if (performance.now() > deadline) assert.fail(`Waited ${within} ms in vain for: ${what}`)
    await setTimeout(5)
  }
}

/** What the shell was told to do, in words, and the last of what it was told to draw. */
export interface Desktop extends Shell {
  readonly shown: string[]
  readonly alerts: Alert[]
  readonly copied: string[]
  /** Pages that were opened, and files that were shown in their folder. */
  readonly opened: string[]
  readonly revealed: string[]
  /** What is on the clipboard. */
  clipboard: string | null
  readonly trays: TrayModel[]
  /** Set: the next calls throw it. */
  failure: Error | null
  /** False: the window has to copy, and to open pages. */
  canCopy: boolean
}

/** @param downloads the user's folder for them */
function createDesktop(downloads: string): Desktop {
  const fail = () => {
    if (desktop.failure !== null) throw desktop.failure
  }
  const desktop: Desktop = {
    kind: 'electron',
    shown: [],
    alerts: [],
    copied: [],
    opened: [],
    revealed: [],
    clipboard: null,
    trays: [],
    failure: null,
    canCopy: true,
    notify: (alert) => {
      fail()
      desktop.alerts.push(alert)
      desktop.shown.push(`${alert.refresh ? 'refresh: ' : ''}${alert.title} — ${alert.body}`)
    },
    dismiss: (tag) => {
      fail()
      const told = desktop.alerts.findLast((alert) => alert.tag === tag)
      desktop.shown.push(`dismiss: ${told?.title ?? 'one of an earlier run'}`)
    },
    drawTray: (model) => desktop.trays.push(model),
    showWindow: () => desktop.shown.push('window'),
    showQuick: () => {
      desktop.shown.push('quick lookup')
      return true
    },
    hideQuick: () => desktop.shown.push('no quick lookup'),
    readClipboard: () => Promise.resolve(desktop.clipboard),
    open: (url) => {
      desktop.opened.push(url)
      return Promise.resolve(desktop.canCopy)
    },
    reveal: (file) => desktop.revealed.push(file),
    downloads: () => downloads,
    copy: (text) => {
      if (desktop.canCopy) desktop.copied.push(text)
      return Promise.resolve(desktop.canCopy)
    },
    login: null,
    quit: () => desktop.shown.push('quit'),
  }
  return desktop
}

export interface Profile {
  readonly folder: string
  readonly user: UserSettings & { content: Record<string, unknown> }
  /** Replaces the policy, for the next start. */
  setPolicy(policy: Record<string, unknown>): void
}

/** What outlives a run: folder, settings, policy. The rep is John Smith, number 12, of team 5. */
export function createProfile(t: TestContext, settings: Record<string, unknown> = {}): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-app-'))
  atEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const user: Profile['user'] = {
    content: { 'listener.port': 0, 'me.repId': '12', 'me.username': 'jsmith', 'me.teams': ['5'], ...settings },
    read: () => user.content,
    write: (all) => {
      // As a file does.
      user.content = JSON.parse(JSON.stringify(all)) as Record<string, unknown>
    },
  }
  const setPolicy = (policy: Record<string, unknown>) =>
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy))
  setPolicy({ 'listener.token': TOKEN })
  return { folder, user, setPolicy }
}

export interface Run {
  readonly app: App
  readonly desktop: Desktop
  /** All that was logged. */
  readonly log: readonly string[]
  readonly journal: string
  state(): State
  /** Sends an event as the appliance does; with what it was answered. Seconds ago, if it is late. */
  post(event: Record<string, string>, options?: { url?: string; ago?: number }): Promise<number>
  /** Sends events one after the other, each answered 200. */
  happen(events: readonly Record<string, string>[], lsid: string, options?: { ago?: number }): Promise<void>
  /** Carries out a command that has to succeed. */
  run<Type extends Command['type']>(
    command: Extract<Command, { type: Type }>,
  ): Promise<Type extends keyof Answers ? Answers[Type] : null>
  row(lsid: string): State['sessions'][number] | undefined
  problem(id: string): State['problems'][number] | undefined
  /** Waits for what the desktop shows; fails if it is something else. Forgets it then. */
  shows(...expected: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Starts the application; it ends with the test. */
export async function startRun(
  t: TestContext,
  profile: Profile = createProfile(t),
  {
    dataDir = join(profile.folder, 'data'),
    env = {},
    ...more
  }: { dataDir?: string; env?: Record<string, string> } & Pick<Environment, 'openVault' | 'elapsed'> = {},
): Promise<Run> {
  const log: string[] = []
  const desktop = createDesktop(join(profile.folder, 'downloads'))
  const policyFile = join(profile.folder, 'policy.json')
  const app = compose(
    {
      dataDir,
      policyFile,
      userSettings: profile.user,
      env,
      version: '0.0.0',
      log: createLogbook((line) => log.push(line), ''),
      ...more,
    },
    () => desktop,
  )
  let stopped: Promise<void> | null = null
  const stop = () => (stopped ??= app.stop())
  atEnd(t, stop)
  await app.start()

  const recipient = () => app.recipientUrl() ?? assert.fail('nothing listens')

  const sent = new Set<string>()
  /** The appliance's clock ticks in seconds; what happens again within one would pass for the same event sent twice. */
  function bodyOf(event: Record<string, string>, at: number): URLSearchParams {
    const body = new URLSearchParams({ version: '1', timestamp: String(at), ...event })
    if (!('timestamp' in event) && sent.has(body.toString())) return bodyOf(event, at + 1)
    sent.add(body.toString())
    return body
  }

  async function post(event: Record<string, string>, options: { url?: string; ago?: number } = {}): Promise<number> {
    const body = bodyOf(event, Math.floor(Date.now() / 1000) - (options.ago ?? 0))
    const response = await fetch(options.url ?? recipient(), { method: 'POST', body })
    await response.arrayBuffer()
    return response.status
  }

  const run: Run = {
    app,
    desktop,
    log,
    journal: journalFile(dataDir),
    stop,
    post,
    state: () => app.getState(),
    row: (lsid) => app.getState().sessions.find((row) => row.lsid === lsid),
    problem: (id) => app.getState().problems.find((each) => each.id === id),
    happen: async (events, lsid, options) => {
      for (const event of events) assert.equal(await post({ lsid, ...event }, options), 200)
    },
    run: async (command) => {
      const reply = await app.run(command)
      assert.ok(reply.ok, reply.ok ? '' : reply.message)
      return reply.value as never
    },
    shows: async (...expected) => {
      await until(() => desktop.shown.length >= expected.length, `on the desktop: ${expected.join(', ')}`).catch(
        () => {},
      )
      assert.deepEqual(desktop.shown.splice(0), expected)
    },
  }
  return run
}
