/** Finding sessions: at once from what is known here, then from the appliance's reports, window by window. */
import type { LookupHit, LookupState, Settings } from '../preload/contract.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { isApplianceError } from './appliance/errors.ts'
import type { SupportSession } from './appliance/report.ts'
import type { LookupIndex, Reported, Span } from './sessions/lookup.ts'
import type { Store } from './store.ts'

/** Hits that are shown; who has more should say more. */
const MOST = 50
/** One question covers so much time (ms): a reply stays small, progress is seen. */
const WINDOW = 7 * 86_400_000
/** Sessions younger than this may still come or change, so they are asked for each time (ms). */
const UNSETTLED = 60 * 60_000
/** Reports asked for at the end, for the names and times that a listing does not have. */
const REPORTS = 20

export interface Lookup {
  search(query: string): readonly LookupHit[]
  /** Asks the appliance, too; State.lookup tells how far it is. One at a time: a new one ends the one before. */
  start(query: string): void
  cancel(): void
}

export interface LookupOptions {
  readonly store: Store
  readonly link: Pick<ApplianceLink, 'client'>
  readonly index: () => LookupIndex
  readonly settings: () => Settings
  readonly now: () => number
}

/** The parts of time to ask for, the newest first. */
export function windowsOf(spans: readonly Span[], size = WINDOW): readonly Span[] {
  return spans.flatMap(({ from, to }) => {
    const windows: Span[] = []
    for (let end = to; end > from; end -= size) windows.push({ from: Math.max(from, end - size), to: end })
    return windows
  })
}

function toReported(session: SupportSession): Reported {
  const { lsid, externalKey, startedAt, endedAt, customers, primaryCustomer } = session
  const [first] = customers
  return {
    lsid,
    externalKey,
    customer: primaryCustomer?.name ?? first?.info.name ?? null,
    computer: first?.hostname ?? null,
    startedAt,
    endedAt,
    data: JSON.stringify(session),
  }
}

/** @see Lookup */
export function createLookup(options: LookupOptions): Lookup {
  const { store, now } = options
  let running: AbortController | null = null

  const search = (query: string) => options.index().search(query, MOST)

  async function ask(query: string, signal: AbortSignal): Promise<void> {
    const end = now()
    const span = { from: end - options.settings()['lookup.days'] * 86_400_000, to: end }
    const windows = windowsOf(options.index().missing(span))
    let state: LookupState = {
      query,
      status: 'running',
      done: 0,
      total: windows.length,
      message: null,
      hits: [],
    }
    const tell = (change: Partial<LookupState>) => {
      state = { ...state, ...change, hits: search(query) }
      if (running?.signal === signal) store.change({ type: 'lookup', lookup: state })
    }
    tell({})
    try {
      const client = options.link.client()
      for (const window of windows) {
        const sessions = await client.listSessions({ by: 'start', from: window.from, until: window.to }, { signal })
        const settled = Math.min(window.to, end - UNSETTLED)
        options.index().addListing({ from: Math.min(window.from, settled), to: settled }, sessions)
        tell({ done: state.done + 1 })
      }
      const bare = options
        .index()
        .withoutReport(search(query).map((hit) => hit.lsid))
        .slice(0, REPORTS)
      if (bare.length > 0) {
        const reports = await client.supportSessions({ lsids: bare }, { signal })
        options.index().addReports(reports.filter((report) => report.endedAt !== null).map(toReported))
      }
      tell({ status: 'done' })
    } catch (error) {
      const isCancelled = isApplianceError(error) && error.kind === 'cancelled'
      const message = isApplianceError(error) ? error.message : 'The lookup did not work.'
      tell(isCancelled ? { status: 'cancelled' } : { status: 'failed', message })
    }
  }

  return {
    search,
    start: (query) => {
      running?.abort()
      running = new AbortController()
      void ask(query, running.signal)
    },
    cancel: () => running?.abort(),
  }
}
