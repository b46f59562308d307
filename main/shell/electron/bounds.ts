/** Where the window opens: where it was, if that is still on a screen. */

export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Size of the window when nothing is remembered, and the least that it can have, in device-independent pixels. */
export const WINDOW = { width: 420, height: 640, minWidth: 320, minHeight: 400 } as const

/** Size of the window for a quick lookup. */
export const QUICK = { width: 520, height: 420 } as const

/** So much of the window's top edge must be on a screen, that it can be taken and moved. */
const GRIP = { width: 100, height: 30 } as const

/** Bounds as they were stored, or null if it is something else. */
export function readBounds(stored: unknown): Bounds | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { x, y, width, height } = stored as Record<string, unknown>
  const fits = [x, y, width, height].every((each) => Number.isSafeInteger(each) && Math.abs(each as number) < 100_000)
  return fits ? (stored as Bounds) : null
}

function overlap(start: number, length: number, from: number, size: number): number {
  return Math.min(start + length, from + size) - Math.max(start, from)
}

/** True if the window's top edge can be seen and taken hold of on one of the screens. */
export function isReachable(bounds: Bounds, screens: readonly Bounds[]): boolean {
  return screens.some(
    (area) =>
      overlap(bounds.x, bounds.width, area.x, area.width) >= GRIP.width &&
      overlap(bounds.y, GRIP.height, area.y, area.height) >= GRIP.height,
  )
}

/**
 * Size, and position if the remembered one can still be reached; without a position the system centres the window.
 * `screens` are the work areas of all screens, the primary one first.
 */
export function placeWindow(
  stored: unknown,
  screens: readonly Bounds[],
): Pick<Bounds, 'width' | 'height'> & Partial<Bounds> {
  const remembered = readBounds(stored)
  if (remembered === null) return { width: WINDOW.width, height: WINDOW.height }
  const reachable = isReachable(remembered, screens)
  const area = reachable ? screens.find((each) => isReachable(remembered, [each])) : screens[0]
  const width = Math.max(WINDOW.minWidth, Math.min(remembered.width, area?.width ?? WINDOW.width))
  const height = Math.max(WINDOW.minHeight, Math.min(remembered.height, area?.height ?? WINDOW.height))
  return reachable ? { x: remembered.x, y: remembered.y, width, height } : { width, height }
}
