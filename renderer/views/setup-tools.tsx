/** The set-up among the settings: the assistant once more, and settings to and from a file. */
import { useId, useState, type ReactElement } from 'react'
import { LIMITS, type ImportResult } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count, isolate } from '../text.ts'
import { Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { CheckIcon, ErrorIcon } from '../ui/icons.tsx'
import { Tool } from './settings-tools.tsx'

const WORDS = LABELS.setup.file

export function SetupTools(): ReactElement {
  const { model } = useTools()
  const done = useMain((state) => state.settings['setup.done'])
  return (
    <>
      <Tool name={WORDS.assistant} help={WORDS.assistantHelp}>
        <Button onPress={() => model.go({ view: 'setup' }, true)}>{done ? WORDS.again : LABELS.setup.goOn}</Button>
      </Tool>
      <SaveSettings />
      <ReadSettings />
    </>
  )
}

function SaveSettings(): ReactElement {
  const { model } = useTools()
  const [file, setFile] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)

  async function save(): Promise<void> {
    const reply = await model.run({ type: 'settings.export' })
    setFile(reply.ok ? reply.value.file : null)
    setError(reply.ok ? null : reply.message)
  }

  return (
    <Tool name={WORDS.save} help={WORDS.saveHelp}>
      <Button onPress={() => void save()}>{WORDS.saveIt}</Button>
      <output className="setup-outcome">
        {file === null ? null : (
          <>
            {WORDS.saved} <Name>{file}</Name>
          </>
        )}
      </output>
      <Failure words={error} />
    </Tool>
  )
}

function ReadSettings(): ReactElement {
  const { model } = useTools()
  const [result, setResult] = useState<ImportResult | null>(null)
  const [error, setError] = useState<string | null>(null)
  const id = useId()

  async function read(file: File | undefined): Promise<void> {
    if (file === undefined) return
    setResult(null)
    const text = await textOf(file)
    if (typeof text !== 'string') {
      setError(text.error)
      return
    }
    const reply = await model.run({ type: 'settings.import', text })
    setResult(reply.ok ? reply.value : null)
    setError(reply.ok ? null : reply.message)
  }

  return (
    <Tool name={WORDS.read} help={WORDS.readHelp} id={id}>
      <input
        type="file"
        className="file-input"
        accept=".json,application/json"
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
        onChange={({ target }) => {
          void read(target.files?.[0])
          // So that the same file can be read again once it was mended.
          target.value = ''
        }}
      />
      <div className="setup-outcome" aria-live="polite">
        {result === null ? null : <Outcome result={result} />}
      </div>
      <Failure words={error} />
    </Tool>
  )
}

async function textOf(file: File): Promise<string | { readonly error: string }> {
  // No character takes more than four bytes.
  if (file.size > 4 * LIMITS.file) return { error: WORDS.tooLarge }
  try {
    const text = await file.text()
    return text.length > LIMITS.file ? { error: WORDS.tooLarge } : text
  } catch {
    return { error: WORDS.unreadable }
  }
}

function Outcome({ result: { changed, refused } }: { readonly result: ImportResult }): ReactElement {
  const infos = useMain((state) => state.settingInfo)
  const labelOf = (key: string): string => infos.find((info) => info.key === key)?.label ?? isolate(key)
  return (
    <>
      <p>
        <CheckIcon />
        {[`${count(changed.length, 'setting')} changed`, ...changed.map(labelOf)].join(changed.length > 0 ? ' · ' : '')}
      </p>
      {refused.length === 0 ? null : (
        <>
          <p>
            <ErrorIcon />
            {WORDS.refused}
          </p>
          <ul>
            {refused.map(({ key, message }) => (
              <li key={key}>
                <Name>{labelOf(key)}</Name>: {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Failure({ words }: { readonly words: string | null }): ReactElement | null {
  return words === null ? null : (
    <p className="setting-error" role="alert">
      <ErrorIcon />
      {words}
    </p>
  )
}
