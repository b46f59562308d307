import { useMemo, useState, type ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { FilterField } from '../ui/filter-field.tsx'
import { Rows } from '../ui/rows.tsx'
import { ScopeTabs } from '../ui/scope-tabs.tsx'
import { BoardEmpty } from './board-empty.tsx'
import { boardItems, isHeading, scopeCounts, type BoardItem } from './board-model.ts'
import { whyNotKey } from '../text.ts'
import { BoardLine } from './board-row.tsx'
import { KeyEditorOf } from './key-editor.tsx'

/** The sessions of now: who waits, who is with whom, what has just ended. */
export function Board({ hidden }: { readonly hidden: boolean }): ReactElement {
  const { model } = useTools()
  const sessions = useMain((state) => state.sessions)
  const scope = useView((view) => view.scope)
  const place = useView((view) => view.place)
  const [filter, setFilter] = useState('')
  const counts = useMemo(() => scopeCounts(sessions), [sessions])
  const items = useMemo(() => boardItems(sessions, scope, filter), [sessions, scope, filter])

  const appliance = useMain((state) => state.appliance)

  /** `e` edits the key of the row's session, Space takes it among those that are edited. */
  function onKey(key: string, item: BoardItem): boolean {
    if (isHeading(item) || !['e', 'E', ' '].includes(key)) return false
    const reason = whyNotKey(item, appliance)
    // Where no key can be edited, Space opens the row as everywhere.
    if (key === ' ' && reason !== null) return false
    if (reason !== null) model.refuse(reason)
    else if (key === ' ') model.pick(item.lsid)
    else model.edit(item.lsid, 'board')
    return true
  }

  return (
    <section className="pane board" aria-labelledby="board-title" hidden={hidden}>
      <h1 id="board-title" className="hidden-text">
        {LABELS.board.title}
      </h1>
      <div className="toolbar">
        <ScopeTabs scope={scope} {...counts} onChange={model.setScope} />
        <FilterField label={LABELS.board.filter} hint={LABELS.board.filterHint} value={filter} onChange={setFilter} />
      </div>
      {items.length === 0 ? (
        <BoardEmpty
          filter={filter}
          elsewhere={
            scope === 'all' ? 0 : boardItems(sessions, 'all', filter).filter((item) => !isHeading(item)).length
          }
          clearFilter={() => setFilter('')}
          counts={counts}
        />
      ) : (
        <Rows
          label={LABELS.board.title}
          kind="sessions"
          items={items}
          keyOf={itemKey}
          isHeading={isHeading}
          Content={BoardLine}
          onOpen={(item) => {
            if (!isHeading(item)) model.go({ view: 'session', lsid: item.lsid })
          }}
          onKey={onKey}
          selected={place.view === 'session' ? place.lsid : null}
        />
      )}
      <KeyEditorOf from="board" />
    </section>
  )
}

function itemKey(item: BoardItem): string {
  return isHeading(item) ? `heading ${item.heading}` : item.lsid
}
