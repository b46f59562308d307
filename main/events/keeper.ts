/**
 * Keeps the journal open: a folder that is not there or a disk that is full is tried again. A file that is damaged is put
 * out of the way and a new one begun, since whatever came would be refused for ever.
 */
import { statSync } from 'node:fs'
import { faultOf } from './apart.ts'
import { Damage, isDamage, isDamageAtOpening, setAside } from './damage.ts'
import { openJournal, type Journal } from './journal.ts'
import { isLogDamaged } from './wal.ts'
import { createWriter, type JournalWriter } from './writing.ts'

/** ms */
const RETRY = 15_000
/** Whoever wants to store something does not wait for that if the last try is longer ago than this (ms). */
const AGAIN = 1_000
/** The whole file is looked at so long after it was opened (ms); a new start has more urgent things to read. */
const CHECK = 3_000
/** After a clean end it is enough to do so once in this time (ms). */
const CHECK_EVERY = 20 * 60 * 60 * 1000
const NOTE = 'checked'

export interface KeeperOptions {
  readonly file: string
  readonly now: () => number
  /** Numbers of events in a new journal begin after it; greater than any that is known. */
  readonly firstNumber: () => number
  /** It is open, for the first time or again; `isNew`: in the place of one that was damaged. */
  readonly onOpen: (journal: Journal, isNew: boolean) => void
  /** It cannot be opened; it is tried again by itself. */
  readonly onFailure: (error: unknown) => void
  /** `onOpen` threw. The journal stays open all the same: what the appliance sends is stored. */
  readonly onUnread: (error: unknown) => void
  /** It was damaged, and is now called `aside`. */
  readonly onSetAside: (aside: string) => void
  /** Wait between tries, and before the whole file is looked at (ms). */
  readonly retry?: number
  readonly check?: number
}

export interface JournalKeeper {
  /** The journal; opened anew if its file is gone. @throws if it is not open; whoever asks for the appliance then answers 503. */
  current(): Journal
  /** For what comes in: {@link createWriter}. */
  readonly writer: JournalWriter
  /** Opens it now, or keeps trying. */
  open(): void
  /** Hears of an error of the journal: if its file is damaged, a new one takes its place. */
  heed(error: unknown): void
  close(): void
}

/** @see JournalKeeper */
export function createKeeper(options: KeeperOptions): JournalKeeper {
  const { file, now, retry = RETRY, check = CHECK } = options
  let journal: Journal | null = null
  let timer: NodeJS.Timeout | null = null
  let checkTimer: NodeJS.Timeout | null = null
  let triedAt = Number.NEGATIVE_INFINITY
  let replacedAt = Number.NEGATIVE_INFINITY

  function open(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (journal !== null) return
    triedAt = performance.now()
    try {
      if (isLogDamaged(`${file}-wal`)) throw new Damage('The write-ahead log of the journal is damaged.')
      begin(false)
    } catch (error) {
      shut()
      if (isDamageAtOpening(error)) replace(error)
      else later(error)
    }
  }

  function later(error: unknown): void {
    timer = setTimeout(open, retry)
    timer.unref()
    options.onFailure(error)
  }

  /** The damaged file goes out of the way; nobody has it open. Not again and again, should new ones be damaged at once. */
  function replace(damage: unknown): void {
    const isTooSoon = performance.now() - replacedAt < retry
    if (isTooSoon) return later(damage)
    replacedAt = performance.now()
    try {
      const aside = setAside(file, now())
      begin(true)
      options.onSetAside(aside)
    } catch (error) {
      shut()
      later(error)
    }
  }

  function begin(isNew: boolean): void {
    // After a clean end there is no log.
    const isClean = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0
    const opened = openJournal(file, options.firstNumber())
    journal = opened
    const age = now() - Number(opened.note(NOTE) ?? Number.NaN)
    if (!isClean || !(age >= 0 && age < CHECK_EVERY)) {
      checkTimer = setTimeout(() => void examine(opened), check)
      checkTimer.unref()
    }
    takeUp(opened, isNew)
  }

  /** Once more without the index if need be, which can be made anew; the events must not be refused because of it. */
  function takeUp(opened: Journal, isNew: boolean): void {
    try {
      options.onOpen(opened, isNew)
    } catch (error) {
      if (isDamage(error)) throw error
      options.onUnread(error)
      try {
        opened.resetIndex()
        options.onOpen(opened, isNew)
      } catch (again) {
        if (isDamage(again)) throw again
        options.onUnread(again)
      }
    }
  }

  /** What nobody reads is damaged unseen, and must not be found out only when it is needed. */
  async function examine(opened: Journal): Promise<void> {
    try {
      const fault = await faultOf(file)
      if (journal !== opened) return
      if (fault === null) opened.keep(NOTE, String(now()))
      else heed(new Damage(fault))
    } catch (error) {
      if (journal === opened) heed(error)
    }
  }

  function heed(error: unknown): void {
    // What the damaged one still had to say is not about the new one.
    const isOld = performance.now() - replacedAt < AGAIN
    if (journal === null || isOld || !isDamage(error)) return
    shut()
    replace(error)
  }

  function shut(): void {
    if (timer !== null) clearTimeout(timer)
    if (checkTimer !== null) clearTimeout(checkTimer)
    timer = null
    checkTimer = null
    const closing = journal
    journal = null
    closing?.close()
  }

  function inPlace(): Journal | null {
    if (journal?.isInPlace === true) return journal
    const isWaiting = timer !== null
    if (journal === null && (!isWaiting || performance.now() - triedAt < AGAIN)) return null
    shut()
    open()
    return journal
  }

  function current(): Journal {
    const found = inPlace()
    if (found === null) throw new Error('The journal is not open.')
    return found
  }

  return {
    current,
    writer: createWriter(() => journal, current),
    open,
    heed,
    close: shut,
  }
}
