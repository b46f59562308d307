/** Keeps the journal open: a folder that is not there or a disk that is full is tried again. */
import { openJournal, type Journal } from './journal.ts'

const RETRY = 15_000

export interface JournalKeeper {
  /** The journal. @throws if it is not open; whoever asks for the appliance then answers 503. */
  current(): Journal
  /** Opens it now, or keeps trying. */
  open(): void
  close(): void
}

/**
 * @param file the journal's file
 * @param onOpen it is open, for the first time or again
 * @param onFailure it cannot be opened; it is tried again by itself
 */
export function createKeeper(
  file: string,
  onOpen: (journal: Journal) => void,
  onFailure: (error: unknown) => void,
): JournalKeeper {
  let journal: Journal | null = null
  let timer: NodeJS.Timeout | null = null

  function open(): void {
    timer = null
    if (journal !== null) return
    try {
      journal = openJournal(file)
      onOpen(journal)
    } catch (error) {
      journal?.close()
      journal = null
      timer = setTimeout(open, RETRY)
      timer.unref()
      onFailure(error)
    }
  }

  return {
    current: () => {
      if (journal === null) throw new Error('The journal is not open.')
      return journal
    },
    open,
    close: () => {
      if (timer !== null) clearTimeout(timer)
      journal?.close()
      journal = null
    },
  }
}
