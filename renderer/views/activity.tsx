import { useMemo, useState, type ReactElement } from 'react'
import type { ActivityEntry } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { matches } from '../match.ts'
import { count, eventName, lateness } from '../text.ts'
import { Empty, Moment, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { SummaryIcon, UnknownIcon } from '../ui/icons.tsx'
import { Cell } from '../ui/row.tsx'
import { Rows } from '../ui/rows.tsx'

/** Every event that came in, newest first; older ones are fetched from the journal when asked for. */
export function Activity(): ReactElement {
  const { model } = useTools()
  const recent = useMain((state) => state.activity)
  const older = useView((view) => view.older)
  const [filter, setFilter] = useState('')
  const all = useMemo(() => [...recent, ...older], [recent, older])
  const shown = useMemo(
    () => (filter.trim() === '' ? all : all.filter((entry) => isMatch(entry, filter))),
    [all, filter],
  )

  return (
    <section className="pane activity" aria-labelledby="activity-title">
      <div className="toolbar">
        <h1 id="activity-title">{LABELS.activity.title}</h1>
        <FilterField
          label={LABELS.activity.filter}
          hint={LABELS.activity.filterHint}
          value={filter}
          onChange={setFilter}
        />
      </div>
      {shown.length === 0 ? (
        <Empty icon={<SummaryIcon />} title={all.length === 0 ? LABELS.activity.none : LABELS.activity.noMatch}>
          {all.length === 0 ? <p>{LABELS.activity.noneBody}</p> : null}
        </Empty>
      ) : (
        <Rows
          label={LABELS.activity.title}
          kind="activity"
          items={shown}
          keyOf={entryKey}
          Content={ActivityLine}
          onOpen={(entry) => {
            if (entry.lsid !== null) model.go({ view: 'session', lsid: entry.lsid }, true)
          }}
        />
      )}
      {all.length === 0 ? null : <Foot amount={shown.length} />}
    </section>
  )
}

function Foot({ amount }: { readonly amount: number }): ReactElement {
  const { model } = useTools()
  const end = useView((view) => view.olderEnd)
  const [loading, setLoading] = useState(false)
  return (
    <footer className="list-foot">
      <span className="muted">{end ? LABELS.activity.end : LABELS.activity.shown(count(amount, 'event'))}</span>
      {end ? null : (
        <Button
          disabled={loading}
          onPress={() => {
            setLoading(true)
            void model.loadOlder().finally(() => setLoading(false))
          }}
        >
          {loading ? LABELS.activity.loading : LABELS.activity.older}
        </Button>
      )}
    </footer>
  )
}

function isMatch(entry: ActivityEntry, filter: string): boolean {
  return matches(filter, [
    eventName(entry),
    entry.event,
    entry.customer,
    entry.subject,
    entry.externalKey,
    entry.lsid,
    entry.known ? null : LABELS.activity.unknown,
  ])
}

function entryKey(entry: ActivityEntry): string {
  return String(entry.seq)
}

function ActivityLine({ item }: { readonly item: ActivityEntry }): ReactElement {
  const late = lateness(item)
  const name = eventName(item)
  // Who joined or left is named above already.
  const customer = item.customer === item.subject ? null : item.customer
  return (
    <Cell className={item.known ? 'activity-line' : 'activity-line activity-unknown'}>
      <Moment at={item.at} exact />
      <div className="activity-words">
        <div className="activity-what" title={item.event}>
          <span className="activity-event">
            <Name>{name}</Name>
          </span>
          {item.known ? null : (
            <span className="badge">
              <UnknownIcon />
              {LABELS.activity.unknown}
            </span>
          )}
          {item.subject === null ? null : (
            <span className="activity-subject">
              <Name>{item.subject}</Name>
            </span>
          )}
        </div>
        <div className="activity-whom">
          {customer === null ? null : <Name>{customer}</Name>}
          {item.externalKey === null ? null : (
            <span className="activity-key" title={item.externalKey}>
              <Name>{item.externalKey}</Name>
            </span>
          )}
          {customer === null && item.externalKey === null && item.lsid !== null ? (
            <span className="activity-id" title={item.lsid}>
              <Name>{item.lsid}</Name>
            </span>
          ) : null}
          {late === null ? null : <span className="activity-late">{late}</span>}
        </div>
      </div>
    </Cell>
  )
}
