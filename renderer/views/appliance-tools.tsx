/** What the settings of the appliance offer besides values: how it stands, its secrets, the test of the connection. */
import { useId, useRef, useState, type ReactElement } from 'react'
import { LIMITS, type Ability, type SecretName } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { CheckIcon, ErrorIcon, LockIcon, WarningIcon } from '../ui/icons.tsx'
import { Check } from './check.tsx'
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
export function Secret({ name }: { readonly name: SecretName }): ReactElement {
  const { model } = useTools()
  const source = useMain(({ appliance }) => appliance.secrets[name])
  const keeps = useMain(({ appliance }) => appliance.keepsSecrets)
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  // What is on its way is not sent again: the button is pressed by leaving the field.
  const sending = useRef<string | null>(null)
  const id = useId()
  const words = WORDS.secrets[name]
  const fixed = source === 'policy' || source === 'environment'

  async function keep(value: string | null): Promise<void> {
    if (value === '' || (value !== null && value === sending.current)) return
    sending.current = value
    const reply = await model.run({ type: 'appliance.secret', name, value })
    setError(reply.ok ? null : reply.message)
    sending.current = null
    if (reply.ok) setText((now) => (now === value ? '' : now))
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
            // As with every other field; or what was typed would not be tried by the test.
            onBlur={() => {
              if (error === null) void keep(text)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void keep(text)
              if (event.key !== 'Escape' || text === '') return
              event.preventDefault()
              setText('')
            }}
          />
          {/* Not disabled while there is nothing to keep: that would take the focus away. */}
          <Button onPress={() => void keep(text)}>
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
        {source === null ? WORDS.none : WORDS.sources[source]}{' '}
        {keeps || fixed ? '' : WORDS.noVault[source === null ? 'empty' : 'kept']}
      </p>
    </Tool>
  )
}

export function ConnectionTest(): ReactElement {
  const { status, problem, product, apiVersion, cannot } = useMain((state) => state.appliance)
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
      <Check
        command="appliance.check"
        test={WORDS.test}
        testing={WORDS.testing}
        works={WORDS.tested}
        fails={WORDS.testFailed}
        advice={LABELS.setup.advice}
      />
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
