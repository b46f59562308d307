import { useEffect, useRef, type ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { alertsSpoken } from '../text.ts'

/** Alerts that come within this time are told in one sentence. */
const GATHER_MS = 700

/** The one place where a screen reader hears of what happens by itself: new alerts, gathered, and what was copied. */
export function LiveRegion(): ReactElement {
  const { model } = useTools()
  const alerts = useMain((state) => state.alerts)
  const said = useView((view) => view.said)
  const told = useRef(alerts[0]?.id ?? 0)

  useEffect(() => {
    const newest = alerts[0]?.id ?? 0
    if (newest <= told.current) return undefined
    const timer = setTimeout(() => {
      const fresh = alerts.filter((alert) => alert.id > told.current && alert.popup && !alert.refresh)
      told.current = newest
      if (fresh.length > 0) model.say(alertsSpoken(fresh))
    }, GATHER_MS)
    return () => clearTimeout(timer)
  }, [alerts, model])

  return (
    <output className="hidden-text" aria-live="polite">
      {said}
    </output>
  )
}
