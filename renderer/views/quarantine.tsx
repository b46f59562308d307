import { useState, type ReactElement } from 'react'
import { LIMITS } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count } from '../text.ts'
import { Empty } from '../ui/bits.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { BackIcon, UnknownIcon } from '../ui/icons.tsx'
import { Held } from './quarantine-item.tsx'
import { useQuarantine } from './use-quarantine.ts'

const WORDS = LABELS.quarantine

type Ids = readonly number[] | 'all'

const amountOf = (amount: number) => count(amount, 'body', 'bodies')

/** What came in and was no event. */
export function Quarantine(): ReactElement {
  const { model } = useTools()
  const { items, error, hasMore, loadMore, again } = useQuarantine()
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [deleting, setDeleting] = useState<Ids | null>(null)
  const [outcome, setOutcome] = useState('')
  const held = useMain(({ health }) => health.held)
  const there = items ?? []
  // What is gone is no longer chosen.
  const picked = there.filter(({ id }) => chosen.has(id)).map(({ id }) => id)

  function choose(id: number): void {
    const next = new Set(picked)
    if (!next.delete(id) && next.size < LIMITS.list) next.add(id)
    setChosen(next)
  }

  async function reread(ids: Ids): Promise<void> {
    const reply = await model.run({ type: 'quarantine.reread', ids })
    if (reply.ok) setOutcome(WORDS.read(String(reply.value.read), String(reply.value.left)))
    else model.refuse(reply.message)
  }

  return (
    <section className="pane quarantine" aria-labelledby="quarantine-title">
      <div className="toolbar">
        <IconButton name={WORDS.back} onPress={() => model.go({ view: 'settings' }, true)}>
          <BackIcon />
        </IconButton>
        <h1 id="quarantine-title" tabIndex={-1} data-arrival="">
          {WORDS.title}
        </h1>
      </div>
      {items === null && error === null ? (
        <p className="held-help muted" aria-busy="true">
          {WORDS.loading}
        </p>
      ) : there.length === 0 ? (
        <Empty icon={<UnknownIcon />} title={error === null ? WORDS.none : WORDS.failed}>
          <p>{error ?? WORDS.noneBody}</p>
          {error === null ? null : <Button onPress={again}>{WORDS.retry}</Button>}
        </Empty>
      ) : (
        <>
          <div className="held-list">
            <p className="held-help muted">{WORDS.help}</p>
            <ul className="plain-list">
              {there.map((item) => (
                <Held
                  key={item.id}
                  item={item}
                  chosen={chosen.has(item.id)}
                  onChoose={() => choose(item.id)}
                  onReread={() => void reread([item.id])}
                  onDelete={() => setDeleting([item.id])}
                />
              ))}
            </ul>
            {hasMore ? <Button onPress={loadMore}>{WORDS.older}</Button> : null}
          </div>
          <footer className="list-foot">
            <output className="muted">{outcome === '' ? amountOf(held) : outcome}</output>
            <span className="held-actions">
              <span title={WORDS.rereadHelp}>
                <Button onPress={() => void reread('all')}>{WORDS.reread}</Button>
              </span>
              <Button look="bad" onPress={() => setDeleting(picked.length === 0 ? 'all' : picked)}>
                {`${picked.length === 0 ? WORDS.deleteAll : WORDS.deleteChosen(amountOf(picked.length))}…`}
              </Button>
            </span>
          </footer>
        </>
      )}
      {deleting === null ? null : (
        <Confirm
          title={WORDS.deleteTitle}
          body={WORDS.deleteBody(amountOf(deleting === 'all' ? held : deleting.length))}
          yes={WORDS.delete}
          no={WORDS.keep}
          onYes={() => void model.order({ type: 'quarantine.delete', ids: deleting })}
          onClose={() => setDeleting(null)}
        />
      )}
    </section>
  )
}
