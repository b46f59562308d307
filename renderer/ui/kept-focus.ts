import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

/**
 * Keeps the focus in a list whose rows come, go and change places under it: a row that is moved or removed in the
 * document loses the focus to the page, which would put a keyboard user back to the top of the window.
 *
 * `active` is the index of the row that takes the focus then.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, active: number): void {
  const held = useRef<HTMLElement | null>(null)

  useEffect(() => {
    const element = list.current
    if (element === null) return undefined
    function onFocus(event: FocusEvent): void {
      const { target } = event
      held.current = target instanceof HTMLElement && list.current?.contains(target) === true ? target : null
    }
    function onPointerDown(event: PointerEvent): void {
      if (event.target instanceof Node && list.current?.contains(event.target) !== true) held.current = null
    }
    document.addEventListener('focusin', onFocus)
    document.addEventListener('pointerdown', onPointerDown, true)
    return () => {
      document.removeEventListener('focusin', onFocus)
      document.removeEventListener('pointerdown', onPointerDown, true)
    }
  }, [list])

  useLayoutEffect(() => {
    if (held.current === null || document.activeElement !== document.body) return
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)
    const target = held.current.isConnected ? held.current : row
    target?.focus({ preventScroll: true })
  })
}
