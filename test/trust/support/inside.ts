/** The application in this process, behind a shell that only writes down what the rep was shown. */
import { writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { compose, journalFile, type App } from '../../../main/compose.ts'
import { createLogbook } from '../../../main/logbook.ts'
import type { UserSettings } from '../../../main/settings/settings.ts'
import type { Shell } from '../../../main/shell/port.ts'
import type { Alert } from '../../../preload/contract.ts'
import { TOKEN } from './application.ts'

export interface Inside {
  readonly app: App
  readonly journal: string
  readonly port: () => number
  /** Alerts that popped up on the desktop. */
  readonly shown: readonly Alert[]
  /** The latest lines of the log. */
  readonly log: readonly string[]
  readonly problem: (id: string) => string | null
  stop(): Promise<void>
}

function createShell(shown: Alert[]): Shell {
  return {
    kind: 'electron',
    notify: (alert) => void (alert.refresh || shown.push(alert)),
    dismiss: () => {},
    drawTray: () => {},
    showWindow: () => {},
    showQuick: () => false,
    hideQuick: () => {},
    copy: () => Promise.resolve(false),
    readClipboard: () => Promise.resolve(null),
    open: () => Promise.resolve(false),
    reveal: () => {},
    downloads: () => '.',
    login: null,
    quit: () => {},
  }
}

/**
 * Starts it with everything in `folder`. The rep is number 12, of team 5.
 * @param elapsed the clock that nobody sets (ms); left out: the system's
 */
export async function startInside(
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
  elapsed?: () => number,
): Promise<Inside> {
  mkdirSync(folder, { recursive: true })
  const policyFile = join(folder, 'policy.json')
  writeFileSync(policyFile, JSON.stringify({ 'listener.token': TOKEN }))
  let content: Record<string, unknown> = {
    'listener.port': 0,
    'me.repId': '12',
    'me.username': 'jsmith',
    'me.teams': ['5'],
    ...settings,
  }
  const userSettings: UserSettings = {
    read: () => content,
    write: (all) => {
      content = { ...all }
    },
  }
  const shown: Alert[] = []
  const log: string[] = []
  const dataDir = join(folder, 'data')
  const book = createLogbook((line) => log.push(line), '')
  const environment = { dataDir, policyFile, userSettings, env: {}, version: '0.0.0', log: book }
  const app = compose({ ...environment, ...(elapsed === undefined ? {} : { elapsed }) }, () => createShell(shown))
  await app.start()
  return {
    app,
    journal: journalFile(dataDir),
    port: () => Number(/:(\d+)$/.exec(app.getState().health.listener.addresses[0] ?? '')?.[1] ?? 0),
    shown,
    log,
    problem: (id) => app.getState().problems.find((each) => each.id === id)?.detail ?? null,
    stop: () => app.stop(),
  }
}

/** Waits until something holds; false if it does not in time. */
export async function holds(probe: () => boolean, within: number): Promise<boolean> {
  const deadline = performance.now() + within
  while (!probe()) {
    if (performance.now() > deadline) return false
    await setTimeout(2)
  }
  return true
}
