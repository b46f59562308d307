/** Which sessions the board shows, in which order and under which headings. */
import type { SessionRow, SessionStatus } from '../../preload/contract.ts'
import { matches } from '../match.ts'
import { ownerOf, type Scope } from '../text.ts'

/** The heading above the sessions of one status. */
export interface BoardHeading {
  readonly heading: SessionStatus
  readonly count: number
}

/** A line of the board. A session is the State's own object, so that React sees when it has not changed. */
export type BoardItem = BoardHeading | SessionRow

export function isHeading(item: BoardItem): item is BoardHeading {
  return 'heading' in item
}

const ORDER: readonly SessionStatus[] = ['waiting', 'active', 'ended']

/** `team` is everything that the rep may have to take up: their own sessions and their teams'. */
export function inScope(row: SessionRow, scope: Scope): boolean {
  if (scope === 'all') return true
  return row.relation === 'mine' || (scope === 'team' && row.relation === 'team')
}

/** How many sessions that have not ended each scope has. */
export function scopeCounts(rows: readonly SessionRow[]): Readonly<Record<Scope, number>> {
  const live = rows.filter((row) => row.status !== 'ended')
  const amount = (scope: Scope): number => live.filter((row) => inScope(row, scope)).length
  return { mine: amount('mine'), team: amount('team'), all: amount('all') }
}

/**
 * The order is one that events do not stir: who has waited longest first, then the sessions that started last, then
 * those that ended last. A row that somebody is about to click stays where it is.
 */
export function boardItems(rows: readonly SessionRow[], scope: Scope, filter: string): readonly BoardItem[] {
  const shown = rows.filter(
    (row) =>
      inScope(row, scope) &&
      matches(filter, [
        row.customer,
        row.externalKey,
        ownerOf(row),
        row.owner?.name ?? null,
        row.lsid,
        ...row.representatives,
      ]),
  )
  return ORDER.flatMap((status): BoardItem[] => {
    const group = shown.filter((row) => row.status === status).sort(ORDERS[status])
    return group.length === 0 ? [] : [{ heading: status, count: group.length }, ...group]
  })
}

const ORDERS: Readonly<Record<SessionStatus, (a: SessionRow, b: SessionRow) => number>> = {
  waiting: (a, b) => since(a) - since(b) || byId(a, b),
  active: (a, b) => started(b) - started(a) || byId(a, b),
  ended: (a, b) => (b.endedAt ?? b.updatedAt) - (a.endedAt ?? a.updatedAt) || byId(a, b),
}

function since(row: SessionRow): number {
  return row.ownerSince ?? started(row)
}

function started(row: SessionRow): number {
  return row.startedAt ?? row.ownerSince ?? 0
}

function byId(a: SessionRow, b: SessionRow): number {
  return a.lsid < b.lsid ? -1 : 1
}
