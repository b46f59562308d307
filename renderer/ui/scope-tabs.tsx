import { memo, type ReactElement } from 'react'
import { LABELS } from '../labels.ts'
import type { Scope } from '../text.ts'
import { Segments } from './segments.tsx'

interface ScopeTabsProps {
  readonly scope: Scope
  /** Sessions of each scope, as numbers of their own so that equal ones are seen to be equal. */
  readonly mine: number
  readonly team: number
  readonly all: number
  readonly onChange: (scope: Scope) => void
}

const SCOPES: readonly Scope[] = ['mine', 'team', 'all']

/** Whose sessions the board shows. Radio buttons by nature, since they choose what one list contains. */
export const ScopeTabs = memo(function ScopeTabs({ scope, onChange, ...counts }: ScopeTabsProps): ReactElement {
  return (
    <Segments
      aria-label={LABELS.board.scope}
      value={scope}
      options={SCOPES.map((one) => ({
        value: one,
        label: (
          <>
            {LABELS.board.scopes[one]} <span className="segment-count">{counts[one]}</span>
          </>
        ),
      }))}
      onChange={onChange}
    />
  )
})
