/** Asking the appliance for the sessions of a period: by listings, or by whole reports where listings have no keys. */
import type { ApplianceClient } from './appliance/client.ts'
import { isApplianceError, type ApplianceError } from './appliance/errors.ts'
import { reportedOf } from './report-view.ts'
import type { Listed, LookupIndex, Span } from './sessions/lookup.ts'

/** One listing covers so much time (ms): a reply stays small, progress is seen. */
const LISTING = 7 * 86_400_000
/** Full reports are asked for in stretches between these (ms), so that each reply has about {@link FITTING} bytes. */
const REPORTS = { first: 86_400_000, least: 60_000, most: 7 * 86_400_000 } as const
/** While a reply is read nothing else happens; of this much (bytes) that is not felt. */
const FITTING = 2_000_000
/** Sessions whose reports show whether listings leave keys out. */
const SAMPLE = 10
/** Sessions younger than this may still come or change, so they are asked for each time (ms). */
const UNSETTLED = 60 * 60_000

/** Moments that are too large by themselves are left out, as long as they are few. */
const LEFT_OUT = 10

/** What was found out about an appliance. */
export interface Learned {
  /** Do listings have the sessions' keys? `unknown` until there is a key, in one or in the report of one of its sessions. */
  readonly keys: 'unknown' | 'there' | 'missing'
  /** The error in place of an empty list, where that is one: it came between others that were none. */
  readonly nothing: string | null
}

export const NOTHING_LEARNED: Learned = { keys: 'unknown', nothing: null }

export interface SweepOptions {
  readonly client: Pick<ApplianceClient, 'listSessions' | 'supportSessions'>
  readonly index: () => LookupIndex
  /** What is not known yet, the newest first. */
  readonly spans: readonly Span[]
  /** ms */
  readonly now: number
  readonly signal: AbortSignal
  readonly learned: Learned
  readonly onLearned: (learned: Learned) => void
  /** Time (ms) that is left to ask for; the index has what came so far. */
  readonly onProgress: (left: number) => void
}

/** The parts of time to ask for, the newest first. */
export function windowsOf(spans: readonly Span[], size = LISTING): readonly Span[] {
  return spans.flatMap(({ from, to }) => {
    const windows: Span[] = []
    for (let end = to; end > from; end -= size) windows.push({ from: Math.max(from, end - size), to: end })
    return windows
  })
}

export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0)
}

function isSaid(error: unknown): error is ApplianceError {
  return isApplianceError(error) && error.kind === 'box'
}

/**
 * Asks for all of the spans, the newest first, and keeps what comes in the index. Where the appliance says an error, that
 * may be its way of having nothing, so the others are asked for all the same; that span stays unknown.
 * @throws ApplianceError if the appliance does not answer, or says nothing but errors; what came before is kept
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const { client, index, signal, now, onProgress } = options
  let { learned } = options
  let left = lengthOf(options.spans)
  /** Time that the next reports cover. */
  let size: number = REPORTS.first
  /** Listed without any key, and nothing has said yet whether that is so. */
  let doubtful: { readonly span: Span; readonly sessions: readonly Listed[] }[] = []

  let answers = 0
  const errors: ApplianceError[] = []
  let leftOut = 0

  function learn(found: Partial<Learned>): void {
    learned = { ...learned, ...found }
    options.onLearned(learned)
  }

  function goOn(span: Span): void {
    left -= lengthOf([span])
    onProgress(left)
  }

  /** What `question` brings; null if the appliance said an error. */
  async function answered<Answer>(question: Promise<Answer>): Promise<Answer | null> {
    try {
      const answer = await question
      answers += 1
      return answer
    } catch (error) {
      if (!isSaid(error)) throw error
      errors.push(error)
      return null
    }
  }

  /** The part of a span in which nothing changes any more. */
  function settled({ from, to }: Span): Span {
    const until = Math.min(to, now - UNSETTLED)
    return { from: Math.min(from, until), to: until }
  }

  const asked = (span: Span) => ({ by: 'start', from: span.from, until: span.to }) as const

  /** Does a report have a key where the listing has none? Those that had one before are the likeliest. */
  async function areKeysLeftOut(lsids: readonly string[]): Promise<boolean> {
    const known = lsids.filter((lsid) => index().keyOf(lsid) !== null)
    const sample = [...new Set([...known, ...lsids])].slice(0, SAMPLE)
    const reports = await answered(client.supportSessions({ lsids: sample }, { signal }))
    return reports?.some(({ externalKey }) => externalKey !== null) === true
  }

  function keepListed(span: Span, sessions: readonly Listed[]): void {
    index().addListing(settled(span), sessions)
  }

  function keepDoubtful(): void {
    for (const { span, sessions } of doubtful) keepListed(span, sessions)
    doubtful = []
  }

  /** False: listings turned out to have no keys, so this one is not kept. */
  async function byListing(span: Span): Promise<boolean> {
    const sessions = await answered(client.listSessions(asked(span), { signal }))
    if (sessions?.some(({ externalKey }) => externalKey !== null) === true) learn({ keys: 'there' })
    if (sessions !== null && learned.keys === 'there') {
      keepDoubtful()
      keepListed(span, sessions)
    } else if (sessions !== null) {
      if (sessions.length > 0 && (await areKeysLeftOut(sessions.map(({ lsid }) => lsid)))) {
        learn({ keys: 'missing' })
        return false
      }
      doubtful.push({ span, sessions })
    }
    goOn(span)
    return true
  }

  /** Full reports, in stretches of about the right size. Of each session only what it is found by is kept. */
  async function byReports(span: Span): Promise<void> {
    for (let to = span.to; to > span.from;) {
      const part = { from: Math.max(span.from, to - size), to }
      let bytes = 0
      const onBytes = (progress: { readonly bytes: number }) => (bytes = progress.bytes)
      try {
        const sessions = await answered(client.supportSessions(asked(part), { signal, onProgress: onBytes }))
        if (sessions !== null) {
          index().addReports(sessions.filter(({ endedAt }) => endedAt !== null).map((each) => reportedOf(each, null)))
          keepListed(part, sessions)
        }
      } catch (error) {
        if (!isApplianceError(error) || error.code !== 'too-large') throw error
        if (size > REPORTS.least) {
          size = Math.max(REPORTS.least, Math.floor(Math.min(size, lengthOf([part])) / 4))
          continue
        }
        leftOut += 1
        if (leftOut > LEFT_OUT) throw error
      }
      to = part.from
      goOn(part)
      if (bytes > FITTING) size = Math.max(REPORTS.least, Math.floor(size / 2))
      else if (bytes < FITTING / 4) size = Math.min(REPORTS.most, size * 2)
    }
  }

  /** By listings as far as that goes. Returns what has to be asked for by reports, the newest first. */
  async function listed(windows: readonly Span[]): Promise<readonly Span[]> {
    for (const [at, window] of windows.entries()) {
      if (await byListing(window)) continue
      // What was listed before lacks its keys as well.
      const again = doubtful.map(({ span }) => span)
      left += lengthOf(again)
      return [...again, ...windows.slice(at)]
    }
    keepDoubtful()
    return []
  }

  const windows = windowsOf(options.spans)
  for (const window of learned.keys === 'missing' ? windows : await listed(windows)) await byReports(window)
  const error = errors.at(-1)
  if (error === undefined) return
  if (answers > 0) learn({ nothing: error.message })
  else if (error.message !== learned.nothing) throw error
}
