/** The quick lookup: a window of its own with one field and what it finds. What is opened there shows in the main one. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import type { Command } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count, lookupLine, whyNot } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { SearchIcon } from '../ui/icons.tsx'
import { useTheme } from '../ui/theme.ts'
import { ASK, optionId, QuickOptions } from './quick-options.tsx'
import { useSearch } from './use-search.ts'

const WORDS = LABELS.quick
const LIST = 'quick-list'

/** Each time that it is asked for it begins anew, with what it is given. */
export function Quick(): ReactElement {
  const ready = useView((view) => view.state !== null)
  const given = useView((view) => view.state?.quick)
  if (!ready) return <main className="connecting" aria-busy="true" />
  return <QuickLookup key={given?.seq} given={given?.query ?? ''} />
}

function QuickLookup({ given }: { readonly given: string }): ReactElement {
  const { model } = useTools()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(given)
  const query = text.trim()
  const here = useSearch(query)
  const asked = useMain(({ lookup }) => (lookup !== null && lookup.query === query ? lookup : null))
  const reason = useMain(({ appliance }) => whyNot(appliance, 'lookup'))
  const [chosen, choose] = useState<string | null>(null)
  // Enter came before the answer: what it means is clear then, unless there is a choice.
  const entered = useRef(false)
  const [said, say] = useState('')

  const hits = asked === null ? here.hits : asked.hits
  const running = asked?.status === 'running'
  const settled = asked !== null || here.query === query
  const ids = query === '' ? [] : [...hits.map((hit) => hit.lsid), ...(reason === null && !running ? [ASK] : [])]
  const active = chosen !== null && ids.includes(chosen) ? chosen : (ids[0] ?? null)
  useTheme()

  useEffect(() => {
    document.title = `${WORDS.title} · ${LABELS.app}`
    field.current?.focus()
    // Typing takes its place.
    field.current?.select()
  }, [])

  useEffect(() => {
    if (!entered.current || !settled) return
    entered.current = false
    if (hits.length <= 1 && active !== null) act(active)
  })

  async function order(command: Command, done = ''): Promise<boolean> {
    const reply = await model.run<Command['type']>(command)
    say(reply.ok ? done : reply.message)
    return reply.ok
  }

  const close = () => void model.run({ type: 'lookup.closeQuick' })

  async function open(lsid: string): Promise<void> {
    if (await order({ type: 'window.show', place: { view: 'session', lsid } })) close()
  }

  function act(id: string): void {
    if (id === ASK) void order({ type: 'lookup.start', query })
    else void open(id)
  }

  function move(by: number): void {
    const at = active === null ? -1 : ids.indexOf(active)
    choose(ids.at((at + by) % ids.length) ?? null)
  }

  function copy(what: 'externalKey' | 'lsid'): void {
    if (active === null || active === ASK) return
    void order({ type: 'session.copy', lsid: active, what }, what === 'lsid' ? WORDS.idCopied : WORDS.keyCopied)
  }

  /** True: the key was one of ours. */
  function handle({ key, ctrlKey, metaKey, shiftKey, target, repeat }: KeyboardEvent): boolean {
    const typing = target === field.current
    const letter = (ctrlKey || metaKey) && shiftKey ? key.toLowerCase() : null
    if (key === 'Escape') close()
    else if (letter === 'c') copy('externalKey')
    else if (letter === 'i') copy('lsid')
    else if (typing && key === 'ArrowDown') move(1)
    else if (typing && key === 'ArrowUp') move(-1)
    // Held down, it counts once.
    else if (typing && key === 'Enter' && repeat) return true
    else if (typing && key === 'Enter' && !settled) entered.current = true
    else if (typing && key === 'Enter' && active !== null) act(active)
    else return false
    return true
  }

  const line =
    asked === null
      ? settled && query !== ''
        ? (here.error ?? `${count(hits.length, 'session')} known here`)
        : ''
      : lookupLine(asked)
  return (
    // Its keys hold wherever the focus is in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <main
      className="quick-window"
      onKeyDown={(event) => {
        if (!event.nativeEvent.isComposing && handle(event)) event.preventDefault()
      }}
    >
      <h1 className="hidden-text">{WORDS.title}</h1>
      <div className="quick-field">
        <SearchIcon />
        <input
          ref={field}
          role="combobox"
          aria-label={LABELS.lookup.field}
          aria-expanded={ids.length > 0}
          aria-controls={LIST}
          aria-autocomplete="list"
          {...(active === null ? {} : { 'aria-activedescendant': optionId(ids.indexOf(active)) })}
          placeholder={LABELS.lookup.field}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            choose(null)
            entered.current = false
            say('')
          }}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
        />
      </div>
      <QuickOptions
        id={LIST}
        hits={query === '' ? [] : hits}
        ids={ids}
        active={active}
        again={asked !== null}
        onPick={act}
      />
      <footer className="quick-foot">
        <output>{said === '' ? line : said}</output>
        {running ? (
          <>
            <progress max={Math.max(1, asked.total)} value={asked.done} aria-label={LABELS.lookup.asking} />
            <Button onPress={() => void order({ type: 'lookup.cancel' })}>{LABELS.lookup.cancel}</Button>
          </>
        ) : null}
        {reason === null || query === '' ? null : <p>{`${reason} ${LABELS.lookup.onlyHere}`}</p>}
        <dl className="quick-keys">
          {WORDS.keys.map(([keys, does]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </footer>
    </main>
  )
}
