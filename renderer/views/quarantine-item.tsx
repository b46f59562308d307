/** One body that was no event: what is known of it, and when it is opened, the body itself. */
import { useEffect, useId, useState, type ReactElement } from 'react'
import type { QuarantineBody, QuarantineItem } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { Button, Pressable } from '../ui/button.tsx'
import { ChevronIcon } from '../ui/icons.tsx'

const WORDS = LABELS.quarantine

interface HeldProps {
  readonly item: QuarantineItem
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly onReread: () => void
  readonly onDelete: () => void
}

export function Held({ item, chosen, onChoose, onReread, onDelete }: HeldProps): ReactElement {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <li className="held">
      <input
        type="checkbox"
        checked={chosen}
        onChange={onChoose}
        aria-label={WORDS.choose(item.id)}
        aria-describedby={id}
      />
      <div className="held-words">
        <Pressable className="held-open" aria-expanded={open} onPress={() => setOpen(!open)}>
          <ChevronIcon />
          <span id={id} className="held-reason">
            <Name>{item.reason}</Name>
          </span>
          <Moment at={item.receivedAt} exact />
        </Pressable>
        <p className="held-facts muted">
          <span>{`${item.bytes.toLocaleString('en')} bytes`}</span>
          <span>{item.contentType === '' ? WORDS.noType : <Name>{item.contentType}</Name>}</span>
          <span>
            {WORDS.from} <Name>{item.source}</Name>
          </span>
          {item.seen > 1 ? <span>{WORDS.came(item.seen.toLocaleString('en'))}</span> : null}
        </p>
        {open ? <Body id={item.id} onReread={onReread} onDelete={onDelete} /> : null}
      </div>
    </li>
  )
}

interface BodyProps extends Pick<HeldProps, 'onReread' | 'onDelete'> {
  readonly id: number
}

function Body({ id, onReread, onDelete }: BodyProps): ReactElement {
  const { model } = useTools()
  const [body, setBody] = useState<QuarantineBody | string | null>(null)
  const [file, setFile] = useState<string | null>(null)

  useEffect(() => {
    let overtaken = false
    async function load(): Promise<void> {
      const reply = await model.run({ type: 'quarantine.get', id })
      if (!overtaken) setBody(reply.ok ? (reply.value ?? WORDS.gone) : reply.message)
    }
    void load()
    return () => {
      overtaken = true
    }
  }, [model, id])

  async function save(): Promise<void> {
    const reply = await model.run({ type: 'quarantine.save', id })
    if (reply.ok) setFile(reply.value.file)
    else model.refuse(reply.message)
  }

  if (body === null) return <p className="muted">{WORDS.loading}</p>
  if (typeof body === 'string') return <p>{body}</p>
  return (
    <>
      {body.form === 'hex' ? <p>{WORDS.hex}</p> : null}
      <section className="held-body" aria-label={WORDS.body}>
        {/* It scrolls, so it has to be reached by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre dir="ltr" data-form={body.form} tabIndex={0}>
          {body.text}
        </pre>
      </section>
      {body.cut ? <p className="muted">{WORDS.cut}</p> : null}
      <div className="held-actions">
        <Button onPress={() => void save()}>{WORDS.save}</Button>
        <Button onPress={onReread}>{WORDS.rereadOne}</Button>
        <Button look="bad" onPress={onDelete}>{`${WORDS.delete}…`}</Button>
        <output>
          {file === null ? null : (
            <>
              {WORDS.saved} <Name>{file}</Name>
            </>
          )}
        </output>
      </div>
    </>
  )
}
