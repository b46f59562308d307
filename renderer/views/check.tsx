/** A test that goes step by step and says where it ends. */
import { useState, type ReactElement } from 'react'
import type { CheckStep } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { CheckIcon, EndedIcon, ErrorIcon } from '../ui/icons.tsx'

interface CheckProps {
  readonly command: 'appliance.check' | 'listener.test'
  readonly test: string
  readonly testing: string
  /** What is said when it is over. */
  readonly works: string
  readonly fails: string
  /** What to do about a step that failed, where its message does not say so. */
  readonly advice?: Readonly<Record<CheckStep['step'], string>>
}

export function Check({ command, test, testing, works, fails, advice }: CheckProps): ReactElement {
  const { model } = useTools()
  const [steps, setSteps] = useState<readonly CheckStep[]>([])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  async function run(): Promise<void> {
    if (busy) return
    setBusy(true)
    const reply = await model.run({ type: command })
    setBusy(false)
    setSteps(reply.ok ? reply.value : [])
    setError(reply.ok ? null : reply.message)
    model.say(reply.ok && reply.value.every((step) => step.status !== 'failed') ? works : fails)
  }

  return (
    <>
      {/* Not disabled while it runs: that would take the focus away. */}
      <Button onPress={() => void run()}>{busy ? testing : test}</Button>
      {error === null ? null : (
        <p className="setting-error" role="alert">
          <ErrorIcon />
          {error}
        </p>
      )}
      {steps.length === 0 ? null : (
        <ol className="check-steps" aria-label={test} aria-busy={busy}>
          {steps.map((step) => (
            <Step key={`${step.step} ${step.message}`} step={step} advice={advice?.[step.step] ?? ''} />
          ))}
        </ol>
      )}
    </>
  )
}

function Step({ step, advice }: { readonly step: CheckStep; readonly advice: string }): ReactElement {
  const { status, message, detail } = step
  const Icon = { ok: CheckIcon, failed: ErrorIcon, skipped: EndedIcon }[status]
  return (
    <li className="check-step" data-status={status}>
      <Icon />
      <div className="check-words">
        <strong>{LABELS.appliance.steps[step.step]}</strong>{' '}
        <span className="check-result">{LABELS.appliance.results[status]}</span>
        {message === '' ? null : <p>{message}</p>}
        {status !== 'failed' || advice === '' ? null : <p className="check-advice">{advice}</p>}
        {detail === '' ? null : (
          <p className="muted">
            <Hidden>{`${LABELS.appliance.forIt}: `}</Hidden>
            <code>{detail}</code>
          </p>
        )}
      </div>
    </li>
  )
}
