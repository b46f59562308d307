/** The controls for the five types of settings. Each asks main and shows what main says. */
import { useRef, useState, type ChangeEvent, type ClipboardEvent, type KeyboardEvent, type ReactElement } from 'react'
import { LIMITS, type SettingInfo, type SettingKey, type Settings } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { choiceText } from '../text.ts'
import { Name } from '../ui/bits.tsx'
import { Pressable } from '../ui/button.tsx'
import { CloseIcon } from '../ui/icons.tsx'
import { Segments } from '../ui/segments.tsx'
import { useDraft, type Setting } from './use-setting.ts'

export interface InputProps {
  readonly info: SettingInfo
  readonly setting: Setting<Settings[SettingKey]>
  readonly labelledBy: string
  readonly describedBy: string
}

export function SwitchInput({ info, setting, labelledBy, describedBy }: InputProps): ReactElement {
  return (
    <label className="switch">
      <input
        type="checkbox"
        // The platform itself says whether it is checked.
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props
        role="switch"
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        checked={setting.value === true}
        disabled={info.locked}
        onChange={(event) => {
          void setting.set(event.target.checked)
        }}
      />
      <span className="switch-track" aria-hidden="true">
        <span className="switch-knob" />
      </span>
    </label>
  )
}

export function ChoiceInput({ info, setting, labelledBy, describedBy }: InputProps): ReactElement {
  return (
    <Segments
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      value={String(setting.value)}
      options={(info.choices ?? []).map((choice) => ({ value: choice, label: choiceText(choice) }))}
      disabled={info.locked}
      onChange={(value) => {
        void setting.set(value)
      }}
    />
  )
}

/** Text of one or several lines, and whole numbers. Enter (with Ctrl among lines) or leaving the field sends it, Escape brings the old value back. */
export function TextInput({ info, setting, labelledBy, describedBy }: InputProps): ReactElement {
  const lines = info.type === 'lines'
  const draft = useDraft(setting.value)
  const shown = draft.text ?? String(setting.value)
  // Enter has sent it already when the field is left.
  const sent = useRef<string | null>(null)

  async function commit(): Promise<void> {
    sent.current = draft.text
    if (draft.text === null || draft.text === String(setting.value)) {
      draft.drop()
      return
    }
    const value = info.type === 'number' ? wholeNumber(draft.text) : draft.text
    if (value === null) {
      setting.fail(LABELS.settings.number)
      return
    }
    if (await setting.set(value)) draft.settle()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (!lines || event.ctrlKey || event.metaKey)) void commit()
    if (event.key !== 'Escape' || draft.text === null) return
    event.preventDefault()
    sent.current = null
    draft.drop()
    setting.fail(null)
  }

  const common = {
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': setting.error !== null,
    value: shown,
    maxLength: LIMITS.text,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      sent.current = null
      draft.type(event.target.value)
    },
    onBlur: () => {
      if (draft.text !== sent.current) void commit()
    },
    onKeyDown,
  }
  // What is locked can still be read to its end.
  if (lines) return <textarea {...common} className="text-input" rows={5} readOnly={info.locked} />
  return (
    <input
      {...common}
      className="text-input"
      data-number={info.type === 'number'}
      inputMode={info.type === 'number' ? 'numeric' : 'text'}
      disabled={info.locked}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

/** Null for what is no whole number. */
function wholeNumber(text: string): number | null {
  return /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : null
}

/** A list as chips. Enter, a comma, a pasted list or leaving the field adds; a chip's button takes away. */
export function ListInput({ info, setting, labelledBy, describedBy }: InputProps): ReactElement {
  const entries = Array.isArray(setting.value) ? (setting.value as readonly string[]) : []
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)

  async function add(more: string): Promise<void> {
    const added = split(more).filter((entry) => !entries.includes(entry))
    setText('')
    if (added.length === 0 || (await setting.set([...entries, ...new Set(added)]))) return
    // Refused: it comes back to be mended, unless the next one is being typed already.
    setText((now) => (now === '' ? more : now))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault()
      setText('')
      setting.fail(null)
    }
    if (event.key !== 'Enter' && event.key !== ',') return
    event.preventDefault()
    void add(text)
  }

  function onPaste(event: ClipboardEvent): void {
    const pasted = event.clipboardData.getData('text')
    if (split(pasted).length < 2) return
    event.preventDefault()
    void add(`${text}${pasted}`)
  }

  return (
    <div className="list-input">
      {entries.map((entry) => (
        <span key={entry} className="chip">
          <Name>{entry}</Name>
          {info.locked ? null : (
            <Pressable
              className="chip-remove"
              aria-label={LABELS.settings.remove(entry)}
              onPress={() => {
                void setting.set(entries.filter((other) => other !== entry))
                field.current?.focus()
              }}
            >
              <CloseIcon />
            </Pressable>
          )}
        </span>
      ))}
      {info.locked && entries.length > 0 ? null : (
        <input
          ref={field}
          className="text-input"
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          aria-invalid={setting.error !== null}
          placeholder={info.locked ? '' : LABELS.settings.listHint}
          value={text}
          disabled={info.locked || entries.length >= LIMITS.list}
          maxLength={LIMITS.text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => {
            void add(text)
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      )}
    </div>
  )
}

function split(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
