import type { ComponentType, ReactElement } from 'react'
import type { TimelineEntry } from '../../preload/contract.ts'
import { timelineLine } from '../text.ts'
import { Moment } from '../ui/bits.tsx'
import { ActiveIcon, ArrowIcon, EndedIcon, InIcon, KeyIcon, OutIcon, SurveyIcon, UnknownIcon } from '../ui/icons.tsx'

const ICONS: Readonly<Record<TimelineEntry['kind'], ComponentType>> = {
  started: ActiveIcon,
  ended: EndedIcon,
  owner: ArrowIcon,
  joined: InIcon,
  left: OutIcon,
  survey: SurveyIcon,
  key: KeyIcon,
  unknown: UnknownIcon,
}

/** What happened in a session, newest first as everywhere in the window. `entries` come oldest first. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactElement {
  return (
    <ol className="timeline">
      {entries.toReversed().map((entry, index) => {
        const Icon = ICONS[entry.kind]
        return (
          // One event can change two things at once, its key and its owner say: its number alone is not unique.
          <li key={`${entry.seq} ${entry.kind} ${entries.length - index}`} data-kind={entry.kind}>
            <Moment at={entry.at} exact />
            <Icon />
            <span className="timeline-words">{timelineLine(entry)}</span>
          </li>
        )
      })}
    </ol>
  )
}
