/** Where the rows of a long list are, so that only those in sight are drawn. All lengths in CSS pixels. */
export interface Geometry {
  /** Upper edge of each row. */
  readonly tops: readonly number[]
  readonly total: number
}

/** Rows drawn above and below the visible ones, so that quick scrolling and the arrow keys find them there. */
const SPARE = 6

/** Lays out rows of two heights: ordinary ones and headings. */
export function layOut(headings: readonly boolean[], rowHeight: number, headingHeight: number): Geometry {
  const tops: number[] = []
  let total = 0
  for (const heading of headings) {
    tops.push(total)
    total += heading ? headingHeight : rowHeight
  }
  return { tops, total }
}

/** Index of the row at `y`; the last row if `y` lies below all; 0 for an empty list. */
export function rowAt({ tops }: Geometry, y: number): number {
  let low = 0
  let high = tops.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((tops[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return low
}

/** The rows to draw (the last one excluded) for a view of `height` scrolled to `top`. */
export function visibleRows(geometry: Geometry, top: number, height: number): readonly [from: number, to: number] {
  const from = Math.max(0, rowAt(geometry, top) - SPARE)
  const to = Math.min(geometry.tops.length, rowAt(geometry, top + height) + 1 + SPARE)
  return [from, to]
}

/** How far to scroll so that a row is whole in sight; `top` itself if it is already. */
export function scrollFor(geometry: Geometry, index: number, rowHeight: number, top: number, height: number): number {
  const upper = geometry.tops[index] ?? 0
  if (upper < top) return upper
  if (upper + rowHeight > top + height) return upper + rowHeight - height
  return top
}
