import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import { LIMITS, type SessionRow } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import type { Editing } from '../store.ts'
import { count, customerOf, whyNotKey } from '../text.ts'
import { looksLikeTicket } from '../ticket.ts'
import { Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorIcon, WarningIcon } from '../ui/icons.tsx'

/** The editor of keys, if it is open in this part of the window. */
export function KeyEditorOf({ from }: { readonly from: Editing['from'] }): ReactElement | null {
  const editing = useView((view) => (view.editing?.from === from ? view.editing : null))
  return editing === null ? null : <KeyEditor editing={editing} />
}

/**
 * One field for the key of one session or of several. It stands beside the list and not in a row: rows come, go and move
 * with each event, and what is being typed must not.
 */
function KeyEditor({ editing }: { readonly editing: Editing }): ReactElement {
  const { model } = useTools()
  const sessions = useMain((state) => state.sessions)
  const appliance = useMain((state) => state.appliance)
  const pattern = useMain((state) => state.settings['ticket.pattern'])
  const rows = sessions.filter((row) => editing.lsids.includes(row.lsid))
  const able = rows.filter((row) => whyNotKey(row, appliance) === null)
  const [typed, setTyped] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const editor = useRef<HTMLFieldSetElement>(null)
  const opener = useRef<Element | null>(null)
  const id = useId()

  const text = typed ?? commonKey(rows)
  const key = text.trim()
  const [first] = rows
  const stopped = rows.find((row) => !able.includes(row))
  const hindrance = able.length > 0 ? null : stopped === undefined ? LABELS.key.unknown : whyNotKey(stopped, appliance)
  const error = refusal ?? hindrance
  // Once for each text: the pattern is somebody's own and may be slow.
  const unusual = useMemo(() => key !== '' && !looksLikeTicket(key, pattern), [key, pattern])

  useEffect(() => {
    if (editing.focus === 0) return
    const field = editor.current?.querySelector('input')
    if (field === document.activeElement) return
    opener.current = document.activeElement
    field?.focus()
    field?.select()
  }, [editing.focus])

  function close(): void {
    const inside = editor.current?.contains(document.activeElement) === true
    const back = opener.current?.isConnected === true ? opener.current : backOf(editing.from)
    model.endEdit()
    // The focus goes back where it came from, unless the rep has moved on.
    if (inside && back instanceof HTMLElement) back.focus({ preventScroll: true })
  }

  async function send(value: string | null): Promise<void> {
    if (sending || hindrance !== null) return
    setSending(true)
    const reply = await model.run({ type: 'key.set', lsids: able.map(({ lsid }) => lsid), key: value })
    setSending(false)
    if (reply.ok) close()
    else setRefusal(reply.message)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    }
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    if (key !== '') void send(key)
  }

  return (
    // The keys are those of the field and the buttons in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset ref={editor} className="key-editor" aria-labelledby={`${id}-title`} onKeyDown={onKeyDown}>
      <div className="key-editor-title" id={`${id}-title`}>
        {LABELS.key.of}{' '}
        <Name>
          {editing.lsids.length === 1 && first !== undefined
            ? customerOf(first)
            : count(editing.lsids.length, 'session')}
        </Name>
      </div>
      <div className="key-editor-field">
        <input
          className="text-input"
          aria-label={LABELS.key.field}
          aria-describedby={`${id}-words`}
          aria-invalid={error !== null}
          value={text}
          readOnly={sending}
          maxLength={LIMITS.text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value)
            setRefusal(null)
          }}
        />
        {/* Not disabled while it is sent: the one that was pressed would lose the focus. */}
        <Button look="main" disabled={!sending && (key === '' || hindrance !== null)} onPress={() => void send(key)}>
          {sending ? LABELS.key.sending : LABELS.key.save}
        </Button>
        <Button disabled={!sending && (hindrance !== null || rows.every(isKeyless))} onPress={() => void send(null)}>
          {LABELS.key.clear}
        </Button>
        <Button onPress={close}>{LABELS.key.cancel}</Button>
      </div>
      <output className="key-editor-words" id={`${id}-words`} data-tone={error === null ? 'wait' : 'bad'}>
        {error === null ? unusual ? <WarningIcon /> : null : <ErrorIcon />}
        {error ?? (unusual ? LABELS.key.unusual : '')}
      </output>
      {editing.from === 'board' && error === null && !unusual ? (
        <p className="key-editor-hint">{LABELS.key.more}</p>
      ) : null}
    </fieldset>
  )
}

function isKeyless(row: SessionRow): boolean {
  return row.externalKey === null || row.externalKey === ''
}

/** The key that all have, or nothing. */
function commonKey(rows: readonly SessionRow[]): string {
  const key = rows[0]?.externalKey ?? ''
  return rows.every((row) => row.externalKey === key) ? key : ''
}

/** What has the focus when that which opened the editor is gone. */
function backOf(from: Editing['from']): Element | null {
  return document.querySelector(from === 'board' ? '.board .row[tabindex="0"]' : '.session .key-edit')
}
