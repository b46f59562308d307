import { useEffect, useLayoutEffect, useMemo, useRef, type ReactElement } from 'react'
import { useMain, useView } from './context.ts'
import { LABELS } from './labels.ts'
import { LinkBanner, NoticeBanner, PermissionBanner, UpdateBanner } from './ui/banners.tsx'
import { Downloads } from './ui/downloads.tsx'
import { Header } from './ui/header.tsx'
import { HealthLine } from './ui/health.tsx'
import { LiveRegion } from './ui/live.tsx'
import { useShortcuts } from './ui/shortcuts.ts'
import { useTheme } from './ui/theme.ts'
import { Toasts } from './ui/toasts.tsx'
import { Activity } from './views/activity.tsx'
import { Alerts } from './views/alerts.tsx'
import { Desk } from './views/desk.tsx'
import { LinkDialog } from './views/link-dialog.tsx'
import { Lookup } from './views/lookup.tsx'
import { Quarantine } from './views/quarantine.tsx'
import { Settings } from './views/settings.tsx'
import { Setup } from './views/setup.tsx'

/** The whole window: header, one view, the health line. */
export function App(): ReactElement {
  const ready = useView((view) => view.state !== null)
  return ready ? <Frame /> : <Connecting />
}

function Connecting(): ReactElement {
  return (
    <main className="connecting" aria-busy="true">
      <LinkBanner />
      <output>{LABELS.connecting}</output>
    </main>
  )
}

function Frame(): ReactElement {
  const main = useRef<HTMLElement>(null)
  const arrival = useView((view) => view.arrival)
  const inSession = useView(({ place }) => place.view === 'session')
  useShortcuts()
  useTheme()
  useTitle()

  // Before the effects of what stands in the view, which may lead the focus on.
  useLayoutEffect(() => {
    if (arrival === 0) return
    const pane = inSession ? '.session' : '.pane:not([hidden])'
    const target = main.current?.querySelector<HTMLElement>(`${pane} [data-arrival]`) ?? main.current
    target?.focus({ preventScroll: true })
    // Each arrival counts once; being in a session or not is only where it leads.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [arrival])

  return (
    <div className="frame">
      <Header />
      <LinkBanner />
      <PermissionBanner />
      <NoticeBanner />
      <UpdateBanner />
      <main ref={main} tabIndex={-1}>
        <View />
      </main>
      <Toasts />
      <Downloads />
      <HealthLine />
      <LiveRegion />
      <LinkDialog />
    </div>
  )
}

function View(): ReactElement {
  const view = useView(({ place }) => place.view)
  switch (view) {
    case 'board':
    case 'session':
      return <Desk />
    case 'alerts':
      return <Alerts />
    case 'activity':
      return <Activity />
    case 'lookup':
      return <Lookup />
    case 'setup':
      return <Setup />
    case 'quarantine':
      return <Quarantine />
    case 'settings':
      return <Settings />
  }
}

/** `(3) Rep Tray`: the unread alerts show in the task bar and on the browser's tab. */
function useTitle(): void {
  const alerts = useMain((state) => state.alerts)
  const unread = useMemo(() => alerts.filter((alert) => !alert.read).length, [alerts])
  useEffect(() => {
    document.title = unread === 0 ? LABELS.app : `(${unread}) ${LABELS.app}`
  }, [unread])
}
