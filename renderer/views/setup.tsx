import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button, Pressable } from '../ui/button.tsx'
import { CheckIcon, ErrorIcon } from '../ui/icons.tsx'
import { usePermission } from '../ui/permission.ts'
import { SetupAppliance } from './setup-appliance.tsx'
import { SetupDone } from './setup-done.tsx'
import { SetupEvents } from './setup-events.tsx'
import { SetupMe } from './setup-me.tsx'
import { SetupNotifications } from './setup-notifications.tsx'
import { firstOpen, STEPS, stepStatuses, type StepName, type StepStatus, type StepStatuses } from './setup-steps.ts'

const WORDS = LABELS.setup

/** The set-up assistant: one step after the other, each of which may be skipped, left and come back to. */
export function Setup(): ReactElement {
  const { model } = useTools()
  const { permission } = usePermission()
  const statuses = useMain(useShallow((state) => stepStatuses(state, permission)))
  const [step, setStep] = useState<StepName>(() => firstOpen(statuses))
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  const number = STEPS.indexOf(step)

  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    heading.current?.focus()
    heading.current?.scrollIntoView()
  }, [step])

  return (
    <section className="pane setup" aria-labelledby="setup-title">
      <div className="toolbar">
        <h1 id="setup-title">{WORDS.title}</h1>
        <Button look="plain" onPress={() => model.go({ view: 'board' }, true)}>
          {WORDS.later}
        </Button>
      </div>
      <StepList step={step} statuses={statuses} onStep={setStep} />
      <div className="setup-step">
        <h2 ref={heading} tabIndex={-1} data-arrival="">
          {WORDS.heading(number + 1, STEPS.length, WORDS.names[step])}
        </h2>
        <p className="setup-lead">{WORDS.leads[step]}</p>
        <StepBody step={step} statuses={statuses} onStep={setStep} />
      </div>
      <StepFoot step={step} status={statuses[step]} onStep={setStep} />
    </section>
  )
}

interface StepProps {
  readonly step: StepName
  readonly statuses: StepStatuses
  readonly onStep: (step: StepName) => void
}

function StepList({ step, statuses, onStep }: StepProps): ReactElement {
  return (
    <ol className="setup-steps" aria-label={WORDS.steps}>
      {STEPS.map((one, index) => (
        <li key={one}>
          <Pressable
            className="setup-name"
            data-status={statuses[one]}
            {...(one === step ? { 'aria-current': 'step' as const } : {})}
            onPress={() => onStep(one)}
          >
            <span className="setup-mark" aria-hidden="true">
              <Mark number={index + 1} status={statuses[one]} />
            </span>
            <span className="setup-label">{WORDS.names[one]}</span>
            <Hidden>{`, ${WORDS.statuses[statuses[one]]}`}</Hidden>
          </Pressable>
        </li>
      ))}
    </ol>
  )
}

function Mark({ number, status }: { readonly number: number; readonly status: StepStatus }): ReactElement {
  if (status === 'done') return <CheckIcon />
  return status === 'problem' ? <ErrorIcon /> : <>{number}</>
}

function StepBody({ step, statuses, onStep }: StepProps): ReactElement {
  switch (step) {
    case 'appliance':
      return <SetupAppliance />
    case 'me':
      return <SetupMe />
    case 'events':
      return <SetupEvents />
    case 'notifications':
      return <SetupNotifications />
    case 'done':
      return <SetupDone statuses={statuses} onStep={onStep} />
  }
}

interface StepFootProps extends Pick<StepProps, 'step' | 'onStep'> {
  readonly status: StepStatus
}

function StepFoot({ step, status, onStep }: StepFootProps): ReactElement {
  const { model } = useTools()
  const locked = useMain((state) => state.settingInfo.some((info) => info.key === 'setup.done' && info.locked))
  const number = STEPS.indexOf(step)
  const isOpen = status === 'todo' || status === 'problem'
  const [before, after] = [STEPS[number - 1], STEPS[number + 1]]

  async function finish(): Promise<void> {
    const kept = locked || (await model.order({ type: 'settings.set', key: 'setup.done', value: true }))
    if (kept) model.go({ view: 'board' }, true)
  }

  return (
    <footer className="setup-foot">
      {before === undefined ? null : <Button onPress={() => onStep(before)}>{WORDS.back}</Button>}
      {after === undefined ? (
        <Button look="main" onPress={() => void finish()}>
          {WORDS.finish}
        </Button>
      ) : (
        <Button look={isOpen ? 'normal' : 'main'} onPress={() => onStep(after)}>
          {isOpen ? WORDS.skip : WORDS.next}
        </Button>
      )}
    </footer>
  )
}
