/** What the settings of the appliance offer besides values: how it stands, its secrets, the test of the connection. */
import { useId, useState, type ReactElement } from 'react'
import { LIMITS, type Ability, type CheckStep, type SecretName } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { CheckIcon, EndedIcon, ErrorIcon, LockIcon, WarningIcon } from '../ui/icons.tsx'
import { Tool } from './settings-tools.tsx'

const WORDS = LABELS.appliance

export function ApplianceTools(): ReactElement {
  return (
    <>
      <Secret name="appliance.clientSecret" />
      <Secret name="appliance.password" />
      <ConnectionTest />
    </>
  )
}

/** A secret: entered, kept, forgotten, never shown. */
function Secret({ name }: { readonly name: SecretName }): ReactElement {
  const { model } = useTools()
  const source = useMain(({ appliance }) => appliance.secrets[name])
  const keeps = useMain(({ appliance }) => appliance.keepsSecrets)
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const id = useId()
  const words = WORDS.secrets[name]
  const fixed = source === 'policy' || source === 'environment'

  async function keep(value: string | null): Promise<void> {
    if (value === '') return
    const reply = await model.run({ type: 'appliance.secret', name, value })
    setError(reply.ok ? null : reply.message)
    if (reply.ok) setText('')
  }

  return (
    <Tool name={words.name} help={words.help} id={id}>
      {fixed ? null : (
        <>
          <input
            className="text-input"
            type="password"
            aria-labelledby={`${id}-label`}
            aria-describedby={`${id}-help ${id}-source`}
            aria-invalid={error !== null}
            value={text}
            maxLength={LIMITS.text}
            // A browser's offer to remember it would be a second vault that nobody asked for.
            autoComplete="new-password"
            spellCheck={false}
            onChange={(event) => {
              setText(event.target.value)
              setError(null)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void keep(text)
              if (event.key !== 'Escape' || text === '') return
              event.preventDefault()
              setText('')
            }}
          />
          <Button disabled={text === ''} onPress={() => void keep(text)}>
            {WORDS.keep}
            <Hidden>{` ${words.name}`}</Hidden>
          </Button>
          {source === null ? null : (
            <Button onPress={() => void keep(null)}>
              {WORDS.forget}
              <Hidden>{` ${words.name}`}</Hidden>
            </Button>
          )}
        </>
      )}
      {error === null ? null : (
        <p className="setting-error" role="alert">
          <ErrorIcon />
          {error}
        </p>
      )}
      <p className="setting-lock" id={`${id}-source`}>
        {fixed ? <LockIcon /> : source === null ? null : <CheckIcon />}
        {source === null ? WORDS.none : WORDS.sources[source]} {keeps || fixed ? '' : WORDS.noVault}
      </p>
    </Tool>
  )
}

function ConnectionTest(): ReactElement {
  const { model } = useTools()
  const appliance = useMain((state) => state.appliance)
  const [steps, setSteps] = useState<readonly CheckStep[]>([])
  const [testing, setTesting] = useState(false)
  const [error, setError] = useState<string | null>(null)

  async function test(): Promise<void> {
    setTesting(true)
    const reply = await model.run({ type: 'appliance.check' })
    setTesting(false)
    setSteps(reply.ok ? reply.value : [])
    setError(reply.ok ? null : reply.message)
    const works = reply.ok && reply.value.every((step) => step.status !== 'failed')
    model.say(works ? WORDS.tested : WORDS.testFailed)
  }

  const { status, problem, product, apiVersion, cannot } = appliance
  const made = [product, apiVersion === null ? null : `API ${apiVersion}`].filter((part) => part !== null)
  return (
    <Tool name={WORDS.status} help={WORDS.testHelp}>
      <div className="appliance-status" data-status={status}>
        {status === 'ready' ? <CheckIcon /> : <WarningIcon />}
        <div>
          {problem?.title ?? WORDS.statuses[status]} {status === 'ready' ? made.join(', ') : ''}
          {problem === null ? null : <p className="muted">{problem.detail}</p>}
        </div>
      </div>
      {status === 'ready' && Object.keys(cannot).length > 0 ? <Cannot cannot={cannot} /> : null}
      <Button disabled={testing} onPress={() => void test()}>
        {testing ? WORDS.testing : WORDS.test}
      </Button>
      {error === null ? null : (
        <p className="setting-error" role="alert">
          <ErrorIcon />
          {error}
        </p>
      )}
      {steps.length === 0 ? null : (
        <ol className="check-steps" aria-label={WORDS.test} aria-busy={testing}>
          {steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
      )}
    </Tool>
  )
}

/** Several abilities may be missing for one reason. */
function Cannot({ cannot }: { readonly cannot: Readonly<Partial<Record<Ability, string>>> }): ReactElement {
  const reasons = [...new Set(Object.values(cannot))]
  return (
    <div className="appliance-cannot">
      {WORDS.cannot}
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  )
}

function Step({ step }: { readonly step: CheckStep }): ReactElement {
  const Icon = { ok: CheckIcon, failed: ErrorIcon, skipped: EndedIcon }[step.status]
  return (
    <li className="check-step" data-status={step.status}>
      <Icon />
      <div className="check-words">
        <strong>{WORDS.steps[step.step]}</strong> <span className="check-result">{WORDS.results[step.status]}</span>
        {step.message === '' ? null : <p>{step.message}</p>}
        {step.detail === '' ? null : (
          <p className="muted">
            <Hidden>{`${WORDS.forIt}: `}</Hidden>
            <code>{step.detail}</code>
          </p>
        )}
      </div>
    </li>
  )
}
