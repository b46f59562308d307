import { memo, type ReactElement } from 'react'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import { LABELS } from '../labels.ts'
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
  return (
    <SearchField
      className="filter"
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onSubmit === undefined ? {} : { onSubmit })}
    >
      <SearchIcon />
      <Input
        className="filter-input"
        placeholder={hint}
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
        <Button className="filter-clear" aria-label={LABELS.clearFilter}>
          <CloseIcon />
        </Button>
      )}
    </SearchField>
  )
})
