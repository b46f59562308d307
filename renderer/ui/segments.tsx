import { useId, type ReactElement, type ReactNode } from 'react'

interface SegmentsProps<Value extends string> {
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[]
  readonly onChange: (value: Value) => void
  readonly disabled?: boolean
  readonly 'aria-label'?: string
  readonly 'aria-labelledby'?: string
  readonly 'aria-describedby'?: string
}

/** One of a few, side by side: the platform's radio buttons under a look of our own, so one stop and arrow keys. */
export function Segments<Value extends string>(props: SegmentsProps<Value>): ReactElement {
  const { value, options, onChange, disabled = false, ...names } = props
  const group = useId()
  return (
    <div className="segments" role="radiogroup" {...names}>
      {options.map((option) => (
        <label key={option.value} className="segment">
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
