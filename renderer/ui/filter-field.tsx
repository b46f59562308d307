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
}

/** The quick filter of a view; `/` and Ctrl+F lead here, Escape empties it. */
export const FilterField = memo(function FilterField({ label, hint, value, onChange }: FilterFieldProps): ReactElement {
  return (
    <SearchField className="filter" aria-label={label} value={value} onChange={onChange}>
      <SearchIcon />
      <Input
        className="filter-input"
        placeholder={hint}
        aria-keyshortcuts="/ Control+F"
        data-filter=""
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
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
