import type { ReactElement } from 'react'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { LABELS } from '../labels.ts'
import type { Scope } from '../text.ts'

interface ScopeTabsProps {
  readonly scope: Scope
  readonly counts: Readonly<Record<Scope, number>>
  readonly onChange: (scope: Scope) => void
}

const SCOPES: readonly Scope[] = ['mine', 'team', 'all']

/** Whose sessions the board shows. Radio buttons by nature, since they choose what one list contains. */
export function ScopeTabs({ scope, counts, onChange }: ScopeTabsProps): ReactElement {
  return (
    <RadioGroup
      className="segments"
      aria-label={LABELS.board.scope}
      orientation="horizontal"
      value={scope}
      onChange={(value) => onChange(value as Scope)}
    >
      {SCOPES.map((one) => (
        <Radio key={one} className="segment" value={one}>
          {LABELS.board.scopes[one]} <span className="segment-count">{counts[one]}</span>
        </Radio>
      ))}
    </RadioGroup>
  )
}
