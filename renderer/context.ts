/** What every component may use, handed down instead of imported, so that a test can put its own in its place. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Bridge, State } from '../preload/contract.ts'
import type { Clock } from './clock.ts'
import type { View, WindowModel } from './store.ts'
import type { Times } from './time.ts'

export interface Tools {
  readonly model: WindowModel
  readonly clock: Clock
  readonly times: Times
  /** Browser mode only. */
  readonly notifications: Bridge['notifications']
}

export const ToolsContext = createContext<Tools | null>(null)

export function useTools(): Tools {
  const tools = useContext(ToolsContext)
  if (tools === null) throw new Error('No tools above this component')
  return tools
}

/** A part of the window's memory; the component is drawn again when that part changes. */
export function useView<Part>(select: (view: View) => Part): Part {
  return useStore(useTools().model.store, select)
}

/** A part of main's State. Only for what is drawn after the first State has come. */
export function useMain<Part>(select: (state: State) => Part): Part {
  return useView(({ state }) => {
    if (state === null) throw new Error('Drawn before the first State')
    return select(state)
  })
}

/** Words that depend on the time; the component is drawn again only when they change. */
export function useTimed(words: (now: number) => string): string {
  const { clock } = useTools()
  return useSyncExternalStore(clock.subscribe, () => words(clock.now()))
}

/** True from the width on at which list and details stand side by side. In em, so that large text counts as narrow. */
export function useWide(): boolean {
  return useMedia('(min-width: 53.75em)')
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => window.matchMedia(query).matches,
  )
}
