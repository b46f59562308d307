/** Forgetting somebody: who, what there is of them, and the question before it is gone. */
import { useId, useState, type ReactElement } from 'react'
import { LIMITS, type ForgetTarget, type Traces } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count } from '../text.ts'
import { Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Segments } from '../ui/segments.tsx'
import { Tool } from './settings-tools.tsx'

const WORDS = LABELS.forget

type Kind = ForgetTarget['kind']
type Part = keyof typeof WORDS.parts

const KINDS = Object.entries(WORDS.kinds).map(([value, label]) => ({ value: value as Kind, label }))
const PARTS = Object.keys(WORDS.parts) as readonly Part[]

function targetOf(kind: Kind, word: string): ForgetTarget {
  if (kind === 'session') return { kind, lsid: word }
  return kind === 'key' ? { kind, key: word } : { kind, name: word }
}

function partsOf(traces: Traces): readonly string[] {
  const many: Partial<Record<Part, string>> = WORDS.many
  return PARTS.filter((part) => traces[part] > 0).map((part) => count(traces[part], WORDS.parts[part], many[part]))
}

/** What was found or removed, of whom. */
interface Known {
  readonly target: ForgetTarget
  readonly traces: Traces
  readonly removed: boolean
}

export function ForgetTools(): ReactElement {
  const { model } = useTools()
  const [kind, setKind] = useState<Kind>('customer')
  const [word, setWord] = useState('')
  const [known, setKnown] = useState<Known | null>(null)
  const [asking, setAsking] = useState(false)
  const [deleteUnreadable, setDeleteUnreadable] = useState(false)
  const id = useId()

  /** Another question: what was found does not answer it. */
  function ask(change: () => void): void {
    change()
    setKnown(null)
    setDeleteUnreadable(false)
  }

  async function find(): Promise<void> {
    const target = targetOf(kind, word.trim())
    const reply = await model.run({ type: 'data.find', target })
    if (reply.ok) setKnown({ target, traces: reply.value, removed: false })
    else model.refuse(reply.message)
  }

  async function forget({ target }: Known): Promise<void> {
    const reply = await model.run({ type: 'data.forget', target, deleteUnreadable })
    if (!reply.ok) {
      model.refuse(reply.message)
      return
    }
    setKnown({ target, traces: reply.value, removed: true })
    setDeleteUnreadable(false)
    model.forgotten()
  }

  return (
    <Tool name={WORDS.name} help={WORDS.help}>
      <form
        className="forget"
        onSubmit={(event) => {
          event.preventDefault()
          if (word.trim() !== '') void find()
        }}
      >
        <Segments aria-label={WORDS.kind} value={kind} options={KINDS} onChange={(next) => ask(() => setKind(next))} />
        <input
          className="text-input"
          aria-label={WORDS.fields[kind]}
          placeholder={WORDS.fields[kind]}
          value={word}
          maxLength={LIMITS.text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => ask(() => setWord(event.target.value))}
        />
        <Button disabled={word.trim() === ''} onPress={() => void find()}>
          {WORDS.look}
        </Button>
        <output className="forget-found" id={id}>
          {known === null ? null : <Found known={known} />}
        </output>
        {known === null || known.removed ? null : (
          <>
            {known.traces.unreadable.length === 0 ? null : (
              <label className="forget-files">
                <input
                  type="checkbox"
                  checked={deleteUnreadable}
                  onChange={(event) => setDeleteUnreadable(event.target.checked)}
                />
                {WORDS.deleteUnreadable}
              </label>
            )}
            {partsOf(known.traces).length === 0 && !deleteUnreadable ? null : (
              <Button look="bad" onPress={() => setAsking(true)}>{`${WORDS.forget}…`}</Button>
            )}
          </>
        )}
      </form>
      {asking && known !== null ? (
        <Confirm
          title={WORDS.title}
          body={`${partsOf(known.traces).join(', ')}. ${WORDS.body}`}
          yes={WORDS.forget}
          no={WORDS.no}
          onYes={() => void forget(known)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Tool>
  )
}

function Found({ known: { traces, removed } }: { readonly known: Known }): ReactElement {
  const parts = partsOf(traces)
  return (
    <>
      {parts.length === 0 ? (
        WORDS.nothing
      ) : (
        <>
          {removed ? WORDS.removed : WORDS.found}
          <ul className="plain-list">
            {parts.map((part) => (
              <li key={part}>{part}</li>
            ))}
          </ul>
        </>
      )}
      {traces.unreadable.length === 0 ? null : (
        <>
          {WORDS.unreadable}
          <ul className="plain-list">
            {traces.unreadable.map((file) => (
              <li key={file}>
                <Name>{file}</Name>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
