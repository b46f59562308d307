/** Lets so many in at a time; the others wait in a line, and who waited too long is sent away. */

export interface TurnstileOptions {
  readonly atOnce: number
  /** ms */
  readonly wait: number
  /** A clock that nobody sets (ms). */
  readonly elapsed: () => number
}

/** Resolves with what the work came to; null: it waited too long, and was not begun. */
export type Turnstile = <Value>(work: () => Promise<Value>) => Promise<Value | null>

/** @see TurnstileOptions */
export function createTurnstile({ atOnce, wait, elapsed }: TurnstileOptions): Turnstile {
  const line: { readonly since: number; readonly enter: (isIn: boolean) => void }[] = []
  let inside = 0
  let first = 0

  function next(): void {
    while (inside < atOnce && first < line.length) {
      const waiting = line[first]
      first += 1
      if (waiting === undefined) continue
      const isIn = elapsed() - waiting.since <= wait
      if (isIn) inside += 1
      waiting.enter(isIn)
    }
    if (first === line.length) {
      line.length = 0
      first = 0
    }
  }

  return async (work) => {
    const isIn = await new Promise<boolean>((enter) => {
      line.push({ since: elapsed(), enter })
      next()
    })
    if (!isIn) return null
    try {
      return await work()
    } finally {
      inside -= 1
      next()
    }
  }
}
