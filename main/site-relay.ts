/** The site's relay in the listener's place: events come from it, and the appliance's API is asked through it. */
import type { Problem, RelayHealth, Settings } from '../preload/contract.ts'
import type { ApplianceClient } from './appliance/client.ts'
import { parseEvent, type OutboundEvent } from './events/event.ts'
import type { Journal } from './events/journal.ts'
import type { Received } from './events/listener.ts'
import type { Intake } from './intake.ts'
import * as problems from './problems.ts'
import { maySee } from './relay/audience.ts'
import type { createWorkstation, FeedStatus, Workstation } from './relay/workstation.ts'
import type { Session } from './sessions/session.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Store } from './store.ts'

/** The relay's part of the program, loaded when it is needed. */
export type LoadRelay = () => Promise<{ readonly createWorkstation: typeof createWorkstation }>

export interface SiteRelayOptions {
  readonly store: Pick<Store, 'get' | 'change'>
  readonly settings: SettingsKeeper
  /** Makes a change of the settings take effect. @throws an Unable if it was refused */
  readonly changeSettings: (change: () => string | null) => void
  readonly journal: () => Journal
  readonly load: LoadRelay
  /** A WebSocket by the system's proxy and certificates, where the shell has one. */
  readonly makeSocket?: ((url: string) => unknown) | undefined
  readonly now: () => number
  readonly log: (line: string) => void
  readonly report: (problem: Omit<Problem, 'since'>) => void
  readonly solve: (id: string) => void
  readonly onEvent: (received: Received) => void
  /** An event from before this representative could see its session. */
  readonly onHistory: (received: Received) => void
  /** It is attached, and the appliance can be asked. */
  readonly onAttached: () => void
  /** Makes the board anew when what this representative may see is another. */
  readonly intake: Pick<Intake, 'review' | 'reconsider'>
  /** Events of before are gone; the appliance's reports may still have them. */
  readonly onIncomplete: () => void
}

export interface SiteRelay {
  /** Starts, stops or changes over, as the settings say. */
  update(): Promise<void>
  retry(): void
  /** Is what happens to this session told here? Without a relay all of it is. */
  sees(session: Session): boolean
  /** The appliance's client through the relay; null: this workstation has no relay. */
  client(): ApplianceClient | null
  stop(): Promise<void>
}

/** Does this workstation have a relay? */
export function hasRelay(settings: Pick<Settings, 'relay.credentialFile'>): boolean {
  return settings['relay.credentialFile'] !== ''
}

function healthOf(status: FeedStatus): RelayHealth {
  const retryAt = 'retryAt' in status ? status.retryAt : null
  // It is back before anybody has looked.
  if (status.kind === 'failed' && status.isBlip) return { status: 'connecting', server: null, retryAt }
  return { status: status.kind, server: status.kind === 'attached' ? status.server : null, retryAt }
}

/** @see SiteRelay */
export function createSiteRelay(options: SiteRelayOptions): SiteRelay {
  const { store, settings, changeSettings, journal, report, solve } = options
  let workstation: Workstation | null = null
  let file = ''
  /** Until the relay has said so, nobody is kept from the general queue. */
  let seesGeneral = true
  /** One change-over at a time. */
  let queue: Promise<void> = Promise.resolve()

  /** The relay knows who works here. */
  function takeIdentity(rep: string, teams: readonly string[]): void {
    const { 'me.repId': known, 'me.teams': mine } = settings.get()
    try {
      if (known !== rep) changeSettings(() => settings.set('me.repId', rep))
      if (mine.toSorted().join() !== teams.toSorted().join()) changeSettings(() => settings.set('me.teams', teams))
    } catch (error) {
      options.log(`who works here could not be kept: ${error instanceof Error ? error.name : 'unknown'}`)
    }
  }

  /** On what it depends which sessions are seen. */
  function sight(): string {
    const { 'me.repId': rep, 'me.teams': teams } = settings.get()
    return JSON.stringify([rep, teams.toSorted(), seesGeneral])
  }

  function tell(status: FeedStatus): void {
    store.change({ type: 'health', health: { relay: healthOf(status) } })
    if (status.kind === 'attached') {
      solve('relay')
      const before = sight()
      seesGeneral = status.general
      takeIdentity(status.rep, status.teams)
      if (sight() !== before) options.intake.review()
      options.onAttached()
      if (status.incomplete) {
        report(problems.relayIncomplete())
        options.onIncomplete()
      }
    }
    if (status.kind === 'displaced' || status.kind === 'refused' || (status.kind === 'failed' && !status.isBlip)) {
      report(problems.relayFailed(status))
    }
  }

  async function open(credentialFile: string): Promise<void> {
    const { createWorkstation: create } = await options.load()
    workstation = create({
      credentialFile,
      makeSocket: options.makeSocket,
      journal,
      now: options.now,
      onStatus: tell,
      onUnread: () => options.log('relay: something came that is no event; it was passed over'),
      onEvent: ({ history, variables, lsid }, appended) => {
        // Whoever sees a session in two ways gets it twice; that is nothing to be told.
        if (appended.repeated) {
          // A session that was seen before, and now again.
          if (history && lsid !== null) options.intake.reconsider(lsid)
          return
        }
        const event = parseEvent(variables)
        if ('malformed' in event) return
        const received: Received = { event: event satisfies OutboundEvent, appended, receivedAt: options.now() }
        try {
          if (history) options.onHistory(received)
          else options.onEvent(received)
        } catch (error) {
          report(problems.processingFailed(error))
        }
      },
    })
    workstation.start()
  }

  async function close(): Promise<void> {
    const closing = workstation
    workstation = null
    await closing?.stop()
    store.change({ type: 'health', health: { relay: null } })
    solve('relay')
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  return {
    update: () =>
      inTurn(async () => {
        const wanted = settings.get()['relay.credentialFile']
        if (wanted === file) return
        file = wanted
        await close()
        if (wanted !== '') await open(wanted)
      }),
    retry: () => workstation?.retry(),
    sees: (session) => {
      const now = settings.get()
      if (!hasRelay(now) || now['me.repId'] === '') return true
      return maySee({ rep: now['me.repId'], teams: now['me.teams'], general: seesGeneral }, session)
    },
    client: () => workstation?.client ?? null,
    stop: () => inTurn(close),
  }
}
