/** Finding sessions: at once from what is known here, then from the appliance's reports, window by window. */
import type { LookupHit, LookupState, Settings } from '../preload/contract.ts'
import type { ApplianceClient } from './appliance/client.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { isApplianceError } from './appliance/errors.ts'
import { lengthOf, NOTHING_LEARNED, sweep, type Learned } from './lookup-sweep.ts'
import { reportedOf, viewOf } from './report-view.ts'
import type { LookupIndex, Span } from './sessions/lookup.ts'
import type { Store } from './store.ts'

/** Hits that are shown; who has more should say more. */
const MOST = 50
const DAY = 86_400_000
/** Reports asked for at the end, for the names and times that a listing does not have. */
const REPORTS = 20

export interface Lookup {
  search(query: string): readonly LookupHit[]
  /** Asks the appliance, too; State.lookup tells how far it is. One at a time: a new one ends the one before. */
  start(query: string): void
  cancel(): void
  /** Learns in the background what the appliance has of the time that is not known here. */
  fillUp(): Promise<void>
  stop(): void
}

export interface LookupOptions {
  readonly store: Store
  readonly link: Pick<ApplianceLink, 'client'>
  readonly index: () => LookupIndex
  readonly settings: () => Settings
  readonly now: () => number
}

/** @see Lookup */
export function createLookup(options: LookupOptions): Lookup {
  const { store, now } = options
  let running: AbortController | null = null
  let filling = new AbortController()
  let known: { readonly origin: string; readonly learned: Learned } | null = null

  const search = (query: string) => options.index().search(query, MOST)

  /** A listing has neither names nor times; those of the best hits are had from their reports. */
  async function addNames(client: ApplianceClient, query: string, signal: AbortSignal): Promise<void> {
    const index = options.index()
    const lsids = index.withoutReport(search(query).map((hit) => hit.lsid)).slice(0, REPORTS)
    if (lsids.length === 0) return
    try {
      const reports = await client.supportSessions({ lsids }, { signal })
      const ended = reports.filter((report) => report.endedAt !== null)
      index.addReports(ended.map((report) => reportedOf(report, viewOf(report, now()))))
    } catch (error) {
      // Some boxes say with an error that they do not know a session yet. It is found all the same.
      if (!isApplianceError(error) || error.kind !== 'box') throw error
    }
  }

  async function ask(query: string, signal: AbortSignal): Promise<void> {
    const end = now()
    let state: LookupState = { query, status: 'running', done: 0, total: 0, message: null, hits: [] }
    const tell = (change: Partial<LookupState>) => {
      state = { ...state, ...change }
      if (running?.signal === signal) store.change({ type: 'lookup', lookup: state })
    }
    try {
      const spans = options.index().missing({ from: end - options.settings()['lookup.days'] * DAY, to: end })
      const total = Math.ceil(lengthOf(spans) / DAY)
      tell({ total, hits: search(query) })
      const client = options.link.client()
      await askFor(client, spans, end, signal, (left) =>
        tell({ done: Math.max(0, total - Math.ceil(left / DAY)), hits: search(query) }),
      )
      await addNames(client, query, signal)
      tell({ status: 'done', hits: search(query) })
    } catch (error) {
      const isCancelled = isApplianceError(error) && error.kind === 'cancelled'
      const message = isApplianceError(error) ? error.message : 'The lookup did not work.'
      tell(isCancelled ? { status: 'cancelled' } : { status: 'failed', message })
    }
  }

  /** Asks for what is not known of this time; the index has it then. */
  function askFor(
    client: ApplianceClient,
    spans: readonly Span[],
    end: number,
    signal: AbortSignal,
    onProgress: (left: number) => void,
  ): Promise<void> {
    const { origin } = client
    return sweep({
      client,
      index: options.index,
      spans,
      now: end,
      signal,
      learned: known?.origin === origin ? known.learned : NOTHING_LEARNED,
      onLearned: (learned) => (known = { origin, learned }),
      onProgress,
    })
  }

  return {
    fillUp: async () => {
      filling.abort()
      filling = new AbortController()
      const end = now()
      const spans = options.index().missing({ from: end - options.settings()['lookup.days'] * DAY, to: end })
      try {
        await askFor(options.link.client(), spans, end, filling.signal, () => undefined)
      } catch (error) {
        // What is missing is asked for by the next lookup.
        if (!isApplianceError(error)) throw error
      }
    },
    search,
    start: (query) => {
      running?.abort()
      running = new AbortController()
      void ask(query, running.signal)
    },
    cancel: () => running?.abort(),
    stop: () => {
      running?.abort()
      filling.abort()
    },
  }
}
