import type { ReactElement } from 'react'
import type { SessionRow, SessionStatus } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { statusLine } from '../text.ts'
import { Timed } from './bits.tsx'
import { ActiveIcon, EndedIcon, WaitingIcon } from './icons.tsx'

/** A session's status by shape; the words stand beside it. */
export function StatusMark({ status }: { readonly status: SessionStatus }): ReactElement {
  const Icon = { waiting: WaitingIcon, active: ActiveIcon, ended: EndedIcon }[status]
  return (
    <span className="status-mark" data-status={status}>
      <Icon />
    </span>
  )
}

/** `Waiting 3 min`, following the clock. */
export function StatusWords({ row }: { readonly row: SessionRow }): ReactElement {
  const { times } = useTools()
  return (
    <span className="status-words" data-status={row.status}>
      <Timed words={(now) => statusLine(row, now, (at) => times.short(at, now))} />
    </span>
  )
}
