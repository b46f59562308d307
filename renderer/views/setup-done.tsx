import type { ReactElement } from 'react'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Button } from '../ui/button.tsx'
import { CheckIcon, ErrorIcon, WaitingIcon } from '../ui/icons.tsx'
import { STEPS, type StepName, type StepStatuses } from './setup-steps.ts'

const WORDS = LABELS.setup

interface SetupDoneProps {
  readonly statuses: StepStatuses
  readonly onStep: (step: StepName) => void
}

/** What works, what is left, and the way to both. */
export function SetupDone({ statuses, onStep }: SetupDoneProps): ReactElement {
  const { model } = useTools()
  return (
    <>
      <ul className="setup-group setup-summary">
        {STEPS.filter((step) => step !== 'done').map((step) => {
          const status = statuses[step]
          const Icon = { done: CheckIcon, problem: ErrorIcon, waiting: WaitingIcon, todo: WaitingIcon }[status]
          return (
            <li key={step} className="setup-line" data-status={status}>
              <Icon />
              <span className="setup-words">
                <strong>{WORDS.names[step]}</strong> {WORDS.statuses[status]}
              </span>
              {status === 'done' ? null : (
                <Button look="plain" onPress={() => onStep(step)}>
                  {WORDS.openStep(WORDS.names[step])}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <Button look="plain" onPress={() => model.go({ view: 'settings' }, true)}>
        {LABELS.board.openSettings}
      </Button>
    </>
  )
}
