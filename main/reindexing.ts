/**
 * Brings the index up to date in the background: first the sessions that have events which are not in it yet, then those
 * whose lines are outdated, the newest first. Events come in meanwhile, and nothing waits for more than a few sessions.
 */
import type { EventMark } from './events/journal.ts'

/** Sessions that are done before `start` returns: after an ordinary end there are no more. */
const AT_ONCE = 50
/** The event path waits no longer than this (ms). */
const SLICE = 4
/** Marks read at a time. */
const MARKS = 500

export interface ReindexingOptions {
  readonly marksBefore: (seq: number, limit: number) => readonly EventMark[]
  /** Makes the line of a session anew. */
  readonly refresh: (lsid: string) => void
  /** One slice is done. */
  readonly onSlice: () => void
  readonly onDone: () => void
  /** Something failed; what it was about is left out. */
  readonly onFailure: (error: unknown) => void
}

export interface Reindexing {
  /** Lines with a smaller number are still outdated; 0: none. */
  readonly from: number
  /** Are there sessions that have events which are not in the index? */
  readonly hasBehind: boolean
  isBehind(lsid: string): boolean
  /** The line of this session is made anew. */
  settle(lsid: string): void
  /** Begins anew. */
  start(behind: Iterable<string>, from: number): void
  /** Resolves when there is nothing left to do, or it was stopped. */
  done(): Promise<void>
  stop(): void
}

/** @see Reindexing */
export function createReindexing(options: ReindexingOptions): Reindexing {
  let behind = new Set<string>()
  /** Sessions of the marks that were read, and where the next marks begin. */
  let outdated = new Set<string>()
  let cursor = 0
  let from = 0
  let next: NodeJS.Immediate | null = null
  let waiting: (() => void)[] = []

  function settle(lsid: string): void {
    behind.delete(lsid)
    outdated.delete(lsid)
  }

  /** The next session; null: nothing is left. */
  function take(): string | null {
    for (;;) {
      const [first] = behind.size > 0 ? behind : outdated
      if (first !== undefined) return first
      from = cursor
      if (cursor === 0) return null
      const marks = options.marksBefore(cursor, MARKS)
      outdated = new Set(marks.flatMap(({ lsid }) => (lsid === null ? [] : [lsid])))
      cursor = marks.at(-1)?.seq ?? 0
    }
  }

  /** False: there is more. */
  function work(isOver: (count: number) => boolean): boolean {
    for (let count = 1; ; count += 1) {
      const lsid = take()
      if (lsid === null) return true
      try {
        options.refresh(lsid)
      } catch (error) {
        // One that cannot be read must not keep out the others.
        options.onFailure(error)
      }
      settle(lsid)
      if (isOver(count)) return false
    }
  }

  function proceed(isOver: (count: number) => boolean): void {
    next = null
    const isDone = work(isOver)
    if (isDone) finish()
    else {
      next = setImmediate(() => {
        const until = performance.now() + SLICE
        proceed(() => performance.now() > until)
      })
    }
    options.onSlice()
  }

  function finish(): void {
    options.onDone()
    for (const resolve of waiting.splice(0)) resolve()
  }

  function stop(): void {
    if (next !== null) clearImmediate(next)
    next = null
    for (const resolve of waiting.splice(0)) resolve()
  }

  return {
    get from() {
      return from
    },
    get hasBehind() {
      return behind.size > 0
    },
    isBehind: (lsid) => behind.has(lsid),
    settle,
    start: (sessions, outdatedBelow) => {
      stop()
      behind = new Set(sessions)
      outdated = new Set()
      from = outdatedBelow
      cursor = outdatedBelow
      proceed((count) => count >= AT_ONCE)
    },
    done: () => (next === null ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop,
  }
}
