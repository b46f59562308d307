/** The parts of which the forms for links are made. */
import { useId, type ReactElement, type ReactNode } from 'react'
import { LIMITS } from '../../preload/contract.ts'
import { ErrorIcon, WarningIcon } from '../ui/icons.tsx'

interface ControlProps {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby'?: string
}

interface FieldProps {
  readonly label: string
  /** What is wrong with what stands in it. */
  readonly problem?: string | null
  readonly children: (props: ControlProps) => ReactNode
}

/** A control with its name, and what is wrong with what stands in it. */
export function Field({ label, problem = null, children }: FieldProps): ReactElement {
  const id = useId()
  return (
    <div className="link-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem !== null,
        ...(problem === null ? {} : { 'aria-describedby': `${id}-problem` }),
      })}
      {problem === null ? null : <Failure id={`${id}-problem`}>{problem}</Failure>}
    </div>
  )
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function TextField({ value, onChange, ...field }: TextFieldProps): ReactElement {
  return (
    <Field {...field}>
      {(props) => (
        <input
          {...props}
          className="text-input"
          value={value}
          maxLength={LIMITS.text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

interface ShownTextProps {
  readonly label: string
  readonly text: string
  readonly rows: number
}

/** Text to read, to scroll and to mark. */
export function ShownText({ label, text, rows }: ShownTextProps): ReactElement {
  const id = useId()
  return (
    <div className="link-field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} className="link-text" rows={rows} readOnly value={text} />
    </div>
  )
}

export function Failure({ id, children }: { readonly id?: string; readonly children: string }): ReactElement {
  return (
    <p className="setting-error" id={id} role="alert">
      <ErrorIcon />
      {children}
    </p>
  )
}

/** Something to know before going on. */
export function Caution({ children }: { readonly children: string }): ReactElement {
  return (
    <p className="link-caution">
      <WarningIcon />
      {children}
    </p>
  )
}
