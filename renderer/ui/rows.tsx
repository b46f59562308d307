/**
 * A long list by keyboard: one stop in the tab order, arrow keys between rows, left and right to the buttons of a row.
 * Only the rows in sight are in the document. It follows the grid pattern of the ARIA Authoring Practices.
 *
 * The list is our own because a library's grid with its virtualizer alone would take a third of the bundle's budget.
 */
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ComponentType,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
} from 'react'
import { flushSync } from 'react-dom'
import { layOut, rowAt, scrollFor, visibleRows } from './geometry.ts'
import { useKeptFocus } from './kept-focus.ts'
import { useRowSizes } from './row-sizes.ts'
import { Row } from './row.tsx'

export interface RowsProps<Item> {
  /** Names the list. */
  readonly label: string
  /** Sets the heights of its rows in the style sheet. */
  readonly kind: string
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  readonly isHeading?: (item: Item) => boolean
  /** Draws what is in a row, in cells. Must be the same function each time. */
  readonly Content: ComponentType<{ readonly item: Item }>
  readonly onOpen: (item: Item) => void
  /** Keys of the list's own, pressed on a row. True: it was one. */
  readonly onKey?: (key: string, item: Item) => boolean
  /** Key of the row that is open beside the list. */
  readonly selected?: string | null
}

