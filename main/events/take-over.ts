/** Carries over what can be read of damaged journals, in the background and in portions; goes on after a restart. */
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setAsides } from './damage.ts'
import type { Journal } from './journal.ts'
import { openDamaged, type JournalSource } from './salvage.ts'

/** What was taken over of another journal. */
export interface TakenOver {
  readonly events: number
  /** Events that were here already. */
  readonly known: number
  readonly quarantined: number
  /** Rows of no use, and places that could not be read. */
  readonly lost: number
}

/** What fails for another reason than the file is tried again after this (ms). */
const RETRY = 60_000
/** The note with the names of the files that were taken over. */
const NOTE = 'takenOver'
/** Notes that are taken over. Others are about the journal in which they stand, or are made anew. */
const NOTES = ['links'] as const

/**
 * Takes over what is in another journal and not here. What comes in meanwhile is stored as ever: it waits for no more than
 * one portion. The index counts as outdated then.
 * @throws what the journal throws, or the signal's reason
 */
export async function takeOver(
  source: JournalSource,
  journal: () => Journal,
  signal?: AbortSignal,
): Promise<TakenOver> {
  const total = { events: 0, known: 0, quarantined: 0, lost: 0 }
  for (const portion of source.portions()) {
    const events = journal().adopt('events', portion.events)
    const quarantined = journal().adopt('quarantine', portion.quarantine)
    total.events += events.added
    total.known += events.known
    total.quarantined += quarantined.added
    total.lost += portion.lost + events.useless + quarantined.useless
    await pause(signal)
  }
  await takeReports(source, journal, signal)
  const notes = source.notes()
  for (const name of NOTES) {
    const value = notes.get(name)
    if (value !== undefined && journal().note(name) === null) journal().keep(name, value)
  }
  journal().outdateIndex()
  return total
}

async function pause(signal?: AbortSignal): Promise<void> {
  await setImmediate()
  signal?.throwIfAborted()
}

/** A stretch of time counts as known only with all that was listed in it. */
async function takeReports(source: JournalSource, journal: () => Journal, signal?: AbortSignal): Promise<void> {
  const portions = source.reported()
  for (;;) {
    const portion = nextOf(portions)
    if (portion === null) return
    if (portion.done === true) break
    journal().adoptReports(portion.value, [])
    await pause(signal)
  }
  journal().adoptReports([], source.listed())
}

/** Null: it cannot be read. */
function nextOf<Value>(values: Iterator<Value>): IteratorResult<Value> | null {
  try {
    return values.next()
  } catch {
    return null
  }
}

export interface Salvage {
  /** Takes over what was set aside and is not here yet, if it is not at it already. */
  resume(): void
  stop(): void
}

export interface SalvageOptions {
  readonly journalFile: string
  readonly journal: () => Journal
  /** All of a file that can be read is here now. `alerts`: what the rep had been told, as the note of the file has it. */
  readonly onTaken: (file: string, taken: TakenOver, alerts: string | null) => void
  readonly onFailure: (error: unknown) => void
}

/** @see Salvage */
export function createSalvage(options: SalvageOptions): Salvage {
  const { journal } = options
  let running: AbortController | null = null
  let timer: NodeJS.Timeout | null = null

  /** Names of the files that were taken over. */
  function done(): readonly string[] {
    try {
      const list: unknown = JSON.parse(journal().note(NOTE) ?? '[]')
      return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : []
    } catch {
      return []
    }
  }

  /** The oldest file that is still to be taken over. */
  function next(): string | undefined {
    const known = done()
    return setAsides(options.journalFile)
      .filter((file) => !known.includes(basename(file)))
      .sort()[0]
  }

  async function takeOne(file: string, signal: AbortSignal): Promise<void> {
    const source = openDamaged(file)
    try {
      const taken = await takeOver(source, journal, signal)
      const there = new Set(setAsides(options.journalFile).map((each) => basename(each)))
      const kept = [...done(), basename(file)].filter((name) => there.has(name))
      journal().keep(NOTE, JSON.stringify(kept))
      options.onTaken(file, taken, source.notes().get('alerts') ?? null)
    } finally {
      source.close()
    }
  }

  async function work(controller: AbortController): Promise<void> {
    const { signal } = controller
    try {
      for (let file = next(); file !== undefined; file = next()) await takeOne(file, signal)
    } catch (error) {
      if (signal.aborted) return
      options.onFailure(error)
      timer = setTimeout(resume, RETRY)
      timer.unref()
    } finally {
      if (running === controller) running = null
    }
  }

  function resume(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (running !== null) return
    running = new AbortController()
    void work(running)
  }

  return {
    resume,
    stop: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      running?.abort()
    },
  }
}
