import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react'
import { LIMITS, type ConnectorChoice } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import type { Linked } from '../store.ts'
import { isolate } from '../text.ts'
import { Button, useMoment } from '../ui/button.tsx'
import { ErrorIcon } from '../ui/icons.tsx'
import { useLink } from './use-link.ts'

type TextField = Exclude<keyof ConnectorChoice, 'issueId'>

const FIELDS = Object.keys(LABELS.link.fields) as readonly TextField[]

/** The form for a link that starts a session with what is known, if it was asked for. */
export function LinkDialog(): ReactElement | null {
  const session = useView((view) => view.linkFor)
  return session === null ? null : <LinkForm session={session} />
}

function LinkForm({ session }: { readonly session: Linked }): ReactElement {
  const { model } = useTools()
  const dialog = useRef<HTMLDialogElement>(null)
  const [choice, setChoice] = useState<ConnectorChoice>({
    issueId: '',
    customerName: session.customer ?? '',
    company: '',
    companyCode: '',
    description: '',
    externalKey: session.externalKey ?? '',
  })
  const { url, problems, error } = useLink(choice)
  const id = useId()
  // What concerns no field of this form, the host say.
  const others = problems.filter(({ field }) => !Object.hasOwn(choice, field)).map(({ message }) => message)

  useEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
  }, [])

  function set(field: keyof ConnectorChoice, value: string): void {
    setChoice((was) => ({ ...was, [field]: value }))
  }

  function problemOf(name: string): string | null {
    return problems.find(({ field }) => field === name)?.message ?? null
  }

  return (
    // What is pressed in here is no business of the window behind: Escape would leave its session, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="confirm link"
      aria-labelledby={id}
      onClose={() => model.link(null)}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={id}>{LABELS.link.title}</h2>
      <p className="muted">{LABELS.link.help}</p>
      <Field label={LABELS.link.issue} problem={problemOf('issueId')}>
        {(props) => <IssueSelect {...props} value={choice.issueId} onChange={(value) => set('issueId', value)} />}
      </Field>
      {FIELDS.map((field) => (
        <Field key={field} label={LABELS.link.fields[field]} problem={problemOf(field)}>
          {(props) => (
            <input
              {...props}
              className="text-input"
              value={choice[field]}
              maxLength={LIMITS.text}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set(field, event.target.value)}
            />
          )}
        </Field>
      ))}
      <Outcome choice={choice} url={url} error={error ?? others[0] ?? null} onClose={() => dialog.current?.close()} />
    </dialog>
  )
}

interface ControlProps {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby'?: string
}

interface FieldProps {
  readonly label: string
  readonly problem: string | null
  readonly children: (props: ControlProps) => ReactNode
}

/** A control with its name, and what is wrong with what stands in it. */
function Field({ label, problem, children }: FieldProps): ReactElement {
  const id = useId()
  return (
    <div className="link-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem !== null,
        ...(problem === null ? {} : { 'aria-describedby': `${id}-problem` }),
      })}
      {problem === null ? null : (
        <p className="setting-error" id={`${id}-problem`} role="alert">
          <ErrorIcon />
          {problem}
        </p>
      )}
    </div>
  )
}

interface IssueSelectProps extends ControlProps {
  readonly value: string
  readonly onChange: (id: string) => void
}

function IssueSelect({ value, onChange, ...props }: IssueSelectProps): ReactElement {
  const teams = useMain(({ appliance }) => appliance.teams)
  return (
    <select {...props} className="text-input" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{LABELS.link.noIssue}</option>
      {teams
        .filter((team) => team.issues.length > 0)
        .map((team) => (
          <optgroup key={team.id} label={team.name}>
            {team.issues.map((issue) => (
              <option key={issue.id} value={issue.id}>
                {isolate(issue.name)}
              </option>
            ))}
          </optgroup>
        ))}
    </select>
  )
}

interface OutcomeProps {
  readonly choice: ConnectorChoice
  readonly url: string | null
  readonly error: string | null
  readonly onClose: () => void
}

/** The link as it would be, and the way to the clipboard. */
function Outcome({ choice, url, error, onClose }: OutcomeProps): ReactElement {
  const { model } = useTools()
  const preview = useRef<HTMLTextAreaElement>(null)
  const [copied, mark] = useMoment()
  const [failure, setFailure] = useState<string | null>(null)
  const id = useId()
  const words = error ?? failure

  async function copy(): Promise<void> {
    const reply = await model.run({ type: 'connector.copy', choice, as: 'url' })
    if (!reply.ok) {
      setFailure(reply.message)
    } else if (reply.value.copied) {
      setFailure(null)
      mark()
      model.say(`${LABELS.link.what} ${LABELS.copied.toLowerCase()}`)
    } else {
      setFailure(LABELS.copyByHand(LABELS.link.what))
      preview.current?.focus()
      preview.current?.select()
    }
  }

  return (
    <>
      <div className="link-field">
        <label htmlFor={id}>{LABELS.link.preview}</label>
        <textarea ref={preview} id={id} className="link-preview" readOnly rows={3} value={url ?? ''} />
      </div>
      {words === null ? null : (
        <p className="setting-error" role="alert">
          <ErrorIcon />
          {words}
        </p>
      )}
      <div className="confirm-actions">
        <Button onPress={onClose}>{LABELS.close}</Button>
        <Button look="main" disabled={url === null} onPress={() => void copy()}>
          {copied ? LABELS.copied : LABELS.link.copy}
        </Button>
      </div>
    </>
  )
}
