/** The lines of a report that nobody said: files, and all the rest. */
import { useState, type ReactElement } from 'react'
import type { ReportEntry, SessionReport } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { bytesText } from '../text-report.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { LongText, useSome } from '../ui/long.tsx'

const WORDS = LABELS.report

type EntriesProps = Pick<SessionReport, 'entries' | 'startedAt'>

/** When something was in a session, or the room that the time would take. */
function At({ at, startedAt }: Pick<ReportEntry, 'at'> & Pick<SessionReport, 'startedAt'>): ReactElement {
  return at === null ? <span className="time" /> : <Moment at={at} exact within={startedAt} />
}

/** Files that went from one side to the other, and what else became of them. */
export function Files({ entries, startedAt }: EntriesProps): ReactElement {
  const [some, more] = useSome(entries)
  return (
    <>
      <ul className="plain-list">
        {some.map(({ at, kind, by, files }, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="dated">
            <At at={at} startedAt={startedAt} />
            <div className="dated-what">
              {files.map(({ name, bytes }, position) => (
                // oxlint-disable-next-line react/no-array-index-key
                <div key={position}>
                  <Name>{name}</Name> {bytes === null ? null : <span className="muted">{bytesText(bytes)}</span>}
                </div>
              ))}
              <div className="muted">
                <Name>{by === null ? kind : `${kind}, ${by}`}</Name>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}

interface OthersProps extends EntriesProps {
  /** Open from the start: nothing else tells the story. */
  readonly open: boolean
}

/** All other entries, for who wants to know it in every detail. */
export function Others({ entries, startedAt, open: atFirst }: OthersProps): ReactElement {
  const [open, setOpen] = useState(atFirst)
  return (
    <details className="report-part" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {WORDS.others} <span className="group-count">{entries.length.toLocaleString('en')}</span>
      </summary>
      {open ? <Entries entries={entries} startedAt={startedAt} /> : null}
    </details>
  )
}

function Entries({ entries, startedAt }: EntriesProps): ReactElement {
  const [some, more] = useSome(entries)
  return (
    <>
      <ol className="plain-list">
        {some.map(({ at, kind, by, to, text }, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="dated">
            <At at={at} startedAt={startedAt} />
            <div className="dated-what">
              <Name>{kind}</Name>{' '}
              <span className="muted">
                {by === null ? null : <Name>{by}</Name>}
                {to === null ? null : (
                  <>
                    {' → '}
                    <Name>{to}</Name>
                  </>
                )}
              </span>
              {text === null ? null : <LongText most={200}>{text}</LongText>}
            </div>
          </li>
        ))}
      </ol>
      {more}
    </>
  )
}