export function Rows<Item>(props: RowsProps<Item>): ReactElement {
  const { label, kind, items, keyOf, isHeading, Content, onOpen, onKey, selected } = props
  const scroller = useRef<HTMLDivElement>(null)
  const sizes = useRowSizes(scroller)
  const [top, setTop] = useState(0)
  const [current, setCurrent] = useState<{ readonly key: string; readonly index: number } | null>(null)
  const focusNext = useRef(false)
  const anchor = useRef<{ readonly key: string; readonly offset: number } | null>(null)

  const keys = useMemo(() => items.map(keyOf), [items, keyOf])
  const indexes = useMemo(() => new Map(keys.map((key, index) => [key, index])), [keys])
  const headings = useMemo(() => items.map((item) => isHeading?.(item) ?? false), [items, isHeading])
  const geometry = useMemo(() => layOut(headings, sizes.row, sizes.heading), [headings, sizes.row, sizes.heading])

  const wished = indexes.get(current?.key ?? selected ?? '')
  const active = wished ?? nearestRow(headings, Math.min(current?.index ?? 0, items.length - 1))
  const [from, to] = visibleRows(geometry, top, sizes.height)
  const drawn = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset)
  // The current row holds the focus and its place in the tab order, so it stays even when it is scrolled out of sight.
  if (active >= 0 && active < from) drawn.unshift(active)
  else if (active >= to) drawn.push(active)

  function scrollTo(index: number): void {
    const element = scroller.current
    if (element === null || sizes.height === 0) return
    element.scrollTop = scrollFor(geometry, index, sizes.row, element.scrollTop, sizes.height)
    // The heading above the first row has no other way into sight.
    if (nearestRow(headings, 0) === index) element.scrollTop = 0
    noteTop()
  }

  function noteTop(): void {
    const element = scroller.current
    if (element === null || sizes.row === 0) return
    const first = rowAt(geometry, element.scrollTop)
    anchor.current = { key: keys[first] ?? '', offset: element.scrollTop - (geometry.tops[first] ?? 0) }
    setTop(geometry.tops[first] ?? 0)
  }

  function moveTo(index: number): void {
    const key = keys[index]
    if (key === undefined) return
    focusNext.current = true
    setCurrent({ key, index })
    scrollTo(index)
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const row = event.target.closest<HTMLElement>('[data-index]')
    if (row === null || active < 0) return
    const page = Math.max(1, Math.floor(sizes.height / Math.max(1, sizes.row)) - 1)
    const steps: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    const step = steps[event.key]
    const item = items[Number(row.dataset.index)]
    if (step !== undefined) moveTo(stepFrom(headings, active, step))
    else if (event.target === row && item !== undefined && onKey?.(event.key, item) === true)
      setCurrent({ key: keyOf(item), index: active })
    else if (event.key === 'Home') moveTo(nearestRow(headings, 0))
    else if (event.key === 'End') moveTo(nearestRow(headings, items.length - 1))
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') stepInside(row, event.target, event.key)
    else if ((event.key === 'Enter' || event.key === ' ') && event.target === row) open(row)
    else return
    event.preventDefault()
  }

  function onClick(event: MouseEvent<HTMLDivElement>): void {
    if (!(event.target instanceof Element) || event.target.closest('button, input, label, a') !== null) return
    const row = event.target.closest<HTMLElement>('[data-index]')
    // Selecting a name with the mouse ends in a click, too.
    if (row !== null && window.getSelection()?.isCollapsed !== false) open(row)
  }

  function open(row: HTMLElement): void {
    const index = Number(row.dataset.index)
    const item = items[index]
    if (item === undefined || headings[index] === true) return
    setCurrent({ key: keyOf(item), index })
    onOpen(item)
  }

  // What came in above does not move the rows that are being read, unless the list stands at its very top.
  useLayoutEffect(() => {
    const element = scroller.current
    const index = indexes.get(anchor.current?.key ?? '')
    if (element === null || index === undefined || element.scrollTop < 2 || sizes.height === 0) return
    const wanted = (geometry.tops[index] ?? 0) + (anchor.current?.offset ?? 0)
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted
  }, [geometry, indexes, sizes.height])

  useLayoutEffect(() => {
    const index = indexes.get(selected ?? '')
    if (index === undefined || selected === null || selected === undefined) return
    setCurrent({ key: selected, index })
    scrollTo(index)
    // Only when another row is opened: a row that moves because of an event must not drag the list with it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected, sizes.height > 0])

  useLayoutEffect(() => {
    if (!focusNext.current) return
    focusNext.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true })
  })
  useKeptFocus(scroller, active)

  return (
    // The rows have the focus; what they are pressed with bubbles up to here.
    <div
      ref={scroller}
      className={`rows rows-${kind}`}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length}
      tabIndex={-1}
      // At once, for otherwise a frame without rows could be seen.
      onScroll={() => flushSync(noteTop)}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className="rows-ruler" data-ruler="row" aria-hidden="true" />
      <div className="rows-ruler" data-ruler="heading" aria-hidden="true" />
      <div className="rows-space" role="presentation" style={{ height: geometry.total }}>
        {drawn.map((index) => {
          const item = items[index]
          const key = keys[index]
          return item === undefined || key === undefined ? null : (
            <Row
              key={key}
              item={item}
              Content={Content}
              index={index}
              top={geometry.tops[index] ?? 0}
              heading={headings[index] ?? false}
              active={index === active}
              selected={selected === undefined ? null : selected === key}
            />
          )
        })}
      </div>
    </div>
  )
}

/** The row at `index`, or if that is a heading the next one that is none; -1 if there is no row. */
function nearestRow(headings: readonly boolean[], index: number): number {
  for (let at = Math.max(0, index); at < headings.length; at++) if (headings[at] === false) return at
  return headings.lastIndexOf(false)
}

/** `step` rows on or back, over headings, and not beyond the ends. */
function stepFrom(headings: readonly boolean[], index: number, step: number): number {
  let at = index
  for (let left = Math.abs(step); left > 0; left--) {
    const next = step > 0 ? headings.indexOf(false, at + 1) : at === 0 ? -1 : headings.lastIndexOf(false, at - 1)
    if (next < 0) break
    at = next
  }
  return at
}

/** Left and right within a row: the row itself, then its buttons. */
function stepInside(row: HTMLElement, from: HTMLElement, key: 'ArrowLeft' | 'ArrowRight'): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button:not(:disabled), input')]
  stops[stops.indexOf(from) + (key === 'ArrowRight' ? 1 : -1)]?.focus()
}
