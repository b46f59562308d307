/** Ticket work put together: the link to the appliance, external keys, lookup, and their commands. */
import type { ApplianceState } from '../preload/contract.ts'
import type { ApplianceClient } from './appliance/client.ts'
import type { Fetch } from './appliance/exchange.ts'
import { createLink, type ApplianceLink } from './appliance/link.ts'
import type { Handlers } from './command.ts'
import type { Journal } from './events/journal.ts'
import type { Intake } from './intake.ts'
import { createKeys } from './keys.ts'
import { createLookup } from './lookup.ts'
import { createKeptToken } from './settings/kept-token.ts'
import { SECRET_NAMES, type Secrets } from './settings/secrets.ts'
import type { SettingsKeeper } from './settings/settings.ts'
import type { Store } from './store.ts'

/** Commands of ticket work. */
export type TicketCommand =
  | 'appliance.check'
  | 'appliance.secret'
  | 'key.set'
  | 'key.undo'
  | 'lookup.search'
  | 'lookup.start'
  | 'lookup.cancel'

export interface TicketWork {
  readonly handlers: Pick<Handlers, TicketCommand>
  /** The client for whatever else asks the appliance. */
  readonly link: Pick<ApplianceLink, 'client'>
  /** Reads the vault and reaches for the appliance. Never rejects. */
  start(): Promise<void>
  /** What the link depends on has changed. */
  refresh(): void
  /** Asks the appliance for the sessions of the time that is not known here. */
  fillUp(): void
  stop(): void
}

export interface TicketWorkOptions {
  readonly store: Store
  readonly settings: SettingsKeeper
  readonly secrets: Secrets
  /** Secrets are known, or others than before. */
  readonly onSecrets: () => void
  readonly fetch: Fetch
  /** The client of whoever has the account in our place; null: we have it ourselves. */
  readonly remote: () => ApplianceClient | null
  readonly log: (line: string) => void
  readonly now: () => number
  readonly intake: Intake
  readonly journal: () => Journal
}

/** @see TicketWork */
export function createTicketWork(options: TicketWorkOptions): TicketWork {
  const { store, settings, secrets, log, now, intake } = options

  const token = createKeptToken(() => secrets.vault())
  const link = createLink({
    settings: () => settings.get(),
    secrets,
    tokens: token,
    fetch: options.fetch,
    remote: options.remote,
    log: (line) => log(`appliance: ${line}`),
    onChange: (appliance) => store.change({ type: 'appliance', appliance }),
  })
  const keys = createKeys({
    store,
    link,
    now,
    session: (lsid) => intake.session(lsid),
    amend: (session) => intake.amend(session),
  })
  const lookup = createLookup({
    store,
    link,
    index: () => options.journal().lookup,
    settings: () => settings.get(),
    now,
  })

  function tellSecrets(): void {
    const sources = SECRET_NAMES.map((name) => [name, secrets.source(name)] as const)
    const known = Object.fromEntries(sources) as unknown as ApplianceState['secrets']
    store.change({ type: 'appliance', appliance: { secrets: known, keepsSecrets: secrets.vault() !== null } })
    options.onSecrets()
  }

  /** A vault may be slow; secrets are kept in the order in which they came, and a test waits for those before it. */
  let keeping: Promise<unknown> = Promise.resolve()

  return {
    link,
    start: async () => {
      await secrets.load()
      tellSecrets()
      await link.refresh()
    },
    refresh: () => void link.refresh(),
    fillUp: () => void lookup.fillUp(),
    stop: () => {
      lookup.stop()
      link.stop()
    },
    handlers: {
      'appliance.check': async () => {
        await keeping
        return link.check()
      },
      'appliance.secret': async ({ name, value }) => {
        keeping = keeping.then(() => secrets.set(name, value)).then(() => token.forget())
        await keeping
        tellSecrets()
        void link.refresh()
        return null
      },
      'key.set': async ({ lsids, key }) => {
        await keys.set(lsids, key)
        return null
      },
      'key.undo': async ({ id }) => {
        await keys.undo(id)
        return null
      },
      'lookup.search': ({ query }) => lookup.search(query),
      'lookup.start': ({ query }) => {
        lookup.start(query)
        return null
      },
      'lookup.cancel': () => {
        lookup.cancel()
        return null
      },
    },
  }
}
