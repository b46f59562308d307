/** Reports of sessions: from what is kept here where that will not change any more, else from the appliance. */
import { isApplianceError } from './appliance/errors.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { race } from './appliance/waiting.ts'
import { readKept, reportedOf, viewOf, type KeptReport } from './report-view.ts'
import type { LookupIndex } from './sessions/lookup.ts'
import type { Session } from './sessions/session.ts'

/** Reports lag behind what happens; what was asked for this long after it has it all (ms). */
const LAG = 5 * 60_000

export interface ReportSource {
  /**
   * The report of a session; null if the appliance has none (yet). Whoever asks for the same one at the same time shares
   * a request.
   * @param fresh not from what is kept here
   * @param within at most so long (ms); the request goes on all the same, for who asks next
   * @throws ApplianceError if the appliance cannot be asked and nothing is kept, or `fresh` was wanted
   */
  get(lsid: string, fresh: boolean, within?: number): Promise<KeptReport | null>
  /** What is kept here, however old. */
  kept(lsid: string): KeptReport | null
  /** Nobody is waiting any more. */
  stop(): void
}

export interface ReportSourceOptions {
  readonly link: Pick<ApplianceLink, 'client'>
  /** Throws while the journal is not open; a report is had without it, too. */
  readonly index: () => LookupIndex
  readonly session: (lsid: string) => Session | null
  readonly now: () => number
}

/** @see ReportSource */
export function createReportSource(options: ReportSourceOptions): ReportSource {
  const { link, now } = options
  const asking = new Map<string, Promise<KeptReport | null>>()
  const stopping = new AbortController()

  /** The journal may be closed for a while. */
  function attempt<Value>(work: () => Value): Value | null {
    try {
      return work()
    } catch {
      return null
    }
  }

  const kept = (lsid: string) => attempt(() => readKept(options.index().report(lsid)))
  const eventsOf = (lsid: string) => attempt(() => options.session(lsid))

  /** Has it all that there will be: nothing happened shortly before it was asked for, or since. */
  function isSettled({ report }: KeptReport): boolean {
    const { lsid, askedAt, endedAt } = report
    return askedAt >= Math.max(endedAt ?? Infinity, eventsOf(lsid)?.updatedAt ?? 0) + LAG
  }

  /** Is the session so new, or so new in its end, that the appliance may not know of it yet? */
  function isYoung(lsid: string): boolean {
    const session = eventsOf(lsid)
    return session !== null && (session.endedAt === null || now() - session.updatedAt < LAG)
  }

  async function ask(lsid: string): Promise<KeptReport | null> {
    try {
      const sessions = await link.client().supportSessions({ lsid }, { signal: stopping.signal })
      const found = sessions.find((session) => session.lsid === lsid)
      if (found === undefined) return null
      const view = viewOf(found, now())
      if (found.endedAt !== null) attempt(() => options.index().addReports([reportedOf(found, view)]))
      return view
    } catch (error) {
      // Some boxes say with an error that they do not know the session yet.
      if (isApplianceError(error) && error.kind === 'box' && isYoung(lsid)) return null
      throw error
    }
  }

  /** Asks once for all who want it now. */
  function shared(lsid: string): Promise<KeptReport | null> {
    const known = asking.get(lsid)
    if (known !== undefined) return known
    const asked = ask(lsid).finally(() => asking.delete(lsid))
    // Who asked may have left.
    asked.catch(() => undefined)
    asking.set(lsid, asked)
    return asked
  }

  return {
    kept,
    stop: () => stopping.abort(),
    get: async (lsid, fresh, within) => {
      const known = fresh ? null : kept(lsid)
      if (known !== null && isSettled(known)) return known
      try {
        const signal = within === undefined ? undefined : AbortSignal.timeout(within)
        return (await race(shared(lsid), signal)) ?? known
      } catch (error) {
        if (known === null) throw error
        return known
      }
    },
  }
}
