/** The smallest parts, used everywhere. */
import type { ReactElement, ReactNode } from 'react'
import { useTimed, useTools } from '../context.ts'

/** A name from outside: shown as it is, unable to turn the direction of what stands around it. */
export function Name({ children }: { readonly children: string }): ReactElement {
  return <bdi className="name">{children}</bdi>
}

/** Words that follow the time, `3 min` say. */
export function Timed({ words }: { readonly words: (now: number) => string }): ReactElement {
  return <span className="time">{useTimed(words)}</span>
}

interface MomentProps {
  readonly at: number
  readonly exact?: boolean
  /** The time of what it is a part of: a date that is the same is left out. Null: as beside the present. */
  readonly within?: number | null
}

/** A point in time, short; all of it in the tooltip. */
export function Moment({ at, exact = false, within = null }: MomentProps): ReactElement {
  const { times } = useTools()
  const words = useTimed((now) => (exact ? times.exact : times.short)(at, within ?? now))
  return (
    <time className="time" dateTime={isoTime(at)} title={times.full(at)}>
      {words}
    </time>
  )
}

/** The machine's form of a time; an event can carry one that no calendar has. */
function isoTime(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

/** For screen readers only. */
export function Hidden({ children }: { readonly children: ReactNode }): ReactElement {
  return <span className="hidden-text">{children}</span>
}

interface EmptyProps {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
}

/** What stands where there is nothing, and what to do about it. */
export function Empty({ icon, title, children }: EmptyProps): ReactElement {
  return (
    <div className="empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  )
}
