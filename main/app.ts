/** The application behind every shell: builds its parts from what it is given, and wires them in one direction. */
import type { Copied, Problem } from '../preload/contract.ts'
import { trayModel } from './attention/tray.ts'
import type { Fetch } from './appliance/exchange.ts'
import { createArrival } from './arrival.ts'
import { carryOut, createHandlers } from './command.ts'
import { parseCommand } from './command-check.ts'
import { namesIn } from './diagnostics.ts'
import { createInstalled } from './installed.ts'
import { createIntake } from './intake.ts'
import { createKeeping } from './keeping.ts'
import { createKept } from './kept.ts'
import { createLinkChoices } from './link-choices.ts'
import { createLinks } from './links.ts'
import type { Logbook } from './logbook.ts'
import * as problems from './problems.ts'
import { createQuick } from './quick.ts'
import { createReception } from './reception.ts'
import { createReports } from './reports.ts'
import { createSetup } from './setup.ts'
import type { Session } from './sessions/session.ts'
import { createSiteRelay, hasRelay } from './site-relay.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import { createSecrets, SECRET_NAMES, type SecretsOptions } from './settings/secrets.ts'
import type { Tokens } from './settings/tokens.ts'
import type { AppHandle, Shell } from './shell/port.ts'
import { initialState } from './state.ts'
import { createStore } from './store.ts'
import { createTicketWork } from './ticket-work.ts'
import { attempt, nameOf, Unable } from './unable.ts'
import type { UpdatePort } from './updates.ts'
import { createUpkeep } from './upkeep.ts'
import { createView } from './view.ts'

/** Settings on which the link to the appliance depends. */
const APPLIANCE_KEYS = ['appliance.host', 'appliance.clientId', 'appliance.username'] as const

/** What the application is made from. */
export interface AppPorts {
  readonly version: string
  /** ms since 1970 */
  readonly now: () => number
  /** A clock that nobody sets, and that goes on while the computer sleeps (ms). */
  readonly elapsed: () => number
  /** For lines without contents of events and without secrets; what slips in is taken out. */
  readonly log: Logbook
  readonly journalFile: string
  readonly settings: SettingsKeeper
  readonly tokens: Tokens
  readonly secrets: Omit<SecretsOptions, 'onFailure'>
  readonly fetch: Fetch
  /** null: others update this installation. */
  readonly updates: UpdatePort | null
  /** A WebSocket by the system's proxy and certificates; left out: Node's. */
  readonly makeSocket?: ((url: string) => unknown) | undefined
  /** What was found wrong before the start. */
  readonly problems: readonly Omit<Problem, 'since'>[]
  /** Makes the shell; it must not use the handle before it has returned. */
  readonly makeShell: (app: AppHandle) => Shell
}

export interface App extends AppHandle {
  /** Opens the journal and listens. Resolves after the first try; what fails is a problem in State and tried again. */
  start(): Promise<void>
  /** Stops listening, writes what is left, closes the journal. */
  stop(): Promise<void>
  /** The recipient URL for the appliance; null if the token is known as a hash only, or nothing listens. */
  recipientUrl(): string | null
}

