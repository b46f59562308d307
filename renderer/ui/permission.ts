import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTools } from '../context.ts'

type Permission = 'granted' | 'denied' | 'default' | 'unsupported'

export interface PermissionState {
  /** Null in shells that need no permission. */
  readonly permission: Permission | null
  /** Asks the browser; only works within a click. */
  readonly ask: () => void
  /** Puts the question off until the window is opened again. */
  readonly later: () => void
  readonly putOff: boolean
}

/** The browser's permission to show notifications, followed: the rep may change it in the browser's own settings. */
export function usePermission(): PermissionState {
  const { notifications, clock } = useTools()
  const [putOff, setPutOff] = useState(false)
  const [, setAsked] = useState(0)
  const permission = useSyncExternalStore(clock.subscribe, () => notifications?.permission() ?? null)

  useEffect(() => {
    const again = (): void => setAsked((before) => before + 1)
    window.addEventListener('focus', again)
    return () => window.removeEventListener('focus', again)
  }, [])

  return {
    permission,
    putOff,
    later: () => setPutOff(true),
    ask: () => {
      void notifications?.request().finally(() => setAsked((before) => before + 1))
    },
  }
}
