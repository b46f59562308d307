import { memo, useRef, type KeyboardEvent, type ReactElement } from 'react'
import { LABELS } from '../labels.ts'
import { Pressable } from './button.tsx'
import { CloseIcon, SearchIcon } from './icons.tsx'

interface FilterFieldProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Enter. */
  readonly onSubmit?: () => void
  /** The field is what its view is about. */
  readonly arrival?: boolean
}

const MOST = 200

/** The quick filter of a view; `/` and Ctrl+F lead here, Escape empties it. */
export const FilterField = memo(function FilterField(props: FilterFieldProps): ReactElement {
  const { label, hint, value, onChange, onSubmit, arrival = false } = props
  const field = useRef<HTMLInputElement>(null)

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && onSubmit !== undefined) {
      event.preventDefault()
      onSubmit()
    }
    // With nothing to empty, Escape is the window's.
    if (event.key !== 'Escape' || value === '') return
    event.preventDefault()
    onChange('')
  }

  return (
    <div className="filter">
      <SearchIcon />
      <input
        ref={field}
        type="search"
        className="filter-input"
        aria-label={label}
        placeholder={hint}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        aria-keyshortcuts="/ Control+F"
        data-filter=""
        {...(arrival ? { 'data-arrival': '' } : {})}
        autoComplete="off"
        spellCheck={false}
        maxLength={MOST}
      />
      {value === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        // Escape does the same for the keyboard.
        <Pressable
          className="filter-clear"
          aria-label={LABELS.clearFilter}
          tabIndex={-1}
          onPress={() => {
            onChange('')
            field.current?.focus()
          }}
        >
          <CloseIcon />
        </Pressable>
      )}
    </div>
  )
})