/** @see App */
export function createApp(ports: AppPorts): App {
  const { settings, tokens, now } = ports
  const log = (line: string) => ports.log.write(line)
  const view = createView()

  const handle: AppHandle = {
    getState: () => view(store.get()),
    subscribe: (listener) => store.subscribe(() => listener(view(store.get()))),
    run: ((command) => carryOut(handlers, command, commandFailed)) as AppHandle['run'],
    runUnchecked: async (input) => {
      const command = parseCommand(input)
      if (command !== null) return carryOut(handlers, command, commandFailed)
      log('refused something from the window that is no command')
      return { ok: false, message: 'Rep Tray does not know this command.' }
    },
    report: (id, problem) => (problem === null ? solve(id) : report({ id, ...problem })),
  }
  const shell = ports.makeShell(handle)

  const { version } = ports
  const store = createStore(
    initialState({ version, shell: shell.kind, settings: settings.get(), settingInfo: settings.info() }),
  )

  const solve = (id: string) => store.change({ type: 'solved', id })

  function report(words: Omit<Problem, 'since'>): void {
    if (!store.get().problems.some((each) => each.id === words.id)) log(`problem ${words.id}: ${words.title}`)
    store.change({ type: 'problem', problem: { ...words, since: now() } })
  }

  const commandFailed = (error: unknown) => {
    log(`a command failed: ${nameOf(error)}`)
    keeper.heed(error)
  }

  const onDesktop = (show: () => void) => attempt(show, (error) => report(problems.cannotNotify(error)))

  const intake = createIntake({
    store,
    journal: () => keeper.current(),
    now,
    elapsed: ports.elapsed,
    sees: (session) => sees(session),
    notify: (alert) => onDesktop(() => shell.notify(alert)),
    dismiss: (tag) => onDesktop(() => shell.dismiss(tag)),
    onRepId: (repId) => {
      try {
        changeSettings(() => settings.set('me.repId', repId))
      } catch (error) {
        // Locked, no number, or the disk refuses. The event itself must not suffer from it.
        log(`the representative id could not be kept: ${nameOf(error)}`)
      }
    },
    onClock: (difference) => (difference === 0 ? solve('clock') : report(problems.clocksDiffer(difference))),
    onIndexed: () => solve('journal.index'),
    onIndexFailure: (error) => {
      report(problems.cannotIndex(error))
      keeper.heed(error)
    },
  })

  const sees = (session: Session) => siteRelay.sees(session)
  const keeper = createKeeping({ file: ports.journalFile, store, intake, sees, now, report, solve })

  const secrets = createSecrets({ ...ports.secrets, onFailure: (action) => report(problems.cannotUseVault(action)) })

  ports.log.conceal(() =>
    [tokens.current(), ...SECRET_NAMES.map((name) => secrets.get(name))].filter((each) => each !== null),
  )
  ports.log.conceal(() => namesIn(store.get()))

  const arrival = createArrival({
    store,
    intake,
    report,
    solve,
    heed: (error) => keeper.heed(error),
    onHeld: () => kept.tell(),
  })

  const reception = createReception({
    store,
    settings,
    tokens,
    secrets,
    shell,
    journalFile: ports.journalFile,
    now,
    log,
    report,
    solve,
    path: { ...arrival, journal: () => keeper.writer },
  })

  const siteRelay = createSiteRelay({
    store,
    settings,
    journal: () => keeper.current(),
    load: () => import('./relay/workstation.ts'),
    makeSocket: ports.makeSocket,
    now,
    log,
    report,
    solve,
    onEvent: arrival.onEvent,
    onHistory: arrival.onHistory,
    intake,
    changeSettings: (change) => changeSettings(change),
    onAttached: () => ticketWork.refresh(),
    onIncomplete: () => ticketWork.fillUp(),
  })

  function changeSettings(change: () => string | null): void {
    const before = settings.get()
    const refusal = change()
    if (refusal !== null) throw new Unable(refusal)
    const after = settings.get()
    store.change({ type: 'settings', settings: after, info: settings.info() })
    tellIfUnknown()
    reception.changed(before, after)
    installed.changed(before, after)
    if (APPLIANCE_KEYS.some((key) => before[key] !== after[key])) ticketWork.refresh()
    if (before['relay.credentialFile'] !== after['relay.credentialFile'])
      void siteRelay.update().then(() => ticketWork.refresh())
  }

  function tellIfUnknown(): void {
    const { 'me.repId': repId, 'me.username': username } = settings.get()
    // The site's relay knows who works here, and says so.
    if (repId === '' && username === '' && !hasRelay(settings.get())) report(problems.unknownRep())
    else solve('me.unknown')
  }

  function currentRecipientUrl(): string | null {
    const token = tokens.current()
    return token === null ? null : reception.recipientUrl(token)
  }

  async function toClipboard(text: string): Promise<Copied> {
    return { text, copied: await shell.copy(text) }
  }

  const ticketWork = createTicketWork({
    store,
    settings,
    secrets,
    onSecrets: () => reception.secretsChanged(),
    fetch: ports.fetch,
    remote: () => siteRelay.client(),
    log,
    now,
    intake,
    journal: () => keeper.current(),
  })

  const linkChoices = createLinkChoices(() => keeper.current())

  const reports = createReports({
    store,
    shell,
    link: ticketWork.link,
    index: () => keeper.current().lookup,
    session: (lsid) => intake.session(lsid),
    now,
  })

  const kept = createKept({
    store,
    journalFile: ports.journalFile,
    journal: () => keeper.current(),
    intake,
    shell,
    choices: linkChoices,
    dismiss: (tag) => onDesktop(() => shell.dismiss(tag)),
    log: ports.log,
    now,
  })

  const installed = createInstalled({
    store,
    shell,
    settings,
    changeSettings,
    updates: ports.updates,
    version,
    getState: () => handle.getState(),
    report,
    solve,
    log,
  })

  const handlers = createHandlers({
    store,
    now,
    shell: installed.shell,
    settings,
    tokens,
    intake,
    journal: () => keeper.current(),
    changeSettings,
    recipientUrl: currentRecipientUrl,
    retry: async () => {
      keeper.open()
      siteRelay.retry()
      await reception.retry()
    },
    toClipboard,
    summary: (lsid) => reports.summary(lsid),
    others: {
      ...ticketWork.handlers,
      ...createQuick({ store, shell, now }),
      ...createLinks({ store, link: ticketWork.link, choices: linkChoices, now, toClipboard }),
      ...reports.handlers,
      ...createSetup({
        store,
        link: ticketWork.link,
        settings,
        changeSettings,
        tokens,
        recipientUrl: (token) => reception.recipientUrl(token),
        shell,
        toClipboard,
        version,
        now,
      }),
      ...kept.handlers,
      ...keeper.handlers,
      ...reception.handlers,
      ...installed.handlers,
    },
  })

  const upkeep = createUpkeep({
    store,
    journal: () => keeper.current(),
    settings,
    now,
    present: () => intake.present(),
    onPruned: (before) => {
      kept.tell()
      keeper.tidy(before)
    },
    onFailure: (error) => log(`pruning failed: ${nameOf(error)}`),
  })

  return {
    ...handle,
    recipientUrl: currentRecipientUrl,
    start: async () => {
      for (const problem of ports.problems) report(problem)
      tellIfUnknown()
      installed.start()
      keeper.open()
      handle.subscribe((state) => shell.drawTray(trayModel(state)))
      upkeep.start()
      await reception.start()
      await siteRelay.update()
      shell.drawTray(trayModel(handle.getState()))
      // The appliance may be slow or away; nothing waits for it.
      void ticketWork.start()
    },
    stop: async () => {
      upkeep.stop()
      installed.stop()
      ticketWork.stop()
      await reports.stop()
      await reception.stop()
      await siteRelay.stop()
      intake.flush()
      store.close()
      keeper.close()
    },
  }
}
