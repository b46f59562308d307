/** What a bench is: figures of this application beside those of the least that could do, and of others who do the like. */

/** One figure, measured in each round of all who were measured. */
export interface Figure {
  /** `p50`, `events/s`, … */
  readonly what: string
  readonly unit: 'ms' | 'µs' | '/s' | 'MiB' | 'KB' | '×' | ''
  /** By who was measured: `rep-tray`, `limit`, the name of a peer. A value for each round. */
  readonly values: Readonly<Record<string, readonly number[]>>
  /** What is to be reached: rep-tray's value against another's, or by itself. */
  readonly goal?: Goal
  /**
   * What CI fails for, in the short form and on a busy machine: `ratio`, if it is much worse than the recorded one; `goal`, if
   * that is missed. Left out: nothing.
   */
  readonly guard?: 'ratio' | 'goal'
}

/** `least`: at least so many times the other's; `most`: at most. `to` null: the figure itself. */
export interface Goal {
  readonly kind: 'least' | 'most'
  readonly to: string | null
  /** null: it only says which direction is better; there is no goal to reach. */
  readonly times: number | null
  /** Added to the other's, for goals such as "15 ms over". */
  readonly plus?: number
}

export interface BenchContext {
  /** CI's short form: fewer rounds, less in each. */
  readonly short: boolean
  readonly log: (line: string) => void
}

export interface Bench {
  readonly name: string
  /** One line. */
  readonly about: string
  run(context: BenchContext): Promise<readonly Figure[]>
}

export const SELF = 'rep-tray'

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper
}

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/**
 * rep-tray's figure against the other's, round by round and then the median of that, since a machine's moods last longer
 * than a round. Without another it is the figure itself.
 */
export function ratioOf({ values, goal }: Figure): number | null {
  const own = values[SELF]
  if (own === undefined || goal === undefined) return null
  if (goal.to === null) return median(own)
  const other = values[goal.to]
  if (other === undefined) return null
  return median(own.map((value, round) => value / ((other[round] ?? Number.NaN) + (goal.plus ?? 0))))
}

/** Is the goal reached? null: it has none, or cannot be judged here. */
export function isReached(figure: Figure): boolean | null {
  const ratio = ratioOf(figure)
  if (ratio === null || figure.goal === undefined || figure.goal.times === null) return null
  return figure.goal.kind === 'least' ? ratio >= figure.goal.times : ratio <= figure.goal.times
}

/** In how many of the rounds the goal was reached: a median says nothing of the others. */
export function reachedRounds(figure: Figure): { readonly reached: number; readonly of: number } {
  const rounds = figure.values[SELF] ?? []
  const each = rounds.map((_, round) => {
    const values = Object.entries(figure.values).map(([who, all]) => [who, all.slice(round, round + 1)])
    return isReached({ ...figure, values: Object.fromEntries(values) as Figure['values'] })
  })
  return { reached: each.filter((one) => one === true).length, of: rounds.length }
}
