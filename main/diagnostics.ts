/** What helps IT to help, in one file without secrets and without anybody's data. */
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Problem, SettingInfo, SettingKey } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { stampOf } from './events/damage.ts'
import type { Journal } from './events/journal.ts'
import type { Logbook } from './logbook.ts'
import { save } from './saved.ts'
import { customerOf, statusOf, type Session } from './sessions/session.ts'
import type { Shell } from './shell/port.ts'
import type { AppState } from './state.ts'
import type { Store } from './store.ts'

/** Commands of diagnostics. */
export type DiagnosticsCommand = 'diagnostics.save'

export interface DiagnosticsOptions {
  readonly store: Store
  readonly journal: () => Journal
  readonly journalFile: string
  readonly log: Pick<Logbook, 'lines' | 'clean'>
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
  readonly now: () => number
  /** This computer and what runs here, by name. */
  readonly system: () => Readonly<Record<string, unknown>>
}

/** Texts among the settings that say nothing of a person, and without which nobody can help. */
const SHOWN: ReadonlySet<SettingKey> = new Set([
  'appliance.host',
  'listener.addresses',
  'listener.names',
  'listener.allow',
  'lookup.shortcut',
  'ticket.pattern',
])

/** Problems whose detail names a place or an error, and nothing that came from outside. */
const PLAIN_DETAIL = /^(?:listener\.listen|journal\.|clock)/

/** Names and numbers of sessions that are known just now: a log that has one of them has it by mistake. */
export function* namesIn({ board, alerts }: Pick<AppState, 'board' | 'alerts'>): Iterable<string> {
  for (const session of board.values()) yield* namesOf(session)
  for (const { lsid } of alerts) if (lsid !== null) yield lsid
}

function* namesOf(session: Session): Iterable<string> {
  yield session.lsid
  const customer = customerOf(session)
  if (customer !== null) yield customer
  for (const { key } of session.keys) if (key !== null) yield key
  for (const { name } of session.members) yield name
}

/** A setting as far as it is anybody else's business. */
function reduced(info: SettingInfo, value: unknown): unknown {
  const isPlain = ['number', 'boolean', 'choice'].includes(info.type) || SHOWN.has(info.key)
  if (isPlain) return value
  if (Array.isArray(value)) return `${value.length} entries`
  if (value === '') return 'not set'
  return value === info.default ? 'default' : 'set'
}

function counted(items: Iterable<string>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Array.from(
      Map.groupBy(items, (item) => item),
      ([item, all]) => [item, all.length],
    ),
  )
}

/** Names and sizes of the files beside the journal. */
function filesOf(folder: string): Readonly<Record<string, number>> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ name }) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0]),
  )
}

/** @see DiagnosticsCommand */
export function createDiagnostics(options: DiagnosticsOptions): Pick<Handlers, DiagnosticsCommand> {
  const { store, log, now } = options
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())

  /** What cannot be found out says why. */
  function attempt<Value>(work: () => Value): Value | string {
    try {
      return work()
    } catch (error) {
      return `not known: ${(error as NodeJS.ErrnoException).code ?? (error as Error).name}`
    }
  }

  function problem({ id, severity, title, detail, since }: Problem) {
    return { id, severity, since: time(since), title, ...(PLAIN_DETAIL.test(id) ? { detail } : {}) }
  }

  function journal() {
    const { oldest, newest, ...facts } = options.journal().facts()
    return { ...facts, oldest: time(oldest), newest: time(newest) }
  }

  function contents(): Readonly<Record<string, unknown>> {
    const { version, shell, settings, settingInfo, health, problems, appliance, board, ...rest } = store.get()
    return {
      madeAt: time(now()),
      version,
      shell,
      system: attempt(options.system),
      health: { ...health, lastEventAt: time(health.lastEventAt) },
      problems: problems.map(problem),
      appliance: {
        status: appliance.status,
        problem: appliance.problem?.title ?? null,
        apiVersion: appliance.apiVersion,
        product: appliance.product,
        cannot: Object.keys(appliance.cannot),
        teams: appliance.teams.length,
        secrets: appliance.secrets,
        keepsSecrets: appliance.keepsSecrets,
      },
      settings: Object.fromEntries(settingInfo.map((info) => [info.key, reduced(info, settings[info.key])])),
      locked: settingInfo.filter((info) => info.locked).map((info) => info.key),
      counts: {
        sessions: counted([...board.values()].map(statusOf)),
        alerts: counted(rest.alerts.map(({ kind }) => kind)),
        downloads: counted(rest.downloads.map(({ status }) => status)),
        keyEdits: counted(rest.keyEdits.map(({ status }) => status)),
      },
      journal: attempt(journal),
      files: attempt(() => filesOf(dirname(options.journalFile))),
      log: log.lines(),
    }
  }

  /** Every text in it is cleaned like a line of the log. */
  function cleaned(value: unknown): unknown {
    if (typeof value === 'string') return log.clean(value)
    if (Array.isArray(value)) return value.map(cleaned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner)]))
  }

  return {
    'diagnostics.save': () =>
      save(
        options.shell,
        `rep-tray-diagnostics-${stampOf(now())}.json`,
        `${JSON.stringify(cleaned(contents()), null, 2)}\n`,
      ),
  }
}
