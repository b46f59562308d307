import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react'
import type { LookupState } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count, lookupLine, whyNot } from '../text.ts'
import { Empty, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { ErrorIcon, SearchIcon, WarningIcon } from '../ui/icons.tsx'
import { Rows } from '../ui/rows.tsx'
import { HitLine } from './lookup-row.tsx'
import { useSearch, type Found } from './use-search.ts'

/** Any session, live or long past: from what is known here while typing, from the appliance's reports on Enter. */
export function Lookup(): ReactElement {
  const { model } = useTools()
  const pane = useRef<HTMLElement>(null)
  const text = useView((view) => view.query)
  const query = text.trim()
  const here = useSearch(query)
  const asked = useMain(({ lookup }) => (lookup !== null && lookup.query === query ? lookup : null))
  const running = useMain(({ lookup }) => lookup?.status === 'running')
  const reason = useMain(({ appliance }) => whyNot(appliance, 'lookup'))
  const hits = asked === null ? here.hits : asked.hits

  useEffect(() => {
    const field = pane.current?.querySelector<HTMLInputElement>('[data-filter]')
    field?.focus()
    field?.select()
  }, [])

  function ask(): void {
    if (query !== '' && reason === null) void model.order({ type: 'lookup.start', query })
  }

  function cancel(): void {
    void model.order({ type: 'lookup.cancel' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && running) {
      event.preventDefault()
      event.stopPropagation()
      cancel()
    }
    const typing = event.target instanceof HTMLInputElement
    if (event.key !== 'ArrowDown' || !typing || event.nativeEvent.isComposing) return
    event.preventDefault()
    pane.current?.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus()
  }

  return (
    // What is running ends by Escape wherever the focus is, before the field is emptied by it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section ref={pane} className="pane lookup" aria-labelledby="lookup-title" onKeyDownCapture={onKeyDown}>
      <h1 id="lookup-title" className="hidden-text">
        {LABELS.lookup.title}
      </h1>
      <div className="toolbar">
        <FilterField
          label={LABELS.lookup.field}
          hint={LABELS.lookup.field}
          value={text}
          onChange={model.setQuery}
          onSubmit={ask}
          arrival
        />
        {asked?.status === 'running' ? (
          <Button onPress={cancel}>{LABELS.lookup.cancel}</Button>
        ) : (
          <Button look="main" disabled={query === '' || reason !== null} onPress={ask}>
            {asked === null ? LABELS.lookup.ask : LABELS.lookup.again}
          </Button>
        )}
      </div>
      {hits.length > 0 ? (
        <Rows
          label={LABELS.lookup.title}
          kind="lookup"
          items={hits}
          keyOf={lsidOf}
          Content={HitLine}
          onOpen={model.openHit}
        />
      ) : (
        <NoHits query={query} settled={asked !== null || here.query === query} hasAsked={asked?.status === 'done'} />
      )}
      <LookupFoot query={query} here={here} asked={asked} reason={reason} />
    </section>
  )
}

function lsidOf({ lsid }: { readonly lsid: string }): string {
  return lsid
}

interface NoHitsProps {
  readonly query: string
  readonly settled: boolean
  /** The appliance has answered, too. */
  readonly hasAsked: boolean
}

function NoHits({ query, settled, hasAsked }: NoHitsProps): ReactElement {
  if (query === '') {
    return (
      <Empty icon={<SearchIcon />} title={LABELS.lookup.none}>
        <p>{LABELS.lookup.noneBody}</p>
      </Empty>
    )
  }
  // Until the answer is here, nothing is said to be missing.
  if (!settled) return <div className="empty" aria-busy="true" />
  return (
    <Empty icon={<SearchIcon />} title={LABELS.lookup.noMatch}>
      <p className="empty-filter">
        <Name>{query}</Name>
      </p>
      {hasAsked ? <p>{LABELS.lookup.nameless}</p> : null}
    </Empty>
  )
}

interface FootProps {
  readonly query: string
  readonly here: Found
  readonly asked: LookupState | null
  /** Why the appliance cannot be asked. */
  readonly reason: string | null
}

/** How many, how far, and what stands in the way. */
function LookupFoot({ query, here, asked, reason }: FootProps): ReactElement {
  const { model } = useTools()
  const failed = asked?.status === 'failed'
  const known = asked === null && query !== '' && here.query === query
  const found = here.error ?? (here.hits.length === 0 ? '' : `${count(here.hits.length, 'session')} known here`)
  return (
    <footer className="list-foot lookup-foot">
      <output className={failed || here.error !== null ? 'lookup-said lookup-failed' : 'lookup-said'}>
        {failed || (known && here.error !== null) ? <ErrorIcon /> : null}
        {asked === null ? (known ? found : '') : lookupLine(asked)}
      </output>
      {asked?.status === 'running' ? (
        <progress max={Math.max(1, asked.total)} value={asked.done} aria-label={LABELS.lookup.asking} />
      ) : null}
      {reason === null ? null : (
        <div className="lookup-reason">
          <WarningIcon />
          <span>
            {reason} {LABELS.lookup.onlyHere}
          </span>
          <Button look="plain" onPress={() => model.go({ view: 'settings' }, true)}>
            {LABELS.appliance.settings}
          </Button>
        </div>
      )}
    </footer>
  )
}
