import { useEffect, type ReactElement } from 'react'
import type { LookupHit } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { Name } from '../ui/bits.tsx'
import { HitTimes } from './lookup-row.tsx'

/** The option below the sessions: to ask the appliance, too. No session has this ID. */
export const ASK = ''

/** By its place: an lsid may be anything, and an element's id has no blanks. */
export function optionId(place: number): string {
  return `quick-option-${place}`
}

interface OptionsProps {
  readonly id: string
  readonly hits: readonly LookupHit[]
  /** What can be chosen, in its order. */
  readonly ids: readonly string[]
  readonly active: string | null
  /** The appliance was asked already. */
  readonly again: boolean
  readonly onPick: (id: string) => void
}

/** What the field found. The focus stays in the field, which says which option is meant. */
export function QuickOptions({ id, hits, ids, active, again, onPick }: OptionsProps): ReactElement {
  useEffect(() => {
    if (active !== null) document.getElementById(optionId(ids.indexOf(active)))?.scrollIntoView({ block: 'nearest' })
  }, [ids, active])

  const optionOf = (option: string) =>
    ({
      id: optionId(ids.indexOf(option)),
      role: 'option',
      'aria-selected': option === active,
      // Before the field loses the focus.
      onMouseDown: (event: { preventDefault: () => void }) => event.preventDefault(),
      onClick: () => onPick(option),
    }) as const

  return (
    // The platform's own take no rows like these.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <div id={id} className="quick-list" role="listbox" aria-label={LABELS.quick.found}>
      {hits.map((hit) => (
        <div key={hit.lsid} className="quick-option" {...optionOf(hit.lsid)}>
          <div className="session-customer" {...(hit.customer === null ? { 'data-empty': '' } : {})}>
            <Name>{hit.customer ?? LABELS.lookup.noCustomer}</Name>
            <span className="hit-match" data-match={hit.match}>
              {LABELS.lookup.matches[hit.match]}
            </span>
          </div>
          <span className="quick-key" {...(hit.externalKey === null ? { 'data-empty': '' } : {})}>
            {hit.externalKey === null ? LABELS.board.noKey : <Name>{hit.externalKey}</Name>}
          </span>
          <div className="hit-meta">
            <HitTimes hit={hit} />
            {hit.computer === null ? null : (
              <span className="hit-computer">
                <Name>{hit.computer}</Name>
              </span>
            )}
          </div>
        </div>
      ))}
      {ids.includes(ASK) ? (
        <div className="quick-option quick-ask" {...optionOf(ASK)}>
          {again ? LABELS.lookup.again : LABELS.lookup.ask}
        </div>
      ) : null}
    </div>
  )
}
