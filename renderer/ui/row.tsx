/** A row of a list (ui/rows.tsx), and the cells in it. */
import { createContext, memo, useContext, type ComponentType, type ReactElement, type ReactNode } from 'react'

const InTabOrder = createContext(true)

/** False in a row that is not the current one: its buttons stay out of the tab order. */
export function useInTabOrder(): boolean {
  return useContext(InTabOrder)
}

interface RowProps<Item> {
  readonly item: Item
  readonly Content: ComponentType<{ readonly item: Item }>
  readonly index: number
  readonly top: number
  readonly heading: boolean
  readonly active: boolean
  readonly selected: boolean | null
}

function PlainRow<Item>({ item, Content, index, top, heading, active, selected }: RowProps<Item>): ReactElement {
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="row"
      className={heading ? 'row row-heading' : 'row'}
      aria-rowindex={index + 1}
      data-index={index}
      style={{ top }}
      {...(heading ? {} : { tabIndex: active ? 0 : -1 })}
      {...(active && !heading ? { 'data-arrival': '' } : {})}
      {...(selected === null || heading ? {} : { 'aria-selected': selected })}
    >
      <InTabOrder value={active}>
        <Content item={item} />
      </InTabOrder>
    </div>
  )
}

interface CellProps {
  readonly className: string
  readonly children: ReactNode
}

/** A part of a row. Every row has at least one; a heading's is `heading`. */
export function Cell({
  className,
  children,
  heading = false,
}: CellProps & { readonly heading?: boolean }): ReactElement {
  return (
    // Table elements cannot be placed freely, which drawing only the rows in sight needs.
    <div role={heading ? 'rowheader' : 'gridcell'} className={className}>
      {children}
    </div>
  )
}

/** One row of a list, drawn anew only when something of it has changed. */
export const Row = memo(PlainRow) as typeof PlainRow
