import type { RequestLog } from './api.ts'
import { valueOf } from './event.ts'
import type { Attempt, AttemptResult, Delivery } from './queue.ts'

/** What one recipient got. */
interface Tally {
  acknowledged: number
  dropped: number
  attempts: number
  lostReplies: number
}

export interface ReportOptions {
  readonly json: boolean
  readonly quiet: boolean
  /** Where the lines go, without their line ends. */
  readonly print: (line: string) => void
}

/** Tells what happens, line by line, and what came of it in the end. */
export interface Report {
  /** Before anything is sent. */
  start(seed: number, recipients: readonly string[]): void
  readonly attempt: (attempt: Attempt) => void
  readonly settled: (delivery: Delivery) => void
  readonly request: (request: RequestLog) => void
  summary(counts: {
    readonly posted: number
    readonly queued: ReadonlyMap<string, number>
    readonly tookMs: number
  }): void
}

export function createReport({ json, quiet, print }: ReportOptions): Report {
  const tallies = new Map<string, Tally>()
  const tally = (name: string) => {
    const known = tallies.get(name) ?? { acknowledged: 0, dropped: 0, attempts: 0, lostReplies: 0 }
    tallies.set(name, known)
    return known
  }
  /** The recipient's name stands in a line only where there is more than one. */
  const to = (name: string) => (tallies.size > 1 ? `  ${name}` : '')

  return {
    start: (seed, recipients) => {
      for (const name of recipients) tally(name)
      if (json) print(JSON.stringify({ type: 'start', seed, recipients }))
      else if (recipients.length > 0) print(`seed ${seed}, to ${recipients.join(', ')}`)
    },
    attempt: (attempt) => {
      const counts = tally(attempt.recipient)
      counts.attempts += 1
      if (attempt.result.kind === 'lost') counts.lostReplies += 1
      if (quiet) return
      const { event, lsid } = subjectOf(attempt)
      if (json) print(JSON.stringify(attemptRecord(attempt)))
      else {
        const time = new Date(attempt.endedAt).toTimeString().slice(0, 8)
        const result = describe(attempt.result).padEnd(14)
        print(`${time}  ${result}  attempt ${attempt.number}  ${lsid.padEnd(32)}  ${event}${to(attempt.recipient)}`)
      }
    },
    settled: (delivery) => {
      const counts = tally(delivery.recipient)
      counts[delivery.outcome] += 1
      if (quiet || delivery.outcome === 'acknowledged') return
      const { event, lsid } = subjectOf(delivery)
      const attempts = delivery.attempts.length
      if (json)
        print(
          JSON.stringify({
            type: 'drop',
            at: delivery.settledAt,
            recipient: delivery.recipient,
            event,
            lsid,
            attempts,
          }),
        )
      else {
        const time = new Date(delivery.settledAt).toTimeString().slice(0, 8)
        print(
          `${time}  ${'DROPPED'.padEnd(14)}  after ${attempts}    ${lsid.padEnd(32)}  ${event}${to(delivery.recipient)}`,
        )
      }
    },
    request: (request) => {
      if (quiet) return
      const { at, method, path, name, status, odd } = request
      if (json) print(JSON.stringify({ type: 'request', at, method, path, name, status, odd }))
      else {
        const time = new Date(at).toTimeString().slice(0, 8)
        const words = [String(status).padEnd(14), `${method} ${path}`, name, odd === null ? '' : `(${odd})`]
        print([time, ...words.filter((word) => word !== '')].join('  '))
      }
    },
    summary: ({ posted, queued, tookMs }) => {
      if (json) {
        const recipients = [...tallies].map(([name, counts]) => ({ name, ...counts, queued: queued.get(name) ?? 0 }))
        print(JSON.stringify({ type: 'summary', events: posted, tookMs, recipients }))
        return
      }
      print(`${posted} events in ${(tookMs / 1000).toFixed(1)} s`)
      for (const [name, counts] of tallies) {
        const { acknowledged, dropped, attempts, lostReplies } = counts
        print(
          `${name}: ${acknowledged} delivered, ${dropped} dropped, ${queued.get(name) ?? 0} left; ` +
            `${attempts} attempts, ${lostReplies} replies lost`,
        )
      }
    },
  }
}

const subjectOf = ({ event: { variables } }: Pick<Attempt, 'event'>) => ({
  event: valueOf(variables, 'event') ?? '(no event)',
  lsid: valueOf(variables, 'lsid') ?? '-',
})

/** `200`, `time-out`, `ECONNREFUSED`, … */
function describe(result: AttemptResult): string {
  if (result.kind === 'reply') return String(result.status)
  if (result.kind === 'error') return result.code
  return result.kind === 'timeout' ? 'time-out' : '200 (lost)'
}

function attemptRecord(attempt: Attempt) {
  const { event, lsid } = subjectOf(attempt)
  const { result } = attempt
  return {
    type: 'attempt',
    at: attempt.endedAt,
    tookMs: attempt.endedAt - attempt.startedAt,
    recipient: attempt.recipient,
    id: attempt.event.id,
    event,
    lsid,
    timestamp: Number(valueOf(attempt.event.variables, 'timestamp') ?? 0),
    attempt: attempt.number,
    result: result.kind,
    status: result.kind === 'reply' ? result.status : null,
    ...(result.kind === 'error' ? { code: result.code } : {}),
  }
}
