/** Carries over what can be read of damaged journals, in the background and in portions; goes on after a restart. */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
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

/** Reports taken over at a time. */
const REPORTS = 100
/** What fails for another reason than the file is tried again after this (ms). */
const RETRY = 60_000
/** The note with the names of the files that are still to be taken over. */
const NOTE = 'takeOver'
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
  const reported = source.readAll('reported')
  if (reported === null) return
  for (let at = 0; at < reported.length; at += REPORTS) {
    journal().adoptReports(reported.slice(at, at + REPORTS), [])
    await pause(signal)
  }
  journal().adoptReports([], source.readAll('listed') ?? [])
}

export interface Salvage {
  /** One more to be taken over. */
  add(file: string): void
  /** Goes on with what an earlier run left. */
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

  function names(text = journal().note(NOTE)): readonly string[] {
    try {
      const list: unknown = JSON.parse(text ?? '[]')
      return Array.isArray(list) ? list.filter((name) => typeof name === 'string').map((name) => basename(name)) : []
    } catch {
      return []
    }
  }

  const keep = (list: readonly string[]) => journal().keep(NOTE, JSON.stringify([...new Set(list)]))

  async function takeOne(name: string, signal: AbortSignal): Promise<void> {
    const file = join(dirname(options.journalFile), name)
    // Somebody may have taken it away.
    if (!existsSync(file)) return keep(names().filter((other) => other !== name))
    const source = openDamaged(file)
    try {
      const taken = await takeOver(source, journal, signal)
      // It may have been damaged before it had all of an earlier one.
      const notes = source.notes()
      keep([...names(), ...names(notes.get(NOTE) ?? '[]')].filter((other) => other !== name))
      options.onTaken(file, taken, notes.get('alerts') ?? null)
    } finally {
      source.close()
    }
  }

  async function work(controller: AbortController): Promise<void> {
    const { signal } = controller
    try {
      for (let [name] = names(); name !== undefined; [name] = names()) await takeOne(name, signal)
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
    add: (file) => {
      keep([...names(), basename(file)])
      resume()
    },
    resume,
    stop: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      running?.abort()
    },
  }
}
