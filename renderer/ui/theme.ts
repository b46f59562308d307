import { useEffect } from 'react'
import { useMain } from '../context.ts'

/** The rep's choice overrides the system's; the style sheet does the rest. */
export function useTheme(): void {
  const theme = useMain((state) => state.settings['window.theme'])
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
}
