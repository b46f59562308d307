import { useLayoutEffect, useState, type RefObject } from 'react'

/** Heights in CSS pixels: of a row, of a heading, of the part of the list that is in sight. */
export interface RowSizes {
  readonly row: number
  readonly heading: number
  readonly height: number
}

/**
 * Measures a list and the two rulers in it. The style sheet decides how high rows are, in rem, so that they grow with
 * the text; this only reads it.
 */
export function useRowSizes(list: RefObject<HTMLElement | null>): RowSizes {
  const [sizes, setSizes] = useState<RowSizes>({ row: 0, heading: 0, height: 0 })

  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const rulers = element.querySelectorAll<HTMLElement>('[data-ruler]')
    function measure(): void {
      if (element === null) return
      const height = element.clientHeight
      const [row = 0, heading = 0] = Array.from(rulers, (ruler) => ruler.getBoundingClientRect().height)
      // Hidden: nothing can be measured, and what was measured last still holds.
      setSizes((was) => {
        const now = row === 0 ? { ...was, height: 0 } : { row, heading, height }
        return now.row === was.row && now.heading === was.heading && now.height === was.height ? was : now
      })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    for (const ruler of rulers) observer.observe(ruler)
    return () => observer.disconnect()
  }, [list])

  return sizes
}
