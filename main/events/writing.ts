/** Storing what comes in: in the journal that is open, and in the one after it if its file is found to be gone. */
import type { Journal } from './journal.ts'

/** The part of the journal that the event path needs. */
export type JournalWriter = Pick<Journal, 'append' | 'quarantine'>

/**
 * A commit looks whether the file is there, once for all events in it. That each of them looks before costs as much as
 * an event's way to the disk.
 * @param opened the journal that was opened last, wherever its file may be; null: none
 * @param current the journal whose file is there, opened anew if need be. @throws if it is not open
 */
export function createWriter(opened: () => Journal | null, current: () => Journal): JournalWriter {
  async function write<Result>(work: (journal: JournalWriter) => Promise<Result>): Promise<Result> {
    const journal = opened() ?? current()
    try {
      return await work(journal)
    } catch (error) {
      // One who failed with this one may have had another opened, whose file can bear the number of the one that is gone.
      if (opened() === journal && journal.isInPlace) throw error
      return work(current())
    }
  }
  return {
    append: (entry, note) => write((journal) => journal.append(entry, note)),
    quarantine: (entry) => write((journal) => journal.quarantine(entry)),
  }
}
