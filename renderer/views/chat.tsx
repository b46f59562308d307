import type { ReactElement } from 'react'
import type { ReportEntry } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { LongText, useSome } from '../ui/long.tsx'

/** Who goes on talking within this time is not named again (ms). */
const SAME_BREATH_MS = 3 * 60_000

interface ChatProps {
  /** Oldest first. */
  readonly entries: readonly ReportEntry[]
  /** Names of those who are not the customer. */
  readonly representatives: ReadonlySet<string>
  readonly startedAt: number | null
}

/** What was said, to be read from top to bottom. */
export function Chat({ entries, representatives, startedAt }: ChatProps): ReactElement {
  const [some, more] = useSome(entries)
  const sideOf = ({ by }: ReportEntry) => (representatives.has(by ?? '') ? 'representative' : 'customer')
  return (
    <>
      <ol className="chat">
        {some.map((entry, index) => (
          // Reports number nothing, and nothing of a report moves.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="said" data-by={sideOf(entry)}>
            {goesOn(some[index - 1], entry) ? null : <Speaker entry={entry} startedAt={startedAt} />}
            <LongText>{entry.text ?? ''}</LongText>
          </li>
        ))}
      </ol>
      {more}
    </>
  )
}

interface SpeakerProps {
  readonly entry: ReportEntry
  readonly startedAt: number | null
}

function Speaker({ entry: { by, to, at }, startedAt }: SpeakerProps): ReactElement {
  return (
    <div className="said-by">
      <strong>
        <Name>{by ?? LABELS.report.somebody}</Name>
      </strong>
      {to === null ? null : (
        <span className="muted">
          {LABELS.report.to} <Name>{to}</Name>
        </span>
      )}
      {at === null ? null : <Moment at={at} exact within={startedAt} />}
    </div>
  )
}

function goesOn(before: ReportEntry | undefined, { by, to, at }: ReportEntry): boolean {
  if (before === undefined || before.by !== by || before.to !== to) return false
  return before.at !== null && at !== null && at - before.at < SAME_BREATH_MS
}
