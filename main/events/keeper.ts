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
 * @param onUnread `onOpen` threw. The journal stays open all the same: what the appliance sends is stored
 * @param retry wait between tries (ms)
 */
export function createKeeper(
  file: string,
  onOpen: (journal: Journal) => void,
  onFailure: (error: unknown) => void,
  onUnread: (error: unknown) => void,
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
    } catch (error) {
      timer = setTimeout(open, retry)
      timer.unref()
      onFailure(error)
      return
    }
    takeUp(journal)
  }

  /** Once more without the index if need be, which can be made anew; the events must not be refused because of it. */
  function takeUp(opened: Journal): void {
    try {
      onOpen(opened)
    } catch (error) {
      onUnread(error)
      try {
        opened.resetIndex()
        onOpen(opened)
      } catch (again) {
        onUnread(again)
      }
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
