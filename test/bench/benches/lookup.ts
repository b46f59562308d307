/** Finding sessions by ticket, the beginning of one, and the customer's name, in a long history. */
import { DatabaseSync } from 'node:sqlite'
import { openJournal } from '../../../main/events/journal.ts'
import { quantile, SELF, type Bench, type Figure } from '../bench.ts'
import { customerName, history, ticketOf } from '../history.ts'

/** As many hits as the window asks for. */
const MOST = 50

/** What is asked for a session, and within which time (ms) 99 of 100 answers are to come. */
const QUESTIONS = [
  { what: 'ticket, exact', within: 3, query: ticketOf },
  { what: 'ticket, its beginning', within: 10, query: (session: number) => ticketOf(session).slice(0, -2) },
  { what: 'customer’s name', within: 20, query: customerName },
] as const

type Search = (query: string) => unknown

function timesOf(search: Search, queries: readonly string[]): readonly number[] {
  return queries.map((query) => {
    const from = performance.now()
    search(query)
    return performance.now() - from
  })
}

export const bench: Bench = {
  name: 'lookup',
  about: '1,000,000 events in 100,000 sessions (short form: a tenth): a search, 50 hits at most',
  run: async ({ short, log }) => {
    const sessions = short ? 10_000 : 100_000
    const rounds = short ? 5 : 9
    const count = short ? 200 : 400
    const file = history(sessions, log)
    const journal = openJournal(file)
    const small = openJournal(history(sessions / 10, log))
    const bare = new DatabaseSync(file, { readOnly: true })
    const select = bare.prepare(
      'SELECT lsid, external_key, customer, started, ended FROM sessions WHERE external_key = ?',
    )
    const p50: Record<string, Record<string, number[]>> = {}
    const p99: Record<string, Record<string, number[]>> = {}
    const note = (what: string, who: string, times: readonly number[]) => {
      ;((p50[what] ??= {})[who] ??= []).push(quantile(times, 0.5))
      ;((p99[what] ??= {})[who] ??= []).push(quantile(times, 0.99))
    }
    try {
      for (let round = 0; round <= rounds; round += 1) {
        for (const { what, query } of QUESTIONS) {
          const asked = (of: number) => Array.from({ length: count }, () => query(Math.floor(Math.random() * of)))
          const times = {
            [SELF]: timesOf((text) => journal.lookup.search(text, MOST), asked(sessions)),
            'a tenth': timesOf((text) => small.lookup.search(text, MOST), asked(sessions / 10)),
            ...(what === 'ticket, exact' ? { limit: timesOf((text) => select.all(text), asked(sessions)) } : {}),
          }
          // The first round fills caches.
          if (round > 0) for (const [who, all] of Object.entries(times)) note(what, who, all)
        }
      }
    } finally {
      bare.close()
      small.close()
      journal.close()
    }
    return QUESTIONS.flatMap(({ what, within }): Figure[] => [
      {
        what: `${what}: p99`,
        unit: 'ms',
        values: p99[what] ?? {},
        goal: { kind: 'most', to: null, times: within },
      },
      {
        what: `${what}: p99, growth`,
        unit: 'ms',
        values: p99[what] ?? {},
        goal: { kind: 'most', to: 'a tenth', times: 2 },
      },
      {
        what: `${what}: p50, growth`,
        unit: 'ms',
        values: p50[what] ?? {},
        goal: { kind: 'most', to: 'a tenth', times: 2 },
        guard: 'ratio',
      },
    ])
  },
}
