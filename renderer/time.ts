/** How the window writes times. English words, and the hour cycle (12 or 24) of the rep's system. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Seconds are shown in steps as long as the clock's tick, so that a shown number is never behind. */
const STEP = 5

/** A span in at most two units: `a moment`, `35 s`, `3 min`, `1 h 05 min`, `2 d 3 h`. Negative spans count as none. */
export function duration(ms: number): string {
  if (ms < STEP * SECOND) return 'a moment'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND / STEP) * STEP} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${String(Math.floor((ms % HOUR) / MINUTE)).padStart(2, '0')} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

/** Ways to write a point in time (milliseconds since 1970). */
export interface Times {
  /** `10:42` today; `23 Nov, 10:42` on another day; with the year in another year. */
  readonly short: (at: number, now: number) => string
  /** The same with seconds. */
  readonly exact: (at: number, now: number) => string
  /** `Monday, 23 November 2026, 10:42:07`: what a tooltip says. */
  readonly full: (at: number) => string
}

/** Formatters for the system's time zone; making one is slow in comparison with using it. */
export function createTimes(): Times {
  const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions()
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat('en-GB', { hourCycle: hourCycle ?? 'h23', ...options })
  const minutes = format({ hour: '2-digit', minute: '2-digit' })
  const seconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const day = format({ day: 'numeric', month: 'short' })
  const year = format({ day: 'numeric', month: 'short', year: 'numeric' })
  const full = format({ dateStyle: 'full', timeStyle: 'medium' })

  /** What stands before the time of day: nothing today. */
  function date(at: number, now: number): string {
    if (day.format(at) === day.format(now) && Math.abs(at - now) < 2 * DAY) return ''
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
    return `${(sameYear ? day : year).format(at)}, `
  }

  return {
    short: (at, now) => date(at, now) + minutes.format(at),
    exact: (at, now) => date(at, now) + seconds.format(at),
    full: (at) => full.format(at),
  }
}
