/** Keeps the journal open: a folder that is not there or a disk that is full is tried again. */
import { openJournal, type Journal } from './journal.ts'

/** ms */
const RETRY = 15_000

export interface JournalKeeper {
  /** The journal; opened anew if its file is gone. @throws if it is not open; whoever asks for the appliance then answers 503. */
  current(): Journal
  /** Opens it now, or keeps trying. */
  open(): void
  close(): void
}

/**
 * @param file the journal's file
 * @param onOpen it is open, for the first time or again
 * @param onFailure it cannot be opened; it is tried again by itself
 * @param retry wait between tries (ms)
 */
export function createKeeper(
  file: string,
  onOpen: (journal: Journal) => void,
  onFailure: (error: unknown) => void,
  retry: number = RETRY,
): JournalKeeper {
  let journal: Journal | null = null
  let timer: NodeJS.Timeout | null = null

  function open(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (journal !== null) return
    try {
      journal = openJournal(file)
      onOpen(journal)
    } catch (error) {
      journal?.close()
      journal = null
      timer = setTimeout(open, retry)
      timer.unref()
      onFailure(error)
    }
  }

  function close(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    journal?.close()
    journal = null
  }

  function inPlace(): Journal | null {
    if (journal === null || journal.isInPlace) return journal
    close()
    open()
    return journal
  }

  return {
    current: () => {
      const found = inPlace()
      if (found === null) throw new Error('The journal is not open.')
      return found
    },
    open,
    close,
  }
}
