/** The quick lookup: a small window of its own, opened with what the rep has just copied if that looks like a ticket. */
import { runInNewContext } from 'node:vm'
import type { Handlers } from './command.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'

/** Commands of the quick lookup. */
export type QuickCommand = 'lookup.quick' | 'lookup.closeQuick'

/** Longer than this, or of several words, it is a text and no ticket. */
const LONGEST = 64
/** How long a pattern may take (ms). */
const PATIENCE = 50

/** Does this text look like a ticket? By the site's pattern; where there is none, one word with a digit in it. */
export function looksLikeTicket(text: string, pattern: string): boolean {
  const word = text.trim()
  if (word === '' || word.length > LONGEST || /\s/.test(word)) return false
  return pattern === '' ? /\d/.test(word) && !/[:/\\@]/.test(word) : fits(word, pattern)
}

/** A site's pattern may take for ever on a word that it was not made for; then the word is no ticket. */
function fits(word: string, pattern: string): boolean {
  try {
    return (
      runInNewContext('new RegExp(`^(?:${pattern})$`, "u").test(word)', { word, pattern }, { timeout: PATIENCE }) ===
      true
    )
  } catch {
    return false
  }
}

/** @see QuickCommand */
export function createQuick(parts: {
  readonly store: Store
  readonly shell: Shell
  readonly now: () => number
}): Pick<Handlers, QuickCommand> {
  const { store, shell, now } = parts

  async function fromClipboard(): Promise<string> {
    const text = (await shell.readClipboard()) ?? ''
    return looksLikeTicket(text, store.get().settings['ticket.pattern']) ? text.trim() : ''
  }

  return {
    'lookup.quick': async ({ query }) => {
      const wanted = query ?? (await fromClipboard())
      store.change({ type: 'quick', query: wanted, now: now() })
      if (shell.showQuick()) return null
      const place = wanted === '' ? ({ view: 'lookup' } as const) : ({ view: 'lookup', query: wanted } as const)
      store.change({ type: 'goTo', place, now: now() })
      shell.showWindow()
      return null
    },
    'lookup.closeQuick': () => {
      shell.hideQuick()
      return null
    },
  }
}
